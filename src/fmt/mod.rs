//! The one layout of a source: text in, text out. Must not change what a source means, lose a comment or offer a
//! choice; statements that cannot be read stay as they are, to the byte.

mod align;
mod frozen;
mod layout;
mod shape;
mod spacing;
mod tree;

use crate::source::{Source, SourceId};
use crate::syntax::dump::dump;
use crate::syntax::{Parse, parse};

/// Columns after which a block or a list on one line is broken.
pub const WIDTH: usize = 100;

/// The text in its one layout.
pub fn format(text: &str) -> String {
    let source = Source::new(SourceId(0), "", text);
    let parsed = parse(&source);
    format_parsed(&source, &parsed)
}

/// The same for a text that is parsed already.
pub fn format_parsed(source: &Source, parsed: &Parse) -> String {
    let Some(formatted) = lay_out(source, parsed) else {
        return source.text.to_string();
    };
    // In a sound file layout has no meaning. In a broken one the parser recovers by it, and what reads differently
    // afterwards was not ours to touch.
    if !parsed.diagnostics.is_empty() && !reads_the_same(source, parsed, &formatted) {
        return source.text.to_string();
    }
    formatted
}

fn lay_out(source: &Source, parsed: &Parse) -> Option<String> {
    let frozen = frozen::lines(source, parsed);
    let starts = shape::starts(source, &parsed.file);
    let tree = tree::build(source, &parsed.tape, &starts, &frozen)?;
    let lines = layout::lines(source, &tree);
    Some(align::print(&lines, line_break(source, parsed)))
}

/// What the file itself uses first outside of strings.
fn line_break(source: &Source, parsed: &Parse) -> &'static str {
    let first = parsed.tape.tokens.iter().find(|token| token.kind == crate::syntax::TokenKind::Newline);
    let text = first.and_then(|token| source.text.get(token.start as usize..token.end as usize));
    if text == Some("\r\n") { "\r\n" } else { "\n" }
}

fn reads_the_same(source: &Source, parsed: &Parse, formatted: &str) -> bool {
    let after = Source::new(source.id, &source.path, formatted);
    let again = parse(&after);
    let said = |parse: &Parse| parse.diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
    said(parsed) == said(&again) && tree(parsed, source) == tree(&again, &after)
}

/// The tree without blanks: those at the ends of documentation lines go.
fn tree(parsed: &Parse, source: &Source) -> String {
    let text = dump(&parsed.file, source).replace("\\t", "").replace("\\r", "");
    text.split_whitespace().collect()
}
