//! Editors and the files beside the sources: what is wrong with them, and what changes with them.

use serde_json::json;

use crate::lsp_scene::Editor;

const MAIN: &str =
    "service api {\n  image = \"ghcr.io/acme/api:1.4.2\"\n}\nenvironment production { target compose }\n";

fn codes(editor: &mut Editor, path: &str) -> Vec<String> {
    editor.settle();
    let found = editor.published.get(path).cloned().unwrap_or_default();
    found.iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_broken_manifest_is_told_and_the_last_good_one_counts() {
    for mut editor in [Editor::new(true), Editor::asking()] {
        editor.write("system.stack", "use \"./api.stack\"\nenvironment production { target compose }\n");
        editor.change("stackc.toml", "name = \"shop\"\nentry = \"system.stack\"\noutput = \"built\"\n");
        editor.open("api.stack", "service api { image = \"ghcr.io/acme/api:1.4.2\" }\n");
        assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
        editor.change("stackc.toml", "name = \"shop\"\nentri = \"system.stack\"\n");
        assert_eq!(codes(&mut editor, "stackc.toml"), ["E0805"]);
        let preview = editor.ask("stackc/preview", json!({ "uri": Editor::uri("api.stack") })).unwrap();
        let paths: Vec<&str> =
            preview["artifacts"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
        assert!(paths.contains(&"built/production/compose.yaml"), "{paths:?}");
        editor.change("stackc.toml", "name = \"shop\"\nentry = \"system.stack\"\n");
        assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
        let preview = editor.ask("stackc/preview", json!({ "uri": Editor::uri("api.stack") })).unwrap();
        assert!(preview.to_string().contains("deploy/production/compose.yaml"), "{preview}");
    }
}

#[test]
fn a_manifest_that_is_open_counts_as_it_is_typed() {
    for mut editor in [Editor::new(true), Editor::asking()] {
        editor.open("main.stack", MAIN);
        editor.open("stackc.toml", "name = \"shop\"\n");
        assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
        editor.edit("stackc.toml", "name", "nam");
        assert_eq!(codes(&mut editor, "stackc.toml"), ["E0805"]);
        // It is no source: nobody completes, formats or colours it.
        for method in ["hover", "completion", "formatting", "semanticTokens/full", "inlayHint"] {
            let params = json!({
                "textDocument": { "uri": Editor::uri("stackc.toml") },
                "position": { "line": 0, "character": 1 },
            });
            assert!(editor.ask(&format!("textDocument/{method}"), params).unwrap().is_null(), "{method}");
        }
        editor.edit("stackc.toml", "nam", "name");
        assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
        editor.edit("stackc.toml", "name", "nam");
        // What was never saved is gone.
        editor.close("stackc.toml");
        assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
    }
}

#[test]
fn a_rule_that_is_switched_off_is_silent_at_once() {
    let mut editor = Editor::new(true);
    let needing = MAIN.replace("1.4.2\"\n", "1.4.2\"\n  env { DB = db.url }\n");
    editor.open(
        "main.stack",
        &format!("{needing}service db {{ image = \"ghcr.io/acme/db:1.0.0\", port = 80 }}\n"),
    );
    editor.wait();
    let rule = "L0201".to_owned();
    let before = codes(&mut editor, "main.stack");
    assert!(before.contains(&rule), "{before:?}");
    let name = stackc::diagnostic::codes::ALL.iter().find(|code| code.id == rule).unwrap().name;
    editor.change("stackc.toml", &format!("name = \"shop\"\n[rules]\n{name} = \"off\"\n"));
    editor.wait();
    assert!(!codes(&mut editor, "main.stack").contains(&rule), "{before:?}");
    assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
}

#[test]
fn a_wrong_digest_is_told_until_the_file_is_gone() {
    let mut editor = Editor::new(true);
    editor.open("main.stack", MAIN);
    editor.change("stackc.lock", "version = 1\n[images]\n\"web:1\" = \"sha256:1\"\n");
    assert_eq!(codes(&mut editor, "stackc.lock"), ["E0805"]);
    editor.close("main.stack");
    editor.disk.remove("stackc.lock");
    let changes = json!([{ "uri": Editor::uri("stackc.lock"), "type": 3 }]);
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    assert_eq!(codes(&mut editor, "stackc.lock"), [""; 0]);
}

#[test]
fn an_editor_that_can_watch_is_asked_to() {
    let can = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut editor = Editor::with(true, can);
    editor.settle();
    let (method, params) = editor.asked.first().unwrap();
    assert_eq!(method, "client/registerCapability");
    assert_eq!(params["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    let watchers = params["registrations"][0]["registerOptions"]["watchers"].to_string();
    for name in ["stackc.toml", "stackc.lock", "stackc.baseline", "*.stack"] {
        assert!(watchers.contains(&format!("**/{name}")), "{watchers}");
    }
    let mut other = Editor::new(true);
    other.settle();
    assert!(other.asked.is_empty());
}

#[test]
fn an_editor_that_watches_nothing_is_told_at_the_next_pause() {
    let mut editor = Editor::new(true);
    editor.open("main.stack", MAIN);
    editor.wait();
    editor.write("stackc.toml", "nam = \"shop\"\n");
    editor.edit("main.stack", "1.4.2", "1.4.3");
    editor.wait();
    assert_eq!(codes(&mut editor, "stackc.toml"), ["E0805"]);
    editor.write("stackc.toml", "name = \"shop\"\n");
    editor.edit("main.stack", "1.4.3", "1.4.4");
    editor.wait();
    assert_eq!(codes(&mut editor, "stackc.toml"), [""; 0]);
}
