//! Words, flags and exec forms of instructions. Must not know which instruction.

use super::Error;
use crate::text::{DockerWord, Unwritable};

/// Starts a further line of an instruction.
pub(super) const CONTINUE: &str = " \\\n    ";

/// `["program", "argument"]`: JSON, in which nothing is expanded and a line end is `\n`.
pub(super) fn exec_form(words: &[String]) -> Result<String, Error> {
    if words.is_empty() {
        return Err(Unwritable::Empty { sink: "a command" }.into());
    }
    for word in words {
        Unwritable::check("an argument of a command", word, |character| character == '\0')?;
    }
    Ok(json_list(words.iter().map(String::as_str)))
}

/// Words as a JSON list on one line.
pub(super) fn json_list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| serde_json::Value::from(word).to_string()).collect();
    format!("[{}]", words.join(", "))
}

/// Appends `--name=value ` when there is a value.
pub(super) fn push_flag(out: &mut String, name: &str, value: Option<&DockerWord>) -> Result<(), Error> {
    if let Some(value) = value {
        out.extend(["--", name, "=", one_word(value)?, " "]);
    }
    Ok(())
}

/// The word, when it has no space.
pub(super) fn one_word(word: &DockerWord) -> Result<&str, Error> {
    if word.is_one_word() {
        Ok(word.as_str())
    } else {
        Err(Unwritable::Character { sink: "a Dockerfile word", character: ' ' }.into())
    }
}
