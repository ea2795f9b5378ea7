//! What becomes of a message: requests to the features, notifications to the texts. Must not know what a request means.

use std::path::PathBuf;

use lsp_server::{Message, Notification, Request, Response};
use serde_json::Value;

use super::{Server, settings};
use crate::lsp::document::Document;
use crate::lsp::protocol::{INVALID_REQUEST, METHOD_NOT_FOUND};
use crate::lsp::{End, feature, uri};

impl Server<'_> {
    pub(super) fn request(&mut self, request: Request) {
        self.refresh();
        let answer = match feature::find(&request.method) {
            Some(_) if settings::is_named(&request.params) => Ok(settings::nothing(&request.method)),
            Some(feature) => (feature.answer)(self, &request.params),
            None => Err((METHOD_NOT_FOUND, format!("`{}` is not known", request.method))),
        };
        self.send(Message::Response(match answer {
            Ok(result) => Response::new_ok(request.id, result),
            Err((code, message)) => Response::new_err(request.id, code, message),
        }));
    }

    /// Waits for the end that the editor has announced; what still comes before it is of no use to anybody.
    pub(super) fn goodbye(&self, shutdown: Request) -> End {
        self.send(Message::Response(Response::new_ok(shutdown.id, Value::Null)));
        for message in &self.connection.receiver {
            match message {
                Message::Notification(notification) if notification.method == "exit" => break,
                Message::Request(request) => {
                    let text = "the editor has said goodbye".to_owned();
                    self.send(Message::Response(Response::new_err(request.id, INVALID_REQUEST, text)));
                }
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
        End::Goodbye
    }

    pub(super) fn notification(&mut self, notification: &Notification) {
        let params = &notification.params;
        let Some(uri) = params.pointer("/textDocument/uri").and_then(Value::as_str) else {
            if notification.method == "workspace/didChangeWatchedFiles" && !self.covers(params) {
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
                if !settings::is_named(params) {
                    self.publish_one(uri, None, Vec::new());
                    self.published.remove(uri);
                }
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
}
