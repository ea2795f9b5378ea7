//! The words of syntax errors. Must not move the cursor.

use std::collections::BTreeSet;

use super::cursor::Tokens;
use crate::diagnostic::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::token::TokenKind;

/// A file with more mistakes than this is no text of ours; the first ones say so.
const MAX_REPORTS: usize = 500;

/// One correct example per construct, for the help of its errors.
pub(super) mod example {
    pub(in super::super) const STATEMENT: &str =
        "write a setting or a block, as in `port = 3000` or `service api { … }`";
    pub(in super::super) const SETTING: &str = "write a setting as in `port = 3000`";
    pub(in super::super) const BLOCK: &str = "write a block as in `service api from node { port = 3000 }`";
    pub(in super::super) const FROM: &str = "name a template, as in `service api from node { … }`";
    pub(in super::super) const TARGET: &str = "name a service, as in `route \"/api\" -> api`";
    pub(in super::super) const VALUE: &str =
        "write a value, as in `3000`, `\"text\"`, `10s`, `[a, b]`, `api.url`";
    pub(in super::super) const LIST: &str = "write a list as in `[\"npm\", \"run\", \"build\"]`";
    pub(in super::super) const MAP: &str = "write a map as in `{ LEVEL = \"info\", PORT = 3000 }`";
    pub(in super::super) const CALL: &str = "write a call as in `late(api.url)`";
    pub(in super::super) const GROUP: &str = "write parentheses as in `(a || b) && c`";
    pub(in super::super) const CONDITION: &str =
        "write a condition as in `if tier == \"large\" then 1GiB else 512MiB`";
    pub(in super::super) const QUANTIFIER: &str =
        "write a condition as in `all s in services: s.replicas >= 2`";
    pub(in super::super) const INTERPOLATION: &str =
        "write an interpolation on one line, as in `\"https://${domain}\"`";
    pub(in super::super) const NO_INDEX: &str =
        "elements of a list have no number; give the one that is meant a name with `let`";
    pub(in super::super) const PATH: &str = "write a reference as in `api.ports.http`";
    pub(in super::super) const TYPE: &str =
        "write a type as in `Port`, `secret Text?`, `[Path]`, `\"small\" | \"large\"`";
    pub(in super::super) const USE: &str = "write an import as in `use std.data { postgres, redis }`";
    pub(in super::super) const LET: &str = "write a constant as in `let domain = \"shop.example\"`";
    pub(in super::super) const PARAM: &str = "write a parameter as in `param tier: Tier = \"small\"`";
    pub(in super::super) const TYPEDEF: &str =
        "write a type as in `type AppPort = Port where self in 1024..65535`";
    pub(in super::super) const CHECK: &str = "write a check as in `check api.replicas >= 2 else \"too few\"`";
}

/// What was reported so far.
#[derive(Default)]
pub(super) struct Reports {
    diagnostics: Vec<Diagnostic>,
    starts: BTreeSet<u32>,
    /// Nothing up to this offset is worth a report: it follows from an earlier one.
    silent_until: Option<u32>,
}

impl Reports {
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}

