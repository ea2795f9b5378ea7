//! `stackc completions`: scripts from the same definition as the command line itself.

use clap::CommandFactory;

use super::args::{Arguments, Completions};
use super::report;

/// Prints the script.
pub(super) fn run(completions: &Completions) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Arguments::command(), "stackc", &mut script);
    report::print(&String::from_utf8_lossy(&script))
}
