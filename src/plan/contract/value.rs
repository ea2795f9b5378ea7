//! A value against what is read: the same answers as the check that images run when they start. Must not report.

use crate::model::{Form, Reads};

/// Whether a value is what the program expects; nothing and an empty text are the same.
pub(super) fn fits(reads: &Reads, value: &str) -> bool {
    let words = || reads.words.is_empty() || reads.words.iter().any(|word| **word == *value);
    let pattern = || reads.pattern.as_ref().is_none_or(|pattern| matches(pattern, value));
    has_length(reads, value) && words() && has_form(reads, value) && pattern()
}

fn has_length(reads: &Reads, value: &str) -> bool {
    let length = value.chars().count();
    let most = reads.max_length.and_then(|most| usize::try_from(most).ok());
    length >= usize::try_from(reads.length).unwrap_or(usize::MAX) && most.is_none_or(|most| length <= most)
}

fn has_form(reads: &Reads, value: &str) -> bool {
    match reads.is {
        Form::Text => true,
        Form::Integer | Form::Port => {
            let (min, max) = reads.bounds();
            let digits = value.strip_prefix('-').unwrap_or(value);
            is_digits(digits) && value.parse::<i64>().is_ok_and(|number| (min..=max).contains(&number))
        }
        Form::Number => {
            let unsigned = value.strip_prefix('-').unwrap_or(value);
            let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
            is_digits(whole) && is_digits(fraction)
        }
        Form::Boolean => matches!(value, "true" | "false"),
        Form::Url => is_url(reads, value),
        Form::Host => value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')),
        Form::Path => value.starts_with('/'),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_url(reads: &Reads, value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let known = reads.schemes.is_empty() || reads.schemes.iter().any(|known| **known == *scheme);
    let is_scheme =
        scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));
    let starts = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    known && is_scheme && starts && !rest.is_empty() && !rest.contains(char::is_whitespace)
}

/// Whether the whole text matches a shell pattern without escapes. Each `*` is tried with the shortest text first and
/// only the last one grows, so that the time is the product of both lengths at most.
fn matches(pattern: &str, text: &str) -> bool {
    let tokens = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut token, mut at) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let hit = match (tokens.get(token), text.get(at)) {
            (None, None) => return true,
            (Some(Token::Any), _) => {
                star = Some((token, at));
                token += 1;
                continue;
            }
            (Some(Token::One(set)), Some(character)) => set.has(*character),
            _ => false,
        };
        if hit {
            (token, at) = (token + 1, at + 1);
            continue;
        }
        match &mut star {
            Some((star, from)) if *from < text.len() => {
                *from += 1;
                (token, at) = (*star + 1, *from);
            }
            _ => return false,
        }
    }
}

enum Token {
    /// `*`
    Any,
    /// One character of a set.
    One(Set),
}

enum Set {
    Everything,
    Ranges { negated: bool, ranges: Vec<(char, char)> },
}

impl Set {
    fn has(&self, character: char) -> bool {
        match self {
            Self::Everything => true,
            Self::Ranges { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != *negated
            }
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
        let single =
            |character| Token::One(Set::Ranges { negated: false, ranges: vec![(character, character)] });
        found.push(match (first, rest.split_once(']')) {
            ('*', _) => Token::Any,
            ('?', _) => Token::One(Set::Everything),
            ('[', Some((set, after))) if !set.is_empty() => {
                rest = after;
                Token::One(ranges(set))
            }
            (character, _) => single(character),
        });
    }
    found
}

fn ranges(set: &str) -> Set {
    let negated = set.starts_with('!');
    let characters: Vec<char> = set.chars().skip(usize::from(negated)).collect();
    let mut ranges = Vec::new();
    let mut rest = characters.as_slice();
    loop {
        match rest {
            [] => return Set::Ranges { negated, ranges },
            [low, '-', high, after @ ..] => {
                ranges.push((*low, *high));
                rest = after;
            }
            [one, after @ ..] => {
                ranges.push((*one, *one));
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_the_whole_text() {
        for (pattern, text) in [
            ("G-*", "G-ABC"),
            ("*", ""),
            ("[A-Z]?[!0-9]", "Axy"),
            ("*a*b", "xaxbab"),
            ("[", "["),
            ("a-b", "a-b"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("G-*", "XG-ABC"), ("?", ""), ("[A-Z]", "a"), ("*a", "ab"), ("[!0-9]", "5")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_end() {
        assert!(!matches(&"*a".repeat(64), &"a".repeat(60)));
    }
}
