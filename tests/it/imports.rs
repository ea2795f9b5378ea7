//! Imports that are not there: one problem each, and for what the standard library has, the import as a repair.

use stackc::check::check;
use stackc::diagnostic::repair::repair;
use stackc::diagnostic::{Diagnostic, has_errors};
use stackc::load::load;
use stackc::source::{MemoryFiles, SourceMap};

use crate::ui::project;

fn found(text: &str) -> (Vec<Diagnostic>, SourceMap) {
    let files = MemoryFiles::new([("main.stack", text)]);
    let loaded = load("main.stack", &files);
    let checked = check(&loaded.program, &project(), &files, &[]).diagnostics;
    (loaded.diagnostics.into_iter().chain(checked).collect(), loaded.program.sources)
}

fn codes(text: &str) -> Vec<&'static str> {
    found(text).0.iter().map(|problem| problem.code.id).collect()
}

/// The text after one round of repairs.
fn repaired(text: &str) -> String {
    let (found, sources) = found(text);
    let texts = repair(&found, &sources).texts;
    texts.into_values().next().unwrap_or_else(|| text.to_owned())
}

const ENVIRONMENT: &str = "environment production { target compose }\n";

#[test]
fn a_template_of_the_library_is_imported_where_imports_stand() {
    for (before, after) in [
        (
            "# A shop.\n\nservice cache from redis {}\n",
            "# A shop.\n\nuse std.data { redis }\n\nservice cache from redis {}\n",
        ),
        (
            "use std.data { postgres }\nservice db from postgres {}\nservice cache from redis {}\n",
            "use std.data { postgres, redis }\nservice db from postgres {}\nservice cache from redis {}\n",
        ),
        (
            "use std.web { node }\n\n## What is kept.\nservice cache from redis {}\n",
            "use std.web { node }\nuse std.data { redis }\n\n## What is kept.\nservice cache from redis {}\n",
        ),
        (
            "## What is kept.\nservice cache from redis {}\n",
            "use std.data { redis }\n\n## What is kept.\nservice cache from redis {}\n",
        ),
    ] {
        let text = repaired(&format!("{before}{ENVIRONMENT}"));
        assert_eq!(text, format!("{after}{ENVIRONMENT}"));
        assert!(!has_errors(&found(&text).0), "{:?}", found(&text).0);
    }
    // Nobody has it, or it is of another kind.
    for text in ["service cache from nothing_like_it {}\n", "secret cache from redis {}\n"] {
        assert_eq!(repaired(text), text);
    }
}

#[test]
fn a_failed_import_is_one_problem() {
    let uses = "service db from postgres { backup { enabled = true } }\nservice api { image = \"ghcr.io/acme/api:1.0.0\", memory = small, env { A = other.host } }\n";
    let with = |import: &str| codes(&format!("{import}\n{uses}{ENVIRONMENT}"));
    assert_eq!(with("use \"./shared.stack\""), ["E0205"]);
    assert_eq!(with("use \"./shared.stack\" { postgres, small, other }"), ["E0205"]);
    assert_eq!(with("use std.dta { postgres, small, other }"), ["E0205"]);
    // What it does not name was never to come from there.
    assert_eq!(with("use std.dta { postgres }"), ["E0205", "E0201", "E0201"]);
    assert_eq!(
        codes(&format!("use \"./a.stack\" as a\nservice db from a.base {{}}\n{ENVIRONMENT}")),
        ["E0205"]
    );
}

#[test]
fn an_unknown_template_is_one_problem() {
    let text = "service db from postgras_like { backup { enabled = true } }\n";
    assert_eq!(codes(&format!("{text}{ENVIRONMENT}")), ["E0210"]);
}
