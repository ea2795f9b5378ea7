//! YAML: a serialiser that streams typed documents into a string, without a value tree. Must not choose keys or
//! their order, and must not write a string that any reader takes for something else.
//!
//! Block style, two spaces, sequences indented below their key. A string is written in one of three styles, chosen so
//! that readers of YAML 1.1 (implicit types of <https://yaml.org/type/>: `yes`, `12:30:45`, `1_000`, `=`, `<<`) and of
//! YAML 1.2 (core schema, §10.3.2) agree on it:
//!
//! * **plain** (1.2 §7.3.3) when it starts with an ASCII letter, `/`, `./` or `../`, its words are separated by single
//!   spaces, no word ends with `:` or starts with `:` or `#`, every character is alphanumeric or in a short list, and
//!   it is neither a reserved word (`y n yes no on off true false null nan inf`) nor like `e2`;
//! * **literal** (1.2 §8.1.2) when it has several lines, does not start with a blank or an empty line, has only
//!   printable characters, no blanks at the end of a line, at most one line end at its end and at most two empty lines
//!   in a row: `|+` is never written, because an empty line after it would become part of the string;
//! * **double-quoted** (1.2 §7.3.1) otherwise, with escapes for everything that is not printable.
//!
//! Keys are never literal. `tests/conformance/yaml_readers.py` holds the rule against readers of both versions.

mod collection;
mod error;
mod node;
mod scalar;
mod serializer;
mod tree;
mod wrapper;
mod writer;

use serde::Serialize;

use super::Printed;
pub use error::Error;
pub use node::{Node, Presentation};
pub use tree::to_tree;
pub use wrapper::{Above, Commented, Flow, Placed, SingleQuoted, Spaced};
use writer::Writer;

/// One document: `header` as comment lines, a document start, then the document.
pub fn print<T: Serialize + ?Sized>(header: &str, document: &T) -> Result<Printed, Error> {
    let mut stream = Stream::new(header);
    stream.push(document)?;
    Ok(stream.finish())
}

/// The same errors, and no text.
pub fn rehearse<T: Serialize + ?Sized>(document: &T) -> Result<Printed, Error> {
    let mut stream = Stream { writer: Writer { is_rehearsal: true, ..Writer::default() } };
    stream.push(document)?;
    Ok(Printed::default())
}

/// The text alone.
pub fn to_string<T: Serialize + ?Sized>(header: &str, document: &T) -> Result<String, Error> {
    print(header, document).map(|printed| printed.text)
}

/// Several documents in one file, each after its own `---`.
#[derive(Debug)]
pub struct Stream {
    writer: Writer,
}

impl Stream {
    /// A file that begins with `header` as comment lines; nothing when it is empty.
    pub fn new(header: &str) -> Self {
        let mut writer = Writer::default();
        if !header.is_empty() {
            writer.comment_above(header);
        }
        Self { writer }
    }

    /// Adds a document.
    pub fn push<T: Serialize + ?Sized>(&mut self, document: &T) -> Result<(), Error> {
        self.writer.start_document();
        document.serialize(&mut self.writer)
    }

    /// The text of the file and what its parts stand for.
    pub fn finish(self) -> Printed {
        self.writer.finish()
    }
}
