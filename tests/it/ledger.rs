//! The loss ledger: what each target cannot express of one stack that uses much, as it is recorded in
//! `snapshots/ledger/`. Must not judge a target.
#![allow(clippy::disallowed_methods, reason = "tests read the stack")]

use std::path::Path;

use stackc::diagnostic::codes;
use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::source::MemoryFiles;
use stackc::{Request, compile};

use crate::golden;
use crate::ui::{Verdict, project, render};

#[test]
fn what_targets_cannot_express_is_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/ledger");
    let text = std::fs::read_to_string(folder.join("main.stack")).unwrap();
    let files = MemoryFiles::new([("main.stack", text.as_str())]);
    let mut silent = Vec::new();
    for target in EMITTERS {
        let project = project();
        let request = Request {
            entry: "main.stack",
            project: &project,
            lock: &Lock::default(),
            environments: &[],
            targets: &[*target],
        };
        let found = compile(&request, &files);
        let errors: Vec<_> = found.diagnostics.iter().filter(|problem| problem.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let lost = found.diagnostics.into_iter().filter(|problem| problem.code == codes::NOT_EXPRESSIBLE);
        let text = render(&Verdict { sources: found.sources, stack: None, diagnostics: lost.collect() });
        if text.is_empty() {
            silent.push(target.name());
        } else {
            golden::check(&folder.join(format!("{}.stderr", target.name())), &text);
        }
    }
    assert!(["compose", "kubernetes"].iter().all(|name| !silent.contains(name)), "{silent:?} lose nothing");
}
