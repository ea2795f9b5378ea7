//! What other servers got wrong and a session cannot say in one line: paths with spaces, names used from two files, and
//! problems that would mark the rest of a file.

use serde_json::{Value, json};

use crate::lsp_scene::Editor;

const SHARED: &str = "secret key {}\n";

fn at(path: &str, line: u32, character: u32) -> Value {
    json!({
        "textDocument": { "uri": Editor::uri(path) },
        "position": { "line": line, "character": character },
        "context": { "includeDeclaration": true },
    })
}

#[test]
fn a_path_may_have_spaces() {
    let mut editor = Editor::new(true);
    editor.open("my shop/über main.stack", "service api { image = \"a:1\", port = 3000 }\n");
    let hover = editor.ask("textDocument/hover", at("my shop/über main.stack", 0, 30)).unwrap();
    assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("port")), "{hover}");
}

#[test]
fn references_are_found_in_all_files_that_import_and_are_those_of_now() {
    let mut editor = Editor::new(true);
    let reader = |name: &str| {
        format!("use \"./shared.stack\"\nservice {name} {{ image = \"a:1\", env {{ KEY = secret.key }} }}\n")
    };
    editor.write("shared.stack", SHARED);
    editor.write("second.stack", &reader("second"));
    let main =
        format!("use \"./second.stack\"\n{}environment production {{ target compose }}\n", reader("main"));
    editor.open("main.stack", &main);
    editor.open("shared.stack", SHARED);
    let mut found = || {
        let answer = editor.ask("textDocument/references", at("shared.stack", 0, 8)).unwrap();
        let mut files: Vec<String> = answer
            .as_array()
            .unwrap()
            .iter()
            .map(|place| Editor::path(place["uri"].as_str().unwrap()))
            .collect();
        files.sort();
        files
    };
    assert_eq!(found(), ["main.stack", "second.stack", "shared.stack"]);
    editor.edit("main.stack", "KEY = secret.key", "KEY = \"x\"");
    let answer = editor.ask("textDocument/references", at("shared.stack", 0, 8)).unwrap();
    assert_eq!(answer.as_array().unwrap().len(), 2, "{answer}");
}

/// Editors stop drawing where a problem covers the rest of a file.
#[test]
fn no_problem_of_syntax_marks_more_than_a_line() {
    for text in
        ["service api {\n  port = 1\n\n\n", "let x = [\n1,\n2\n\nservice a {}\n", "let t = \"\"\"\n a\n b\n"]
    {
        let mut editor = Editor::new(true);
        editor.open("main.stack", text);
        editor.settle();
        for problem in &editor.published["main.stack"] {
            let line = |end: &str| problem["range"][end]["line"].as_u64().unwrap();
            assert!(line("end") - line("start") <= 1, "{text:?}: {problem}");
        }
    }
}
