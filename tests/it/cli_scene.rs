//! The real binary in a scratch folder, and what it said and left behind. Must not know what commands do.
#![expect(clippy::disallowed_methods, reason = "runs the command as people do, on real files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use serde_json::Value;

/// Two services and two environments; one of them has two targets.
pub(crate) const SHOP: &str = r#"service front {
  image = "traefik/whoami:v1.11"
  port  = 8080
}
service back {
  image = "traefik/whoami:v1.11"
  port  = 8080
}
environment development {
  mode = development
  target compose
}
environment production {
  target compose
  target kubernetes
}
"#;

/// A scratch folder.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
}

/// What a run did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Content and time of each file, by its path in the scene.
pub(crate) type Tree = BTreeMap<String, (Vec<u8>, SystemTime)>;

/// The binary with nothing in its environment that changes what it says.
fn scrubbed(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "STACKC_FORMAT", "GITHUB_WORKSPACE"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

impl Scene {
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A project with this text.
    pub(crate) fn with(text: &str) -> Self {
        let scene = Self::empty();
        scene.write("stackc.toml", "name = \"shop\"\n");
        scene.write("main.stack", text);
        scene
    }

    pub(crate) fn shop() -> Self {
        Self::with(SHOP)
    }

    /// The shop after its first build.
    pub(crate) fn built() -> Self {
        let scene = Self::shop();
        assert_eq!(scene.run(&["build"]).code, 0);
        scene
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Adds a line to a file.
    pub(crate) fn edit(&self, name: &str) {
        self.write(name, self.read(name) + "# edited\n");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_in("", arguments)
    }

    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        self.run_with(folder, arguments, &[])
    }

    /// Runs the command and waits for it; whatever happens, the publisher's own folder must not stay behind.
    pub(crate) fn run_with(&self, folder: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(folder, arguments);
        let run = self.told(&command.envs(variables.iter().copied()).output().unwrap());
        assert!(!self.has(".stackc"), "the work folder is still there after {arguments:?}: {run:?}");
        run
    }

    pub(crate) fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = scrubbed(env!("CARGO_BIN_EXE_stackc"));
        command.args(arguments).current_dir(self.path(folder));
        command
    }

    /// A line of the shell in which `stackc` is the binary.
    pub(crate) fn shell(&self, line: &str) -> Run {
        let binary = Path::new(env!("CARGO_BIN_EXE_stackc")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let mut command = scrubbed("sh");
        self.told(&command.args(["-c", line]).env("PATH", path).current_dir(self.path("")).output().unwrap())
    }

    /// What was said, with the scene's folder as `[SCENE]` and times as `[N] ms`.
    pub(crate) fn told(&self, output: &Output) -> Run {
        let real = self.folder.path().canonicalize().unwrap();
        let tidy = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = text.replace(real.to_str().unwrap(), "[SCENE]");
            without_times(&text.replace(self.folder.path().to_str().unwrap(), "[SCENE]"))
        };
        let code = output.status.code().unwrap_or_else(|| panic!("killed: {output:?}"));
        Run { code, out: tidy(&output.stdout), err: tidy(&output.stderr) }
    }

    /// All files, without following links.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let about = path.symlink_metadata().unwrap();
                if about.is_dir() {
                    folders.push(path);
                } else if about.is_file() {
                    let name = path.strip_prefix(self.folder.path()).unwrap().to_str().unwrap();
                    let content = fs::read(&path).unwrap();
                    tree.insert(name.to_owned(), (content, about.modified().unwrap()));
                }
            }
        }
        tree
    }

    /// The files that the manifest records.
    pub(crate) fn recorded(&self) -> Vec<String> {
        let manifest: Value = serde_json::from_str(&self.read("deploy/stackc.manifest.json")).unwrap();
        let files = manifest["files"].as_array().unwrap();
        files.iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    }

    /// Runs and asserts that no file changed, not even its time.
    pub(crate) fn run_untouched(&self, arguments: &[&str]) -> Run {
        let before = self.tree();
        let run = self.run(arguments);
        assert_eq!(before, self.tree(), "{arguments:?} changed files: {run:?}");
        run
    }
}

impl Run {
    /// The exit code and the whole of standard error.
    pub(crate) fn says(&self) -> (i32, &str) {
        (self.code, &self.err)
    }

    /// Asserts the exit code, and that standard error has each of the texts.
    pub(crate) fn has(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        for text in texts {
            assert!(self.err.contains(text), "standard error has no {text:?}:\n{}", self.err);
        }
    }

    /// Standard output as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|problem| panic!("{problem} in {:?}", self.out))
    }
}

fn without_times(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((head, time)) if time.trim_end_matches([')', '\n']).ends_with(" ms") => {
            let digits = time.chars().take_while(char::is_ascii_digit).count();
            format!("{head} in [N]{}", &time[digits..])
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}
