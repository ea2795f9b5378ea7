//! nginx configuration: a tree of directives and its printer. Must not know what a directive means.

use super::{Printed, comment};
use crate::source::Span;
use crate::text::NginxValue;

/// Columns per level.
const INDENT: usize = 4;

/// One argument, or the name of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// Text of the compiler's own, written as it is: `ssl`, `$host`, `~`.
    Word(&'static str),
    /// Text that came from somewhere.
    Value(NginxValue),
    /// A count, a port, a status.
    Number(u64),
}

impl From<&'static str> for Arg {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<NginxValue> for Arg {
    fn from(value: NginxValue) -> Self {
        Self::Value(value)
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

/// A directive, with a body when it is a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    name: Arg,
    args: Vec<Arg>,
    body: Option<Vec<Directive>>,
    /// Lines of somebody else's directives, instead of a name and arguments.
    lines: Option<String>,
    comment: Option<String>,
    is_spaced: bool,
    place: Option<Span>,
}

impl Directive {
    /// `name args…;`. The name is a value in `map` and `geo` blocks.
    pub fn new(name: impl Into<Arg>, args: impl IntoIterator<Item = Arg>) -> Self {
        Self {
            name: name.into(),
            args: args.into_iter().collect(),
            body: None,
            lines: None,
            comment: None,
            is_spaced: false,
            place: None,
        }
    }

    /// `name args… { body }`.
    pub fn block(name: impl Into<Arg>, args: impl IntoIterator<Item = Arg>, body: Vec<Self>) -> Self {
        Self { body: Some(body), ..Self::new(name, args) }
    }

    /// Directives that somebody wrote, line by line as they are.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self { lines: Some(text.into()), ..Self::new("", []) }
    }

    /// With comment lines above it.
    pub fn commented(self, comment: impl Into<String>) -> Self {
        Self { comment: Some(comment.into()), ..self }
    }

    /// With an empty line above it; blocks have one anyway.
    pub fn spaced(self) -> Self {
        Self { is_spaced: true, ..self }
    }

    /// What it stands for.
    pub fn placed(self, place: Span) -> Self {
        Self { place: Some(place), ..self }
    }

    /// Whether it, or one below it, needs [`dollar`].
    pub fn needs_dollar(&self) -> bool {
        let is_dollar = |arg: &Arg| matches!(arg, Arg::Value(value) if value.needs_dollar());
        let mut body = self.body.iter().flatten();
        is_dollar(&self.name) || self.args.iter().any(is_dollar) || body.any(Self::needs_dollar)
    }

    fn print(&self, indent: usize, out: &mut Printed) {
        let start = out.text.len();
        self.print_lines(indent, out);
        out.mark(start, self.place);
    }

    fn print_lines(&self, indent: usize, printed: &mut Printed) {
        let out = &mut printed.text;
        if let Some(text) = &self.comment {
            comment::push_lines(out, indent, text);
        }
        if let Some(lines) = &self.lines {
            return print_lines(lines, indent, out);
        }
        comment::push_indent(out, indent);
        push_arg(out, &self.name);
        for arg in &self.args {
            out.push(' ');
            push_arg(out, arg);
        }
        let Some(body) = &self.body else {
            out.push_str(";\n");
            return;
        };
        if body.is_empty() {
            out.push_str(" {}\n");
            return;
        }
        out.push_str(" {\n");
        print_all(body, indent + INDENT, printed);
        comment::push_indent(&mut printed.text, indent);
        printed.text.push_str("}\n");
    }
}

/// The variable that stands for `$` in expanded values; belongs into the `http` context.
pub fn dollar() -> Directive {
    Directive::block("geo", [Arg::Word("$dollar")], vec![Directive::new("default", [Arg::Word("\"$\"")])])
        .commented("nginx has no escape for a dollar sign")
}

/// A file: `header` as comment lines, then the directives.
pub fn print(header: &str, directives: &[Directive]) -> Printed {
    let mut out = Printed::default();
    if !header.is_empty() {
        comment::push_lines(&mut out.text, 0, header);
        out.text.push('\n');
    }
    print_all(directives, 0, &mut out);
    out
}

fn print_all(directives: &[Directive], indent: usize, out: &mut Printed) {
    let mut before: Option<&Directive> = None;
    for directive in directives {
        let is_block = |one: &Directive| one.body.is_some();
        if before.is_some_and(|before| is_block(before) || is_block(directive) || directive.is_spaced) {
            out.text.push('\n');
        }
        directive.print(indent, out);
        before = Some(directive);
    }
}

fn print_lines(lines: &str, indent: usize, out: &mut String) {
    for line in lines.trim_matches(['\n', '\r']).lines().map(str::trim_end) {
        if !line.is_empty() {
            comment::push_indent(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

fn push_arg(out: &mut String, arg: &Arg) {
    match arg {
        Arg::Word(word) => out.push_str(word),
        Arg::Value(value) => out.push_str(&value.to_string()),
        Arg::Number(number) => out.push_str(&number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_string(header: &str, directives: &[Directive]) -> String {
        print(header, directives).text
    }

    fn value(text: &str) -> Arg {
        NginxValue::expanded(text).unwrap().into()
    }

    #[test]
    fn blocks_are_set_apart() {
        let location = Directive::block(
            "location",
            ["=".into(), value("/up")],
            vec![
                Directive::new("access_log", ["off".into()]),
                Directive::new("return", [200_u64.into(), value("ok\n")]),
            ],
        );
        let server = Directive::block(
            "server",
            [],
            vec![
                Directive::new("listen", [8080_u64.into()]),
                Directive::new("add_header", [value("X-A"), value("a; b"), "always".into()])
                    .commented("why\nso"),
                location.clone(),
                Directive::block("types", [], vec![]),
                Directive::new("root", [value("/srv")]),
                Directive::new("index", [value("index.html")]).spaced(),
            ],
        );
        assert_eq!(
            to_string("head", &[Directive::new("pid", [value("/tmp/pid")]), server]),
            "# head\n\npid /tmp/pid;\n\nserver {\n    listen 8080;\n    # why\n    # so\n    add_header X-A \"a; b\" always;\n\n    location = /up {\n        access_log off;\n        return 200 \"ok\\n\";\n    }\n\n    types {}\n\n    root /srv;\n\n    index index.html;\n}\n"
        );
        assert!(!location.needs_dollar());
    }

    #[test]
    fn written_lines_keep_their_shape() {
        let lines = Directive::verbatim("\naio on;\n\nif ($bot) {\n    return 403; \n}\n").commented("own");
        assert_eq!(
            to_string("", &[Directive::block("server", [], vec![lines])]),
            "server {\n    # own\n    aio on;\n\n    if ($bot) {\n        return 403;\n    }\n}\n"
        );
    }

    #[test]
    fn dollar_is_found_at_any_depth() {
        let inner = Directive::new("return", [200_u64.into(), value("5$")]);
        assert!(
            Directive::block("server", [], vec![Directive::block("location", [value("/")], vec![inner])])
                .needs_dollar()
        );
        assert_eq!(
            to_string("", &[dollar()]),
            "# nginx has no escape for a dollar sign\ngeo $dollar {\n    default \"$\";\n}\n"
        );
    }
}
