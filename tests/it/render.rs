//! The forms of diagnostics: goldens in `snapshots/render/`, hostile sources, large files. Must not compile a
//! stack: diagnostics are made by hand.

use std::path::Path;
use std::time::{Duration, Instant};

use stackc::diagnostic::format::{Format, Style, render, summary};
use stackc::diagnostic::{Code, Diagnostic, Edit, codes};
use stackc::source::{SourceId, SourceMap, Span};

use crate::golden;

/// Sources and what is said about them; words are found by their text.
#[derive(Default)]
struct Scene {
    sources: SourceMap,
    found: Vec<Diagnostic>,
}

impl Scene {
    fn file(&mut self, path: &str, text: &str) -> SourceId {
        self.sources.add(path, text)
    }

    /// The place of `word`, counted from 0, in a file.
    fn nth(&self, file: SourceId, word: &str, number: usize) -> Span {
        let text = &self.sources.get(file).unwrap().text;
        let (start, _) = text.match_indices(word).nth(number).unwrap();
        Span::new(file, start as u32, (start + word.len()) as u32)
    }

    fn at(&self, file: SourceId, word: &str) -> Span {
        self.nth(file, word, 0)
    }

    fn text(&self, format: Format) -> String {
        render(format, &self.found, &self.sources, &Style::default())
    }

    /// Checks all forms against `snapshots/render/<name>.<form>.txt`.
    #[track_caller]
    fn check(&self, name: &str) {
        let forms = [
            (Format::Human, "human"),
            (Format::Short, "short"),
            (Format::Json, "json"),
            (Format::Sarif, "sarif"),
            (Format::Github, "github"),
        ];
        for (format, ending) in forms {
            check(&format!("{name}.{ending}"), &self.text(format));
        }
    }
}

#[track_caller]
fn check(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/render");
    golden::check(&folder.join(format!("{name}.txt")), text);
}

fn replace(span: Span, text: &str) -> Vec<Edit> {
    vec![Edit { span, text: text.to_owned() }]
}

/// Names, wiring and units, each with a repair.
fn mistakes(scene: &mut Scene) {
    let shop = scene.file(
        "shop.stack",
        "service api from ts_app {\n  env { DATABASE_URL = databse.url }\n  ports { http = 4000, ws = 4001 }\n  \
         replica = 3\n  memory = 512\n}\nservice database from relational { storage = 20GiB }\n\
         ingress web {\n  route \"/api\" -> api { port = 3000 }\n}\n",
    );
    let (name, port, ports) =
        (scene.at(shop, "databse"), scene.at(shop, "3000"), scene.at(shop, "http = 4000, ws = 4001"));
    let (setting, size) = (scene.at(shop, "replica"), scene.at(shop, "512"));
    scene.found = vec![
        Diagnostic::error(codes::UNKNOWN_NAME, "no service is called `databse`")
            .at(name, "not defined in this stack")
            .also(scene.nth(shop, "database", 0), "this one is close")
            .help("did you mean `database`?")
            .safe_fix("replace with `database`", replace(name, "database")),
        Diagnostic::error(
            codes::PORT_NOT_LISTENING,
            "the route sends traffic to port 3000, but `api` does not listen on it",
        )
        .at(port, "nothing listens here")
        .also(ports, "`api` listens on these ports")
        .help("name the port, so the number lives in one place")
        .maybe_fix("replace with `api.ports.http`", replace(port, "api.ports.http")),
        Diagnostic::error(codes::UNKNOWN_FIELD, "unknown setting `replica` in service `api`")
            .at(setting, "`service` has no such setting")
            .safe_fix("replace with `replicas`", replace(setting, "replicas")),
        Diagnostic::error(codes::MISSING_UNIT, "`memory` needs a unit")
            .at(size, "expected a size, found a bare number")
            .help("did you mean `512MiB`?  (sizes: B KiB MiB GiB TiB, or KB MB GB TB)")
            .safe_fix("replace with `512MiB`", replace(size, "512MiB")),
    ];
}

#[test]
fn mistakes_with_repairs() {
    let mut scene = Scene::default();
    mistakes(&mut scene);
    scene.check("mistakes");
}

#[test]
fn paths_of_values_over_lines_and_files() {
    let mut scene = Scene::default();
    let main = scene.file(
        "main.stack",
        "import \"tokens.stack\"\n\nservice api {\n  env { AI_URL = ai.url }\n}\nservice ai {\n  \
         env { CALLBACK = api.url }\n  build {\n    args { NPM_TOKEN = registry }\n  }\n}\n",
    );
    let tokens = scene.file("tokens.stack", "secret npm_token {}\nlet registry = secret.npm_token\n");
    scene.found = vec![
        Diagnostic::error(codes::SECRET_LEAK, "a secret would end up inside the image of `ai`")
            .at(scene.at(main, "registry"), "this secret value ...")
            .also(scene.at(main, "args"), "... would be stored in the image history")
            .also(scene.at(tokens, "secret.npm_token"), "the secret comes from here")
            .help("mount it for the build step only:  secrets { NPM_TOKEN = registry }\n(anyone who can pull the image can read build arguments)"),
        Diagnostic::error(codes::START_CYCLE, "these services wait for each other to start: api -> ai -> api")
            .at(scene.at(main, "ai.url"), "1. `api` waits for `ai`")
            .also(scene.at(main, "api.url"), "2. `ai` waits for `api`"),
        Diagnostic::warning(codes::NOT_EXPRESSIBLE, "a label over several lines is drawn on the first")
            .at(scene.at(main, "build {\n    args { NPM_TOKEN = registry }\n  }"), "the whole block"),
        Diagnostic::error(codes::NO_ENVIRONMENT, "a problem without a place"),
    ];
    scene.check("paths");
}

