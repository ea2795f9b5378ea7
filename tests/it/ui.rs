//! Diagnostics: each `snapshots/ui/**/<name>.stack` has a `.stderr` with the exact messages.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use stackc::model::Project;
use stackc::source::MemoryFiles;

/// A project for tests.
pub fn project() -> Project {
    Project {
        name: "shop".into(),
        registry: Some("ghcr.io/acme/shop".into()),
        repository: Some("https://github.com/acme/shop".into()),
        licence: None,
        owner: None,
        output: "deploy".into(),
    }
}

#[test]
fn smoke() {
    let Ok(path) = std::env::var("STACKC_SMOKE") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let files = MemoryFiles::new([("main.stack", &*text)]);
    let loaded = stackc::load::load("main.stack", &files);
    let mut out = String::new();
    for problem in &loaded.diagnostics {
        writeln!(out, "{problem:?}").unwrap();
    }
    let checked = stackc::check::check(&loaded.program, &project(), &files, &[]);
    for problem in &checked.diagnostics {
        let at = problem
            .primary
            .as_ref()
            .map(|l| loaded.program.sources.get(l.span.source).unwrap().slice(l.span));
        writeln!(out, "{} {} @ {at:?} help {:?}", problem.code.id, problem.message, problem.help).unwrap();
    }
    writeln!(out, "{:#?}", checked.stack.map(|s| s.environments)).unwrap();
    println!("{out}");
}
