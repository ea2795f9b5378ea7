//! `stackc explain`: the pages of the book behind diagnostic codes.

use super::args::Explain;
use super::report::{self, exit};
use crate::diagnostic::escape::visible_line;
use crate::diagnostic::suggest::closest;
use crate::diagnostic::{codes, explain};

/// Prints a page, or the list of codes.
pub(super) fn run(arguments: &Explain) -> u8 {
    let Some(wanted) = &arguments.code else {
        let lines: Vec<String> =
            codes::ALL.iter().map(|code| format!("{}  {}", code.id, code.name)).collect();
        return report::print(&(lines.join("\n") + "\n"));
    };
    match explain::page(wanted) {
        Some(page) => report::print(page),
        None => {
            let known = codes::ALL.iter().flat_map(|code| [code.id, code.name]);
            let hint =
                closest(wanted, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            report::say(&format!("error: there is no code `{}`{hint}", visible_line(wanted)));
            exit::FAILURE
        }
    }
}
