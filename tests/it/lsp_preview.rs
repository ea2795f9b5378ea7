//! The preview's map between lines and sources, allowances as actions, and how the server ends.
#![allow(clippy::disallowed_methods, reason = "starts the command")]

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::lsp_scene::Editor;

const TEXT: &str = "service api {\n  image = \"ghcr.io/acme/api:1.2.3\"\n  port = 8080\n  memory = 300MiB\n}\nenvironment production {\n  target compose\n  service api { memory = 500MiB }\n}\n";

#[test]
fn a_preview_leads_back_to_the_source() {
    let mut editor = Editor::new(true);
    editor.open("main.stack", TEXT);
    let path = "deploy/production/compose.yaml";
    let params =
        json!({ "uri": Editor::uri("main.stack"), "environment": "production", "path": path, "map": true });
    let answer = editor.ask("stackc/preview", params).unwrap();
    let artifacts = answer["artifacts"].as_array().unwrap();
    assert_eq!(artifacts.len(), 1);
    let text = artifacts[0]["text"].as_str().unwrap();
    let entries = artifacts[0]["map"].as_array().unwrap();
    let number = |entry: &Value, key: &str| usize::try_from(entry[key].as_u64().unwrap()).unwrap();
    // Every line is in one entry.
    let mut next = 0;
    for entry in entries {
        assert_eq!(number(entry, "start"), next);
        next = number(entry, "end") + 1;
    }
    assert_eq!(next, text.lines().count());
    let memory = text.lines().position(|line| line.contains("memory: \"500M\"")).unwrap();
    let entry = entries.iter().find(|entry| number(entry, "start") == memory).unwrap();
    assert_eq!((&entry["subject"], &entry["value"]), (&json!("api.memory"), &json!("500MiB")));
    assert_eq!(entry["location"]["uri"], json!(Editor::uri("main.stack")));
    assert_eq!(entry["location"]["range"]["start"], json!({ "line": 7, "character": 25 }));
}

#[test]
fn a_finding_can_be_allowed_where_it_is() {
    let mut editor = Editor::new(true);
    // A tag that moves is what a rule is about.
    let text = TEXT.replace(":1.2.3", ":latest");
    editor.open("main.stack", &text);
    editor.wait();
    let warned = |editor: &mut Editor| -> Vec<Value> {
        editor.settle();
        editor.published["main.stack"].iter().filter(|it| it["severity"] == 2).cloned().collect()
    };
    let found = warned(&mut editor);
    assert!(!found.is_empty());
    for problem in &found {
        let params = json!({
            "textDocument": { "uri": Editor::uri("main.stack") },
            "range": problem["range"],
            "context": { "diagnostics": [] },
        });
        let actions = editor.ask("textDocument/codeAction", params).unwrap();
        let allows = |action: &&Value| action["title"].as_str().unwrap().starts_with("Allow `");
        let action = actions.as_array().unwrap().iter().find(allows).unwrap_or_else(|| panic!("{problem}"));
        let edit = &action["edit"]["changes"][Editor::uri("main.stack")][0];
        let line = usize::try_from(edit["range"]["start"]["line"].as_u64().unwrap()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(line, edit["newText"].as_str().unwrap().trim_end_matches('\n'));
        let mut other = Editor::new(true);
        other.open("main.stack", &(lines.join("\n") + "\n"));
        other.wait();
        let left = warned(&mut other);
        assert!(left.len() < found.len(), "{}\n{left:?}", lines.join("\n"));
        assert!(left.iter().all(|it| it["code"] != problem["code"]), "{left:?}");
    }
}

/// The exit code after these messages and the end of the pipe.
fn ended(messages: &[Value]) -> Option<i32> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackc"));
    let mut child = command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for message in messages {
        let body = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
    drop(input);
    let mut out = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn the_exit_code_says_whether_there_was_a_goodbye() {
    let initialize =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } });
    let initialized = json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} });
    let shutdown = json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" });
    let exit = json!({ "jsonrpc": "2.0", "method": "exit" });
    let begun = [initialize, initialized];
    assert_eq!(ended(&[&begun[..], &[shutdown.clone(), exit.clone()]].concat()), Some(0));
    // Editors tidy up while they leave.
    let close = json!({ "jsonrpc": "2.0", "method": "textDocument/didClose", "params": {} });
    let late = json!({ "jsonrpc": "2.0", "id": 3, "method": "textDocument/hover", "params": {} });
    assert_eq!(ended(&[&begun[..], &[shutdown.clone(), close, late, exit.clone()]].concat()), Some(0));
    assert_eq!(ended(&[&begun[..], &[shutdown]].concat()), Some(0));
    assert_eq!(ended(&[&begun[..], &[exit]].concat()), Some(1));
    assert_eq!(ended(&begun), Some(1));
}
