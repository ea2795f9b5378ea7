//! The check of variables that an image runs before its command, from what its service reads. Must not judge values:
//! the plan has done that for those that it knows.

use crate::model::{Form, Phase, Reads, Service};
use crate::plan::ImagePlan;
use crate::stdlib;
use crate::text::{ShellWord, Unwritable, VariableName};

/// The line of the template that the variables replace.
const PLACE: &str = "# contract\n";

/// Whether the image carries a check.
pub(super) fn is_checked(image: &ImagePlan) -> bool {
    image.build.check_variables && variables(&image.service).next().is_some()
}

/// The script of an image; it ends in the command that it is given.
pub(super) fn script(service: &Service) -> Result<String, Unwritable> {
    let template = stdlib::module("std/templates/check-env.sh").unwrap_or_default();
    let blocks = variables(service).map(block).collect::<Result<Vec<_>, _>>()?;
    Ok(template.replacen(PLACE, &blocks.join("\n"), 1))
}

/// What the running process reads.
fn variables(service: &Service) -> impl Iterator<Item = &Reads> {
    service.reads.values().filter(|reads| reads.phase == Phase::Run)
}

fn block(reads: &Reads) -> Result<String, Unwritable> {
    let need = if reads.is_needed() { "required" } else { "optional" };
    let name = VariableName::new(&reads.label.value)?;
    let expected = ShellWord::new(&reads.expected().replace('`', ""))?;
    let mut lines = vec![format!("variable {name} {need} {expected}")];
    if !reads.words.is_empty() {
        lines.push(call("one_of", &reads.words)?);
    }
    lines.extend(form(reads)?);
    lines.extend(length(reads));
    if let Some(pattern) = &reads.pattern {
        let pattern = case_pattern(pattern);
        let test = format!(
            "case \"${{value}}\" in\n  \"\" | {pattern}) ;;\n  *) problem \"has another form\" ;;\nesac"
        );
        lines.push(test);
    }
    Ok(lines.join("\n") + "\n")
}

fn form(reads: &Reads) -> Result<Option<String>, Unwritable> {
    let (min, max) = reads.bounds();
    Ok(Some(match reads.is {
        Form::Text => return Ok(None),
        Form::Integer | Form::Port => format!("whole {min} {max}"),
        Form::Number => "number".to_owned(),
        Form::Boolean => "one_of true false".to_owned(),
        Form::Url => call("url", &reads.schemes)?,
        Form::Host => "host".to_owned(),
        Form::Path => "absolute".to_owned(),
    }))
}

fn length(reads: &Reads) -> Option<String> {
    match reads.max_length {
        Some(most) => Some(format!("length {} {most}", reads.length)),
        None if reads.length > 1 => Some(format!("length {}", reads.length)),
        None => None,
    }
}

/// A pattern as `case` reads it: everything but `*`, `?` and sets stands for itself.
fn case_pattern(pattern: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,=-*?[]!".contains(c) || !c.is_ascii();
    pattern.chars().flat_map(|c| if is_safe(c) { vec![c] } else { vec!['\\', c] }).collect()
}

/// A function of the script with words as its arguments.
fn call<T: AsRef<str>>(function: &str, words: impl IntoIterator<Item = T>) -> Result<String, Unwritable> {
    let mut line = function.to_owned();
    for word in words {
        line.push(' ');
        line.push_str(ShellWord::new(word.as_ref())?.as_str());
    }
    Ok(line)
}
