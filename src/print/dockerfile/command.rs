//! Shell lines of `RUN` as one command. Must not change what a line does on its own.
//!
//! Lines are joined with `&&`. A line that has an operator of the same or lower precedence becomes a group, so that
//! `a || b` after a failed line does not run `b`.

use std::fmt;

/// Why a shell line cannot be part of a `RUN` instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandError {
    /// There is nothing to run.
    Empty,
    /// Holds a line end, or another character below the space.
    Control(char),
    /// Ends with `\`, which would join the next line.
    Continues,
    /// Ends with `;` or `&`.
    Unfinished(char),
    /// Has a `#` at the start of a word: the rest of the instruction would be a comment.
    Comment,
    /// Starts with `--`: a flag of `RUN` itself.
    Flag,
    /// Has `<<`: the lines below would be its input.
    Heredoc,
}

impl fmt::Display for CommandError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("a build command cannot be empty"),
            Self::Control(character) => {
                write!(out, "a build command is one line, it cannot hold `{}`", character.escape_debug())
            }
            Self::Continues => out.write_str("a build command cannot end with `\\`"),
            Self::Unfinished(last) => write!(out, "a build command cannot end with `{last}`"),
            Self::Comment => out.write_str("a build command cannot hold a `#` comment"),
            Self::Flag => out.write_str("a build command cannot start with `--`"),
            Self::Heredoc => out.write_str("a build command cannot hold `<<`"),
        }
    }
}

/// The line as a part of `first && second`.
pub(super) fn part(line: &str, is_alone: bool) -> Result<String, CommandError> {
    let line = line.trim_matches(' ');
    check(line)?;
    // A line that starts with `[` could be read as the exec form.
    if line.starts_with('[') || (!is_alone && needs_group(line)) {
        Ok(format!("{{ {line}; }}"))
    } else {
        Ok(line.to_owned())
    }
}

fn check(line: &str) -> Result<(), CommandError> {
    if let Some(control) = line.chars().find(|character| character.is_control() && *character != '\t') {
        return Err(CommandError::Control(control));
    }
    match line.chars().last() {
        None => return Err(CommandError::Empty),
        Some('\\') => return Err(CommandError::Continues),
        Some(last @ (';' | '&')) => return Err(CommandError::Unfinished(last)),
        Some(_) => {}
    }
    let starts_word = |at: usize| {
        at == 0 || line.get(..at).is_some_and(|before| before.ends_with([' ', '\t', ';', '&', '|', '(', ')']))
    };
    if line.match_indices('#').any(|(at, _)| starts_word(at)) {
        return Err(CommandError::Comment);
    }
    if line.starts_with("--") {
        return Err(CommandError::Flag);
    }
    if line.contains("<<") { Err(CommandError::Heredoc) } else { Ok(()) }
}

fn needs_group(line: &str) -> bool {
    let without_and = line.replace("&&", "");
    without_and.contains([';', '&']) || line.contains("||")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_stay_inside_their_line() {
        let part = |line| part(line, false).unwrap();
        assert_eq!(part("npm ci"), "npm ci");
        assert_eq!(part("a && b | c"), "a && b | c");
        assert_eq!(part("a || true"), "{ a || true; }");
        assert_eq!(part("if a; then b; fi"), "{ if a; then b; fi; }");
        assert_eq!(part("a & wait"), "{ a & wait; }");
        assert_eq!(part("[ -f x ]"), "{ [ -f x ]; }");
        assert_eq!(super::part("a || b", true).unwrap(), "a || b");
        assert_eq!(part("echo a#b"), "echo a#b");
    }

    #[test]
    fn what_would_leak_is_refused() {
        for (line, error) in [
            (" ", CommandError::Empty),
            ("a\nUSER root", CommandError::Control('\n')),
            ("a\r", CommandError::Control('\r')),
            ("a \\", CommandError::Continues),
            ("a &", CommandError::Unfinished('&')),
            ("a;", CommandError::Unfinished(';')),
            ("# a", CommandError::Comment),
            ("a # b", CommandError::Comment),
            ("a;#b", CommandError::Comment),
            ("--mount=type=bind,target=/x a", CommandError::Flag),
            ("cat <<EOF", CommandError::Heredoc),
        ] {
            assert_eq!(part(line, false), Err(error), "{line:?}");
        }
    }
}
