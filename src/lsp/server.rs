//! The main loop: texts in, problems and answers out, one message after the other. Must not know what a request means.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, after, never, select};
use lsp_server::{Connection, Message, Notification, ProtocolError, Request, Response};
use serde_json::{Value, json};

use super::document::{Document, Overlay};
use super::position::Encoding;
use super::protocol::{INVALID_PARAMS, METHOD_NOT_FOUND};
use super::worker::{self, Done, Job, Wanted, Worker};
use super::{End, Host, Opened, diagnostics, feature, uri};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::ide::{Analysis, Cache};
use crate::load::STD_PREFIX;
use crate::source::{Source, SourceMap};
use crate::syntax;

/// How long nobody types before the slow half is checked.
const IDLE: Duration = Duration::from_millis(150);

/// Sources with more bytes are checked on a thread the first time, and after changes that are about all of them; until
/// that is done, only what cannot be read is told.
const CHECKED_AT_ONCE: usize = 256 << 10;

/// A text with more bytes is read and told about by itself before the files that belong to it are.
const LOOKED_AT_FIRST: usize = 64 << 10;

/// A project with an open file.
pub(super) struct Loaded {
    pub(super) opened: Opened,
    /// Whether it is one file that no system imports: only its syntax is judged.
    lone: bool,
    cache: Cache,
    pub(super) analysis: Option<Analysis>,
    late: Late,
    dirty: bool,
    /// Which state of the texts is or was last checked as a whole on a thread.
    checking: Option<u64>,
    is_checking: bool,
}

/// What only the slow half found, in files that did not change since.
#[derive(Default)]
struct Late {
    found: Vec<Diagnostic>,
    /// The texts that it looked at.
    sources: SourceMap,
    /// Whether no text changed since.
    is_fresh: bool,
}

/// A file that a request is about.
pub(super) struct At<'s> {
    pub(super) project: &'s Loaded,
    pub(super) analysis: &'s Analysis,
    pub(super) source: &'s Source,
}

/// Everything that the server remembers.
pub(super) struct Server<'a> {
    connection: &'a Connection,
    host: &'a dyn Host,
    pub(super) encoding: Encoding,
    /// Whether the editor asks for problems itself.
    pulls: bool,
    documents: BTreeMap<String, Document>,
    projects: Vec<Loaded>,
    generation: u64,
    /// Ready when nobody has typed for a while and the slow half has not seen the texts as they are.
    idle: Receiver<Instant>,
    working: bool,
    /// What was last told about each file, as it was written.
    published: BTreeMap<String, String>,
    /// What nobody asks any more: freeing it takes a third as long as making it, and can wait until all are told.
    retired: Vec<Analysis>,
    worker: Worker,
}

