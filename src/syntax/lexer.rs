//! Text to tokens, with nom over the bytes. Must not fail, lose a byte or judge: odd text becomes odd tokens.

use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_while, take_while1};
use nom::combinator::{opt, recognize};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use super::characters::is_forbidden;
use super::token::{Tape, Token, TokenKind};

type Bytes<'a> = &'a [u8];
/// The rest of the input and the kind of the token before it.
type Scanned<'a> = IResult<Bytes<'a>, TokenKind, ()>;

/// Cuts a text into tokens; together they are the text.
pub fn lex(text: &str) -> Tape {
    let mut lexer = Lexer { text, interpolations: Vec::new(), in_string: false, raw_closes: true };
    let mut tokens = Vec::with_capacity(text.len() / 3 + 8);
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let (next, kind) = lexer
            .scan(rest)
            .ok()
            .filter(|(next, _)| next.len() < rest.len())
            .unwrap_or((&[], TokenKind::Unknown));
        tokens.push(Token {
            kind,
            start: (text.len() - rest.len()) as u32,
            end: (text.len() - next.len()) as u32,
        });
        rest = next;
    }
    Tape { tokens }
}

/// What the meaning of the next byte depends on.
struct Lexer<'a> {
    text: &'a str,
    /// Braces opened inside each open `${`, outermost first.
    interpolations: Vec<u32>,
    /// Between the quotes of a string.
    in_string: bool,
    /// Whether a `"""` may still close further down; keeps the search for it linear.
    raw_closes: bool,
}

impl Lexer<'_> {
    fn scan<'b>(&mut self, input: Bytes<'b>) -> Scanned<'b> {
        let scanned = if self.in_string { string_piece(input) } else { self.code(input) };
        let (_, kind) = scanned.as_ref().map_err(Clone::clone)?;
        match kind {
            // A line break ends whatever is open, or the `}` of a block would end an interpolation.
            TokenKind::Newline => {
                self.in_string = false;
                self.interpolations.clear();
            }
            TokenKind::StringStart | TokenKind::InterpolationEnd => self.in_string = true,
            TokenKind::StringEnd => self.in_string = false,
            TokenKind::InterpolationStart => {
                self.in_string = false;
                self.interpolations.push(0);
            }
            _ => {}
        }
        scanned
    }

    fn code<'b>(&mut self, input: Bytes<'b>) -> Scanned<'b> {
        let byte = input.first().copied().unwrap_or_default();
        match byte {
            b' ' | b'\t' => {
                as_kind(take_while(|byte| byte == b' ' || byte == b'\t'), TokenKind::Whitespace)(input)
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => name(input),
            b'\n' => advance(input, 1, TokenKind::Newline),
            b'"' => self.string(input),
            b'0'..=b'9' => number(input),
            b'#' => comment(input),
            b'/' if input.get(1) == Some(&b'/') => comment(input),
            b'{' | b'}' => self.brace(input, byte),
            b'\r' => carriage_return(input),
            0x80.. => self.foreign(input),
            0..=0x1f | 0x7f => advance(input, 1, TokenKind::Forbidden),
            _ => punctuation(input, byte),
        }
    }

    fn brace<'b>(&mut self, input: Bytes<'b>, byte: u8) -> Scanned<'b> {
        let kind = match (byte, self.interpolations.last_mut()) {
            (b'}', Some(0)) => {
                self.interpolations.pop();
                TokenKind::InterpolationEnd
            }
            (b'}', Some(depth)) => {
                *depth -= 1;
                TokenKind::BraceClose
            }
            (b'}', None) => TokenKind::BraceClose,
            (_, Some(depth)) => {
                *depth += 1;
                TokenKind::BraceOpen
            }
            (_, None) => TokenKind::BraceOpen,
        };
        advance(input, 1, kind)
    }

    fn string<'b>(&mut self, input: Bytes<'b>) -> Scanned<'b> {
        if self.interpolations.is_empty() && input.starts_with(b"\"\"\"") {
            return self.raw(input);
        }
        plain_string(input).or_else(|_| advance(input, 1, TokenKind::StringStart))
    }

    fn raw<'b>(&mut self, input: Bytes<'b>) -> Scanned<'b> {
        let (content, _) = tag(&b"\"\"\""[..])(input)?;
        if self.raw_closes {
            if let Some(end) = find(content, |rest| rest.starts_with(b"\"\"\"")) {
                return advance(input, end + 6, TokenKind::RawString);
            }
            self.raw_closes = false;
        }
        // Nothing closes it: it must not swallow the file, only the lines that look like its own.
        let unindented = |rest: Bytes<'_>| matches!(rest, [b'\n', b'a'..=b'z' | b'}', ..]);
        let end = find(content, unindented).unwrap_or(content.len());
        advance(input, end + 3, TokenKind::RawString)
    }

    /// Text outside ASCII where code belongs.
    fn foreign<'b>(&self, input: Bytes<'b>) -> Scanned<'b> {
        let at = self.text.len() - input.len();
        let characters = self.text.get(at..).unwrap_or_default().chars();
        let strange = characters.clone().take_while(|it| !it.is_ascii() && !is_forbidden(*it));
        let length: usize = strange.map(char::len_utf8).sum();
        if length > 0 {
            return advance(input, length, TokenKind::Unknown);
        }
        let first = characters.take(1).map(char::len_utf8).sum();
        advance(input, first, TokenKind::Forbidden)
    }
}

