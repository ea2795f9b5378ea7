//! What a program reads from its environment: names, forms and constraints. Must not hold values: those stand where a
//! service sets them.

use crate::schema::{LabelShape, Plain, choice, kind};

choice! {
    /// What a variable holds. Every value of a process is text; this says which text.
    Form {
        /// Any characters.
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// A number, possibly with a fraction.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A port from 1 to 65535.
        Port = "port",
        /// An address with a scheme: `https://example.com/x`.
        Url = "url",
        /// A host name or an IPv4 address.
        Host = "host",
        /// An absolute path.
        Path = "path",
    }
}

choice! {
    /// When a variable is read.
    Phase {
        /// By the running process: it belongs into `env`.
        Run = "run",
        /// While the image is built, and baked in: it belongs into `build.args`.
        Build = "build",
    }
}

kind! {
    /// A variable that a program reads: `reads "LOG_LEVEL" { words = ["info", "debug"], default = "info" }`.
    Reads = "reads" LabelShape::Quoted;
    /// What it holds.
    is: Form = Form::Text;
    /// When it is read.
    phase: Phase = Phase::Run;
    /// Whether the program refuses to start without it.
    required: bool = true;
    /// What it is where nothing else is said: set for the process, and taken by the program for what the build reads.
    default: Option<Plain>;
    /// The only values that it may have.
    words: Vec<Plain>;
    /// The schemes that a `url` may have, such as `https`; all when left out.
    schemes: Vec<Plain>;
    /// Least number, for an `integer`.
    min: Option<i64>;
    /// Greatest number, for an `integer`.
    max: Option<i64>;
    /// Least number of characters.
    length: u32 = 1;
    /// Greatest number of characters.
    max_length: Option<u32>;
    /// Shell pattern of the whole value: `*` is any text, `?` one character, `[a-z]` one of a set.
    pattern: Option<Plain>;
    /// Whether only a secret may stand here.
    secret: bool = false;
}

/// The greatest number that a variable can hold: 18 digits, which every shell can compare.
const MAX_NUMBER: i64 = 999_999_999_999_999_999;

impl Reads {
    /// Whether a process without it cannot start.
    pub fn is_needed(&self) -> bool {
        self.required && self.default.is_none()
    }

    /// The numbers that an `integer` or a `port` may be.
    pub fn bounds(&self) -> (i64, i64) {
        match self.is {
            Form::Port => (1, 65535),
            _ => (self.min.unwrap_or(-MAX_NUMBER), self.max.unwrap_or(MAX_NUMBER)),
        }
    }

    /// What it must hold, for people: "a port from 1 to 65535".
    pub fn expected(&self) -> String {
        let what =
            if self.words.is_empty() { self.form() } else { format!("one of {}", listed(&self.words)) };
        let length = match (self.length, self.max_length) {
            (0 | 1, None) => String::new(),
            (least, None) => format!(" of at least {least} characters"),
            (0 | 1, Some(most)) => format!(" of at most {most} characters"),
            (least, Some(most)) => format!(" of {least} to {most} characters"),
        };
        let like = self.pattern.as_ref().map(|pattern| format!(" like `{}`", &**pattern));
        format!("{what}{length}{}", like.unwrap_or_default())
    }

    fn form(&self) -> String {
        let text = match (self.is, self.min, self.max) {
            (Form::Text, ..) => "a text",
            (Form::Integer, Some(min), Some(max)) => return format!("a whole number from {min} to {max}"),
            (Form::Integer, Some(min), None) => return format!("a whole number of at least {min}"),
            (Form::Integer, None, Some(max)) => return format!("a whole number of at most {max}"),
            (Form::Integer, None, None) => "a whole number",
            (Form::Number, ..) => "a number",
            (Form::Boolean, ..) => "`true` or `false`",
            (Form::Port, ..) => "a port from 1 to 65535",
            (Form::Url, ..) if !self.schemes.is_empty() => {
                return format!("a URL with the scheme {}", listed(&self.schemes));
            }
            (Form::Url, ..) => "a URL",
            (Form::Host, ..) => "a host name",
            (Form::Path, ..) => "an absolute path",
        };
        text.to_owned()
    }
}

/// `` `a`, `b` or `c` ``
fn listed(words: &[Plain]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{}`", &**word)).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