impl<'a> Server<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        host: &'a dyn Host,
        encoding: Encoding,
        params: &Value,
    ) -> Self {
        Self {
            connection,
            host,
            encoding,
            pulls: params.pointer("/capabilities/textDocument/diagnostic").is_some(),
            documents: BTreeMap::new(),
            projects: Vec::new(),
            generation: 0,
            idle: never(),
            working: false,
            published: BTreeMap::new(),
            retired: Vec::new(),
            worker: Worker::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<End, ProtocolError> {
        let messages = self.connection.receiver.clone();
        let done = self.worker.done.clone();
        loop {
            // Bursts of changes are checked once: with what is there when nothing else waits.
            if messages.is_empty() {
                self.refresh();
                self.retired.clear();
            }
            let idle = self.idle.clone();
            select! {
                recv(messages) -> message => match message {
                    Ok(Message::Request(request)) => {
                        if self.connection.handle_shutdown(&request)? {
                            return Ok(End::Goodbye);
                        }
                        self.request(request);
                    }
                    Ok(Message::Notification(notification)) if notification.method == "exit" => {
                        return Ok(End::Gone);
                    }
                    Ok(Message::Notification(notification)) => self.notification(&notification),
                    Ok(Message::Response(_)) => {}
                    Err(_) => return Ok(End::Gone),
                },
                recv(done) -> found => {
                    if let Ok(found) = found {
                        self.done(found);
                    }
                }
                recv(idle) -> _ => {
                    if self.working {
                        self.wait();
                    } else {
                        self.work();
                    }
                }
            }
        }
    }

    /// Lets the slow half begin in a while, counted from now.
    fn wait(&mut self) {
        self.idle = after(IDLE);
    }

    fn send(&self, message: Message) {
        // A closed pipe ends the loop at the next reading.
        let _ = self.connection.sender.send(message);
    }

    fn request(&mut self, request: Request) {
        self.refresh();
        let answer = match feature::find(&request.method) {
            Some(feature) => (feature.answer)(self, &request.params),
            None => Err((METHOD_NOT_FOUND, format!("`{}` is not known", request.method))),
        };
        self.send(Message::Response(match answer {
            Ok(result) => Response::new_ok(request.id, result),
            Err((code, message)) => Response::new_err(request.id, code, message),
        }));
    }

    fn notification(&mut self, notification: &Notification) {
        let params = &notification.params;
        let Some(uri) = params.pointer("/textDocument/uri").and_then(Value::as_str) else {
            if notification.method == "workspace/didChangeWatchedFiles" {
                self.forget();
            }
            return;
        };
        let version = params.pointer("/textDocument/version").and_then(Value::as_i64).unwrap_or_default();
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                let text = params.pointer("/textDocument/text").and_then(Value::as_str).unwrap_or_default();
                let path = uri::to_path(uri).unwrap_or_else(|| PathBuf::from(uri));
                self.documents.insert(uri.to_owned(), Document::new(path, version, text));
            }
            "textDocument/didChange" => {
                let changes = params.get("contentChanges").and_then(Value::as_array);
                if let (Some(changes), Some(document)) = (changes, self.documents.get_mut(uri)) {
                    document.change(changes, version, self.encoding);
                }
            }
            "textDocument/didClose" => {
                self.documents.remove(uri);
                self.publish_one(uri, None, Vec::new());
                self.published.remove(uri);
            }
            // A file on the disk is what it was, except for those who read it there.
            "textDocument/didSave" => {}
            _ => return,
        }
        self.changed(uri);
        if notification.method == "textDocument/didOpen" {
            self.look_first(uri);
        }
    }

    /// Tells what cannot be read in a large text that was opened, before the system around it is loaded.
    fn look_first(&mut self, uri: &str) {
        let Some(document) = self.documents.get(uri) else { return };
        let owns = |project: &&Loaded| document.path.starts_with(&project.opened.root);
        let unknown = |project: &&Loaded| project.analysis.is_none();
        let Some(project) = self.projects.iter().filter(owns).find(unknown) else { return };
        let mut sources = SourceMap::default();
        if document.source.text.len() > LOOKED_AT_FIRST && sources.reuse(document.source.clone()) {
            let found = syntax::parse(&document.source).diagnostics;
            let found = diagnostics::of_file(self, project, &document.source.path, &found, &sources);
            self.publish_one(uri, Some(document.version), found);
        }
    }

    /// Texts are others now.
    fn age(&mut self) {
        self.generation += 1;
        self.worker.outdate(self.generation);
        self.wait();
    }

    /// Marks the projects that a file belongs to.
    fn changed(&mut self, uri: &str) {
        self.age();
        let Some(path) = uri::to_path(uri) else { return };
        for project in &mut self.projects {
            if let Some(name) = inside(&project.opened.root, &path) {
                project.dirty = true;
                project.outdate(&name);
            }
        }
        if let Some(path) = self.documents.get(uri).map(|document| document.path.clone()) {
            self.open(&path);
        }
    }

    /// Reads everything from the disk again.
    fn forget(&mut self) {
        self.projects.clear();
        self.age();
        let paths: Vec<PathBuf> = self.documents.values().map(|document| document.path.clone()).collect();
        for path in paths {
            self.open(&path);
        }
    }

    /// Makes sure that the project of a file is loaded.
    fn open(&mut self, path: &Path) {
        let opened = self.host.project(path);
        let known = self.projects.iter().any(|known| {
            !known.lone && known.opened.root == opened.root && known.opened.entry == opened.entry
        });
        if !known {
            self.projects.push(Loaded::new(opened, false));
        }
    }

    fn overlay(&self, root: &Path) -> Overlay {
        let inside =
            |document: &Document| Some((inside(root, &document.path)?, document.source.text.clone()));
        let open = self.documents.values().filter_map(inside).collect();
        Overlay { disk: self.host.files(root), open }
    }

    /// Checks what changed and tells what was found.
    fn refresh(&mut self) {
        if self.projects.iter().any(|project| project.dirty) {
            for at in 0..self.projects.len() {
                self.check(at);
            }
            self.lone_files();
            self.publish();
            self.check_aside(Loaded::is_new);
        }
    }

    fn check(&mut self, at: usize) {
        let Some(root) = self.projects.get(at).filter(|it| it.dirty).map(|it| it.opened.root.clone()) else {
            return;
        };
        let files = self.overlay(&root);
        if let Some(project) = self.projects.get_mut(at) {
            let Loaded { opened, cache, analysis, .. } = project;
            analysis.iter_mut().for_each(Analysis::release);
            let new = Analysis::within(&opened.entry, &opened.project, &files, cache, CHECKED_AT_ONCE);
            self.retired.extend(project.analysis.replace(new));
            project.dirty = false;
        }
    }

    /// Open files that their system does not import stand alone.
    fn lone_files(&mut self) {
        let paths: Vec<PathBuf> = self.documents.values().map(|document| document.path.clone()).collect();
        for path in paths {
            if self.home(&path).is_none() {
                let mut opened = self.host.project(&path);
                if let Some(entry) = inside(&opened.root, &path) {
                    opened.entry = entry;
                    self.projects.push(Loaded::new(opened, true));
                    self.check(self.projects.len() - 1);
                }
            }
        }
    }

    /// The project that has a file among its sources, systems before lone files.
    fn home(&self, path: &Path) -> Option<(&Loaded, &Analysis, &Source)> {
        let found = |lone: bool| {
            self.projects.iter().filter(move |project| project.lone == lone).find_map(|project| {
                let analysis = project.analysis.as_ref()?;
                let source = analysis.source(&inside(&project.opened.root, path)?)?;
                Some((project, analysis, source))
            })
        };
        found(false).or_else(|| found(true))
    }

    /// The file that a request names.
    pub(super) fn at(&self, params: &Value) -> Result<At<'_>, (i32, String)> {
        let named = params
            .pointer("/textDocument/uri")
            .or_else(|| params.pointer("/item/uri"))
            .or_else(|| params.get("uri"));
        let uri = named
            .and_then(Value::as_str)
            .ok_or((INVALID_PARAMS, "expected the name of a file".to_owned()))?;
        let path = uri::to_path(uri).unwrap_or_else(|| PathBuf::from(uri));
        let (project, analysis, source) =
            self.home(&path).ok_or((INVALID_PARAMS, format!("`{uri}` is not open")))?;
        Ok(At { project, analysis, source })
    }

    /// The file and the offset that a request names.
    pub(super) fn at_offset(&self, params: &Value) -> Result<(At<'_>, u32), (i32, String)> {
        let at = self.at(params)?;
        let position = params.get("position").or_else(|| params.pointer("/item/selectionRange/start"));
        let offset = position.and_then(|position| self.encoding.offset(at.source, position));
        let offset = offset.ok_or((INVALID_PARAMS, "expected a position".to_owned()))?;
        Ok((at, offset))
    }

    /// All systems that are open.
    pub(super) fn systems(&self) -> impl Iterator<Item = At<'_>> {
        self.projects.iter().filter(|project| !project.lone).filter_map(|project| {
            let analysis = project.analysis.as_ref()?;
            let source = analysis.source(&project.opened.entry)?;
            Some(At { project, analysis, source })
        })
    }

    /// The files of a project as the editor sees them.
    pub(super) fn files(&self, project: &Loaded) -> Overlay {
        self.overlay(&project.opened.root)
    }

    /// The name of a source in the protocol.
    pub(super) fn uri_of(&self, root: &Path, path: &str) -> Option<String> {
        if path.starts_with(STD_PREFIX) {
            return self.host.library(path).map(|path| uri::from_path(&path));
        }
        let path = root.join(path);
        let open = self.documents.iter().find(|(_, document)| document.path == path);
        Some(open.map_or_else(|| uri::from_path(&path), |(uri, _)| uri.clone()))
    }

    /// The problems of a file as they are known now.
    fn problems(&self, path: &Path) -> Vec<Value> {
        let Some((project, analysis, source)) = self.home(path) else { return Vec::new() };
        self.problems_of(project, analysis, &source.path)
    }

    /// The problems of a file of a project.
    pub(super) fn problems_of(&self, project: &Loaded, analysis: &Analysis, path: &str) -> Vec<Value> {
        let syntax = |problem: &&Diagnostic| !project.lone || problem.code.id.starts_with("E01");
        let found = analysis.diagnostics.iter().filter(syntax);
        let mut found = diagnostics::of_file(self, project, path, found, &analysis.program.sources);
        found.extend(diagnostics::of_file(self, project, path, &project.late.found, &project.late.sources));
        found
    }

    fn publish(&mut self) {
        let open: Vec<(String, PathBuf, i64)> = self
            .documents
            .iter()
            .map(|(uri, document)| (uri.clone(), document.path.clone(), document.version))
            .collect();
        for (uri, path, version) in open {
            let found = self.problems(&path);
            self.publish_one(&uri, Some(version), found);
        }
    }

    /// Tells the editor about a file, if there is something new.
    fn publish_one(&mut self, uri: &str, version: Option<i64>, found: Vec<Value>) {
        if self.pulls {
            return;
        }
        let mut params = json!({ "uri": uri });
        if let Some(params) = params.as_object_mut() {
            // They are moved: thousands of problems are megabytes.
            params.insert("diagnostics".to_owned(), Value::Array(found));
            params.extend(version.map(|version| ("version".to_owned(), json!(version))));
        }
        let written = params.to_string();
        if self.published.get(uri) != Some(&written) {
            self.published.insert(uri.to_owned(), written);
            let method = "textDocument/publishDiagnostics".to_owned();
            self.send(Message::Notification(Notification { method, params }));
        }
    }

    /// Starts the slow half for the projects that are open.
    fn work(&mut self) {
        self.idle = never();
        self.refresh();
        self.check_aside(|_| true);
        for index in 0..self.projects.len() {
            let project = self.projects.get(index).filter(|project| !project.lone);
            let Some((project, analysis)) = project.and_then(|it| Some((it, it.analysis.as_ref()?))) else {
                continue;
            };
            if analysis.is_checked && has_errors(&analysis.diagnostics) {
                // Nothing can be planned, so nothing more can be found.
                self.compiled(index, &[], SourceMap::default());
            } else if analysis.is_checked {
                self.worker.take(self.job(Wanted::Compiled, index, project, analysis));
                self.working = true;
            }
        }
    }

    /// Checks projects as a whole for which a key cannot wait.
    fn check_aside(&mut self, now: impl Fn(&Loaded) -> bool) {
        let generation = self.generation;
        for index in 0..self.projects.len() {
            let is_due = |project: &&Loaded| project.waits(generation) && now(project);
            let Some(project) = self.projects.get(index).filter(is_due) else { continue };
            let Some(analysis) = &project.analysis else { continue };
            self.worker.take(self.job(Wanted::Checked, index, project, analysis));
            if let Some(project) = self.projects.get_mut(index) {
                project.is_checking = true;
                project.checking = Some(generation);
            }
        }
    }

    fn job(&self, wanted: Wanted, project_index: usize, project: &Loaded, analysis: &Analysis) -> Job {
        Job {
            wanted,
            generation: self.generation,
            project_index,
            entry: project.opened.entry.clone(),
            project: project.opened.project.clone(),
            lock: project.opened.lock.clone(),
            files: self.overlay(&project.opened.root),
            program: analysis.program.clone(),
        }
    }

    fn done(&mut self, done: Done) {
        match done.result {
            worker::Result::Compiled(found, sources) => {
                self.working = false;
                if done.generation == self.generation {
                    self.compiled(done.project_index, &found, sources);
                }
            }
            worker::Result::Checked(memory) => {
                let project = self.projects.get_mut(done.project_index);
                // Projects may have been read anew since: only the one that waits for it gets it.
                if let Some(project) = project.filter(|project| project.checking == Some(done.generation)) {
                    project.is_checking = false;
                    // A copy, as in `compiled`.
                    project.cache.learn(memory.clone());
                    project.dirty |= project.analysis.as_ref().is_some_and(|analysis| !analysis.is_checked);
                    // It may be about texts that are others by now; if not, there is something to plan.
                    self.wait();
                    self.offer();
                }
            }
        }
    }

    /// Takes what the slow half found.
    fn compiled(&mut self, index: usize, found: &[Diagnostic], sources: SourceMap) {
        let Some(project) = self.projects.get(index) else { return };
        let known = project.analysis.as_ref().map(|analysis| &*analysis.diagnostics).unwrap_or_default();
        // Copies: what the thread made stands in the middle of what it gives back to the system.
        let found = found.iter().filter(|problem| !known.contains(problem)).cloned().collect();
        if let Some(project) = self.projects.get_mut(index) {
            project.late = Late { found, sources, is_fresh: true };
        }
        self.publish();
        self.offer();
    }

    /// Tells an editor that asks for problems itself that there are others now.
    fn offer(&self) {
        if self.pulls {
            let method = "workspace/diagnostic/refresh".to_owned();
            let id = lsp_server::RequestId::from(format!("refresh-{}", self.generation));
            self.send(Message::Request(Request { id, method, params: Value::Null }));
        }
    }
}

