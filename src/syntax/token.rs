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
    /// The end; covers nothing.
    End,
}

impl TokenKind {
    /// Whether the parser skips it.
    pub const fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Comment | Self::DocComment)
    }

    /// How it reads in a message.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Newline => "the end of the line",
            Self::Name => "a name",
            Self::Int | Self::Float | Self::Quantity | Self::Rate => "a number",
            Self::StringPlain | Self::StringStart | Self::RawString => "a string",
            Self::StringText | Self::StringEscape | Self::StringEnd => "the rest of a string",
            Self::InterpolationStart | Self::InterpolationEnd => "an interpolation",
            Self::BraceOpen => "`{`",
            Self::BraceClose => "`}`",
            Self::BracketOpen => "`[`",
            Self::BracketClose => "`]`",
            Self::ParenOpen => "`(`",
            Self::ParenClose => "`)`",
            Self::Comma => "`,`",
            Self::Dot => "`.`",
            Self::DotDot => "`..`",
            Self::Equals => "`=`",
            Self::PlusEquals => "`+=`",
            Self::Arrow => "`->`",
            Self::Colon => "`:`",
            Self::Semicolon => "`;`",
            Self::End => "the end of the file",
            Self::Whitespace | Self::Comment | Self::DocComment => "a comment",
            Self::EqualsEquals | Self::BangEquals | Self::Less | Self::LessEquals | Self::Greater => {
                "an operator"
            }
            Self::GreaterEquals | Self::Bang | Self::AndAnd | Self::OrOr | Self::Or => "an operator",
            Self::Question | Self::QuestionQuestion => "an operator",
            Self::Unknown => "an unknown character",
        }
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