/// Everything that a terminal would obey, in every part of a diagnostic.
fn hostile() -> Scene {
    let mut scene = Scene::default();
    let file = scene.file(
        "::evil\u{1b}]0;x\u{7}\n::add-mask::\u{202e}.stack",
        "first\r\nname\u{1b}[2J = \"日本\u{202e}語\u{9b}31m\t\u{7f}é\" wide = 7\rlone\u{2028}\r\n##[group]last\u{200b}",
    );
    let (wide, last) = (scene.at(file, "wide"), scene.at(file, "last"));
    let words = "x\u{1b}[31m\r\n::set-env a=b,c:d\u{85}\u{2066}\u{e0041}%0A ##[stop-commands]";
    scene.found = vec![
        Diagnostic::error(codes::FORBIDDEN_CHARACTER, words)
            .at(wide, format!("here {words}"))
            .also(last, words)
            .help(words)
            .maybe_fix(words, replace(wide, words)),
    ];
    scene
}

#[test]
fn nothing_from_a_source_reaches_the_terminal() {
    let scene = hostile();
    for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        let text = scene.text(format);
        let obeyed = |c: &char| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{200b}' | '\u{2028}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0041}')
        };
        assert_eq!(text.chars().find(obeyed), None, "{format:?}\n{text}");
        let commands = text.lines().filter(|line| line.trim_start().starts_with("::")).count();
        assert_eq!(commands, usize::from(format == Format::Github), "{format:?}\n{text}");
        assert!(!text.contains("##["), "{format:?}\n{text}");
    }
    scene.check("hostile");
}

/// The column where something is drawn, as a terminal would place it.
fn column(line: &str, what: &str) -> usize {
    let before = line.split(what).next().unwrap();
    before
        .chars()
        .map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{3000}'..='\u{9fff}') { 2 } else { 1 })
        .sum()
}

#[test]
fn labels_stand_under_what_they_mean() {
    let mut scene = Scene::default();
    let text = "a\u{1b}\u{202e}日本\t = é target\r\n";
    let file = scene.file("main.stack", text);
    scene.found =
        vec![Diagnostic::error(codes::INVALID_VALUE, "wrong").at(scene.at(file, "target"), "this one")];
    let drawn = scene.text(Format::Human);
    let lines: Vec<&str> = drawn.lines().collect();
    let row = lines.iter().position(|line| line.contains("target")).unwrap();
    assert_eq!(column(lines[row], "target"), column(lines[row + 1], "───┬──"), "{drawn}");
    assert!(lines.iter().any(|line| line.contains("[main.stack:1:12]")), "{drawn}");
}

#[test]
fn a_written_secret_is_never_shown() {
    let mut scene = Scene::default();
    let file = scene.file(
        "main.stack",
        "service api {\n  credentials = \"correct horse battery\"\n  credentials = [\n    \"staple one\",\n    \"staple two\"\n  ]\n  oops\n}\n",
    );
    let (one, oops) = (scene.at(file, "\"correct horse battery\""), scene.at(file, "oops"));
    let many = scene.at(file, "[\n    \"staple one\",\n    \"staple two\"\n  ]");
    let secret = |span| {
        Diagnostic::error(codes::SECRET_LITERAL, "expected a secret, found a written value")
            .at(span, "expected `secret.name`")
    };
    scene.found = vec![
        secret(one),
        secret(many),
        Diagnostic::error(codes::UNEXPECTED_TOKEN, "expected a value")
            .at(oops, "here")
            .also(scene.at(file, "\"staple two\""), "after this"),
    ];
    for format in [Format::Human, Format::Short, Format::Json, Format::Sarif, Format::Github] {
        let text = scene.text(format);
        for word in ["horse", "staple"] {
            assert!(!text.contains(word), "{format:?} tells `{word}`\n{text}");
        }
    }
    check("secrets.human", &scene.text(Format::Human));
}

