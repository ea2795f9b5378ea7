//! Tokens: small, flat, lossless. Must not hold text.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum TokenKind {
    /// Blanks and tabs.
    Whitespace,
    /// One line break.
    Newline,
    /// `# …`, and `// …`, which the formatter rewrites.
    Comment,
    /// `## …`
    DocComment,
    /// A character that no source may hold: reported, then treated as a blank.
    Forbidden,
    /// A name or a keyword.
    Name,
    /// `3_000`
    Int,
    /// `0.5`
    Float,
    /// `512MiB`
    Quantity,
    /// `20/s`
    Rate,
    /// A whole string without escapes and interpolation.
    StringPlain,
    /// `"` that opens a string with parts.
    StringStart,
    /// Characters of a string.
    StringText,
    /// `\n`, `$${`
    StringEscape,
    /// `${`
    InterpolationStart,
    /// `}` of an interpolation.
    InterpolationEnd,
    /// `"` that closes a string.
    StringEnd,
    /// `"""…"""`
    RawString,
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `[`
    BracketOpen,
    /// `]`
    BracketClose,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `=`
    Equals,
    /// `+=`
    PlusEquals,
    /// `==`
    EqualsEquals,
    /// `!=`
    BangEquals,
    /// `<`
    Less,
    /// `<=`
    LessEquals,
    /// `>`
    Greater,
    /// `>=`
    GreaterEquals,
    /// `!`
    Bang,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
    /// `|`
    Or,
    /// `?`
    Question,
    /// `??`
    QuestionQuestion,
    /// `->`
    Arrow,
    /// `:`
    Colon,
    /// `;`
    Semicolon,
    /// Anything else.
    Unknown,
    /// Never on a tape: the line break before a line that ends all open blocks.
    Anchor,
    /// Never on a tape: the end; covers nothing.
    End,
}

impl TokenKind {
    /// Whether the parser skips it.
    pub const fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Comment | Self::DocComment | Self::Forbidden)
    }

    /// Whether a string starts here.
    pub const fn starts_string(self) -> bool {
        matches!(self, Self::StringPlain | Self::StringStart | Self::RawString)
    }

    /// Whether a line ends here.
    pub const fn ends_line(self) -> bool {
        matches!(self, Self::Newline | Self::Anchor | Self::End)
    }
}

/// A token: its kind and the bytes that it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// All tokens of a text; their bytes are the bytes of the text, in order and without gaps.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    /// The tokens, the end not among them.
    pub tokens: Vec<Token>,
}

impl Tape {
    /// The comments, doc comments included, in order.
    pub fn comments(&self) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(|token| matches!(token.kind, TokenKind::Comment | TokenKind::DocComment))
    }
}
