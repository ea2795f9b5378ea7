//! What the command says: help, formats, colours, exit codes, and the commands that only print.

use std::collections::BTreeSet;

use serde_json::Value;
use stackc::check::KINDS;
use stackc::schema::{KindSchema, Ty};

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
    for (folder, arguments, path) in [
        ("deep/down", &["check"][..], "../../main.stack"),
        ("deep", &["check", "../main.stack"], "../main.stack"),
        ("deep", &["check", ".."], "../main.stack"),
        ("", &["check", "main.stack"], "main.stack"),
        ("", &["check", "."], "main.stack"),
    ] {
        scene.run_in(folder, arguments).has(1, &[&format!("[{path}:5:1]"), "1 error"]);
    }
}

/// The shop with a mistake, in a folder of a repository.
fn below() -> Scene {
    let scene = Scene::empty();
    scene.write("examples/my shop/stackc.toml", "name = \"shop\"\n");
    scene.write("examples/my shop/main.stack", SHOP.replacen("service back", "servise back", 1));
    scene
}

/// The file of the first problem, as each form for machines names it.
fn file(format: &str, run: &Run) -> String {
    match format {
        "sarif" => {
            let result = &run.json()["runs"][0]["results"][0];
            let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            location["uri"].as_str().unwrap().to_owned()
        }
        "json" => run.json()["diagnostics"][0]["file"].as_str().unwrap().to_owned(),
        "github" => run.out.split("file=").nth(1).unwrap().split(',').next().unwrap().to_owned(),
        _ => run.out.split(':').next().unwrap().to_owned(),
    }
}

#[test]
fn paths_are_from_the_working_folder() {
    let scene = below();
    for (format, path) in [
        ("sarif", "examples/my%20shop/main.stack"),
        ("json", "examples/my shop/main.stack"),
        ("github", "examples/my shop/main.stack"),
        ("short", "examples/my shop/main.stack"),
    ] {
        let from_above = scene.run(&["check", "examples/my shop", "--format", format]);
        assert_eq!(file(format, &from_above), path);
        let inside = scene.run_in("examples/my shop", &["check", "--format", format]);
        assert_eq!(file(format, &inside), "main.stack");
    }
    scene.write("examples/my shop/stackc.toml", "nam = \"shop\"\n");
    let manifest = scene.run(&["check", "examples/my shop", "--format", "github"]);
    assert_eq!(file("github", &manifest), "examples/my shop/stackc.toml");
}

#[test]
fn paths_are_from_the_checkout_in_a_workflow() {
    let scene = below();
    let (here, other) = (scene.path(""), scene.path("examples"));
    let checked = |checkout: &std::path::Path, format: &str| {
        let variables = [("GITHUB_WORKSPACE", checkout.to_str().unwrap())];
        let run = scene.run_with("examples/my shop", &["check", "--format", format], &variables);
        file(format, &run)
    };
    for format in ["sarif", "github", "short"] {
        assert_eq!(checked(&here, format).replace("%20", " "), "examples/my shop/main.stack");
    }
    assert_eq!(checked(&other, "github"), "my shop/main.stack");
    // A project that is not in the checkout is nobody's to annotate.
    assert_eq!(checked(Scene::empty().path("").as_path(), "github"), "main.stack");
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
    assert_eq!(schema["version"], 2);
    let kinds = schema["kinds"].as_object().unwrap();
    let mut known = 0;
    for kind in KINDS {
        known += described(kind.keyword, kind, kinds);
    }
    assert_eq!(kinds.len(), known);
    for path in ["pipeline.job.setup", "pipeline.job.via", "service.job", "environment.target.compose"] {
        assert!(kinds.contains_key(path), "{path}");
    }
    assert_eq!(kinds["service"]["fields"]["memory"]["limit"], "more than 0");
}

/// How many kinds stand at a path and below it; each has all its fields.
fn described(path: &str, kind: &KindSchema, kinds: &serde_json::Map<String, serde_json::Value>) -> usize {
    let fields = kinds[path]["fields"].as_object().unwrap();
    let names: Vec<&str> = kind.fields.iter().map(|field| field.name).collect();
    assert_eq!(fields.keys().collect::<BTreeSet<_>>().len(), names.len(), "{path}");
    let below = kind.fields.iter().map(|field| match field.ty {
        Ty::Block(inner) | Ty::Blocks(inner) => described(&format!("{path}.{}", field.name), inner, kinds),
        Ty::Variants(inner) => {
            let each = inner.iter();
            each.map(|kind| described(&format!("{path}.{}.{}", field.name, kind.keyword), kind, kinds)).sum()
        }
        _ => 0,
    });
    1 + below.sum::<usize>()
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
        dot.out.contains("  notes -> db [label=\"5432\", style=solid];\n") && dot.out.ends_with("}\n"),
        "{}",
        dot.out
    );
    let mermaid = scene.run(&["graph", notes, "--as", "mermaid", "-e", "production"]);
    let head = "flowchart LR\n  people_site([\"https://notes.example.com\"])\n";
    assert!(mermaid.out.starts_with(head), "{}", mermaid.out);
    assert!(mermaid.out.contains("  people_site -->|\"/\"| notes\n"), "{}", mermaid.out);
    scene.run(&["graph", notes, "-e", "prod"]).has(1, &["E0602"]);
    mistaken().run(&["graph"]).has(1, &["main.stack:5:1"]);
}

/// Where the page of an example shows its picture: the arguments of `stackc graph`, then the fence.
const PICTURE: &str = "<!-- stackc graph";

#[test]
#[allow(clippy::disallowed_methods, reason = "reads the pages of the examples")]
fn pages_of_examples_show_their_picture() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut shown = 0;
    for example in std::fs::read_dir(examples).unwrap() {
        let folder = example.unwrap().path();
        let page = folder.join("README.md");
        let text = std::fs::read_to_string(&page).unwrap();
        let Some((_, rest)) = text.split_once(PICTURE) else { continue };
        let (arguments, rest) = rest.split_once(" -->\n\n```mermaid\n").unwrap();
        let picture = rest.split("```").next().unwrap();
        let mut all = vec!["graph", folder.to_str().unwrap()];
        all.extend(arguments.split_whitespace());
        let drawn = Scene::empty().run(&all).out;
        if std::env::var_os("STACKC_BLESS").is_some() {
            std::fs::write(&page, text.replacen(picture, &drawn, 1)).unwrap();
        } else {
            assert_eq!(picture, drawn, "{}; STACKC_BLESS=1 rewrites it", page.display());
        }
        shown += 1;
    }
    assert!(shown >= 4, "{shown} pages");
}
