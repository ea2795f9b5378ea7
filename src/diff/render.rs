//! Differences as text for a terminal, as Markdown for a pull request and as JSON. Must not leave any out but where it
//! says so.

use std::fmt::Write;

use serde_json::{Value, json as object};

use super::{Change, ChangeKind, Content, FileDifference};

/// Characters of a value on one line.
const WIDEST: usize = 72;
/// Lines of a text in Markdown: hosts refuse comments beyond some length.
const LONGEST: usize = 200;

/// For a terminal.
pub fn text(files: &[FileDifference]) -> String {
    let mut out = String::new();
    for file in files {
        let _ = writeln!(out, "{}", file.path);
        match &file.content {
            Content::Added => out.push_str("+ the whole file\n"),
            Content::Removed => out.push_str("- the whole file\n"),
            Content::Layout => out.push_str("  only comments or layout\n"),
            Content::Values(changes) => {
                for change in changes {
                    let _ = writeln!(out, "{} {}", sign(change), said(change, &spelled));
                }
            }
            Content::Lines(lines) => {
                for line in lines.lines() {
                    let _ = writeln!(out, "  {line}");
                }
            }
        }
    }
    out
}

/// For a pull request.
pub fn markdown(files: &[FileDifference]) -> String {
    if files.is_empty() {
        return "No emitted file changes.\n".to_owned();
    }
    let mut out = format!("**{}**\n", summary(files));
    for file in files {
        let _ = write!(out, "\n#### {}\n\n", code(&file.path));
        match &file.content {
            Content::Added => out.push_str("- new file\n"),
            Content::Removed => out.push_str("- removed\n"),
            Content::Layout => out.push_str("- only comments or layout\n"),
            Content::Values(changes) => {
                for change in changes {
                    let word = match sign(change) {
                        '+' => "added ",
                        '-' => "removed ",
                        _ => "",
                    };
                    let _ = writeln!(out, "- {word}{}", said(change, &|value| code(&spelled(value))));
                }
            }
            Content::Lines(lines) => fenced(&mut out, lines),
        }
    }
    out
}

/// For programs; versioned.
pub fn json(files: &[FileDifference]) -> Value {
    let change = |change: &Change| {
        let (kind, before, after) = match &change.kind {
            ChangeKind::Added(value) => ("added", None, Some(value)),
            ChangeKind::Removed(value) => ("removed", Some(value), None),
            ChangeKind::Changed(old, new) => ("changed", Some(old), Some(new)),
            ChangeKind::Reordered => ("reordered", None, None),
            ChangeKind::Moved(_) => ("moved", None, None),
        };
        let from = if let ChangeKind::Moved(from) = &change.kind { Some(from) } else { None };
        object!({
            "object": change.object, "path": change.path, "kind": kind,
            "before": before, "after": after, "from": from,
        })
    };
    let file = |file: &FileDifference| {
        let (kind, changes, lines) = match &file.content {
            Content::Added => ("added", None, None),
            Content::Removed => ("removed", None, None),
            Content::Layout => ("layout", None, None),
            Content::Values(changes) => {
                ("values", Some(changes.iter().map(change).collect::<Vec<_>>()), None)
            }
            Content::Lines(lines) => ("lines", None, Some(lines)),
        };
        object!({ "path": file.path, "kind": kind, "changes": changes, "diff": lines })
    };
    object!({ "version": 1, "files": files.iter().map(file).collect::<Vec<_>>() })
}

/// `3 files differ`
pub(super) fn summary(files: &[FileDifference]) -> String {
    match files.len() {
        1 => "1 emitted file differs".to_owned(),
        count => format!("{count} emitted files differ"),
    }
}

fn sign(change: &Change) -> char {
    match change.kind {
        ChangeKind::Added(_) => '+',
        ChangeKind::Removed(_) => '-',
        ChangeKind::Changed(..) | ChangeKind::Reordered | ChangeKind::Moved(_) => ' ',
    }
}

/// The change in words, values as `spell` writes them.
fn said(change: &Change, spell: &dyn Fn(&Value) -> String) -> String {
    let mut place: Vec<String> = change.object.iter().cloned().collect();
    if !change.path.is_empty() {
        place.push(change.path.iter().map(|key| plain_key(key)).collect::<Vec<_>>().join("."));
    }
    let place = if place.is_empty() { "the document".to_owned() } else { place.join(": ") };
    match &change.kind {
        // Of a whole object, its name says enough.
        ChangeKind::Added(_) | ChangeKind::Removed(_) if change.path.is_empty() => place,
        ChangeKind::Added(value) | ChangeKind::Removed(value) => format!("{place}: {}", spell(value)),
        ChangeKind::Changed(old, new) => format!("{place}: {} -> {}", spell(old), spell(new)),
        ChangeKind::Reordered => format!("{place}: in another order"),
        ChangeKind::Moved(from) => format!("{place}: was in {from}"),
    }
}

fn plain_key(key: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || c == '/';
    if !key.is_empty() && key.chars().all(is_plain) { key.to_owned() } else { format!("{key:?}") }
}

/// A value on one line.
fn spelled(value: &Value) -> String {
    let whole = match value {
        // In quotes only where it would look like something else.
        Value::String(text) if is_plain(text) => text.clone(),
        Value::Object(entries) if value.to_string().chars().count() > WIDEST => {
            let keys: Vec<&str> = entries.keys().map(String::as_str).collect();
            format!("{{ {} }}", keys.join(", "))
        }
        value => value.to_string(),
    };
    if whole.chars().count() <= WIDEST {
        return whole;
    }
    whole.chars().take(WIDEST - 1).chain(['…']).collect()
}

fn is_plain(text: &str) -> bool {
    let is_other = serde_json::from_str::<Value>(text).is_ok();
    !is_other
        && !text.is_empty()
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains(char::is_control)
}

/// Code in Markdown, with as many backticks as it needs.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

fn fenced(out: &mut String, lines: &str) {
    let fence = "`".repeat(longest_run(lines).max(2) + 1);
    let _ = writeln!(out, "{fence}diff");
    for line in lines.lines().take(LONGEST) {
        let _ = writeln!(out, "{line}");
    }
    let _ = writeln!(out, "{fence}");
    let rest = lines.lines().count().saturating_sub(LONGEST);
    if rest > 0 {
        let _ = writeln!(out, "\n{rest} more lines are not shown here.");
    }
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or_default()
}
