//! Publishing: what is written, kept, removed and refused; faults at every operation; builds side by side.

#![expect(clippy::disallowed_methods, reason = "these tests set up and inspect real files")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use stackc::output::{
    Artifact, ArtifactPath, ChangeKind, Gate, Mode, Operation, PublishError, Publisher, Reason, Report,
    collision,
};

use crate::publish_scene::{
    Anything, FORCE, OldKernel, Refuse, WRITE, artifact, assert_old_or_new, expected, is_tidy, lay_out,
    manifest, new, old, path, publish, publish_through, scratch, script, start, tree,
};

fn kinds(report: &Report) -> BTreeMap<&str, ChangeKind> {
    report.changes.iter().map(|change| (change.path.as_str(), change.kind)).collect()
}

fn conflicts(result: Result<Report, PublishError>) -> Vec<(String, Reason)> {
    match result {
        Err(PublishError::Conflicts(all)) => {
            all.into_iter().map(|conflict| (conflict.path.into(), conflict.reason)).collect()
        }
        other => panic!("expected conflicts, got {other:?}"),
    }
}

#[test]
fn says_what_changed() {
    let root = scratch();
    start(root.path(), &old());
    let foreseen = publish(root.path(), &new(), Mode::Check).unwrap();
    let report = publish(root.path(), &new(), WRITE).unwrap();
    assert_eq!(foreseen, report);
    let kinds = kinds(&report);
    assert_eq!(kinds["deploy/same"], ChangeKind::Unchanged);
    assert_eq!(kinds["deploy/changed"], ChangeKind::Updated);
    assert_eq!(kinds["deploy/ops"], ChangeKind::Updated);
    assert_eq!(kinds["deploy/fresh/a/b"], ChangeKind::Created);
    assert_eq!(kinds["deploy/gone/a/b"], ChangeKind::Removed);
    assert_eq!(kinds["deploy/becomes-a-folder"], ChangeKind::Removed);
    assert_eq!(kinds["deploy/becomes-a-file"], ChangeKind::Created);
    assert_eq!(kinds["deploy/stackc.manifest.json"], ChangeKind::Updated);
    assert!(!root.path().join("deploy/gone").exists(), "an emptied folder stays");
    assert!(is_tidy(root.path()));
    assert_eq!(tree(root.path()), expected(&new()));
    for artifact in new() {
        let at = root.path().join(artifact.path.as_str());
        assert_eq!(fs::read_to_string(&at).unwrap(), artifact.contents);
        assert_eq!(fs::metadata(&at).unwrap().permissions().mode() & 0o111 != 0, artifact.executable);
    }
}

#[test]
fn leaves_what_is_current_alone() {
    let root = scratch();
    start(root.path(), &new());
    let inode = |at: &str| fs::metadata(root.path().join(at)).unwrap().ino();
    let time = || fs::metadata(root.path()).unwrap().modified().unwrap();
    let (same, manifest, folder) = (inode("deploy/same"), inode("deploy/stackc.manifest.json"), time());
    assert!(publish(root.path(), &new(), WRITE).unwrap().is_current());
    assert_eq!(time(), folder, "the root folder was touched");
    fs::remove_file(root.path().join("deploy/changed")).unwrap();
    let report = publish(root.path(), &new(), WRITE).unwrap();
    assert_eq!(kinds(&report)["deploy/changed"], ChangeKind::Created);
    assert_eq!((inode("deploy/same"), inode("deploy/stackc.manifest.json")), (same, manifest));
}

#[test]
fn check_writes_nothing() {
    let root = scratch();
    start(root.path(), &old());
    fs::write(root.path().join("deploy/changed"), "by hand").unwrap();
    let before = tree(root.path());
    let report = publish(root.path(), &new(), Mode::Check).unwrap();
    assert!(!report.is_current());
    assert_eq!(kinds(&report)["deploy/changed"], ChangeKind::Conflict(Reason::Edited));
    assert_eq!(kinds(&report)["deploy/gone/a/b"], ChangeKind::Removed);
    assert_eq!(tree(root.path()), before);
    assert!(is_tidy(root.path()));
}

