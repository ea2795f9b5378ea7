//! What stackc tells people, as data. Must not print: `diagnostic::format` gives texts.

mod baseline;
mod code;
pub mod escape;
mod excerpt;
pub mod explain;
pub mod format;
mod github;
mod json;
mod place;
mod render;
pub mod repair;
mod sarif;
mod short;
pub mod suggest;

use crate::source::Span;

pub use baseline::Baseline;
pub use code::Code;
pub use code::codes;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is emitted.
    Error,
    /// Emitted, but worth a look.
    Warning,
    /// Information.
    Note,
}

impl Severity {
    /// As all forms write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// How much a rule matters in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is not reported.
    Off,
    /// It is reported.
    Warning,
    /// Nothing is emitted while it is broken.
    Error,
}

impl Level {
    /// As `stackc.toml` writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level of this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Off, Self::Warning, Self::Error].into_iter().find(|level| level.word() == word)
    }
}

/// A place with a few words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there, in words that make sense alone in an editor; may be empty.
    pub text: String,
}

/// Whether a fix may be applied without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// The result means what the author meant; `check --fix` applies it.
    Safe,
    /// Plausible; offered, never applied unasked.
    Maybe,
}

/// Replace the bytes of `span` by `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A repair as text edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Imperative title: "replace with `512MiB`".
    pub title: String,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
}

/// One problem: what was found, where, why it matters, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code with a page behind `stackc explain`.
    pub code: &'static Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence, lower case, no full stop, user text in backticks.
    pub message: String,
    /// The smallest place that shows the problem; `None` only for problems without a source (a missing file).
    pub primary: Option<Label>,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// Imperative advice, possibly several lines.
    pub help: Option<String>,
    /// Repairs, best first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error of this code, without a place yet.
    pub fn error(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A warning of this code, without a place yet.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    fn new(code: &'static Code, severity: Severity, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, severity, message, primary: None, secondary: Vec::new(), help: None, fixes: Vec::new() }
    }

    /// Sets the primary place and what is wrong there.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label { span, text: text.into() });
        self
    }

    /// Adds a place that explains the primary one.
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        // Most have one, and lists of problems are long.
        self.secondary.reserve_exact(1);
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Sets the advice.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a repair that means what the author meant.
    pub fn safe_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(title, edits, Applicability::Safe)
    }

    /// Offers a plausible repair.
    pub fn maybe_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(title, edits, Applicability::Maybe)
    }

    fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>, applicability: Applicability) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, applicability });
        self
    }

    /// Whether it stops the compilation.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Whether any of them stops the compilation.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
