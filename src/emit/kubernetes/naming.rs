//! Legal names (RFC 1123 labels, port names, label keys and values). Must not know which object a name is for.

use crate::emit::checksum;

/// Longest DNS label.
const LABEL: usize = 63;
/// Longest name of a `CronJob`: its jobs add eleven characters.
const SCHEDULE: usize = 52;
/// Characters of the checksum at the end of a name that is cut, with its dash.
const SUM: usize = 9;
/// Longest port name (RFC 6335).
const PORT: usize = 15;

/// A DNS label: lower case, `-` for everything else that is not alphanumeric; too long ones end in a checksum.
pub(in crate::emit) fn label(name: &str) -> String {
    within(name, LABEL)
}

/// A label that is short enough for a `CronJob`.
pub(in crate::emit) fn schedule(name: &str) -> String {
    within(name, SCHEDULE)
}

/// The name as a label of so many characters at most; one that is cut ends in a checksum.
pub(in crate::emit) fn within(name: &str, longest: usize) -> String {
    if name.len() <= longest && is_label(name) {
        return name.to_owned();
    }
    let mapped: String = name.chars().map(label_character).collect();
    let trimmed = mapped.trim_matches('-');
    if trimmed.len() <= longest {
        return trimmed.to_owned();
    }
    let kept: String = trimmed.chars().take(longest - SUM).collect();
    let sum: String = checksum::hex(name.as_bytes()).chars().take(SUM - 1).collect();
    format!("{}-{sum}", kept.trim_end_matches('-'))
}

/// Whether a name is a label as it is, but for its length: most are.
fn is_label(name: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.bytes().all(is_legal) && !name.starts_with('-') && !name.ends_with('-')
}

/// Several words as one label.
pub(in crate::emit) fn joined(words: &[&str]) -> String {
    label(&words.join("-"))
}

/// The name of a port; by its number when the name does not fit.
pub(super) fn port(name: &str, number: u16) -> String {
    let name = label(name);
    let has_letter = name.chars().any(|c| c.is_ascii_alphabetic());
    if name.len() <= PORT && has_letter && !name.contains("--") { name } else { format!("port-{number}") }
}

/// A container path as a label with a prefix: `scratch-var-cache`.
pub(super) fn of_path(prefix: &str, path: &str) -> String {
    joined(&[prefix, path.trim_matches('/')])
}

/// Whether it may be the key of a label or an annotation.
pub(super) fn is_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').unwrap_or(("", text));
    let prefix_ok = prefix.len() <= 253
        && prefix.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c));
    let named = text.contains('/') != prefix.is_empty();
    prefix_ok && named && !name.is_empty() && is_value(name)
}

/// Whether it may be the value of a label.
pub(super) fn is_value(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_ascii_alphanumeric());
    text.len() <= LABEL
        && edge(text.chars().next())
        && edge(text.chars().next_back())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn label_character(c: char) -> char {
    if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_legal_and_stay_different() {
        assert_eq!(label("mail_worker"), "mail-worker");
        let (one, two) = (label(&format!("{}a", "x".repeat(80))), label(&format!("{}b", "x".repeat(80))));
        assert!(one.len() == LABEL && one != two, "{one} {two}");
        assert_eq!(schedule(&one).len(), SCHEDULE);
    }

    #[test]
    fn port_names_fit_or_use_the_number() {
        assert_eq!(port("grpc_api", 50051), "grpc-api");
        assert_eq!(port("administration_console", 9000), "port-9000");
    }

    #[test]
    fn keys_and_values_of_labels() {
        assert!(is_key("team") && is_key("example.com/team") && !is_key("/team") && !is_key("a b"));
        assert!(is_value("") && is_value("v1.2_x") && !is_value("two words") && !is_value("-x"));
    }
}