impl Tokens<'_> {
    /// Records a problem, unless one is known at the same place or it follows from an earlier one.
    pub(super) fn report(self, problem: Diagnostic) {
        let mut reports = self.state.reports.borrow_mut();
        let start = problem.primary.as_ref().map_or(0, |label| label.span.start);
        let silent = reports.silent_until.is_some_and(|until| start <= until);
        if !silent && reports.diagnostics.len() < MAX_REPORTS && reports.starts.insert(start) {
            reports.diagnostics.push(problem);
        }
    }

    /// Silences reports up to and with the next token: what was skipped is already reported.
    pub(super) fn silence(self) {
        let until = self.start().max(self.previous_end());
        let mut reports = self.state.reports.borrow_mut();
        reports.silent_until = reports.silent_until.max(Some(until));
    }

    /// Where to point when something else belongs here: a token, or the end of the line before it.
    pub(super) fn place(self) -> Span {
        if self.kind().ends_line() {
            let end = self.previous_end();
            return self.range(end, end);
        }
        self.span()
    }

    /// Reports that `what` belongs here.
    pub(super) fn unexpected(self, what: &str, help: &str) {
        self.report(self.unexpected_problem(what, help));
    }

    /// Reports that `close` belongs here, for the bracket at `open`.
    pub(super) fn unclosed(self, what: &str, help: &str, open: Span) {
        self.report(self.unexpected_problem(what, help).also(open, "opened here"));
    }

    fn unexpected_problem(self, what: &str, help: &str) -> Diagnostic {
        if self.kind() == TokenKind::StringStart && self.string_stays_open() {
            return self.unclosed_string(self.start());
        }
        let text = self.text(self.peek());
        let foreign = self.kind() == TokenKind::Unknown && text.chars().all(char::is_alphanumeric);
        let help = if foreign { "names are made of the letters a to z, digits, `_` and `-`" } else { help };
        Diagnostic::error(codes::UNEXPECTED_TOKEN, format!("expected {what}, found {}", self.found()))
            .at(self.place(), format!("expected {what}"))
            .help(help)
    }

    /// Whether the string that starts here has no closing quote on its line.
    fn string_stays_open(self) -> bool {
        let mut rest = self.next();
        let mut depth = 1_u32;
        while depth > 0 && !rest.kind().ends_line() {
            match rest.kind() {
                TokenKind::StringStart => depth += 1,
                TokenKind::StringEnd => depth -= 1,
                _ => {}
            }
            rest = rest.next();
        }
        depth > 0
    }

    /// The problem of a string from `start` that its line ends.
    pub(super) fn unclosed_string(self, start: u32) -> Diagnostic {
        let mut rest = self;
        while !rest.kind().ends_line() {
            rest = rest.next();
        }
        let end = rest.previous_end();
        let edit = Edit { span: self.range(end, end), text: "\"".to_owned() };
        Diagnostic::error(codes::UNCLOSED_STRING, "the string does not end on its line")
            .at(self.range(start, end), "no closing `\"`")
            .help("close it with `\"`; text of several lines goes between `\"\"\"`")
            .maybe_fix("add `\"`", vec![edit])
    }

    /// What the next token is called in a message.
    fn found(self) -> String {
        match self.kind() {
            TokenKind::Newline | TokenKind::Anchor => "the end of the line".to_owned(),
            TokenKind::End => "the end of the file".to_owned(),
            kind if kind.starts_string() => "a string".to_owned(),
            TokenKind::StringText | TokenKind::StringEscape | TokenKind::StringEnd => {
                "the rest of a string".to_owned()
            }
            _ => {
                let text = self.text(self.peek());
                let shown: String = text.chars().take(40).collect();
                let more = if shown.len() < text.len() { "…" } else { "" };
                format!("`{shown}{more}`")
            }
        }
    }

    /// Reports a separator that means `right` and takes the place of the next token.
    pub(super) fn wrong_separator(self, message: &str, right: &str) {
        let token = self.peek();
        let text = self.state.source.text.as_bytes();
        let blank = |at: Option<u32>| {
            let byte = at.and_then(|at| text.get(at as usize));
            byte.is_none_or(u8::is_ascii_whitespace)
        };
        let (before, after) = match right {
            "=" => (!blank(token.start.checked_sub(1)), !blank(Some(token.end))),
            _ => (false, false),
        };
        let pad = |needed| if needed { " " } else { "" };
        // A separator that goes away takes the blank before it along.
        let start = if right.is_empty() && self.previous_end() > 0 {
            self.previous_end().min(token.start)
        } else {
            token.start
        };
        let edit = Edit {
            span: self.range(start, token.end),
            text: format!("{}{right}{}", pad(before), pad(after)),
        };
        let (label, title) = if right.is_empty() {
            ("not needed".to_owned(), format!("remove `{}`", self.text(token)))
        } else {
            (format!("expected `{right}`"), format!("replace with `{right}`"))
        };
        let problem = Diagnostic::error(codes::WRONG_SEPARATOR, message).at(self.span(), label);
        self.report(problem.safe_fix(title, vec![edit]));
    }

    /// Reports that a comma is missing before the next token.
    pub(super) fn missing_comma(self, between: &str) {
        let end = self.previous_end();
        let edit = Edit { span: self.range(end, end), text: ",".to_owned() };
        let problem = Diagnostic::error(codes::WRONG_SEPARATOR, format!("expected `,` between {between}"))
            .at(self.span(), "expected `,` before this")
            .safe_fix("add `,`", vec![edit]);
        self.report(problem);
    }
}
