//! Text to tokens with nom over bytes. Never fails: what is no token becomes `Unknown`. Must not report anything.

use nom::branch::alt;
use nom::bytes::complete::{tag, take, take_while, take_while1};
use nom::combinator::{opt, recognize, value, verify};
use nom::{IResult, Parser};

use super::token::{Tape, Token, TokenKind};

type Bytes<'a> = &'a [u8];
type Lexed<'a> = IResult<Bytes<'a>, TokenKind>;

/// Where the lexer stands inside strings: open braces per open interpolation.
#[derive(Default)]
struct Modes {
    /// One entry per open string; the number counts braces inside its open interpolation, `None` between them.
    strings: Vec<Option<u32>>,
}

/// The tokens of a text.
pub fn lex(text: &str) -> Tape {
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut modes = Modes::default();
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let (after, kind) = match step(rest, &mut modes) {
            Ok(done) => done,
            Err(_) => (rest.get(1..).unwrap_or_default(), TokenKind::Unknown),
        };
        let start = (text.len() - rest.len()) as u32;
        let end = (text.len() - after.len()) as u32;
        tokens.push(Token { kind, start, end });
        rest = after;
    }
    Tape { tokens }
}

fn step<'a>(input: Bytes<'a>, modes: &mut Modes) -> Lexed<'a> {
    if input.first() == Some(&b'\n') || input.starts_with(b"\r\n") {
        // A line break ends every open string, so that a missing quote costs one line and not the file.
        modes.strings.clear();
        return newline(input);
    }
    match modes.strings.last_mut() {
        Some(None) => in_string(input, modes),
        Some(Some(depth)) => {
            let (rest, kind) = token(input)?;
            match kind {
                TokenKind::BraceOpen => *depth += 1,
                TokenKind::BraceClose if *depth == 0 => {
                    modes.strings.pop();
                    modes.strings.push(None);
                    return Ok((rest, TokenKind::InterpolationEnd));
                }
                TokenKind::BraceClose => *depth -= 1,
                TokenKind::StringStart => modes.strings.push(None),
                _ => {}
            }
            Ok((rest, kind))
        }
        None => {
            let (rest, kind) = token(input)?;
            if kind == TokenKind::StringStart {
                modes.strings.push(None);
            }
            Ok((rest, kind))
        }
    }
}

fn in_string<'a>(input: Bytes<'a>, modes: &mut Modes) -> Lexed<'a> {
    let text = take_while1(|byte| !matches!(byte, b'"' | b'\\' | b'$' | b'\n' | b'\r'));
    let (rest, kind) = alt((
        value(TokenKind::StringText, text),
        value(TokenKind::StringEnd, tag(&b"\""[..])),
        value(TokenKind::StringEscape, tag(&b"$${"[..])),
        value(TokenKind::InterpolationStart, tag(&b"${"[..])),
        value(TokenKind::StringEscape, unicode_escape),
        value(
            TokenKind::StringEscape,
            (tag(&b"\\"[..]), verify(character, |next: &[u8]| next != b"\n" && next != b"\r")),
        ),
        value(TokenKind::StringText, character),
    ))
    .parse(input)?;
    match kind {
        TokenKind::StringEnd => drop(modes.strings.pop()),
        TokenKind::InterpolationStart => {
            modes.strings.pop();
            modes.strings.push(Some(0));
        }
        _ => {}
    }
    Ok((rest, kind))
}

fn unicode_escape(input: Bytes<'_>) -> IResult<Bytes<'_>, Bytes<'_>> {
    recognize((tag(&b"\\u{"[..]), take_while(|byte: u8| byte.is_ascii_hexdigit()), tag(&b"}"[..])))
        .parse(input)
}

/// One character, which may have several bytes.
fn character(input: Bytes<'_>) -> IResult<Bytes<'_>, Bytes<'_>> {
    let width = match input.first() {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(0xc0..) => 2,
        _ => 1,
    };
    take(width.min(input.len().max(1))).parse(input)
}

