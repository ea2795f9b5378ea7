//! The saver of plain files, run for real by a shell on folders of this machine.
#![allow(clippy::disallowed_methods, reason = "tests write files and run scripts")]

use std::path::PathBuf;
use std::process::Command;

use stackc::Compilation;
use stackc::source::MemoryFiles;

use crate::examples::compiled;

struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().unwrap() };
        for folder in ["copies", "uploads/deep", "papers"] {
            std::fs::create_dir_all(scene.path(folder)).unwrap();
        }
        let text = script(&scene.built(), "deploy/production/backup/api.sh");
        let copies = format!("FOLDER={}", scene.path("copies").display());
        std::fs::write(scene.path("backup.sh"), text.replace("FOLDER=/var/tmp", &copies)).unwrap();
        scene
    }

    /// A stack whose service keeps its files where this scene does.
    fn built(&self) -> Compilation {
        let root = self.folder.path().display();
        let stack = format!(
            "use std.files {{ files }}\n\
             service api {{\n\
               image = \"ghcr.io/acme/api:1\"\n\
               port  = 3000\n\
               health {{ command = [\"node\", \"probe.js\"] }}\n\
               volume \"{root}/uploads\" {{ name = \"uploads\" }}\n\
               volume \"{root}/papers\"  {{ name = \"papers\" }}\n\
               backup from files {{ folders = [\"{root}/uploads\", \"{root}/papers\"] }}\n\
             }}\n\
             environment production {{ target compose }}\n"
        );
        compiled("shop", &MemoryFiles([("main.stack".to_owned(), stack.into_bytes())].into()))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.path(path)).ok()
    }

    fn run(&self, command: &str) -> bool {
        let script = self.path("backup.sh");
        Command::new("sh").arg(script).arg(command).output().unwrap().status.success()
    }
}

fn script(compilation: &Compilation, path: &str) -> String {
    let found = compilation.artifacts.iter().find(|artifact| artifact.path == path);
    found.unwrap_or_else(|| panic!("no {path}: {:?}", compilation.diagnostics)).text.clone()
}

#[test]
fn a_restore_brings_back_what_was_there_and_nothing_else() {
    let scene = Scene::new();
    scene.write("uploads/one", "one");
    scene.write("uploads/.hidden", "two");
    scene.write("uploads/deep/three", "three");
    scene.write("papers/four", "four");
    assert!(scene.run("save") && scene.run("verify") && scene.run("rehearse"));
    scene.write("uploads/one", "changed");
    scene.write("uploads/later", "later");
    std::fs::remove_file(scene.path("papers/four")).unwrap();
    assert!(scene.run("restore"));
    for (path, text) in [
        ("uploads/one", "one"),
        ("uploads/.hidden", "two"),
        ("uploads/deep/three", "three"),
        ("papers/four", "four"),
    ] {
        assert_eq!(scene.read(path).as_deref(), Some(text), "{path}");
    }
    assert_eq!(scene.read("uploads/later"), None);
    assert!(!scene.path("uploads/.restored").exists() && !scene.path("copies/.rehearsal").exists());
}

#[test]
fn a_broken_copy_changes_nothing() {
    let scene = Scene::new();
    scene.write("uploads/one", "one");
    assert!(scene.run("save"));
    for copy in std::fs::read_dir(scene.path("copies")).unwrap() {
        std::fs::write(copy.unwrap().path(), "no archive").unwrap();
    }
    scene.write("uploads/one", "now");
    assert!(!scene.run("verify") && !scene.run("restore"));
    assert_eq!(scene.read("uploads/one").as_deref(), Some("now"));
}
