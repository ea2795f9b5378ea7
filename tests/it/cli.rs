//! What the command says: help, formats, colours, exit codes, and the commands that only print.

use serde_json::Value;
use stackc::check::KINDS;

use crate::cli_scene::{Run, SHOP, Scene};

const WARNED: &str = "service web {\n  image = \"traefik/whoami:v1.11\"\n  port = 8080\n  health { command = [\"/whoami\", \"--version\"] }\n}\ningress site {\n  host = \"shop.example.com\"\n  tls { issuer = external }\n  rate_limit = 20/s\n  route \"/\" -> web\n}\nenvironment production { target kubernetes { class = \"cilium\", edge_namespace = \"kube-system\" } }\n";

/// An unknown name on line 5, column 1.
fn mistaken() -> Scene {
    Scene::with(&SHOP.replacen("service back", "servise back", 1))
}

#[test]
fn help_and_version_are_no_failures() {
    let scene = Scene::empty();
    for arguments in [&["--help"][..], &["-h"], &["help"], &["build", "-h"], &["check", "--help"]] {
        let run = scene.run(arguments);
        assert_eq!(run.says(), (0, ""), "{arguments:?}");
        assert!(run.out.contains("Examples:\n  stackc "), "{}", run.out);
    }
    let version = scene.run(&["--version"]);
    assert_eq!(
        (version.code, version.out.as_str()),
        (0, concat!("stackc ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}

#[test]
fn wrong_usage_is_2_and_says_what_is_right() {
    let scene = Scene::empty();
    for (arguments, text) in [
        (&["--what"][..], "unexpected argument '--what'"),
        (&["biuld"], "build"),
        (&[], "Usage: stackc"),
        (&["check", "--format", "xml"], "sarif"),
        (&["completions", "cmd"], "bash"),
    ] {
        let run = scene.run(arguments);
        run.has(2, &[text]);
        assert_eq!(run.out, "");
    }
}

#[test]
fn a_clean_check_says_so() {
    let scene = Scene::shop();
    assert_eq!(scene.run_untouched(&["check"]).says(), (0, "no problems (checked 1 file in [N] ms)\n"));
    assert_eq!(scene.run_untouched(&["check", "--quiet"]).says(), (0, ""));
}

#[test]
fn a_project_is_found_above_beside_and_by_its_file() {
    let scene = mistaken();
    scene.write("deep/down/file", "");
    for (folder, arguments) in [
        ("deep/down", &["check"][..]),
        ("deep", &["check", "../main.stack"]),
        ("deep", &["check", ".."]),
        ("", &["check", "main.stack"]),
        ("", &["check", "."]),
    ] {
        scene.run_in(folder, arguments).has(1, &["[main.stack:5:1]", "1 error"]);
    }
}

#[test]
fn warnings_do_not_change_the_exit_code() {
    let scene = Scene::with(WARNED);
    scene.run_untouched(&["check"]).has(0, &["T0001", "1 warning (checked 1 file in [N] ms)"]);
    scene.run(&["build"]).has(0, &["T0001", "created"]);
    scene.run_untouched(&["build", "--check"]).has(0, &["T0001", "0 missing"]);
}

/// The one diagnostic in each machine format.
fn place(format: &str, run: &Run) -> (String, u64) {
    if format == "sarif" {
        let result = &run.json()["runs"][0]["results"][0];
        let region = &result["locations"][0]["physicalLocation"]["region"];
        return (result["ruleId"].as_str().unwrap().into(), region["startLine"].as_u64().unwrap());
    }
    let problem = &run.json()["diagnostics"][0];
    let line = problem["range"]["start"]["line"].as_u64().unwrap();
    (problem["code"].as_str().unwrap().into(), line + 1)
}

#[test]
fn json_and_sarif_are_one_document_and_nothing_else() {
    let scene = mistaken();
    for format in ["json", "sarif"] {
        for command in ["check", "build"] {
            let run = scene.run_untouched(&[command, "--format", format]);
            let (code, line) = place(format, &run);
            assert!(code.starts_with('E'), "{code}");
            assert_eq!(line, 5);
            assert_eq!(run.says(), (1, "1 error (checked 1 file in [N] ms)\n"));
        }
    }
}

#[test]
fn short_and_github_are_one_line_each() {
    let scene = mistaken();
    let short = scene.run_untouched(&["check", "--format", "short"]);
    assert!(short.out.starts_with("main.stack:5:1: error[E"), "{}", short.out);
    assert_eq!(short.out.lines().count(), 1);
    let github = scene.run_untouched(&["check", "--format", "github"]);
    assert!(github.out.starts_with("::error file=main.stack,line=5,"), "{}", github.out);
    assert_eq!(github.out.lines().count(), 1);
}

#[test]
fn a_clean_project_has_an_empty_document() {
    let scene = Scene::shop();
    assert_eq!(scene.run(&["check", "--format", "json"]).json()["diagnostics"], Value::Array(vec![]));
    let sarif = scene.run(&["check", "--format", "sarif"]).json();
    assert_eq!(sarif["runs"][0]["results"], Value::Array(vec![]));
    for format in ["short", "github"] {
        assert_eq!(scene.run(&["check", "--format", format]).out, "");
    }
}

#[test]
fn warnings_and_refusals_share_one_document() {
    let scene = Scene::with(WARNED);
    scene.run(&["build"]).has(0, &[]);
    scene.edit("deploy/production/kubernetes/web.yaml");
    let run = scene.run_untouched(&["build", "--format", "json"]);
    let document = run.json();
    let codes: Vec<&str> =
        document["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 2, "{codes:?}");
    assert!(codes.contains(&"T0001") && codes.contains(&"E0806"), "{codes:?}");
    assert_eq!(run.says(), (1, "nothing was written\n"));
}

#[test]
fn printed_artifacts_are_not_mixed_with_diagnostics() {
    let scene = Scene::with(WARNED);
    let plain = scene.run(&["build", "--stdout"]);
    plain.has(0, &["T0001"]);
    for format in ["json", "short", "github", "sarif"] {
        let run = scene.run(&["build", "--stdout", "--format", format]);
        run.has(0, &["T0001"]);
        assert_eq!(run.out, plain.out);
    }
}

#[test]
fn the_environment_chooses_the_format_and_the_flag_wins() {
    let scene = mistaken();
    let run = scene.run_with("", &["check"], &[("STACKC_FORMAT", "json")]);
    assert!(run.json()["diagnostics"].is_array());
    let run = scene.run_with("", &["check", "--format", "short"], &[("STACKC_FORMAT", "json")]);
    assert!(run.out.starts_with("main.stack:"));
    scene.run_with("", &["check"], &[("STACKC_FORMAT", "xml")]).has(2, &["xml"]);
}

#[test]
fn colours_follow_the_flag_then_the_environment() {
    let scene = mistaken();
    let has_colours = |arguments: &[&str], variables: &[(&str, &str)]| {
        scene.run_with("", &[&["check"], arguments].concat(), variables).err.contains('\u{1b}')
    };
    assert!(!has_colours(&[], &[]), "standard error is no terminal here");
    assert!(has_colours(&["--color", "always"], &[]));
    assert!(has_colours(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(has_colours(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colours(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!has_colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    let json = scene.run(&["check", "--color", "always", "--format", "json"]);
    assert!(json.json()["diagnostics"].is_array(), "no colours in a document");
}

#[test]
fn the_width_is_what_columns_says() {
    let scene = Scene::with(&WARNED.replace("class = \"cilium\", ", ""));
    let widest = |columns: &str| {
        let run = scene.run_with("", &["check"], &[("COLUMNS", columns)]);
        assert_eq!(run.code, 1);
        let prose = run.err.lines().filter(|line| !line.contains('│') && !line.contains('·'));
        prose.map(|line| line.chars().count()).max().unwrap()
    };
    assert!(widest("50") <= 50);
    assert!(widest("1") <= 40, "the narrowest width is kept");
    let default = widest("100");
    assert!(default > 50 && default <= 100, "{default}");
    assert_eq!(widest("wide"), default);
    assert_eq!(widest("0"), default);
    assert!(widest("100000") >= default);
}

#[test]
fn many_problems_are_counted_after_the_first() {
    let lines: Vec<String> = (0..30).map(|n| format!("service s{n} {{ prot = 1 }}\n")).collect();
    let text = lines.concat();
    let scene = Scene::with(&(SHOP.to_owned() + &text));
    let run = scene.run(&["check"]);
    run.has(1, &["… and ", " more (--all)"]);
    assert!(scene.run(&["check", "--all"]).err.len() > run.err.len());
}

#[test]
fn codes_are_explained_by_id_and_name() {
    let scene = Scene::empty();
    let page = scene.run(&["explain", "E0401"]);
    assert_eq!(page.says(), (0, ""));
    assert!(page.out.starts_with("# E0401 missing-unit\n"), "{}", page.out);
    for wanted in ["e0401", "missing-unit"] {
        assert_eq!(scene.run(&["explain", wanted]).out, page.out);
    }
    let list = scene.run(&["explain"]);
    assert!(list.out.contains("E0401  missing-unit\n"));
    let unknown = scene.run(&["explain", "missing-unt"]);
    assert_eq!(unknown.says(), (2, "error: there is no code `missing-unt`; did you mean `missing-unit`?\n"));
    scene.run(&["explain", "E0411"]).has(2, &["there is no code `E0411`; did you mean `E04"]);
    scene.run(&["explain", "\u{1b}[31m"]).has(2, &["there is no code `\\u{1b}[31m`"]);
}

#[test]
fn the_schema_names_every_kind() {
    let schema = Scene::empty().run(&["schema"]).json();
    let kinds = schema["kinds"].as_object().unwrap();
    assert!(!KINDS.is_empty());
    for kind in KINDS {
        let described = &kinds[kind.keyword];
        assert_eq!(described["fields"].as_object().unwrap().len(), kind.fields.len(), "{}", kind.keyword);
    }
}

#[test]
fn completions_are_scripts_that_know_the_commands() {
    let scene = Scene::empty();
    for shell in ["bash", "zsh", "fish"] {
        let run = scene.run(&["completions", shell]);
        assert_eq!(run.says(), (0, ""));
        assert!(run.out.contains("stackc") && run.out.contains("explain"), "{shell}");
    }
    scene.shell("stackc completions bash > c.sh && bash -n c.sh").has(0, &[]);
}

#[test]
fn a_graph_is_drawn_in_two_languages() {
    let notes = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/notes");
    let scene = Scene::empty();
    let dot = scene.run(&["graph", notes, "-e", "production"]);
    assert_eq!(dot.says(), (0, ""));
    assert!(dot.out.starts_with("digraph \"production\" {\n"), "{}", dot.out);
    assert!(
        dot.out.contains("  \"notes\" -> \"db\" [label=\":5432\"") && dot.out.ends_with("}\n"),
        "{}",
        dot.out
    );
    let mermaid = scene.run(&["graph", notes, "--as", "mermaid"]);
    assert_eq!(
        mermaid.out,
        "flowchart LR\n  db[(\"db\")]\n  notes[\"notes\"]\n  notes -->|\":5432\"| db\n  world -.->|\":3000\"| notes\n"
    );
    scene.run(&["graph", notes, "-e", "prod"]).has(1, &["E0602"]);
    mistaken().run(&["graph"]).has(1, &["main.stack:5:1"]);
}
