//! Any text: parsing returns a tree, the tape holds every byte, and every place lies inside of the text. Must not
//! look at what the text means.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stackc::source::SourceMap;
use stackc::syntax::{dump, parse};

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let id = sources.add("main.stack", text);
    let source = sources.get(id).expect("it was just added");
    let parsed = parse(source);
    let mut end = 0;
    for token in &parsed.tape.tokens {
        assert_eq!(token.start, end, "a gap in the tape");
        end = token.end;
    }
    // A byte order mark is not part of a source.
    assert_eq!(end as usize, source.text.len(), "the tape ends early");
    for problem in &parsed.diagnostics {
        for label in problem.primary.iter().chain(&problem.secondary) {
            let place = label.span.start as usize..label.span.end as usize;
            assert!(source.text.get(place).is_some(), "{problem:?} points outside of the text");
        }
    }
    let _ = dump::dump(&parsed.file, source);
});
