//! Env files: `NAME=value` in groups with headings. Must not be sourced by a shell: values are in Compose's dialect.

use super::{Printed, comment};
use crate::source::Span;
use crate::text::{DotenvValue, VariableName};

/// An env file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvFile {
    /// Comment lines at the top; nothing when empty.
    pub header: String,
    /// The groups, an empty line before each.
    pub groups: Vec<Group>,
}

/// Lines that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// What it stands for.
    pub place: Option<Span>,
    /// Comment lines above the group; nothing when empty.
    pub heading: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// What stands on its own line. Nothing ever stands behind a value: some readers take it for a part of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A variable with its value.
    Variable(Variable),
    /// A fact without a value, as comment lines.
    Comment(String),
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Comment lines above it; nothing when empty.
    pub comment: String,
    /// Its name.
    pub name: VariableName,
    /// Its value.
    pub value: DotenvValue,
}

impl EnvFile {
    /// The text of the file.
    pub fn print(&self) -> Printed {
        let mut out = Printed::default();
        push_comment(&mut out.text, &self.header);
        for group in &self.groups {
            if !out.text.is_empty() {
                out.text.push('\n');
            }
            let start = out.text.len();
            push_comment(&mut out.text, &group.heading);
            for line in &group.lines {
                push_line(&mut out.text, line);
            }
            out.mark(start, group.place);
        }
        out
    }
}

fn push_line(out: &mut String, line: &Line) {
    match line {
        Line::Comment(text) => push_comment(out, text),
        Line::Variable(variable) => {
            push_comment(out, &variable.comment);
            out.push_str(variable.name.as_str());
            out.push('=');
            out.push_str(variable.value.as_str());
            out.push('\n');
        }
    }
}

fn push_comment(out: &mut String, text: &str) {
    if !text.is_empty() {
        comment::push_lines(out, 0, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(comment: &str, name: &str, value: &str) -> Line {
        Line::Variable(Variable {
            comment: comment.to_owned(),
            name: VariableName::new(name).unwrap(),
            value: DotenvValue::new(value).unwrap(),
        })
    }

    #[test]
    fn groups_have_headings() {
        let file = EnvFile {
            header: "Written by a test".to_owned(),
            groups: vec![
                Group { place: None, heading: String::new(), lines: vec![variable("", "PORT", "8080")] },
                Group {
                    place: None,
                    heading: "api".to_owned(),
                    lines: vec![
                        Line::Comment("a fact".to_owned()),
                        variable("why\nso", "GREETING", "it's $5 # ok"),
                    ],
                },
            ],
        };
        assert_eq!(
            file.print().text,
            "# Written by a test\n\nPORT=8080\n\n# api\n# a fact\n# why\n# so\nGREETING=\"it's \\$5 # ok\"\n"
        );
    }
}