#[test]
fn all_conflicts_at_once_and_nothing_written() {
    let root = scratch();
    start(root.path(), &old());
    let put = |at: &str, text: &str| fs::write(root.path().join(at), text).unwrap();
    put("deploy/changed", "by hand");
    put("deploy/gone/a/b", "by hand");
    fs::create_dir(root.path().join("deploy/fresh")).unwrap();
    fs::create_dir(root.path().join("deploy/fresh/a")).unwrap();
    put("deploy/fresh/a/b", "foreign");
    put("deploy/becomes-a-file/x/note", "foreign");
    let before = tree(root.path());
    let found = conflicts(publish(root.path(), &new(), WRITE));
    let wanted = [
        ("deploy/becomes-a-file", Reason::Folder),
        ("deploy/changed", Reason::Edited),
        ("deploy/fresh/a/b", Reason::Foreign),
        ("deploy/gone/a/b", Reason::Edited),
    ];
    assert_eq!(found, wanted.map(|(path, reason)| (path.to_owned(), reason)));
    assert_eq!(tree(root.path()), before);
    // A folder is not replaced even by force.
    assert_eq!(conflicts(publish(root.path(), &new(), FORCE)).len(), 1);
    assert_eq!(tree(root.path()), before);
    fs::remove_file(root.path().join("deploy/becomes-a-file/x/note")).unwrap();
    let report = publish(root.path(), &new(), FORCE).unwrap();
    assert_eq!(kinds(&report)["deploy/changed"], ChangeKind::Updated);
    assert_eq!(kinds(&report)["deploy/gone/a/b"], ChangeKind::Conflict(Reason::Edited));
    assert_eq!(
        fs::read(root.path().join("deploy/gone/a/b")).unwrap(),
        b"by hand",
        "an edited orphan is lost"
    );
    assert!(publish(root.path(), &new(), WRITE).unwrap().is_current(), "the orphan was not given up");
}

#[test]
fn adopts_equal_files() {
    let root = scratch();
    lay_out(root.path(), &expected(&new()));
    fs::remove_file(root.path().join("deploy/stackc.manifest.json")).unwrap();
    let report = publish(root.path(), &new(), WRITE).unwrap();
    let written: Vec<_> = report.changes.iter().filter(|c| c.kind != ChangeKind::Unchanged).collect();
    assert_eq!(written.len(), 1, "{written:?}");
    assert_eq!(tree(root.path()), expected(&new()));
}

#[test]
fn refuses_colliding_artifacts() {
    let root = scratch();
    for (first, second) in
        [("a", "a"), ("deploy/a", "deploy/A"), ("deploy/a", "Deploy/b"), ("a", "a/b"), ("a/b", "a")]
    {
        let artifacts = [artifact(first, "1"), artifact(second, "2")];
        let error = publish(root.path(), &artifacts, WRITE).unwrap_err();
        assert!(matches!(error, PublishError::Collision { .. }), "{first} {second}: {error}");
    }
    let error = publish(root.path(), &[artifact(manifest().as_str(), "")], WRITE).unwrap_err();
    assert!(matches!(error, PublishError::Collision { .. }), "{error}");
    assert!(tree(root.path()).is_empty());
    assert_eq!(collision([&path("a/b"), &path("a/c"), &path("b/c")]), None);
}

#[test]
fn refuses_hostile_paths() {
    let long = "a".repeat(256);
    let deep = "a/".repeat(512) + "a";
    let hostile = [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../../x",
        ".",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "C:\\x",
        "C:x",
        "a\0b",
        "a\nb",
        "a b",
        "a.",
        "a./b",
        "con",
        "CON",
        "nul.txt",
        "aux/b",
        "com1",
        "LPT9.log",
        "\u{e9}",
        "e\u{301}",
        "a*",
        "a?",
        "~root",
        "$HOME",
        "-rf",
        ".git/hooks/pre-commit",
        ".GIT/config",
        "a/.git/x",
        ".stackc/journal",
        "\u{202e}a",
        &long,
        &deep,
    ];
    for text in hostile {
        assert!(ArtifactPath::parse(text).is_err(), "{text:?}");
    }
    for text in ["a", ".github/workflows/ci.yml", "a-b_c@1+2.x", "conf", "com10", "...a", &long[..255]] {
        assert_eq!(path(text).as_str(), text);
    }
}