#[test]
fn order_repetition_and_limit() {
    let mut scene = Scene::default();
    let first = scene.file("a.stack", &"word\n".repeat(60));
    let second = scene.file("b.stack", "word\n");
    let problem = |code: &'static Code, span, text: &str| Diagnostic::error(code, text).at(span, "");
    for line in (0..51).rev() {
        let span = Span::new(first, line * 5, line * 5 + 4);
        scene.found.push(problem(codes::UNKNOWN_NAME, span, "unknown"));
    }
    let (start, other) = (Span::new(first, 0, 4), Span::new(second, 0, 4));
    scene.found.insert(0, problem(codes::UNKNOWN_NAME, other, "elsewhere"));
    scene.found.push(problem(codes::UNEXPECTED_TOKEN, start, "by code"));
    scene.found.push(problem(codes::UNKNOWN_NAME, start, "other words"));
    scene.found.push(problem(codes::UNKNOWN_NAME, start, "unknown"));
    scene.found.push(Diagnostic::warning(codes::BAD_MANIFEST, "no place"));
    let short = scene.text(Format::Short);
    let lines: Vec<&str> = short.lines().collect();
    assert_eq!(lines.len(), 55);
    assert_eq!(lines[0], "warning[E0805] no place");
    assert_eq!(lines[1], "a.stack:1:1: error[E0101] by code");
    assert_eq!(lines[2], "a.stack:1:1: error[E0201] unknown");
    assert_eq!(lines[3], "a.stack:1:1: error[E0201] other words");
    assert_eq!(lines[4], "a.stack:2:1: error[E0201] unknown");
    assert_eq!(lines[54], "b.stack:1:1: error[E0201] elsewhere");
    assert_eq!(summary(&scene.found), "54 errors, 1 warning");
    assert_eq!(summary(&[]), "");
    let human = scene.text(Format::Human);
    assert_eq!(human.matches("\n  × ").count() + human.matches("\n  ⚠ ").count(), 20);
    assert!(human.ends_with("\n… and 35 more (--all)\n"), "{human}");
    let all = render(Format::Human, &scene.found, &scene.sources, &Style { limit: None, ..Style::default() });
    assert!(!all.contains("more (--all)"));
}

#[test]
fn styles() {
    let mut scene = Scene::default();
    mistakes(&mut scene);
    scene.found.truncate(1);
    let drawn = |style| render(Format::Human, &scene.found, &scene.sources, &style);
    let plain = Style { unicode: false, ..Style::default() };
    assert!(drawn(plain).is_ascii(), "{}", drawn(plain));
    assert!(drawn(Style { color: true, ..plain }).contains("\u{1b}["));
    for width in [0, 1, 40] {
        assert!(drawn(Style { width, ..plain }).contains("databse"), "{width}");
    }
}

/// Spans that no parser makes still show what there is.
#[test]
fn spans_out_of_range_are_clamped() {
    let mut scene = Scene::default();
    let file = scene.file("main.stack", "é = 1\n");
    let empty = scene.file("empty.stack", "");
    let spans = [
        Span::new(file, 1, 2),
        Span::new(file, 6, 6),
        Span::new(file, 7, 7),
        Span::new(file, 5, 2),
        Span::new(file, 3, u32::MAX),
        Span::new(file, u32::MAX, u32::MAX),
        Span::new(empty, 0, 0),
    ];
    for span in spans {
        scene.found = vec![Diagnostic::error(codes::UNCLOSED_BLOCK, "wrong").at(span, "the label")];
        let drawn = scene.text(Format::Human);
        assert!(drawn.contains("the label") && !drawn.contains("Failed to read"), "{span:?}\n{drawn}");
    }
    scene.found =
        vec![Diagnostic::error(codes::UNCLOSED_BLOCK, "wrong").at(Span::new(SourceId(9), 0, 1), "")];
    assert_eq!(scene.text(Format::Short), "error[E0102] wrong\n");
    assert!(scene.text(Format::Human).contains("× wrong"));
}

#[test]
fn a_line_too_long_to_draw_is_named_only() {
    let mut scene = Scene::default();
    let text = format!("before = 1\n{} target\nafter = 2\n", "x".repeat(100_000));
    let file = scene.file("main.stack", &text);
    scene.found = vec![Diagnostic::error(codes::UNEXPECTED_TOKEN, "wrong").at(scene.at(file, "target"), "")];
    let drawn = scene.text(Format::Human);
    assert!(drawn.contains("main.stack:2:100002: wrong") && drawn.len() < 1000, "{drawn}");
}

#[test]
fn drawing_costs_by_what_is_shown() {
    let mut scene = Scene::default();
    let line = "service aaaaaaaaaaaaaaaaaa { image = \"a:1\" }\n";
    let file = scene.file("big.stack", &line.repeat(20_000));
    for number in 0..200 {
        let start = (line.len() * 100 * number) as u32;
        scene.found.push(
            Diagnostic::error(codes::UNKNOWN_NAME, "unknown").at(Span::new(file, start, start + 7), "here"),
        );
    }
    let style = Style { limit: None, ..Style::default() };
    let started = Instant::now();
    let drawn = render(Format::Human, &scene.found, &scene.sources, &style);
    let spent = started.elapsed();
    assert_eq!(drawn.matches("here").count(), 200);
    // Scanning the file for each label takes ten seconds; a busy machine must not fail the test.
    assert!(spent < Duration::from_secs(1), "{spent:?}");
}
