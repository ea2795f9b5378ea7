//! Medians of each phase on generated stacks: `cargo bench --bench phases [-- SIZES]`. Must not measure the disk or the
//! publisher: `run.py` measures the whole program.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads sources and prints figures"
)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a bench that cannot run must stop")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use stackc::catalogue::Catalogue;
use stackc::diagnostic::has_errors;
use stackc::emit::{EMITTERS, Emitted};
use stackc::load::Program;
use stackc::lock::Lock;
use stackc::model::{Project, Stack};
use stackc::project::{ENTRY, Manifest};
use stackc::source::{MemoryFiles, SourceId};
use stackc::{check, emit, lint, load, plan, syntax};

/// Numbers of services.
const SIZES: &[usize] = &[6, 100, 1_000, 10_000];

/// Time that the rounds of one size may take together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Rounds at most; an odd number has a median.
const MOST_ROUNDS: usize = 51;

/// The phases in the order of their columns.
const PHASES: [&str; 6] = ["parse", "load", "check", "plan", "lint", "emit"];

fn main() {
    let chosen: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if chosen.is_empty() { SIZES } else { &chosen };
    print!("{:>8} {:>10} {:>10} {:>7}", "services", "source KiB", "out KiB", "rounds");
    for phase in PHASES {
        print!(" {:>10}", format!("{phase} ms"));
    }
    println!();
    for size in sizes {
        measure(*size);
    }
}

fn measure(services: usize) {
    let files = sources(services);
    let manifest = Manifest::parse(SourceId(0), "name = \"shop\"\n").unwrap();
    let project = manifest.project("shop");
    let mut times: [Vec<Duration>; PHASES.len()] = Default::default();
    let mut bytes = 0;
    let start = Instant::now();
    while times[0].is_empty() || (start.elapsed() < PATIENCE && times[0].len() < MOST_ROUNDS) {
        let (round, emitted) = one_round(&files, &project);
        times.iter_mut().zip(round).for_each(|(all, time)| all.push(time));
        bytes = emitted.artifacts.iter().map(|artifact| artifact.text.len()).sum();
    }
    let source: usize = files.0.values().map(Vec::len).sum();
    print!("{services:>8} {:>10} {:>10} {:>7}", source / 1024, bytes / 1024, times[0].len());
    for all in times {
        print!(" {:>10.3}", median(all).as_secs_f64() * 1e3);
    }
    println!();
}

/// Each phase once, on what the one before it made.
fn one_round(files: &MemoryFiles, project: &Project) -> ([Duration; PHASES.len()], Emitted) {
    let (program, loading) = timed(|| loaded(files));
    let ((), parsing) = timed(|| parse(&program));
    let (stack, checking) = timed(|| checked(&program, project, files));
    let (planned, planning) = timed(|| plan::plan(stack, &Catalogue::embedded(), &Lock::default()));
    let planned = planned.unwrap_or_else(|problems| panic!("the plan fails: {problems:?}"));
    let (_, linting) = timed(|| lint::lint(&planned, &Catalogue::embedded(), files, true));
    let (emitted, emitting) = timed(|| emit::emit(&planned, EMITTERS, true));
    assert!(!has_errors(&emitted.diagnostics), "emission fails: {:?}", emitted.diagnostics);
    ([parsing, loading, checking, planning, linting, emitting], emitted)
}

fn loaded(files: &MemoryFiles) -> Program {
    let loaded = load::load(ENTRY, files);
    assert!(loaded.diagnostics.is_empty(), "loading fails: {:?}", loaded.diagnostics);
    loaded.program
}

fn parse(program: &Program) {
    for source in program.sources.iter() {
        black_box(syntax::parse(source));
    }
}

fn checked(program: &Program, project: &Project, files: &MemoryFiles) -> Stack {
    let checked = check::check(program, project, files, &[]);
    checked.stack.unwrap_or_else(|| panic!("the check fails: {:?}", checked.diagnostics))
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = black_box(work());
    (made, start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The sources of so many services, from `generate.py`.
fn sources(services: usize) -> MemoryFiles {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/bench").join(services.to_string());
    let script = root.join("benches/generate.py");
    let status = Command::new("python3").arg(script).arg(services.to_string()).arg(&folder).status();
    assert!(status.is_ok_and(|status| status.success()), "`python3 benches/generate.py` fails");
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "stack") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
    MemoryFiles(files)
}
