//! `stackc why`: the answer for a line is the place whose change changes the line, and layers come in their order.

use std::collections::BTreeMap;

use stackc::emit::Artifact;
use stackc::load::load;
use stackc::source::MemoryFiles;
use stackc::why::{environment_of, reasons};

use crate::cli_scene::Scene;
use crate::examples::compiled;

const SYSTEM: &str = r#"param level: String = "info"

## The API.
service api {
  image     = "ghcr.io/acme/api:1.2.3"
  port      = 8080
  command   = ["serve", "--quiet"]
  memory    = 384MiB
  cpu       = 0.7
  replicas  = 2
  processes = 77
  env {
    LEVEL = level
    NAME  = "one"
  }
  health { http = "/up", every = 11s, timeout = 4s, retries = 5 }
  stop { grace = 33s }
}
environment staging {
  level = "debug"
  target compose
}
environment production {
  target kubernetes
  service api { memory = 900MiB }
}
"#;

/// Where each line of each artifact leads, as the text that stands there.
fn led(text: &str) -> Vec<(Artifact, Vec<(usize, String)>)> {
    let files = MemoryFiles::new([("main.stack", text)]);
    let compilation = compiled("shop", &files);
    assert!(!compilation.artifacts.is_empty(), "{:?}", compilation.diagnostics);
    let program = load("main.stack", &files).program;
    let answer = |artifact: Artifact| {
        let environment = environment_of(&artifact, "deploy", ["staging", "production"].into_iter());
        let found = reasons(&program, &files, environment, &artifact).into_iter();
        let place = |place: stackc::source::Span| {
            let source = program.sources.get(place.source).unwrap();
            (place.start as usize, source.slice(place).to_owned())
        };
        let places = found.map(|reason| place(reason.place)).collect();
        (artifact, places)
    };
    compilation.artifacts.into_iter().map(answer).collect()
}

