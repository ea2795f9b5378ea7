//! Offsets to lines and columns. The only place that knows UTF-16; must not know what the text means.

/// A position for people or editors. Both numbers start at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0, in the unit that was asked for.
    pub column: u32,
}

/// Line starts of one text.
#[derive(Debug, Clone, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
    length: u32,
}

impl LineIndex {
    /// Scans the text once.
    pub fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect(), length: text.len() as u32 }
    }

    /// Number of lines; at least one.
    pub fn len(&self) -> u32 {
        self.starts.len() as u32
    }

    /// Never: a text has at least one line.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The line that holds `offset`, from 0.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset.min(self.length)) as u32 - 1
    }

    /// Byte range of a line, its line break included.
    pub fn range(&self, line: u32) -> (u32, u32) {
        let start = self.starts.get(line as usize).copied().unwrap_or(self.length);
        let end = self.starts.get(line as usize + 1).copied().unwrap_or(self.length);
        (start, end)
    }

    /// Position with the column in bytes (the editor encoding `utf-8`).
    pub fn utf8(&self, offset: u32) -> LineColumn {
        let offset = offset.min(self.length);
        let line = self.line(offset);
        LineColumn { line, column: offset - self.range(line).0 }
    }

    /// Position with the column in characters: what people count.
    pub fn chars(&self, text: &str, offset: u32) -> LineColumn {
        self.counted(text, offset, |prefix| prefix.chars().count())
    }

    /// Position with the column in UTF-16 code units (the editor default).
    pub fn utf16(&self, text: &str, offset: u32) -> LineColumn {
        self.counted(text, offset, |prefix| prefix.encode_utf16().count())
    }

    fn counted(&self, text: &str, offset: u32, count: impl Fn(&str) -> usize) -> LineColumn {
        let offset = offset.min(self.length);
        let line = self.line(offset);
        let prefix = text.get(self.range(line).0 as usize..offset as usize).unwrap_or_default();
        LineColumn { line, column: count(prefix) as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_what_the_reader_counts() {
        let text = "a\né𝄞x\n";
        let index = LineIndex::new(text);
        let x = text.find('x').unwrap() as u32;
        assert_eq!(index.utf8(x), LineColumn { line: 1, column: 6 });
        assert_eq!(index.chars(text, x), LineColumn { line: 1, column: 2 });
        assert_eq!(index.utf16(text, x), LineColumn { line: 1, column: 3 });
        assert_eq!(index.line(u32::MAX), 2);
    }
}
