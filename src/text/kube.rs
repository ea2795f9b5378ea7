//! Strings of container `env`, `command` and `args` in Kubernetes, where `$(NAME)` is expanded. Must not be used for
//! other fields: there `$$` stays `$$`.

use serde::Serialize;

use super::{VariableName, encoded};

/// A string in which Kubernetes expands `$(NAME)` and reads `$$` as `$`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KubeText(String);

encoded!(KubeText);

impl KubeText {
    /// Text that the container gets as it is. A `$` before any other character than `$` and `(` is itself; at the end
    /// it is doubled, so that what is appended cannot join it.
    pub fn literal(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            out.push(character);
            if character == '$' && matches!(characters.peek(), None | Some('$' | '(')) {
                out.push('$');
            }
        }
        Self(out)
    }

    /// The value of another variable of the container: `$(NAME)`.
    pub fn variable(name: &VariableName) -> Self {
        Self(format!("$({name})"))
    }

    /// Appends another piece.
    pub fn push(&mut self, next: &Self) {
        self.0.push_str(&next.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kubelet makes of a string when no variable is set, which leaves references as they are.
    fn expand(text: &str) -> String {
        let mut out = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if character != '$' {
                out.push(character);
            } else if characters.peek() == Some(&'(') {
                out.push_str("<reference>");
            } else {
                characters.next_if_eq(&'$');
                out.push('$');
            }
        }
        out
    }

    #[test]
    fn only_what_would_expand_is_doubled() {
        assert_eq!(KubeText::literal("$HOME $(X) 5$").as_str(), "$HOME $$(X) 5$$");
    }

    #[test]
    fn every_short_text_comes_back() {
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            texts = texts
                .iter()
                .flat_map(|text| ["", "$", "(", "x"].map(|next| format!("{text}{next}")))
                .collect();
        }
        for text in texts {
            assert_eq!(expand(KubeText::literal(&text).as_str()), text);
        }
    }

    #[test]
    fn pieces_do_not_join() {
        let mut text = KubeText::literal("a$");
        text.push(&KubeText::variable(&VariableName::new("B").unwrap()));
        assert_eq!(text.as_str(), "a$$$(B)");
        assert_eq!(expand(text.as_str()), "a$<reference>(B)");
    }
}