#[test]
fn a_line_leads_to_what_changes_it() {
    let text = SYSTEM;
    let before = led(text);
    let changes = [
        ("384MiB", "385MiB"),
        ("900MiB", "901MiB"),
        ("0.7", "0.8"),
        ("replicas  = 2", "replicas  = 3"),
        ("77", "78"),
        ("\"one\"", "\"two\""),
        ("11s", "12s"),
        ("4s", "5s"),
        ("retries = 5", "retries = 6"),
        ("33s", "34s"),
        ("\"--quiet\"", "\"--brief\""),
        ("1.2.3", "1.2.4"),
    ];
    let mut wrong = Vec::new();
    for (old, new) in changes {
        let start = text.find(old).unwrap();
        let after = led(&text.replacen(old, new, 1));
        let mut seen = 0;
        for ((artifact, places), (changed, _)) in before.iter().zip(&after) {
            let pairs = artifact.text.lines().zip(changed.text.lines()).zip(places);
            for ((_, now), (at, found)) in pairs.filter(|((was, now), _)| was != now) {
                // Quotas are sums over services, scripts have no map of their lines.
                if artifact.fields.is_none() || now.contains("checksum") {
                    continue;
                }
                seen += 1;
                let is_inside = *at <= start + old.len() && start <= at + found.len();
                if !is_inside {
                    wrong.push(format!("{old}: `{now}` of {} leads to `{found}`", artifact.path));
                }
            }
        }
        assert!(seen > 0, "{old} changes no line");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_line_leads_somewhere() {
    for (name, folder) in crate::examples::examples() {
        let files = crate::examples::files(&folder);
        let compilation = compiled(&name, &files);
        for artifact in &compilation.artifacts {
            let traced = artifact.traced();
            assert_eq!(traced.len(), artifact.text.lines().count(), "{}", artifact.path);
            for line in traced {
                let source = compilation.sources.get(line.place.source);
                let text = source.map(|source| source.slice(line.place)).unwrap_or_default();
                assert!(!text.is_empty(), "{name}: {} has a line from nowhere", artifact.path);
            }
        }
    }
}

/// How exact it is: of the lines of YAML in examples, so many lead to a setting with its layers or to a declaration. The
/// others are what every file of the kind has: they lead to what the whole file is made from.
#[test]
fn lines_lead_to_a_setting_or_a_declaration() {
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for (name, folder) in crate::examples::examples() {
        if !["hello", "notes", "clock"].contains(&&*name) {
            continue;
        }
        let files = crate::examples::files(&folder);
        let program = load("main.stack", &files).program;
        for artifact in &compiled(&name, &files).artifacts {
            let environment = environment_of(artifact, "deploy", ["development", "production"].into_iter());
            let end = artifact.path.rsplit(['.', '/']).next().unwrap().to_owned();
            let [settings, declarations, lines] = counts.entry(end).or_default();
            for reason in reasons(&program, &files, environment, artifact) {
                *lines += 1;
                *settings += usize::from(reason.value.is_some());
                *declarations += usize::from(reason.value.is_none() && reason.place != artifact.origin);
            }
        }
    }
    let [settings, declarations, lines] = counts["yaml"];
    assert!(lines > 300 && (settings + declarations) * 100 >= lines * 40, "{counts:?}");
}

#[test]
fn a_value_has_its_layers_in_order() {
    let scene = Scene::with(SYSTEM);
    let run = scene.run(&["why", "--value", "api.memory"]);
    let expected = "api.memory in staging: 384MiB\n  declaration  main.stack:8:15  384MiB\n\
                    api.memory in production: 900MiB\n  environment production  main.stack:25:26  900MiB\n  \
                    declaration             main.stack:8:15   384MiB\n";
    assert_eq!((run.code, &*run.out), (0, expected), "{run:?}");
    let run = scene.run(&["why", "--value", "level", "-e", "staging"]);
    let expected = "level in staging: \"debug\"\n  environment staging  main.stack:20:11  \"debug\"\n  \
                    declaration          main.stack:1:23   \"info\"\n";
    assert_eq!(run.out, expected);
    let run = scene.run(&["why", "--value", "api.restart", "-e", "staging"]);
    assert_eq!(run.out, "api.restart in staging: always\n  the default: nobody wrote it\n");
}

#[test]
fn answers_are_data_too() {
    let scene = Scene::with(SYSTEM);
    scene.run(&["build"]);
    let compose = scene.read("deploy/staging/compose.yaml");
    let line = compose.lines().position(|line| line.trim() == "LEVEL: debug").unwrap() + 1;
    // From another folder, as a shell completes it, and as the build says it.
    for path in ["../deploy/staging/compose.yaml", "deploy/staging/compose.yaml"] {
        let run = scene.run_in("deploy", &["why", &format!("{path}:{line}")]);
        assert!(run.code == 0 && run.out.contains("LEVEL: debug"), "{run:?}");
    }
    let run = scene.run(&["why", &format!("deploy/staging/compose.yaml:{line}"), "--format", "json"]);
    let answer = run.json();
    assert_eq!(answer["artifact"]["text"], "LEVEL: debug");
    assert_eq!(answer["subject"], "api.env.LEVEL");
    assert_eq!(answer["place"]["line"], 13);
    assert_eq!(answer["values"][0]["layers"][0]["layer"], "declaration");
}

#[test]
fn wrong_questions_are_said() {
    let scene = Scene::with(&format!("let size = 1GiB\n{SYSTEM}"));
    let wrong = [
        ("size", "`size` is set by `let`, once and for all environments"),
        ("apu.memory", "nothing is called `apu`; `api` is"),
        ("api.memry", "`service` has no setting `memry`; it has `memory`"),
        ("api.health", "`api.health` is a block; ask for one of its settings"),
        ("api", "`api` is a block"),
        ("api..x", "names no value"),
    ];
    for (asked, text) in wrong {
        scene.run(&["why", "--value", asked]).has(2, &[text]);
    }
    scene.run(&["why", "deploy/staging/compose.yml:3"]).has(2, &["`deploy/staging/compose.yaml` is"]);
    scene.run(&["why", "deploy/staging/compose.yaml:9999"]).has(2, &["so there is no line 9999"]);
    scene.run(&["why", "deploy/staging/compose.yaml"]).has(2, &["expected a path and a line"]);
}
