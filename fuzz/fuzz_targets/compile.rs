//! Any text through all phases: no panic, a bounded number of messages that all formats can show, and the same bytes
//! twice. Must not judge what is emitted: the conformance suite does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stackc::diagnostic::format::{Format, Style, render};
use stackc::emit::EMITTERS;
use stackc::lock::Lock;
use stackc::project::Manifest;
use stackc::source::MemoryFiles;
use stackc::{Compilation, Request, compile};

/// Messages of one environment are cut at some hundred; texts of this size have a few environments at most.
const MOST: usize = 10_000;

fuzz_target!(|text: &str| {
    let first = run(text);
    assert!(first.diagnostics.len() < MOST, "{} messages", first.diagnostics.len());
    let style = Style::default();
    for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        let _ = render(format, &first.diagnostics, &first.sources, &style);
    }
    if !first.artifacts.is_empty() {
        let again = run(text).artifacts;
        assert_eq!(first.artifacts, again, "two builds differ");
    }
});

fn run(text: &str) -> Compilation {
    let files = MemoryFiles::new([("main.stack", text)]);
    let request = Request {
        entry: "main.stack",
        project: &Manifest::default().project("fuzz"),
        lock: &Lock::default(),
        environments: &[],
        targets: EMITTERS,
    };
    compile(&request, &files)
}
