//! The `stackc` command: hands over to `cli`. Must not do anything else.

use std::process::ExitCode;

fn main() -> ExitCode {
    stackc::cli::run().into()
}
