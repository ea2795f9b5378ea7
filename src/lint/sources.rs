//! What the files of the project mention: words, names of files and numbers of ports, each file read once. Must not
//! understand a programming language, and must not judge.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::diagnostic::suggest;
use crate::plan::Plan;
use crate::source::Files;

use super::place::Place;

/// A larger file is data, not something that people wrote.
const MAX_FILE: usize = 1024 * 1024;

/// Files and bytes below one path; with more than that nobody knows what is mentioned.
const MAX_FILES: usize = 4_000;
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Folders whose content is installed or made.
const NOT_WRITTEN: &[&str] = &["node_modules", "target", "__pycache__", "venv"];

/// The files of the project, read when a rule first asks.
pub(super) struct Sources<'a> {
    files: &'a dyn Files,
    /// The folder of what stackc writes: its files are there when they are needed.
    output: String,
    read: RefCell<BTreeMap<String, Rc<Mentions>>>,
}

/// What the files below a path mention.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Runs of letters, digits and `_`, in files and in their paths.
    words: BTreeSet<Box<str>>,
    /// The names of the files.
    names: BTreeSet<Box<str>>,
    /// The first parts of paths in quotes: `api` of `"/api/users"`.
    paths: BTreeSet<Box<str>>,
    /// Numbers that stand behind the word `port`, or `listen`.
    ports: BTreeSet<u16>,
    /// Whether files were left out.
    is_partial: bool,
    bytes: usize,
}

impl<'a> Sources<'a> {
    pub(super) fn new(files: &'a dyn Files, output: &str) -> Self {
        Self { files, output: format!("{output}/"), read: RefCell::default() }
    }

    /// Whether the sources are here: otherwise nothing of what they lack means anything.
    pub(super) fn are_here(&self) -> bool {
        self.files.has_sources()
    }

    /// Whether the project has the file or folder, or stackc writes it.
    pub(super) fn has(&self, path: &str) -> bool {
        path == "." || path.starts_with(&self.output) || self.files.exists(path)
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.files.read(path).ok()?).ok()
    }

    /// The name beside a path that was most likely meant, as a path.
    pub(super) fn beside(&self, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names = self.files.list(folder);
        let near = suggest::closest(name, names.iter().map(String::as_str))?;
        Some(if folder.is_empty() { near.to_owned() } else { format!("{folder}/{near}") })
    }

    /// What the files below these paths mention; `None` when one of them is not here or too large to know.
    pub(super) fn mentions<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Option<Vec<Rc<Mentions>>> {
        let mut found = Vec::new();
        for path in paths {
            let mentions = self.below(path);
            if mentions.is_partial || mentions.names.is_empty() {
                return None;
            }
            found.push(mentions);
        }
        (!found.is_empty()).then_some(found)
    }

    /// What the sources of the image that the stack builds for a service mention.
    pub(super) fn of_image(&self, plan: &Plan, place: Place<'_>) -> Option<Vec<Rc<Mentions>>> {
        if !self.are_here() {
            return None;
        }
        let image = plan.built(place.plan)?;
        self.mentions(image.sources.iter().map(|path| &**path))
    }

    fn below(&self, path: &str) -> Rc<Mentions> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let mut mentions = Mentions::default();
        let files = self.files_below(path);
        mentions.is_partial = files.is_none();
        for file in files.unwrap_or_default() {
            self.add(&file, &mut mentions);
            if mentions.bytes > MAX_BYTES {
                mentions.is_partial = true;
                break;
            }
        }
        let mentions = Rc::new(mentions);
        self.read.borrow_mut().insert(path.to_owned(), mentions.clone());
        mentions
    }

    /// The files below a path that people wrote; `None` with too many, before any of them is read.
    fn files_below(&self, path: &str) -> Option<Vec<String>> {
        let mut files = Vec::new();
        let mut open = vec![if path == "." { String::new() } else { path.to_owned() }];
        while let Some(next) = open.pop() {
            let inside = self.files.list(&next);
            for name in &inside {
                let is_other = name.starts_with('.') || NOT_WRITTEN.contains(&name.as_str());
                // What stackc reads or writes says nothing about what a program does.
                let is_own = name.rsplit('.').next() == Some("stack")
                    || (next.is_empty() && self.output.strip_suffix('/') == Some(name));
                if !is_other && !is_own {
                    open.push(if next.is_empty() { name.clone() } else { format!("{next}/{name}") });
                }
            }
            if inside.is_empty() {
                files.push(next);
            }
            if files.len() + open.len() > MAX_FILES {
                return None;
            }
        }
        Some(files)
    }

    fn add(&self, path: &str, mentions: &mut Mentions) {
        let Ok(bytes) = self.files.read(path) else { return };
        mentions.names.insert(path.rsplit('/').next().unwrap_or(path).into());
        mentions.add(path);
        mentions.bytes += bytes.len();
        if bytes.len() <= MAX_FILE
            && let Ok(text) = String::from_utf8(bytes)
        {
            mentions.add(&text);
        }
    }
}

impl Mentions {
    fn add(&mut self, text: &str) {
        for quoted in ["\"/", "'/", "`/"].into_iter().flat_map(|start| text.split(start).skip(1)) {
            let first = quoted.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next();
            self.paths.extend(first.filter(|first| !first.is_empty()).map(Into::into));
        }
        // Words left until the number of a port is expected no more.
        let mut wait = 0_usize;
        for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if word.is_empty() {
                continue;
            }
            if !self.words.contains(word) {
                self.words.insert(word.into());
            }
            wait = wait.saturating_sub(1);
            if let (1.., Ok(number @ 80..)) = (wait, word.parse::<u16>()) {
                self.ports.insert(number);
            }
            let lower = word.to_ascii_lowercase();
            if lower.ends_with("port") || lower.ends_with("listen") {
                wait = 5;
            }
        }
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &**word)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Whether a path in quotes begins with this part.
    pub(super) fn has_path(&self, first: &str) -> bool {
        self.paths.contains(first)
    }

    pub(super) fn ports(&self) -> impl Iterator<Item = u16> {
        self.ports.iter().copied()
    }

    /// Whether a word stands somewhere.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFiles;

    #[test]
    fn words_names_and_ports_are_found_and_what_is_installed_is_not_read() {
        let files = MemoryFiles::new([
            ("app/server.ts", "const port = Number(process.env.API_PORT ?? 3000)\nget('/health/ready')"),
            ("app/node_modules/x.js", "installed"),
        ]);
        let sources = Sources::new(&files, "deploy");
        let found = sources.mentions(["app"]).unwrap();
        let [mentions] = &found[..] else { panic!("{found:?}") };
        assert!(["API_PORT", "health", "ready", "server"].iter().all(|word| mentions.has(word)));
        assert!(!mentions.has("installed"));
        assert!(mentions.has_path("health") && !mentions.has_path("ready"));
        assert_eq!(mentions.ports().collect::<Vec<_>>(), [3000]);
        assert_eq!(mentions.names().collect::<Vec<_>>(), ["server.ts"]);
        assert!(sources.mentions(["elsewhere"]).is_none());
    }
}
