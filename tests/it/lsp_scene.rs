//! An editor for tests: the server on a thread, files in memory, and messages between them. Must not know features.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use indexmap::IndexMap;
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use serde_json::{Value, json};
use stackc::lsp::{End, Host, serve, uri};
use stackc::source::{Files, MemoryFiles, ReadError};

const ROOT: &str = "/work/my shop";

/// The settings of all tests, as `ui::project` has them.
pub(crate) const SETTINGS: &str = r#"name = "shop"
registry = "ghcr.io/acme/shop"
repository = "https://github.com/acme/shop"
"#;

/// Files that the server and the test share.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<MemoryFiles>>);

impl Shared {
    pub(crate) fn remove(&self, path: &str) {
        self.0.lock().unwrap().0.remove(path);
    }
}

impl Files for Shared {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.lock().unwrap().read(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.lock().unwrap().exists(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.0.lock().unwrap().list(folder)
    }

    fn has_sources(&self) -> bool {
        self.0.lock().unwrap().has_sources()
    }
}

struct TestHost {
    disk: Shared,
}

impl Host for TestHost {
    fn root(&self, _: &Path) -> PathBuf {
        PathBuf::from(ROOT)
    }

    fn files(&self, _: &Path) -> Box<dyn Files + Send> {
        Box::new(self.disk.clone())
    }

    fn library(&self, path: &str) -> Option<PathBuf> {
        Some(Path::new("/library").join(path))
    }
}

/// An editor and the server that it talks to.
pub(crate) struct Editor {
    connection: Connection,
    server: Option<JoinHandle<()>>,
    pub(crate) disk: Shared,
    pub(crate) texts: IndexMap<String, String>,
    /// What was last published, by file.
    pub(crate) published: IndexMap<String, Vec<Value>>,
    pub(crate) capabilities: Value,
    /// What the server asked.
    pub(crate) asked: Vec<(String, Value)>,
    utf8: bool,
    number: i32,
}

impl Editor {
    pub(crate) fn new(utf8: bool) -> Self {
        Self::with(utf8, json!({}))
    }

    /// An editor that asks for problems itself.
    pub(crate) fn asking() -> Self {
        Self::with(true, json!({ "textDocument": { "diagnostic": {} } }))
    }

    /// An editor that says this about itself, and a project with the settings of all tests.
    pub(crate) fn with(utf8: bool, mut capabilities: Value) -> Self {
        let (ours, theirs) = Connection::memory();
        let disk = Shared::default();
        let host = TestHost { disk: disk.clone() };
        let server = std::thread::spawn(move || assert_eq!(serve(&theirs, &host).unwrap(), End::Goodbye));
        let mut editor = Self {
            connection: ours,
            server: Some(server),
            disk,
            texts: IndexMap::new(),
            published: IndexMap::new(),
            capabilities: Value::Null,
            asked: Vec::new(),
            utf8,
            number: 0,
        };
        editor.write("stackc.toml", SETTINGS);
        let encodings = if utf8 { json!(["utf-8", "utf-16"]) } else { json!(["utf-16"]) };
        capabilities["general"] = json!({ "positionEncodings": encodings });
        let params = json!({ "capabilities": capabilities });
        editor.capabilities = editor.ask("initialize", params).unwrap()["capabilities"].clone();
        editor.tell("initialized", json!({}));
        editor
    }

    pub(crate) fn uri(path: &str) -> String {
        uri::from_path(&Path::new(ROOT).join(path))
    }

    /// The path of a name in the protocol, for messages.
    pub(crate) fn path(uri: &str) -> String {
        let path = uri::to_path(uri).unwrap();
        path.strip_prefix(ROOT).unwrap_or(&path).display().to_string()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        self.disk.0.lock().unwrap().0.insert(path.to_owned(), text.as_bytes().to_vec());
    }

    /// Writes a file as another program does, and tells the server.
    pub(crate) fn change(&self, path: &str, text: &str) {
        self.write(path, text);
        let changes = json!([{ "uri": Self::uri(path), "type": 2 }]);
        self.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    pub(crate) fn write_bytes(&self, path: &str, bytes: &[u8]) {
        self.disk.0.lock().unwrap().0.insert(path.to_owned(), bytes.to_vec());
    }

    pub(crate) fn tell(&self, method: &str, params: Value) {
        let message = Notification { method: method.to_owned(), params };
        self.connection.sender.send(Message::Notification(message)).unwrap();
    }

    /// A request and its answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.number += 1;
        let id = RequestId::from(self.number);
        let request = Request { id: id.clone(), method: method.to_owned(), params };
        self.connection.sender.send(Message::Request(request)).unwrap();
        loop {
            let message = self.connection.receiver.recv_timeout(Duration::from_secs(30)).unwrap();
            match message {
                Message::Response(response) if response.id == id => {
                    let value = serde_json::to_value(&response).unwrap();
                    return match value.get("error") {
                        Some(error) if !error.is_null() => Err(error["message"].as_str().unwrap().to_owned()),
                        _ => Ok(value.get("result").cloned().unwrap_or(Value::Null)),
                    };
                }
                other => self.take(other),
            }
        }
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Notification(Notification { method, params })
                if method == "textDocument/publishDiagnostics" =>
            {
                let path = Self::path(params["uri"].as_str().unwrap());
                self.published.insert(path, params["diagnostics"].as_array().unwrap().clone());
            }
            Message::Request(Request { method, params, .. }) => self.asked.push((method, params)),
            _ => {}
        }
    }

    /// Waits until everything that was sent has been read.
    pub(crate) fn settle(&mut self) {
        self.ask("test/settle", json!({})).unwrap_err();
    }

    /// Waits until the slow half has been checked too.
    pub(crate) fn wait(&mut self) {
        self.settle();
        while let Ok(message) = self.connection.receiver.recv_timeout(Duration::from_millis(1500)) {
            self.take(message);
        }
    }

    /// Waits until the server says that there are other problems now.
    pub(crate) fn refreshed(&mut self) {
        loop {
            match self.connection.receiver.recv_timeout(Duration::from_mins(1)).unwrap() {
                Message::Request(request) if request.method == "workspace/diagnostic/refresh" => return,
                other => self.take(other),
            }
        }
    }

    pub(crate) fn open(&mut self, path: &str, text: &str) {
        self.texts.insert(path.to_owned(), text.to_owned());
        let document = json!({ "uri": Self::uri(path), "languageId": "stack", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn close(&mut self, path: &str) {
        self.texts.shift_remove(path);
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": Self::uri(path) } }));
    }

    /// Replaces the first occurrence of `old`, as an incremental change.
    pub(crate) fn edit(&mut self, path: &str, old: &str, new: &str) {
        let text = self.texts[path].clone();
        let start = text.find(old).unwrap_or_else(|| panic!("{path} has no {old:?}"));
        let range =
            json!({ "start": self.position(&text, start), "end": self.position(&text, start + old.len()) });
        self.texts[path] = text.replacen(old, new, 1);
        let document = json!({ "uri": Self::uri(path), "version": 2 });
        let changes = json!([{ "range": range, "text": new }]);
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// An offset in the units of this session, counted independently of the server.
    pub(crate) fn position(&self, text: &str, offset: usize) -> Value {
        let before = &text[..offset];
        let line = before.matches('\n').count();
        let last = before.rsplit('\n').next().unwrap();
        let column = if self.utf8 { last.len() } else { last.encode_utf16().count() };
        json!({ "line": line, "character": column })
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.take().unwrap().join().unwrap();
    }
}
