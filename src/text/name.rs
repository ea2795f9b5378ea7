//! Names of environment variables, as every sink takes them. Must not accept what one of the sinks would split.

use super::{Unwritable, encoded};

/// A variable name of POSIX (XBD §8.1): letters, digits and `_`, not starting with a digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableName(String);

encoded!(VariableName);

impl VariableName {
    /// Checks a name.
    pub fn new(name: &str) -> Result<Self, Unwritable> {
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if starts_well && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            Ok(Self(name.to_owned()))
        } else {
            Err(Unwritable::Name { sink: "a variable name", name: name.to_owned() })
        }
    }
}

impl serde::Serialize for VariableName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_posix() {
        assert!(["A", "_a", "DATABASE_URL", "a1"].iter().all(|name| VariableName::new(name).is_ok()));
        assert!(
            ["", "1a", "a-b", "a b", "a=b", "é", "a\n", "A}"]
                .iter()
                .all(|name| VariableName::new(name).is_err())
        );
    }
}
