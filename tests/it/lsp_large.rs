//! Systems that take longer to check than a key: what cannot be read is told at once, the rest when it has been checked
//! aside; after that, a change to a block is checked with its key.

use crate::lsp_scene::Editor;

fn codes(editor: &mut Editor) -> Vec<String> {
    editor.settle();
    let found = editor.published.get("main.stack").into_iter().flatten();
    found.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

/// Waits until a problem is told.
fn until(editor: &mut Editor, code: &str) {
    for _ in 0..2400 {
        if codes(editor).iter().any(|found| found == code) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{code} is never told");
}

#[test]
fn a_large_system_is_checked_aside_and_then_with_each_key() {
    let service =
        |at: usize| format!("service s{at} {{\n  image = \"ghcr.io/acme/one:1.0.{at}\"\n  port = 3000\n}}\n");
    let mut text: String = (0..5000).map(service).collect();
    text.push_str(
        "service last { image = \"a:1\", replica = 2 }\nenvironment production { target compose }\n",
    );
    assert!(text.len() > 256 << 10);
    let mut editor = Editor::new(true);
    editor.open("main.stack", &text);
    until(&mut editor, "E0202");
    // From here on, the answer to a key is whole.
    editor.edit("main.stack", "port = 3000\n", "port = \n");
    assert_eq!(codes(&mut editor), ["E0101", "E0202"]);
    editor.edit("main.stack", "port = \n", "port = 70000\n");
    assert_eq!(codes(&mut editor), ["E0404", "E0202"]);
    editor.edit("main.stack", "port = 70000\n", "port = 3000\n");
    assert_eq!(codes(&mut editor), ["E0202"]);
    // What is about all blocks is checked aside again.
    editor.edit("main.stack", "target compose", "target compose, relase = \"1\"");
    assert!(codes(&mut editor).iter().all(|code| code.starts_with("E01")), "only what cannot be read");
    until(&mut editor, "E0202");
    assert_eq!(codes(&mut editor), ["E0202", "E0202"]);
}
