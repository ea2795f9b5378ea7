//! Sessions with the language server: `snapshots/lsp/<name>.session` is what an editor does, `.out` what it gets.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures")]

use std::fmt::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::golden;
use crate::lsp_scene::Editor;

#[test]
fn sessions_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/lsp");
    let mut sessions: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    sessions.retain(|path| path.extension().is_some_and(|extension| extension == "session"));
    sessions.sort();
    assert!(sessions.len() >= 6, "{sessions:?}");
    for path in sessions {
        let text = std::fs::read_to_string(&path).unwrap();
        golden::check(&path.with_extension("out"), &play(&text));
    }
}

/// Plays a session: a command a line, texts on the lines with `|` below it.
fn play(script: &str) -> String {
    let mut editor = Editor::new(script.starts_with("# utf-8"));
    let mut out = String::new();
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        let mut text = String::new();
        while let Some(more) = lines.next_if(|line| line.starts_with('|')) {
            let more = more.strip_prefix("| ").unwrap_or(&more[1..]);
            text.extend([more, "\n"]);
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (path, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        if let Some(answer) = step(&mut editor, command, path, rest, &text) {
            writeln!(out, "> {line}\n{answer}").unwrap();
        }
    }
    out
}

/// One command; what an editor would show, if it shows anything.
fn step(editor: &mut Editor, command: &str, path: &str, rest: &str, text: &str) -> Option<String> {
    match command {
        "disk" => {
            editor.write(path, text);
            let changes = json!([{ "uri": Editor::uri(path), "type": 1 }]);
            editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
        }
        "open" => editor.open(path, text),
        "open-crlf" => editor.open(path, &text.replace('\n', "\r\n")),
        "close" => editor.close(path),
        "edit" => {
            let (old, new) = rest.split_once(" => ").unwrap();
            editor.edit(path, old, &new.replace("\\n", "\n"));
        }
        "wait" => editor.wait(),
        "published" => {
            editor.settle();
            let found = editor.published.get(path).cloned();
            return Some(found.map_or("never".to_owned(), |found| problems(&found)));
        }
        _ => return Some(request(editor, command, path, rest)),
    }
    None
}

fn problems(found: &[Value]) -> String {
    let line = |problem: &Value| {
        let message = problem["message"].as_str().unwrap().lines().next().unwrap();
        let related = problem["relatedInformation"].as_array().unwrap().len();
        let related = if related > 0 { format!(" (+{related})") } else { String::new() };
        format!("{} {} {message}{related}", problem["code"].as_str().unwrap(), range(&problem["range"]))
    };
    if found.is_empty() { "none".to_owned() } else { found.iter().map(line).collect::<Vec<_>>().join("\n") }
}

fn range(range: &Value) -> String {
    let at = |end: &str| format!("{}:{}", range[end]["line"], range[end]["character"]);
    format!("{}-{}", at("start"), at("end"))
}

/// A request; the cursor stands at `^` in the words that follow.
fn request(editor: &mut Editor, command: &str, path: &str, rest: &str) -> String {
    let (words, argument) = rest.split_once(" => ").unwrap_or((rest, ""));
    let mut params = json!({ "textDocument": { "uri": Editor::uri(path) } });
    if words.contains('^') {
        let (before, after) = words.split_once('^').unwrap();
        let text = &editor.texts[path];
        let start = text.find(&format!("{before}{after}")).unwrap_or_else(|| panic!("no {words:?}"));
        let position = editor.position(text, start + before.len());
        params["position"] = position.clone();
        params["positions"] = json!([position]);
        params["range"] = json!({ "start": position, "end": position });
    }
    if !argument.is_empty() {
        params["newName"] = json!(argument);
        params["environment"] = json!(argument);
    }
    params["context"] = json!({ "includeDeclaration": true, "diagnostics": [] });
    let method = match command {
        "outgoing" | "incoming" => {
            let items = editor.ask("textDocument/prepareCallHierarchy", params).unwrap();
            params = json!({ "item": items[0] });
            format!("callHierarchy/{command}Calls")
        }
        "preview" | "graph" => {
            params["uri"] = json!(Editor::uri(path));
            format!("stackc/{command}")
        }
        "semanticTokens" => "textDocument/semanticTokens/full".to_owned(),
        "find" => {
            params = json!({ "query": path });
            "workspace/symbol".to_owned()
        }
        _ => format!("textDocument/{command}"),
    };
    match editor.ask(&method, params) {
        // The vocabulary and the library grow: of what is theirs, a session names what it looks for.
        Ok(answer) if command == "completion" && !argument.is_empty() => looked_for(&answer, argument),
        Ok(answer) => shown(command, &answer),
        Err(message) => format!("refused: {message}"),
    }
}

fn looked_for(answer: &Value, wanted: &str) -> String {
    let labels: Vec<&str> =
        answer["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect();
    let (found, missing): (Vec<&str>, Vec<&str>) = wanted.split(' ').partition(|word| labels.contains(word));
    format!("offered: {}; not offered: {}", found.join(" "), missing.join(" "))
}

fn shown(command: &str, answer: &Value) -> String {
    let items = |items: &Value| items.as_array().cloned().unwrap_or_default();
    match command {
        "completion" => {
            let labels = items(&answer["items"]);
            let labels: Vec<&str> = labels.iter().map(|item| item["label"].as_str().unwrap()).collect();
            let range = answer.pointer("/items/0/textEdit/range").map(range).unwrap_or_default();
            format!("{range} {}", labels.join(" "))
        }
        "hover" if !answer.is_null() => {
            format!("{} {}", range(&answer["range"]), answer["contents"]["value"].as_str().unwrap())
        }
        "diagnostic" => problems(&items(&answer["items"])),
        "preview" => {
            let artifacts = items(&answer["artifacts"]);
            let paths = artifacts.iter().map(|it| it["path"].as_str().unwrap());
            paths.filter(|path| path.ends_with("compose.yaml")).collect::<Vec<_>>().join("\n")
        }
        "semanticTokens" => {
            items(&answer["data"]).chunks(5).map(|five| json!(five).to_string()).collect::<Vec<_>>().join(" ")
        }
        _ => match answer {
            Value::Array(all) if all.is_empty() => "none".to_owned(),
            Value::Array(all) => all.iter().map(brief).collect::<Vec<_>>().join("\n"),
            other => brief(other),
        },
    }
}

/// A value in one line: ranges as `line:column-line:column`, names of files without their folder.
fn brief(value: &Value) -> String {
    match value {
        Value::Object(map) if map.contains_key("start") && map.contains_key("end") => range(value),
        // Places in the library move with it.
        Value::Object(map)
            if map.get("uri").is_some_and(|uri| uri.as_str().unwrap().contains("/library/")) =>
        {
            Editor::path(value["uri"].as_str().unwrap())
        }
        Value::Object(map) if map.contains_key("line") => format!("{}:{}", value["line"], value["character"]),
        Value::Object(map) => {
            let fields = map.iter().map(|(key, value)| match key.as_str() {
                "uri" | "target" => Editor::path(value.as_str().unwrap()),
                key if key.starts_with("file:") => format!("{} {}", Editor::path(key), brief(value)),
                key => format!("{key}={}", brief(value)),
            });
            fields.collect::<Vec<_>>().join(" ")
        }
        Value::Array(all) => format!("[{}]", all.iter().map(brief).collect::<Vec<_>>().join("; ")),
        Value::String(text) => match text.strip_prefix("file://") {
            Some(_) => Editor::path(text),
            None => text.clone(),
        },
        other => other.to_string(),
    }
}

#[test]
fn every_feature_is_announced() {
    let editor = Editor::new(false);
    let capabilities = editor.capabilities.as_object().unwrap();
    assert_eq!(capabilities["positionEncoding"], "utf-16");
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
    for name in [
        "completionProvider",
        "hoverProvider",
        "definitionProvider",
        "referencesProvider",
        "renameProvider",
        "documentSymbolProvider",
        "workspaceSymbolProvider",
        "foldingRangeProvider",
        "selectionRangeProvider",
        "semanticTokensProvider",
        "inlayHintProvider",
        "signatureHelpProvider",
        "documentFormattingProvider",
        "documentRangeFormattingProvider",
        "codeActionProvider",
        "codeLensProvider",
        "callHierarchyProvider",
        "documentLinkProvider",
        "diagnosticProvider",
        "documentHighlightProvider",
    ] {
        assert!(capabilities.contains_key(name), "{name}");
    }
}
