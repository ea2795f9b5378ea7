//! Links, manifests and journals that were made to lead the publisher astray.

#![expect(clippy::disallowed_methods, reason = "these tests set up and inspect real files")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use stackc::output::{Gate, Mode, PublishError};

use crate::publish_scene::{
    Anything, FORCE, OldKernel, WRITE, artifact, expected, lay_out, new, old, publish, publish_through,
    scratch, start, tree,
};

const DIGEST: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// How a link is laid into a published root; `outside` holds the victim.
type Layout = (&'static str, fn(root: &Path, outside: &Path));

fn replace(at: &Path, to: &Path) {
    if at.is_dir() {
        fs::remove_dir_all(at).unwrap();
    } else {
        fs::remove_file(at).ok();
    }
    symlink(to, at).unwrap();
}

fn journal(root: &Path, writes: &str) {
    fs::create_dir_all(root.join(".stackc/stage")).unwrap();
    let text = format!("{{\"version\":1,\"writes\":[{writes}],\"removes\":[]}}");
    fs::write(root.join(".stackc/journal"), text).unwrap();
}

const LAYOUTS: [Layout; 14] = [
    ("target", |root, outside| {
        replace(&root.join("deploy/changed"), &outside.join("victim"));
    }),
    ("dangling target", |root, outside| {
        replace(&root.join("deploy/changed"), &outside.join("nothing"));
    }),
    ("new target", |root, outside| {
        fs::create_dir_all(root.join("deploy/fresh/a")).unwrap();
        replace(&root.join("deploy/fresh/a/b"), &outside.join("victim"));
    }),
    ("relative target", |root, _| {
        replace(&root.join("deploy/changed"), Path::new("../../outside/victim"));
    }),
    ("parent", |root, outside| replace(&root.join("deploy"), outside)),
    ("new parent", |root, outside| {
        replace(&root.join("deploy/fresh"), outside);
    }),
    ("orphan", |root, outside| {
        replace(&root.join("deploy/gone/a/b"), &outside.join("victim"));
    }),
    ("parent of an orphan", |root, outside| {
        replace(&root.join("deploy/gone"), outside);
    }),
    ("manifest", |root, outside| {
        replace(&root.join("deploy/stackc.manifest.json"), &outside.join("victim"));
    }),
    ("work folder", |root, outside| {
        replace(&root.join(".stackc"), outside);
    }),
    ("lock", |root, outside| {
        fs::create_dir(root.join(".stackc")).unwrap();
        replace(&root.join(".stackc/lock"), &outside.join("victim"));
    }),
    ("journal", |root, outside| {
        fs::create_dir(root.join(".stackc")).unwrap();
        replace(&root.join(".stackc/journal"), &outside.join("victim"));
    }),
    ("stage", |root, outside| {
        fs::create_dir(root.join(".stackc")).unwrap();
        replace(&root.join(".stackc/stage"), outside);
    }),
    ("staged file", |root, outside| {
        journal(root, &format!("{{\"path\":\"deploy/x\",\"sha256\":\"{DIGEST}\"}}"));
        replace(&root.join(".stackc/stage/0"), &outside.join("victim"));
    }),
];

#[test]
fn links_lead_nowhere() {
    for (name, lay) in LAYOUTS {
        for gate in [&Anything as &dyn Gate, &OldKernel] {
            for mode in [WRITE, FORCE, Mode::Check] {
                let scratch = scratch();
                let (root, outside) = (scratch.path().join("root"), scratch.path().join("outside"));
                fs::create_dir(&root).unwrap();
                fs::create_dir_all(outside.join("a")).unwrap();
                fs::write(outside.join("victim"), "the victim's\n").unwrap();
                fs::write(outside.join("a/b"), "removed\n").unwrap();
                fs::write(outside.join("0"), "the victim's\n").unwrap();
                start(&root, &old());
                lay(&root, &outside);
                let (inside, victim) = (tree(&root), tree(&outside));
                let result = publish_through(&root, &new(), mode, gate);
                assert_eq!(tree(&outside), victim, "{name} {mode:?}: the victim changed: {result:?}");
                // An orphan that became a link is given up by force; everything else stops the build.
                let stops = mode == WRITE || (mode == FORCE && !name.contains("orphan"));
                assert_eq!(
                    result.is_err(),
                    stops || (mode == Mode::Check && result.is_err()),
                    "{name} {mode:?}"
                );
                if result.is_err() {
                    assert_eq!(tree(&root), inside, "{name} {mode:?}: changed although refused");
                }
            }
        }
    }
}

/// A folder that turns into a link and back while the publisher runs.
#[test]
fn swapped_in_a_race() {
    let scratch = scratch();
    let (root, outside) = (scratch.path().join("root"), scratch.path().join("outside"));
    fs::create_dir(&root).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "the victim's\n").unwrap();
    let victim = tree(&outside);
    fs::create_dir(root.join("d")).unwrap();
    symlink(&outside, root.join("link")).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                fs::rename(root.join("d"), root.join("aside")).ok();
                fs::rename(root.join("link"), root.join("d")).ok();
                fs::rename(root.join("d"), root.join("link")).ok();
                fs::rename(root.join("aside"), root.join("d")).ok();
            }
        });
        for round in 0..300 {
            let gate: &dyn Gate = if round % 2 == 0 { &Anything } else { &OldKernel };
            // Refusals are expected; what counts is the victim.
            let _ = publish_through(&root, &[artifact("d/file", format!("{round}"))], FORCE, gate);
            let _ = publish_through(&root, &[artifact("d/other", format!("{round}"))], FORCE, gate);
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(tree(&outside), victim);
}