/// Every n-th operation fails, once or from then on, in five ways.
#[test]
fn faults_at_every_operation() {
    let (old, new) = (expected(&old()), expected(&new()));
    for errno in [Errno::NOSPC, Errno::IO, Errno::ACCESS, Errno::ROFS, Errno::MFILE] {
        for sticky in [false, true] {
            for nth in 0.. {
                let root = scratch();
                lay_out(root.path(), &old);
                let gate = Refuse::new(nth, sticky, errno.raw_os_error());
                let what = format!("{errno:?} at {nth}, sticky {sticky}");
                match publish_through(root.path(), &self::new(), WRITE, &gate) {
                    Ok(_) => assert!(tree(root.path()) == new, "{what}: success and another tree"),
                    Err(PublishError::Io { source, .. }) => {
                        assert_eq!(source.raw_os_error(), Some(errno.raw_os_error()), "{what}");
                    }
                    Err(other) => panic!("{what}: {other}"),
                }
                assert_old_or_new(root.path(), &old, &new, &what);
                if !gate.was_reached() {
                    assert!(nth > 100, "only {nth} operations: the gate is not asked");
                    break;
                }
            }
        }
    }
}

/// Refuses whatever would change a read-only folder.
struct ReadOnly;

impl Gate for ReadOnly {
    fn pass(&self, operation: Operation, _: &str) -> io::Result<()> {
        match operation {
            Operation::Open | Operation::Stat | Operation::Read | Operation::List => Ok(()),
            _ => Err(io::Error::from_raw_os_error(Errno::ROFS.raw_os_error())),
        }
    }
}

#[test]
fn read_only_root() {
    let root = scratch();
    start(root.path(), &old());
    let before = tree(root.path());
    assert!(publish_through(root.path(), &old(), WRITE, &ReadOnly).unwrap().is_current());
    assert!(publish_through(root.path(), &new(), Mode::Check, &ReadOnly).is_ok());
    let error = publish_through(root.path(), &new(), WRITE, &ReadOnly).unwrap_err().to_string();
    assert!(error.contains("cannot create the folder `"), "{error}");
    assert!(error.contains("/.stackc`: Read-only file system"), "{error}");
    assert_eq!(tree(root.path()), before);
}

#[test]
fn without_openat2() {
    let root = scratch();
    start(root.path(), &old());
    publish_through(root.path(), &new(), WRITE, &OldKernel).unwrap();
    assert_eq!(tree(root.path()), expected(&new()));
}

/// A generator whose sequence is fixed by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }
}

const PLACES: [&str; 8] = ["a", "b", "d/a", "d/b", "d/e/a", "d/e/b", "f/a", "f"];

/// What a user does between builds; what they write is theirs.
fn live(root: &Path, dice: &mut Dice, theirs: &mut BTreeMap<String, String>) {
    let place = PLACES[dice.roll(PLACES.len())];
    let at = root.join(place);
    match dice.roll(4) {
        0 | 1 => {
            let text = format!("by hand {}", dice.roll(1000));
            fs::create_dir_all(at.parent().unwrap()).ok();
            if fs::write(&at, &text).is_ok() {
                theirs.insert(place.to_owned(), text);
            }
        }
        2 => {
            if fs::remove_file(&at).is_ok() {
                theirs.remove(place);
            }
        }
        _ => {
            let to = PLACES[dice.roll(PLACES.len())];
            let moved = at.is_file() && !root.join(to).exists() && fs::rename(&at, root.join(to)).is_ok();
            if let Some(text) = moved.then(|| theirs.remove(place)).flatten() {
                theirs.insert(to.to_owned(), text);
            }
        }
    }
}

fn random_artifacts(dice: &mut Dice) -> Vec<Artifact> {
    let mut artifacts: Vec<Artifact> = Vec::new();
    for place in PLACES {
        let text = format!("emitted {}", dice.roll(3));
        let one = if dice.roll(4) == 0 { script(place, &text) } else { artifact(place, text) };
        let paths = artifacts.iter().map(|artifact| &artifact.path);
        if dice.roll(2) == 0 && collision(paths.chain([&one.path])).is_none() {
            artifacts.push(one);
        }
    }
    artifacts
}

