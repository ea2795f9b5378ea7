//! A publication that is killed at each operation, or at any moment, and the run after it.

#![expect(clippy::disallowed_methods, reason = "these tests kill real processes over real files")]

use std::env;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use stackc::output::{Gate, Operation};

use crate::publish_scene::{
    Tree, WRITE, assert_old_or_new, expected, lay_out, new, old, publish, publish_through, scratch,
};

const ROOT: &str = "STACKC_TEST_KILL_ROOT";
const NTH: &str = "STACKC_TEST_KILL_NTH";

/// Says when the n-th operation comes, and waits there for the kill.
struct Halt {
    count: AtomicUsize,
    nth: usize,
}

impl Gate for Halt {
    fn pass(&self, _: Operation, _: &str) -> io::Result<()> {
        if self.count.fetch_add(1, Ordering::Relaxed) == self.nth {
            io::stderr().write_all(b"!")?;
            loop {
                thread::park();
            }
        }
        Ok(())
    }
}

#[test]
#[ignore = "the process that the kill tests start and kill"]
fn victim() {
    let root = env::var(ROOT).unwrap();
    let nth = env::var(NTH).unwrap().parse().unwrap();
    let halt = Halt { count: AtomicUsize::new(0), nth };
    publish_through(Path::new(&root), &new(), WRITE, &halt).unwrap();
}

fn spawn(root: &Path, nth: usize) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["publish_kill::victim", "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env(ROOT, root)
        .env(NTH, nth.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets the victim reach its n-th operation and kills it there; whether there was one.
fn kill_at(root: &Path, nth: usize) -> bool {
    let mut victim = spawn(root, nth);
    let mut said = [0];
    let reached = victim.stderr.take().unwrap().read(&mut said).unwrap() == 1;
    if reached {
        assert_eq!(said, *b"!");
        victim.kill().unwrap();
    }
    assert_eq!(victim.wait().unwrap().success(), !reached);
    reached
}

fn trees() -> (Tree, Tree) {
    (expected(&old()), expected(&new()))
}

#[test]
fn killed_at_every_operation() {
    let (old, new) = trees();
    let mut nth = 0;
    loop {
        let root = scratch();
        lay_out(root.path(), &old);
        let reached = kill_at(root.path(), nth);
        assert_old_or_new(root.path(), &old, &new, &format!("killed at operation {nth}"));
        if !reached {
            break;
        }
        nth += 1;
    }
    assert!(nth > 100, "only {nth} operations: the gate is not asked");
}

#[test]
fn killed_at_any_moment() {
    let (old, new) = trees();
    let root = scratch();
    lay_out(root.path(), &old);
    let start = Instant::now();
    assert!(spawn(root.path(), usize::MAX).wait().unwrap().success());
    let whole = start.elapsed();
    for round in 0..50 {
        let root = scratch();
        lay_out(root.path(), &old);
        let mut victim = spawn(root.path(), usize::MAX);
        // From the first moment to the last of an undisturbed run.
        thread::sleep(whole * round / 50);
        victim.kill().unwrap();
        victim.wait().unwrap();
        assert_old_or_new(root.path(), &old, &new, &format!("killed in moment {round} of 50"));
    }
}

/// A recovery that is killed itself is recovered like any other.
#[test]
fn killed_while_recovering() {
    let (old, new) = trees();
    for first in (40..200).step_by(20) {
        let root = scratch();
        lay_out(root.path(), &old);
        kill_at(root.path(), first);
        for second in (10..60).step_by(10) {
            kill_at(root.path(), second);
        }
        assert_old_or_new(root.path(), &old, &new, &format!("killed at {first} and while recovering"));
    }
}

/// What a user writes between a kill and the next run is not lost.
#[test]
fn edited_after_a_kill() {
    let (old, _) = trees();
    for nth in 0.. {
        let root = scratch();
        lay_out(root.path(), &old);
        let reached = kill_at(root.path(), nth);
        let edited = root.path().join("deploy/changed");
        std::fs::write(&edited, "by hand\n").unwrap();
        let error = publish(root.path(), &new(), WRITE).unwrap_err().to_string();
        assert!(error.contains("`deploy/changed` was edited"), "killed at {nth}: {error}");
        assert_eq!(std::fs::read(&edited).unwrap(), b"by hand\n", "killed at {nth}");
        if !reached {
            break;
        }
    }
}

/// The system drops the lock of a killed build.
#[test]
fn lock_of_a_killed_build() {
    let root = scratch();
    lay_out(root.path(), &expected(&old()));
    assert!(kill_at(root.path(), 60));
    let start = Instant::now();
    publish(root.path(), &new(), WRITE).unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
}
