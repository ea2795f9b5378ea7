//! What our own printers have written, read back line by line: the keys that a line stands below. Must not read
//! files of others: it relies on the one layout of each printer.

/// The syntaxes that have lines with keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `services:` and what is indented below it; documents of Kubernetes begin with their kind.
    Yaml,
    /// Blocks in braces.
    Nginx,
    /// Instructions in lower case; `env.NAME` for variables.
    Dockerfile,
    /// `NAME=value`.
    Dotenv,
}

/// For each line, the keys from the top of its document down to it; numbers for items of lists.
pub fn key_paths(syntax: Syntax, text: &str) -> Vec<Vec<String>> {
    match syntax {
        Syntax::Yaml => yaml(text),
        Syntax::Nginx => nginx(text),
        Syntax::Dockerfile => dockerfile(text),
        Syntax::Dotenv => text.lines().map(|line| assigned(line).into_iter().collect()).collect(),
    }
}

/// An open collection: the column of its entries, the key of the last one, and how many items came before it.
struct Level {
    column: usize,
    key: String,
    items: usize,
}

fn yaml(text: &str) -> Vec<Vec<String>> {
    let mut levels: Vec<Level> = Vec::new();
    // Lines that are deeper than this belong to the text of the last key.
    let mut literal: Option<usize> = None;
    let mut paths = Vec::new();
    for line in text.lines() {
        let rest = line.trim_start();
        let column = line.len() - rest.len();
        let is_text = rest.is_empty() || literal.is_some_and(|limit| column > limit);
        if !is_text && !rest.starts_with('#') {
            literal = None;
            if rest.starts_with("---") {
                levels.clear();
            } else {
                literal = enter(&mut levels, column, rest);
            }
        }
        let is_aside = rest.is_empty() || !is_text && rest.starts_with('#');
        let path = levels.iter().map(|level| level.key.clone());
        paths.push(if is_aside { Vec::new() } else { path.collect() });
    }
    paths
}

/// Takes a line with keys; the result is the column below which a text of several lines follows.
fn enter(levels: &mut Vec<Level>, mut column: usize, mut rest: &str) -> Option<usize> {
    while levels.last().is_some_and(|level| level.column > column) {
        levels.pop();
    }
    while let Some(item) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
        match levels.last_mut().filter(|level| level.column == column) {
            Some(level) => {
                level.items += 1;
                level.key = level.items.to_string();
            }
            None => levels.push(Level { column, key: "0".to_owned(), items: 0 }),
        }
        column += 2;
        rest = item;
        levels.retain(|level| level.column < column);
    }
    if let Some(key) = key_of(rest) {
        match levels.last_mut().filter(|level| level.column == column) {
            Some(level) => level.key = key,
            None => levels.push(Level { column, key, items: 0 }),
        }
    }
    let head = rest.split("  #").next().unwrap_or_default().trim_end();
    (head.ends_with(" |") || head.ends_with(" |-") || head == "|" || head == "|-").then_some(column)
}

/// The key of `key: value` or `"key": value`.
fn key_of(rest: &str) -> Option<String> {
    if let Some(quoted) = rest.strip_prefix('"') {
        let end = quoted.find("\":")?;
        return quoted.get(..end).map(ToOwned::to_owned);
    }
    let end = rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len))?;
    let key = rest.get(..end)?;
    (!key.starts_with(['[', '{', '\''])).then(|| key.to_owned())
}

fn nginx(text: &str) -> Vec<Vec<String>> {
    let mut open: Vec<String> = Vec::new();
    let mut paths = Vec::new();
    for line in text.lines().map(str::trim) {
        let name = line.split([' ', ';']).next().unwrap_or_default().to_owned();
        let is_aside = line.is_empty() || line.starts_with('#');
        let mut path = if is_aside { Vec::new() } else { open.clone() };
        if !is_aside && line != "}" {
            path.push(name.clone());
        }
        paths.push(path);
        if line.ends_with('{') {
            open.push(name);
        } else if line == "}" {
            open.pop();
        }
    }
    paths
}

fn dockerfile(text: &str) -> Vec<Vec<String>> {
    let mut current: Option<String> = None;
    let mut continues = false;
    let mut paths = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim_start();
        if !continues {
            let word = rest.split(' ').next().unwrap_or_default();
            let is_instruction = !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase());
            current = is_instruction.then(|| word.to_ascii_lowercase());
            if is_instruction {
                rest = rest.get(word.len()..).unwrap_or_default().trim_start();
            }
        }
        let mut path: Vec<String> = current.iter().cloned().collect();
        if current.as_deref() == Some("env") {
            path.extend(assigned(rest));
        }
        paths.push(path);
        continues = line.ends_with('\\');
    }
    paths
}

/// The name in `NAME=value`.
fn assigned(line: &str) -> Option<String> {
    let (name, _) = line.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(syntax: Syntax, text: &str) -> Vec<String> {
        key_paths(syntax, text).iter().map(|path| path.join(".")).collect()
    }

    #[test]
    fn keys_of_yaml() {
        let text = "---\na:\n  b: 1\n  \"c.d\":\n    - x: 1\n      y: 2\n    - x: 3\n\n  e: |\n    f: 1\n  # note\n  g: [1, 2]\n---\nh: 2\n";
        assert_eq!(
            written(Syntax::Yaml, text),
            [
                "",
                "a",
                "a.b",
                "a.c.d",
                "a.c.d.0.x",
                "a.c.d.0.y",
                "a.c.d.1.x",
                "",
                "a.e",
                "a.e",
                "",
                "a.g",
                "",
                "h"
            ]
        );
    }

    #[test]
    fn keys_of_blocks_and_instructions() {
        let text = "http {\n    # a\n    server {\n        listen 80;\n    }\n}\n";
        assert_eq!(
            written(Syntax::Nginx, text),
            ["http", "", "http.server", "http.server.listen", "http.server", "http"]
        );
        let text = "FROM scratch\n# a\nENV A=1 \\\n    B=2\nUSER 1:1\n";
        assert_eq!(written(Syntax::Dockerfile, text), ["from", "", "env.A", "env.B", "user"]);
    }
}