#[test]
fn histories_lose_no_foreign_bytes() {
    let (mut published, mut refused) = (0, 0);
    for seed in 1..=200 {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let (root, mut theirs) = (scratch(), BTreeMap::new());
        for step in 0..12 {
            for _ in 0..dice.roll(3) {
                live(root.path(), &mut dice, &mut theirs);
            }
            let artifacts = random_artifacts(&mut dice);
            let before = tree(root.path());
            match publish(root.path(), &artifacts, WRITE) {
                Ok(report) => {
                    published += 1;
                    assert!(report.changes.len() > artifacts.len());
                    for artifact in &artifacts {
                        let text = fs::read_to_string(root.path().join(artifact.path.as_str())).unwrap();
                        assert_eq!(text, artifact.contents, "seed {seed} step {step}");
                    }
                }
                Err(PublishError::Conflicts(_)) => {
                    refused += 1;
                    assert_eq!(tree(root.path()), before, "seed {seed} step {step}: conflict and a change");
                }
                Err(other) => panic!("seed {seed} step {step}: {other}"),
            }
            for (place, text) in &theirs {
                let found = fs::read_to_string(root.path().join(place)).unwrap_or_default();
                assert_eq!(found, *text, "seed {seed} step {step}: `{place}` is lost");
            }
            assert!(is_tidy(root.path()));
        }
    }
    assert!(published > 300 && refused > 300, "{published} published, {refused} refused: too one-sided");
}

#[test]
fn pairs_end_as_one_of_the_two() {
    let (first, second) = (expected(&old()), expected(&new()));
    for pair in 0..20 {
        let root = scratch();
        lay_out(root.path(), &expected(&[]));
        thread::scope(|scope| {
            let one = scope.spawn(|| publish(root.path(), &old(), WRITE));
            let two = scope.spawn(|| publish(root.path(), &new(), WRITE));
            one.join().unwrap().unwrap();
            two.join().unwrap().unwrap();
        });
        let end = tree(root.path());
        assert!(end == first || end == second, "pair {pair}: {:?}", end.keys());
        assert!(is_tidy(root.path()));
    }
}

/// Stays at the first rename until released.
#[derive(Default)]
struct Stay {
    reached: AtomicBool,
    released: AtomicBool,
}

impl Gate for Stay {
    fn pass(&self, operation: Operation, _: &str) -> io::Result<()> {
        if operation == Operation::Rename {
            self.reached.store(true, Ordering::Release);
            while !self.released.load(Ordering::Acquire) {
                thread::sleep(Duration::from_millis(1));
            }
        }
        Ok(())
    }
}

#[test]
fn waits_no_longer_than_its_patience() {
    let root = scratch();
    start(root.path(), &old());
    let stay = Stay::default();
    thread::scope(|scope| {
        let holder = scope.spawn(|| publish_through(root.path(), &new(), WRITE, &stay));
        while !stay.reached.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(1));
        }
        let patience = Duration::from_millis(30);
        let name = manifest();
        let late = Publisher::new(root.path(), &name).gate(&Anything).patience(patience);
        let late = late.publish(&new(), WRITE);
        stay.released.store(true, Ordering::Release);
        let error = late.unwrap_err().to_string();
        assert!(error.contains("another build holds `") && error.contains("/.stackc/lock`"), "{error}");
        holder.join().unwrap().unwrap();
    });
    assert_eq!(tree(root.path()), expected(&new()));
}

/// What changes between the comparison and the write is somebody's work.
struct EditAtRename<'a>(&'a Path);

impl Gate for EditAtRename<'_> {
    fn pass(&self, operation: Operation, path: &str) -> io::Result<()> {
        if operation == Operation::Rename && path == ".stackc/journal" {
            fs::write(self.0.join("deploy/changed"), "saved just now")?;
            fs::write(self.0.join("deploy/gone/a/b"), "saved just now")?;
        }
        Ok(())
    }
}

#[test]
fn edited_while_publishing() {
    let root = scratch();
    start(root.path(), &old());
    let gate = EditAtRename(root.path());
    let error = publish_through(root.path(), &new(), WRITE, &gate).unwrap_err();
    assert!(error.to_string().starts_with("everything was written but"), "{error}");
    let PublishError::Overtaken(kept) = error else { panic!("{error}") };
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!(fs::read(root.path().join("deploy/large")).unwrap().len(), 4 * 17_001);
    for at in ["deploy/changed", "deploy/gone/a/b"] {
        assert_eq!(fs::read(root.path().join(at)).unwrap(), b"saved just now");
    }
}
