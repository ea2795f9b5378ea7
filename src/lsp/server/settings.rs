//! The files beside the sources: what they set, and what is wrong with them. Must not judge a setting: `project` does.
//!
//! Their problems are published also where an editor asks for those of sources: it asks about files that it shows as
//! sources, and these are none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lsp_server::{Message, Request};
use serde_json::{Value, json};

use super::{Opened, Server, inside};
use crate::lsp::{diagnostics, uri};
use crate::project::{BASELINE, ENTRY, FILE, LOCK, Settings};
use crate::source::Files;

/// All of them.
const NAMES: [&str; 3] = [FILE, LOCK, BASELINE];

/// Whether a file sets something and describes no system.
pub(super) fn is_settings(path: &Path) -> bool {
    path.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known))
}

/// Whether a request is about such a file.
pub(super) fn is_named(params: &Value) -> bool {
    let named = params.pointer("/textDocument/uri").and_then(Value::as_str);
    named.and_then(uri::to_path).is_some_and(|path| is_settings(&path))
}

/// The answer to what is asked about such a file.
pub(super) fn nothing(method: &str) -> Value {
    match method {
        "textDocument/diagnostic" => json!({ "kind": "full", "items": [] }),
        _ => Value::Null,
    }
}

impl Server<'_> {
    /// Asks the editor to tell what changes on the disk.
    pub(super) fn watch(&self) {
        if !self.watches {
            return;
        }
        let patterns = NAMES.iter().map(|name| format!("**/{name}")).chain(["**/*.stack".to_owned()]);
        let watchers: Vec<Value> = patterns.map(|pattern| json!({ "globPattern": pattern })).collect();
        let method = "workspace/didChangeWatchedFiles";
        let options = json!({ "watchers": watchers });
        let registration = json!({ "id": "files", "method": method, "registerOptions": options });
        self.send(Message::Request(Request {
            id: "watch".to_owned().into(),
            method: "client/registerCapability".to_owned(),
            params: json!({ "registrations": [registration] }),
        }));
    }

    /// Whether all that changed on the disk is open: the editor's texts count then.
    pub(super) fn covers(&self, params: &Value) -> bool {
        let changes = params.get("changes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let is_open = |change: &Value| {
            let path = change.get("uri").and_then(Value::as_str).and_then(uri::to_path);
            path.is_some_and(|path| self.documents.values().any(|document| document.path == path))
        };
        !changes.is_empty() && changes.iter().all(is_open)
    }

    /// The project of a file.
    pub(super) fn opened(&mut self, path: &Path) -> Opened {
        let root = self.host.root(path);
        let settings = self.settings(&root);
        let has_entry = || self.overlay(&root).exists(ENTRY);
        let own = inside(&root, path).filter(|_| !is_settings(path) && !has_entry());
        let entry = settings.entry.clone().or(own).unwrap_or_else(|| ENTRY.to_owned());
        Opened { root, entry, settings }
    }

    /// The settings of a project; where something is wrong with them, the last ones that were right.
    fn settings(&mut self, root: &Path) -> Settings {
        let folder = root.file_name().map_or_else(|| "stack".into(), |name| name.to_string_lossy());
        let new = Settings::read(&self.overlay(root), &folder);
        if new.problems.is_empty() {
            self.good.insert(root.to_owned(), new.clone());
            return new;
        }
        match self.good.get(root) {
            Some(good) => Settings { problems: new.problems, sources: new.sources, ..good.clone() },
            None => new,
        }
    }

    /// Reads the settings of the open projects in the folder of a file that changed; `false` when there is none.
    pub(super) fn set_again(&mut self, path: &Path) -> bool {
        let Some(root) = path.parent() else { return false };
        if !self.projects.iter().any(|project| project.opened.root == root) {
            return false;
        }
        let (new, mut is_same) = (self.settings(root), true);
        for project in self.projects.iter_mut().filter(|project| project.opened.root == root) {
            is_same &= project.opened.settings.is_as(&new);
            project.opened.settings = new.clone();
        }
        if is_same {
            self.publish_settings();
        } else {
            self.forget();
        }
        true
    }

    /// Reads the settings of all open projects, for editors that do not tell when they change.
    pub(super) fn set_all_again(&mut self) {
        let files: BTreeSet<PathBuf> =
            self.projects.iter().map(|project| project.opened.root.join(FILE)).collect();
        for file in files {
            self.set_again(&file);
        }
    }

    /// Tells what is wrong with the settings of the open projects, and what is not wrong any more.
    pub(super) fn publish_settings(&mut self) {
        let known =
            self.published.keys().filter(|uri| uri::to_path(uri).is_some_and(|path| is_settings(&path)));
        let mut found: BTreeMap<String, Vec<Value>> = known.map(|uri| (uri.clone(), Vec::new())).collect();
        let mut roots = BTreeSet::new();
        for opened in self.projects.iter().map(|project| &project.opened) {
            if !roots.insert(&opened.root) {
                continue;
            }
            for problem in &opened.settings.problems {
                let Some(uri) = self.uri_of(&opened.root, problem.file) else { continue };
                let shown =
                    diagnostics::one(self, &opened.root, &problem.diagnostic, &opened.settings.sources);
                found.entry(uri).or_default().push(shown);
            }
        }
        for (uri, problems) in found {
            self.tell(&uri, None, problems);
        }
    }
}