fn newline(input: Bytes<'_>) -> Lexed<'_> {
    value(TokenKind::Newline, alt((tag(&b"\r\n"[..]), tag(&b"\n"[..])))).parse(input)
}

fn token(input: Bytes<'_>) -> Lexed<'_> {
    match input.first() {
        Some(b' ' | b'\t') => {
            value(TokenKind::Whitespace, take_while1(|byte| matches!(byte, b' ' | b'\t'))).parse(input)
        }
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => name(input),
        Some(b'0'..=b'9') => number(input),
        Some(b'"') => string(input),
        Some(b'#') if input.starts_with(b"##") => value(TokenKind::DocComment, line).parse(input),
        Some(b'#') => value(TokenKind::Comment, line).parse(input),
        Some(b'/') if input.starts_with(b"//") => value(TokenKind::Comment, line).parse(input),
        _ => punctuation(input),
    }
}

fn line(input: Bytes<'_>) -> IResult<Bytes<'_>, Bytes<'_>> {
    let (rest, found) = take_while(|byte| byte != b'\n').parse(input)?;
    match found.strip_suffix(b"\r") {
        Some(short) => take(short.len()).parse(input),
        None => Ok((rest, found)),
    }
}

fn name(input: Bytes<'_>) -> Lexed<'_> {
    let (_, found) =
        take_while1(|byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-').parse(input)?;
    // `a->b` is a name and an arrow.
    let arrow = found.ends_with(b"-") && input.get(found.len()) == Some(&b'>');
    let length = if arrow { found.len() - 1 } else { found.len() };
    value(TokenKind::Name, take(length)).parse(input)
}

fn number(input: Bytes<'_>) -> Lexed<'_> {
    let (rest, _) = digits(input)?;
    let fraction = recognize((tag(&b"."[..]), verify(digits, |found: &[u8]| !found.is_empty())));
    let (rest, fraction) = opt(fraction).parse(rest)?;
    let (rest, unit) =
        take_while(|byte: u8| byte.is_ascii_alphanumeric() || byte == b'%' || byte == b'_').parse(rest)?;
    if fraction.is_none() && unit.is_empty() {
        let rate = recognize((tag(&b"/"[..]), take_while1(|byte: u8| byte.is_ascii_alphabetic())));
        if let (rest, Some(_)) = opt(rate).parse(rest)? {
            return Ok((rest, TokenKind::Rate));
        }
    }
    let kind = match (unit.is_empty(), fraction) {
        (false, _) => TokenKind::Quantity,
        (true, Some(_)) => TokenKind::Float,
        (true, None) => TokenKind::Int,
    };
    Ok((rest, kind))
}

fn digits(input: Bytes<'_>) -> IResult<Bytes<'_>, Bytes<'_>> {
    take_while(|byte: u8| byte.is_ascii_digit() || byte == b'_').parse(input)
}

fn string(input: Bytes<'_>) -> Lexed<'_> {
    if let Some(body) = input.strip_prefix(b"\"\"\"") {
        let length = find(body, b"\"\"\"").map_or(body.len(), |at| at + 3);
        return value(TokenKind::RawString, take(length + 3)).parse(input);
    }
    let (rest, _) = tag(&b"\""[..]).parse(input)?;
    let plain = |byte| !matches!(byte, b'"' | b'\\' | b'$' | b'\n' | b'\r');
    let (after, _) = take_while(plain).parse(rest)?;
    match after.first() {
        Some(b'"') => Ok((after.get(1..).unwrap_or_default(), TokenKind::StringPlain)),
        _ => Ok((rest, TokenKind::StringStart)),
    }
}

fn find(text: Bytes<'_>, pattern: &[u8]) -> Option<usize> {
    text.windows(pattern.len()).position(|window| window == pattern)
}

fn punctuation(input: Bytes<'_>) -> Lexed<'_> {
    let pair = match input.get(..2) {
        Some(b"..") => Some(TokenKind::DotDot),
        Some(b"+=") => Some(TokenKind::PlusEquals),
        Some(b"==") => Some(TokenKind::EqualsEquals),
        Some(b"!=") => Some(TokenKind::BangEquals),
        Some(b"<=") => Some(TokenKind::LessEquals),
        Some(b">=") => Some(TokenKind::GreaterEquals),
        Some(b"&&") => Some(TokenKind::AndAnd),
        Some(b"||") => Some(TokenKind::OrOr),
        Some(b"??") => Some(TokenKind::QuestionQuestion),
        Some(b"->") => Some(TokenKind::Arrow),
        _ => None,
    };
    if let Some(kind) = pair {
        return value(kind, take(2usize)).parse(input);
    }
    let kind = match input.first() {
        Some(b'{') => TokenKind::BraceOpen,
        Some(b'}') => TokenKind::BraceClose,
        Some(b'[') => TokenKind::BracketOpen,
        Some(b']') => TokenKind::BracketClose,
        Some(b'(') => TokenKind::ParenOpen,
        Some(b')') => TokenKind::ParenClose,
        Some(b',') => TokenKind::Comma,
        Some(b'.') => TokenKind::Dot,
        Some(b'=') => TokenKind::Equals,
        Some(b'<') => TokenKind::Less,
        Some(b'>') => TokenKind::Greater,
        Some(b'!') => TokenKind::Bang,
        Some(b'|') => TokenKind::Or,
        Some(b'?') => TokenKind::Question,
        Some(b':') => TokenKind::Colon,
        Some(b';') => TokenKind::Semicolon,
        _ => return value(TokenKind::Unknown, character).parse(input),
    };
    value(kind, take(1usize)).parse(input)
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
