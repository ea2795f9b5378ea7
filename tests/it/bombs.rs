//! Inputs that are made to hurt: huge, deep, growing or not text. Each ends soon with few messages.
#![allow(clippy::format_push_string, reason = "the texts are made once")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use stackc::source::MemoryFiles;

use super::golden;
use super::ui::{Verdict, render, verdict, verdict_of};

const TAIL: &str = "environment production { target compose }\n";
const API: &str = "service api { image = \"ghcr.io/acme/api:1\", env { A = X } }\n";

/// Limits are for a release build on an idle machine; the suite usually runs without optimisation, in parallel.
const SLOWER: u32 = if cfg!(debug_assertions) { 6 } else { 1 };

/// Runs the phases, which may take so long in a build without optimisation.
#[track_caller]
fn timed(text: &str, limit: Duration) -> Verdict {
    let start = Instant::now();
    let verdict = verdict_of(text);
    let took = start.elapsed();
    assert!(took < limit * SLOWER, "took {took:?}");
    verdict
}

#[track_caller]
fn record(name: &str, verdict: &Verdict) {
    assert!(!verdict.diagnostics.is_empty());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/ui/bombs").join(name);
    golden::check(&path.with_extension("stderr"), &render(verdict));
}

#[test]
fn doubling_values_stop_at_the_budget() {
    let mut text = "let x0 = \"0123456789012345\"\n".to_owned();
    for step in 1..=64 {
        text += &format!("let x{step} = \"${{x{}}}${{x{}}}\"\n", step - 1, step - 1);
    }
    text += &API.replace('X', "x64");
    text += TAIL;
    record("doubling_strings", &timed(&text, Duration::from_millis(500)));
}

#[test]
fn doubling_lists_stop_at_the_budget() {
    let mut text = "let x0 = [1, 2]\n".to_owned();
    for step in 1..=64 {
        text += &format!("let x{step} = [x{}, x{}]\n", step - 1, step - 1);
    }
    text += &API.replace('X', "length(x64)");
    text += TAIL;
    record("doubling_lists", &timed(&text, Duration::from_millis(500)));
}

#[test]
fn doubling_maps_stop_at_the_budget() {
    let mut text = "let x0 = { a = 1 }\n".to_owned();
    for step in 1..=64 {
        text += &format!("let x{step} = {{ a = x{}, b = x{} }}\n", step - 1, step - 1);
    }
    text += &API.replace('X', "length(x64)");
    text += TAIL;
    record("doubling_maps", &timed(&text, Duration::from_millis(500)));
}

#[test]
fn long_chains_of_names_do_not_end_the_stack() {
    let mut text = "let x0 = 1\n".to_owned();
    for step in (1..=20_000).rev() {
        text += &format!("let x{step} = x{}\n", step - 1);
    }
    text += &API.replace('X', "x20000");
    text += TAIL;
    record("long_chain", &timed(&text, Duration::from_secs(10)));
}

#[test]
fn long_chains_of_services_do_not_end_the_stack() {
    let mut text = String::new();
    for step in 1..=2_000 {
        text += &format!(
            "service s{step} {{ image = \"ghcr.io/acme/api:1\", port = s{}.port, export {{ url = s{}.url }}, env {{ U = s{step}.url }} }}\n",
            step - 1,
            step - 1
        );
    }
    text += "service s0 { image = \"ghcr.io/acme/api:1\", port = 80 }\n";
    text += TAIL;
    record("long_chain_of_services", &timed(&text, Duration::from_secs(20)));
}

#[test]
fn long_chains_of_types_templates_and_environments_end() {
    let mut text = "type T0 = Int\ntemplate service t0 { image = \"ghcr.io/acme/api:1\" }\n".to_owned();
    for step in 1..=500 {
        let below = step - 1;
        text +=
            &format!("type T{step} = T{below}\ntemplate service t{step} from t{below} {{ port = {step} }}\n");
    }
    text += "param p: T500 = 1\nservice a from t500 {}\n";
    text += TAIL;
    record("long_chain_of_types", &timed(&text, Duration::from_secs(10)));
}

#[test]
fn many_mistakes_are_cut() {
    let mut text = String::new();
    for step in 0..20_000 {
        text += &format!("let x{step} = missing{step}\n");
    }
    text += TAIL;
    let verdict = timed(&text, Duration::from_secs(20));
    assert!((20..=2_000).contains(&verdict.diagnostics.len()), "{}", verdict.diagnostics.len());
}

#[test]
fn a_line_of_a_megabyte_is_read() {
    let text = format!("let x = \"{}\"\n{}{TAIL}", "x".repeat(1024 * 1024), API.replace('X', "missing"));
    let verdict = timed(&text, Duration::from_secs(5));
    record("long_line", &verdict);
    let text = format!("let x = {}1\n{TAIL}", "1 ".repeat(512 * 1024));
    record("long_line_of_numbers", &timed(&text, Duration::from_secs(5)));
}

#[test]
fn nesting_is_refused() {
    for (name, open) in
        [("braces", "{"), ("brackets", "["), ("parentheses", "("), ("interpolations", "\"${"), ("nots", "!")]
    {
        let text = format!("{TAIL}let x = {}\n", open.repeat(200_000));
        record(&format!("nested_{name}"), &timed(&text, Duration::from_secs(5)));
    }
    let text = format!("{TAIL}service x {{ {}\n", "a { ".repeat(200_000));
    record("nested_blocks", &timed(&text, Duration::from_secs(5)));
}

fn file(bytes: Vec<u8>) -> Verdict {
    verdict(&MemoryFiles(BTreeMap::from([("main.stack".to_owned(), bytes)])))
}

#[test]
fn what_is_no_text_is_refused() {
    record("binary", &file(vec![0x7f, b'E', b'L', b'F', 0xff, 0xfe, 0]));
    record("control_characters", &file(b"let a\0 = 1\r\nlet b = \"\x1b[31m\"\n".to_vec()));
    let marked = file("\u{feff}environment production { target compose }\n".as_bytes().to_vec());
    assert_eq!(marked.diagnostics, [], "a byte order mark at the start is no mistake");
    record("missing", &verdict(&MemoryFiles(BTreeMap::new())));
    record("too_large", &file(vec![b'\n'; 4 * 1024 * 1024 + 1]));
}