/// A piece of a string that has more in it than characters.
fn string_piece(input: Bytes<'_>) -> Scanned<'_> {
    match input {
        [b'"', ..] => advance(input, 1, TokenKind::StringEnd),
        [b'\n', ..] => advance(input, 1, TokenKind::Newline),
        [b'\r', b'\n', ..] => advance(input, 2, TokenKind::Newline),
        [b'\\', ..] => escape(input),
        [b'$', b'$', b'{', ..] => advance(input, 3, TokenKind::StringEscape),
        [b'$', b'{', ..] => advance(input, 2, TokenKind::InterpolationStart),
        _ => {
            let special = |rest: Bytes<'_>| {
                matches!(
                    rest,
                    [b'"' | b'\n' | b'\\', ..]
                        | [b'\r', b'\n', ..]
                        | [b'$', b'{', ..]
                        | [b'$', b'$', b'{', ..]
                )
            };
            let length = find(input, special).unwrap_or(input.len());
            advance(input, length, TokenKind::StringText)
        }
    }
}

/// `"text"` in which every character means itself.
fn plain_string(input: Bytes<'_>) -> Scanned<'_> {
    let (mut rest, _) = take(1_usize)(input)?;
    loop {
        (rest, _) = take_while(|byte| !matches!(byte, b'"' | b'\n' | b'\\' | b'$'))(rest)?;
        match rest {
            [b'"', ..] => return advance(rest, 1, TokenKind::StringPlain),
            [b'$', b'{', ..] | [b'$', b'$', b'{', ..] => return Err(nom::Err::Error(())),
            [b'$', ..] => (rest, _) = take(1_usize)(rest)?,
            _ => return Err(nom::Err::Error(())),
        }
    }
}

/// `\n`, `\u{e9}`, or a backslash with whatever character follows on the line.
fn escape(input: Bytes<'_>) -> Scanned<'_> {
    let code_point =
        recognize((tag(&b"\\u{"[..]), take_while(|byte: u8| byte.is_ascii_hexdigit()), tag(&b"}"[..])));
    let (rest, escape) = alt((code_point, tag(&b"\\"[..]))).parse_complete(input)?;
    if escape.len() > 1 {
        return Ok((rest, TokenKind::StringEscape));
    }
    let length = match rest {
        [] | [b'\n', ..] | [b'\r', b'\n', ..] => 0,
        [_, tail @ ..] => 1 + tail.iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count(),
    };
    advance(rest, length, TokenKind::StringEscape)
}

fn name(input: Bytes<'_>) -> Scanned<'_> {
    let (rest, name) = take_while(in_name)(input)?;
    // The `-` of `->` is not part of a name.
    if rest.first() == Some(&b'>') && name.last() == Some(&b'-') {
        return advance(input, name.len() - 1, TokenKind::Name);
    }
    Ok((rest, TokenKind::Name))
}

fn number(input: Bytes<'_>) -> Scanned<'_> {
    let digits = take_while(|byte: u8| byte.is_ascii_digit() || byte == b'_');
    let fraction = (tag(&b"."[..]), take_while1(|byte: u8| byte.is_ascii_digit()));
    let (rest, (_, fraction)) = pair(digits, opt(fraction)).parse_complete(input)?;
    let word = || take_while1::<_, Bytes<'_>, ()>(|byte: u8| byte.is_ascii_alphabetic());
    match rest {
        [b'%', ..] => advance(rest, 1, TokenKind::Quantity),
        [b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => as_kind(preceded_by_slash(word()), TokenKind::Rate)(rest),
        [b'a'..=b'z' | b'A'..=b'Z', ..] => {
            as_kind(take_while(|byte: u8| byte.is_ascii_alphanumeric()), TokenKind::Quantity)(rest)
        }
        _ if fraction.is_some() => Ok((rest, TokenKind::Float)),
        _ => Ok((rest, TokenKind::Int)),
    }
}

fn preceded_by_slash<'a>(
    mut parser: impl Parser<Bytes<'a>, Output = Bytes<'a>, Error = ()>,
) -> impl FnMut(Bytes<'a>) -> IResult<Bytes<'a>, Bytes<'a>, ()> {
    move |input| preceded(tag(&b"/"[..]), |rest| parser.parse_complete(rest)).parse_complete(input)
}

/// `##` documents what follows; `###` and more are rulers.
fn comment(input: Bytes<'_>) -> Scanned<'_> {
    let kind = match input {
        [b'#', b'#', b'#', ..] => TokenKind::Comment,
        [b'#', b'#', ..] => TokenKind::DocComment,
        _ => TokenKind::Comment,
    };
    let (rest, text) = take_while(in_line)(input)?;
    // The carriage return of a CRLF belongs to the line break.
    if text.last() == Some(&b'\r') && !rest.is_empty() {
        return advance(input, text.len() - 1, kind);
    }
    Ok((rest, kind))
}

fn carriage_return(input: Bytes<'_>) -> Scanned<'_> {
    match input {
        [_, b'\n', ..] => advance(input, 2, TokenKind::Newline),
        _ => advance(input, 1, TokenKind::Whitespace),
    }
}

fn punctuation(input: Bytes<'_>, byte: u8) -> Scanned<'_> {
    let (length, kind) = match (byte, input.get(1)) {
        (b'=', Some(b'=')) => (2, TokenKind::EqualsEquals),
        (b'=', _) => (1, TokenKind::Equals),
        (b'+', Some(b'=')) => (2, TokenKind::PlusEquals),
        (b'!', Some(b'=')) => (2, TokenKind::BangEquals),
        (b'!', _) => (1, TokenKind::Bang),
        (b'<', Some(b'=')) => (2, TokenKind::LessEquals),
        (b'<', _) => (1, TokenKind::Less),
        (b'>', Some(b'=')) => (2, TokenKind::GreaterEquals),
        (b'>', _) => (1, TokenKind::Greater),
        (b'&', Some(b'&')) => (2, TokenKind::AndAnd),
        (b'|', Some(b'|')) => (2, TokenKind::OrOr),
        (b'|', _) => (1, TokenKind::Or),
        (b'?', Some(b'?')) => (2, TokenKind::QuestionQuestion),
        (b'?', _) => (1, TokenKind::Question),
        (b'.', Some(b'.')) => (2, TokenKind::DotDot),
        (b'.', _) => (1, TokenKind::Dot),
        (b'-', Some(b'>')) => (2, TokenKind::Arrow),
        (b'[', _) => (1, TokenKind::BracketOpen),
        (b']', _) => (1, TokenKind::BracketClose),
        (b'(', _) => (1, TokenKind::ParenOpen),
        (b')', _) => (1, TokenKind::ParenClose),
        (b':', _) => (1, TokenKind::Colon),
        (b',', _) => (1, TokenKind::Comma),
        (b';', _) => (1, TokenKind::Semicolon),
        _ => (1, TokenKind::Unknown),
    };
    advance(input, length, kind)
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn in_line(byte: u8) -> bool {
    byte != b'\n'
}

fn advance(input: Bytes<'_>, length: usize, kind: TokenKind) -> Scanned<'_> {
    take(length)(input).map(|(rest, _)| (rest, kind))
}

fn as_kind<'a>(
    mut parser: impl FnMut(Bytes<'a>) -> IResult<Bytes<'a>, Bytes<'a>, ()>,
    kind: TokenKind,
) -> impl FnMut(Bytes<'a>) -> Scanned<'a> {
    move |input| parser(input).map(|(rest, _)| (rest, kind))
}

/// The first offset at which `matches` says yes.
fn find(input: Bytes<'_>, matches: impl Fn(Bytes<'_>) -> bool) -> Option<usize> {
    (0..input.len()).find(|at| input.get(*at..).is_some_and(&matches))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text)
            .tokens
            .iter()
            .map(|token| token.kind)
            .filter(|kind| *kind != TokenKind::Whitespace)
            .collect()
    }

    #[test]
    fn literals_have_their_kinds() {
        use TokenKind::{Arrow, Float, Int, Name, Quantity, Rate, RawString, StringPlain};
        assert_eq!(
            kinds("a-b 3_000 0.5 512MiB 70% 20/s \"x\" \"\"\"y\"\"\""),
            [Name, Int, Float, Quantity, Quantity, Rate, StringPlain, RawString]
        );
        assert_eq!(kinds("a->b"), [Name, Arrow, Name]);
    }

    #[test]
    fn interpolations_are_real_tokens_and_a_line_break_ends_them() {
        use TokenKind::{
            BraceOpen, Dot, InterpolationEnd, InterpolationStart, Name, Newline, StringEnd, StringStart,
            StringText,
        };
        assert_eq!(
            kinds("\"a ${b.c} d\""),
            [
                StringStart,
                StringText,
                InterpolationStart,
                Name,
                Dot,
                Name,
                InterpolationEnd,
                StringText,
                StringEnd
            ]
        );
        assert_eq!(
            kinds("\"a ${b\n{"),
            [StringStart, StringText, InterpolationStart, Name, Newline, BraceOpen]
        );
    }
}