fn refused(root: &Path, file: &str, what: &str) {
    let before = tree(root);
    match publish(root, &new(), FORCE) {
        Err(PublishError::Untrusted { path, reason }) => {
            assert!(path.ends_with(file), "{what}: blamed {}", path.display());
            assert!(!reason.is_empty());
        }
        other => panic!("{what}: {other:?}"),
    }
    assert_eq!(tree(root), before, "{what}: changed although refused");
}

#[test]
fn hostile_manifests() {
    let entry = |path: &str| format!("{{\"path\":{path:?},\"sha256\":\"{DIGEST}\"}}");
    let files = |entries: &[String]| format!("{{\"version\":1,\"files\":[{}]}}", entries.join(","));
    let mut hostile = vec![
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "[".repeat(100_000),
        "{\"version\":2,\"files\":[]}".to_owned(),
        "{\"version\":1}".to_owned(),
        "{\"version\":1,\"files\":[],\"more\":1}".to_owned(),
        "{\"version\":1,\"files\":[],\"files\":[]}".to_owned(),
        "{\"version\":1,\"files\":[{\"path\":\"a\",\"sha256\":\"00\"}]}".to_owned(),
        files(&[entry("a").to_uppercase()]),
        files(&[entry("a"), entry("a")]),
        files(&[entry("b"), entry("a")]),
        files(&[entry("A"), entry("a")]),
        files(&[entry("a"), entry("a/b")]),
        files(&[entry("deploy/stackc.manifest.json")]),
    ];
    for path in
        ["../README.md", "/etc/passwd", "a/../../b", ".", "..", "", "a\\b", ".git/config", "con", "a\0b"]
    {
        hostile.push(files(&[entry(path)]));
    }
    let before = expected(&old());
    for text in hostile {
        let root = scratch();
        lay_out(root.path(), &before);
        fs::write(root.path().join("deploy/stackc.manifest.json"), &text).unwrap();
        refused(root.path(), "deploy/stackc.manifest.json", &text[..text.len().min(80)]);
    }
}

/// A manifest that claims a user's file: it goes only when the hash is right, which takes whoever may write there.
#[test]
fn claimed_file_with_another_hash() {
    let root = scratch();
    lay_out(root.path(), &expected(&[]));
    let text = format!("{{\"version\":1,\"files\":[{{\"path\":\"README.md\",\"sha256\":\"{DIGEST}\"}}]}}");
    fs::write(root.path().join("deploy/stackc.manifest.json"), text).unwrap();
    for mode in [WRITE, FORCE] {
        let _ = publish(root.path(), &new(), mode);
        assert_eq!(fs::read(root.path().join("README.md")).unwrap(), b"the user's\n");
    }
}

#[test]
fn hostile_journals() {
    let write = |path: &str| format!("{{\"path\":{path:?},\"sha256\":\"{DIGEST}\"}}");
    let before = expected(&old());
    let paths = ["../x", "/tmp/x", ".git/hooks/post-checkout", "a/../../x", "", ".stackc/lock", "a\\b"];
    let mut hostile: Vec<String> = paths.iter().map(|path| write(path)).collect();
    hostile.push(format!("{},{}", write("a"), write("A")));
    hostile.push("{}".to_owned());
    for writes in hostile {
        let root = scratch();
        lay_out(root.path(), &before);
        journal(root.path(), &writes);
        fs::write(root.path().join(".stackc/stage/0"), "").unwrap();
        refused(root.path(), ".stackc/journal", &writes);
    }
    // A staged file that is not what the journal promises.
    let root = scratch();
    lay_out(root.path(), &before);
    journal(root.path(), &write("deploy/x"));
    fs::write(root.path().join(".stackc/stage/0"), "something else").unwrap();
    refused(root.path(), ".stackc/stage/0", "staged file");
    // A file of somebody in the stage.
    let root = scratch();
    lay_out(root.path(), &before);
    journal(root.path(), "");
    fs::write(root.path().join(".stackc/stage/note"), "").unwrap();
    refused(root.path(), ".stackc/stage/note", "foreign file in the stage");
}

/// No prefix of a journal is taken for a journal.
#[test]
fn torn_journals() {
    let root = scratch();
    lay_out(root.path(), &expected(&old()));
    journal(root.path(), &format!("{{\"path\":\"deploy/x\",\"sha256\":\"{DIGEST}\"}}"));
    fs::write(root.path().join(".stackc/stage/0"), "").unwrap();
    let at = root.path().join(".stackc/journal");
    let whole = fs::read(&at).unwrap();
    for len in 0..whole.len() {
        fs::write(&at, &whole[..len]).unwrap();
        refused(root.path(), ".stackc/journal", &format!("{len} bytes of a journal"));
    }
    fs::write(&at, &whole).unwrap();
    let error = publish(root.path(), &old(), Mode::Check).unwrap_err();
    assert!(matches!(error, PublishError::Interrupted { .. }), "{error}");
    publish(root.path(), &new(), WRITE).unwrap();
    assert_eq!(fs::read(root.path().join("deploy/x")).unwrap(), b"");
}
