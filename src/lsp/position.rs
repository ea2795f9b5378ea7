//! Places in the units of the editor: lines, and bytes or UTF-16 code units. Must not know what the text means.

use serde_json::Value;

use super::protocol::object;
use crate::source::{Source, Span};

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// Bytes, if the editor counts them too; they need no conversion.
    pub(super) fn negotiated(params: &Value) -> Self {
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let bytes = offered.is_some_and(|all| all.iter().any(|name| name == "utf-8"));
        if bytes { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
        }
    }

    /// An offset as a position.
    pub(super) fn position(self, source: &Source, offset: u32) -> Value {
        let at = match self {
            Self::Utf8 => source.lines.utf8(offset),
            Self::Utf16 => source.lines.utf16(&source.text, offset),
        };
        object([("line", at.line.into()), ("character", at.column.into())])
    }

    /// A span as a range.
    pub(super) fn range(self, source: &Source, span: Span) -> Value {
        object([("start", self.position(source, span.start)), ("end", self.position(source, span.end))])
    }

    /// The offset of a position. What lies behind the end of a line or of the text is that end.
    pub(super) fn offset(self, source: &Source, position: &Value) -> Option<u32> {
        let number = |name: &str| position.get(name).and_then(Value::as_u64);
        let (line, column) = (number("line")?, number("character")?);
        let (start, end) = source.lines.range(u32::try_from(line).unwrap_or(u32::MAX));
        let text = source.text.get(start as usize..end as usize).unwrap_or_default();
        let text = text.trim_end_matches(['\n', '\r']);
        let mut counted = 0;
        for (at, character) in text.char_indices() {
            if counted as u64 >= column {
                return Some(start + at as u32);
            }
            counted += self.width(character);
        }
        Some(start + text.len() as u32)
    }

    /// The span of a range.
    pub(super) fn span(self, source: &Source, range: &Value) -> Option<Span> {
        let start = self.offset(source, range.get("start")?)?;
        let end = self.offset(source, range.get("end")?)?;
        Some(Span::new(source.id, start.min(end), start.max(end)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::source::SourceId;

    #[test]
    fn positions_and_offsets_are_inverse_in_both_units() {
        let source = Source::new(SourceId(0), "a", "\r\na𝄞é\r\n\r\nlast");
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (offset, _) in source.text.char_indices().filter(|(_, it)| !matches!(it, '\r' | '\n')) {
                let position = encoding.position(&source, offset as u32);
                assert_eq!(encoding.offset(&source, &position), Some(offset as u32), "{position}");
            }
        }
        let far = json!({ "line": 1, "character": 99 });
        assert_eq!(Encoding::Utf16.offset(&source, &far), Some(9));
        assert_eq!(Encoding::Utf16.offset(&source, &json!({ "line": 99, "character": 0 })), Some(17));
    }
}
