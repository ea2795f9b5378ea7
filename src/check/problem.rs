//! The wording of diagnostics that several passes report. Must not decide whether something is wrong.

use crate::diagnostic::suggest::{candidates_text, closest};
use crate::diagnostic::{Code, Diagnostic, Edit, codes};
use crate::schema::LabelShape;
use crate::source::Span;

/// `name` is declared twice.
pub(super) fn duplicate(what: &str, name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_NAME, format!("the {what} `{name}` is declared twice"))
        .at(span, "declared again here")
        .also(first, "first declared here")
        .help("rename one of them, or merge them into one")
}

/// `name` means nothing here; `known` are the names that would fit.
pub(super) fn unknown(
    code: &'static Code,
    message: String,
    span: Span,
    name: &str,
    known: &[&str],
) -> Diagnostic {
    let problem = Diagnostic::error(code, message);
    match closest(name, known.iter().copied()) {
        Some(near) => problem
            .at(span, "not known here")
            .help(format!("did you mean `{near}`?"))
            .safe_fix(format!("replace with `{near}`"), vec![Edit { span, text: near.to_owned() }]),
        None if known.is_empty() => problem.at(span, "not known here"),
        None => {
            let list = candidates_text(known.iter().copied());
            problem.at(span, "not known here").help(format!("expected {list}"))
        }
    }
}

/// A name that is not exported by the imported file.
pub(super) fn unknown_import(name: &str, path: &str, span: Span, known: &[&str]) -> Diagnostic {
    unknown(codes::UNKNOWN_IMPORT, format!("`{path}` has no `{name}`"), span, name, known)
}

/// A kind that needs a label and has none.
pub(super) fn missing_label(kind: &str, shape: LabelShape, span: Span) -> Diagnostic {
    match shape {
        LabelShape::Tag(words) => missing_word(kind, words.to_vec(), span),
        LabelShape::Quoted => {
            Diagnostic::error(codes::MISSING_LABEL, format!("`{kind}` needs a name in quotes"))
                .at(span, "expected a string after this word")
                .help(format!("write `{kind} \"…\" {{ … }}`"))
        }
        LabelShape::Named | LabelShape::Unlabelled => {
            Diagnostic::error(codes::MISSING_LABEL, format!("`{kind}` needs a name"))
                .at(span, "expected a name after this word")
                .help(format!("write `{kind} name {{ … }}`"))
        }
    }
}

/// A kind that one of a few words must follow.
pub(super) fn missing_word(kind: &str, words: Vec<&str>, span: Span) -> Diagnostic {
    let example = words.first().copied().unwrap_or_default().to_owned();
    Diagnostic::error(codes::MISSING_LABEL, format!("`{kind}` does not say which"))
        .at(span, format!("expected {} after this word", candidates_text(words)))
        .help(format!("write `{kind} {example} {{ … }}`"))
}

/// A template that does not say what it is a template of.
pub(super) fn template_shape(span: Span) -> Diagnostic {
    Diagnostic::error(codes::MISSING_LABEL, "a template needs a kind and a name")
        .at(span, "expected a kind and a name after this word")
        .help("write `template service name { … }`")
}

/// `->` after what leads nowhere.
pub(super) fn no_target(keyword: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED_TOKEN, format!("`{keyword}` has no target"))
        .at(span, "nothing leads here")
}

/// `from` after what has no templates.
pub(super) fn no_template(keyword: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNEXPECTED_TOKEN, format!("`{keyword}` is made from no template"))
        .at(span, "expected `{`")
}

/// A setting outside of every block.
pub(super) fn setting_at_top(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_FIELD, "settings stand inside blocks")
        .at(span, "found a setting at the top of the file")
        .help("write `let name = …` for a value that several blocks use")
}

/// A declaration in a library module.
pub(super) fn block_in_library(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_KIND, "a library module holds templates, types and values only")
        .at(span, "found a declaration")
}

/// A checked block of which no struct can be made. It must never be left out in silence.
pub(super) fn lost(kind: &str, label: &str, span: Span) -> Diagnostic {
    let message =
        format!("the `{kind}` `{label}` cannot be made from its values, which is a mistake of stackc");
    Diagnostic::error(codes::INVALID_VALUE, message)
        .at(span, "would be left out")
        .help("report it, please, together with this block")
}

/// The names of a circle, from the first in the alphabet and back to it: every way into it reads the same.
pub(super) fn circle(names: &[&str]) -> String {
    let start = names.iter().enumerate().min_by_key(|(_, name)| **name).map_or(0, |(at, _)| at);
    let (before, after) = names.split_at(start);
    let names: Vec<&str> = after.iter().chain(before).chain(after.first()).copied().collect();
    names.join(" -> ")
}