impl Loaded {
    /// Whether nothing of it was checked yet.
    fn is_new(&self) -> bool {
        self.cache.is_new()
    }

    /// Whether a whole check of it has to be made aside, and none is under way or was made of these texts.
    fn waits(&self, generation: u64) -> bool {
        let is_checked = self.analysis.as_ref().is_none_or(|analysis| analysis.is_checked);
        !is_checked && !self.lone && !self.is_checking && self.checking != Some(generation)
    }

    /// What only the slow half found, while its places are those of the texts as they are.
    pub(super) fn late(&self) -> &[Diagnostic] {
        if self.late.is_fresh { &self.late.found } else { &[] }
    }

    /// Forgets what the slow half found in a file that changed.
    fn outdate(&mut self, file: &str) {
        let Late { mut found, sources, .. } = std::mem::take(&mut self.late);
        found.retain(|problem| diagnostics::file_of(self, problem, &sources) != file);
        self.late = Late { found, sources, is_fresh: false };
    }

    fn new(opened: Opened, lone: bool) -> Self {
        Self {
            opened,
            lone,
            cache: Cache::default(),
            analysis: None,
            late: Late::default(),
            dirty: true,
            checking: None,
            is_checking: false,
        }
    }
}

/// The path of a file inside a folder, with `/`.
fn inside(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}
