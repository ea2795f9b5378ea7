//! Systems that take longer to check than a key: what cannot be read is told at once, the rest when nobody types.

use crate::lsp_scene::Editor;

fn codes(editor: &mut Editor) -> Vec<String> {
    editor.settle();
    let found = editor.published.get("main.stack").into_iter().flatten();
    found.map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn meaning_follows_when_nobody_types() {
    let service =
        |at: usize| format!("service s{at} {{\n  image = \"ghcr.io/acme/one:1.0.{at}\"\n  port = 3000\n}}\n");
    let mut text: String = (0..5000).map(service).collect();
    text.push_str(
        "service last { image = \"a:1\", replica = 2 }\nenvironment production { target compose }\n",
    );
    assert!(text.len() > 96 << 10);
    let mut editor = Editor::new(true);
    editor.open("main.stack", &text);
    assert_eq!(codes(&mut editor), [""; 0]);
    while codes(&mut editor).is_empty() {
        editor.wait();
    }
    assert!(codes(&mut editor).contains(&"E0202".to_owned()));
    editor.edit("main.stack", "port = 3000\n", "port = \n");
    let found = codes(&mut editor);
    assert!(!found.is_empty() && found.iter().all(|code| code.starts_with("E01")), "{found:?}");
}
