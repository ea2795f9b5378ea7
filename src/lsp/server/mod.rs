//! The main loop: texts in, problems and answers out, one message after the other. Must not know what a request means.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, after, never, select};
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};

use super::document::Document;
use super::position::Encoding;
use super::worker::{self, Done, Job, Wanted, Worker};
use super::{End, Host, diagnostics, uri};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::ide::{Analysis, Cache};
use crate::project::Settings;
use crate::source::SourceMap;
use crate::syntax;

mod dispatch;
mod lookup;
mod refresh;
mod settings;

pub(super) use lookup::At;
use lookup::inside;

/// Where editors say that they can be asked to look at files on the disk.
const WATCHES: &str = "/capabilities/workspace/didChangeWatchedFiles/dynamicRegistration";

/// How long nobody types before the slow half is checked.
const IDLE: Duration = Duration::from_millis(150);

/// Sources with more bytes are checked on a thread the first time, and after changes that are about all of them; until
/// that is done, only what cannot be read is told.
const CHECKED_AT_ONCE: usize = 256 << 10;

/// A text with more bytes is read and told about by itself before the files that belong to it are.
const LOOKED_AT_FIRST: usize = 64 << 10;

/// What belongs together: a folder, the file that describes the system, and what stands beside it.
pub(super) struct Opened {
    /// The folder that all paths are relative to.
    pub(super) root: PathBuf,
    /// The file that describes the system.
    pub(super) entry: String,
    pub(super) settings: Settings,
}

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
    /// The settings of each project when nothing was wrong with them, by its folder.
    good: BTreeMap<PathBuf, Settings>,
    /// Whether the editor tells about files on the disk when it is asked to.
    watches: bool,
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
            good: BTreeMap::new(),
            watches: params.pointer(WATCHES).and_then(Value::as_bool).unwrap_or_default(),
            retired: Vec::new(),
            worker: Worker::new(),
        }
    }

    pub(super) fn run(mut self) -> End {
        let messages = self.connection.receiver.clone();
        let done = self.worker.done.clone();
        self.watch();
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
                        if request.method == "shutdown" {
                            return self.goodbye(request);
                        }
                        self.request(request);
                    }
                    Ok(Message::Notification(notification)) if notification.method == "exit" => {
                        return End::Gone;
                    }
                    Ok(Message::Notification(notification)) => self.notification(&notification),
                    Ok(Message::Response(_)) => {}
                    Err(_) => return End::Gone,
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
        if settings::is_settings(&path) && self.set_again(&path) {
            return;
        }
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
        self.publish_settings();
    }

    /// Makes sure that the project of a file is loaded.
    fn open(&mut self, path: &Path) {
        let opened = self.opened(path);
        let known = self.projects.iter().any(|known| {
            !known.lone && known.opened.root == opened.root && known.opened.entry == opened.entry
        });
        if !known {
            self.projects.push(Loaded::new(opened, false));
        }
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
            .filter(|(_, document)| !settings::is_settings(&document.path))
            .map(|(uri, document)| (uri.clone(), document.path.clone(), document.version))
            .collect();
        for (uri, path, version) in open {
            let found = self.problems(&path);
            self.publish_one(&uri, Some(version), found);
        }
        self.publish_settings();
    }

    /// Tells the editor about a source, unless it asks.
    fn publish_one(&mut self, uri: &str, version: Option<i64>, found: Vec<Value>) {
        if !self.pulls {
            self.tell(uri, version, found);
        }
    }

    /// Tells the editor about a file, if there is something new.
    fn tell(&mut self, uri: &str, version: Option<i64>, found: Vec<Value>) {
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
        if !self.watches {
            self.set_all_again();
        }
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
            project: project.opened.settings.project.clone(),
            lock: project.opened.settings.lock.clone(),
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
