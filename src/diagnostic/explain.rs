//! The pages behind codes, embedded from the book. Must not hold text of its own.

use include_dir::{Dir, include_dir};

use super::{Code, codes};

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/book/src/codes");

/// The page of a code, by its number or its name, in any case.
pub fn page(wanted: &str) -> Option<&'static str> {
    let same = |text: &str| text.eq_ignore_ascii_case(wanted);
    let code = codes::ALL.iter().find(|code| same(code.id) || same(code.name))?;
    PAGES.get_file(format!("{}.md", code.id))?.contents_utf8()
}

/// What a page says before its first example: the first line is what the code means, the others say why it matters.
pub(super) fn opening(code: &Code) -> &'static str {
    let text = page(code.id).unwrap_or_default();
    let text = text.split_once('\n').map_or("", |(_, below)| below);
    text.split("\n## ").next().unwrap_or_default().trim()
}
