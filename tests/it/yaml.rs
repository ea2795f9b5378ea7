//! How typed documents look as YAML: nesting, presentation wrappers, comments. Does not judge single scalars.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use stackc::print::yaml::{Above, Commented, Error, Flow, SingleQuoted, Spaced, Stream, to_string};

fn body<T: Serialize>(document: &T) -> String {
    to_string("", document).map_or_else(|error| error.to_string(), |text| text.replacen("---\n", "", 1))
}

fn map<const N: usize, V>(entries: [(&'static str, V); N]) -> IndexMap<&'static str, V> {
    IndexMap::from(entries)
}

#[derive(Serialize)]
struct Step {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<Commented<String>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    with: IndexMap<&'static str, u16>,
}

fn step(name: &str) -> Step {
    Step { name: name.to_owned(), uses: None, with: IndexMap::new() }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Probe {
    HttpGet { path: &'static str, port: u16 },
    Exec(Vec<&'static str>),
    Pair(u8, u8),
    Never,
}

#[test]
fn header_then_document_start() {
    assert_eq!(to_string("one\n\ntwo", &1).unwrap(), "# one\n#\n# two\n---\n1\n");
}

#[test]
fn documents_follow_each_other() {
    let mut stream = Stream::new("head");
    stream.push(&map([("kind", "Service")])).unwrap();
    stream.push(&map([("kind", "Pod")])).unwrap();
    assert_eq!(stream.finish().text, "# head\n---\nkind: Service\n---\nkind: Pod\n");
}

#[test]
fn collections_nest_by_two_spaces() {
    let steps = vec![
        Step { with: map([("fetch-depth", 0)]), ..step("a") },
        Step { uses: Some(Commented::new("v4.2.2", "owner/action@0f".to_owned())), ..step("b") },
    ];
    let document = map([("jobs", map([("test", map([("steps", steps)]))]))]);
    assert_eq!(
        body(&document),
        "jobs:\n  test:\n    steps:\n      - name: a\n        with:\n          fetch-depth: 0\n      - name: b\n        uses: owner/action@0f  # v4.2.2\n"
    );
}

#[test]
fn sequences_of_sequences_are_compact() {
    assert_eq!(body(&vec![vec![1, 2], vec![], vec![3]]), "- - 1\n  - 2\n- []\n- - 3\n");
}

#[test]
fn empty_collections_are_brackets() {
    let none: Vec<u8> = vec![];
    assert_eq!(body(&map([("a", none.clone()), ("b", none)])), "a: []\nb: []\n");
    assert_eq!(body(&map([("a", BTreeMap::<String, u8>::new())])), "a: {}\n");
    assert_eq!(body(&BTreeMap::<String, u8>::new()), "{}\n");
}

#[test]
fn scalars_of_every_kind() {
    assert_eq!(
        body(&(true, -1, 2.5, 3.0, 1e21, Some('x'))),
        "- true\n- -1\n- 2.5\n- 3.0\n- 1000000000000000000000.0\n- x\n"
    );
    assert_eq!(body(&[f64::NAN, f64::INFINITY, f64::NEG_INFINITY]), "- .nan\n- .inf\n- -.inf\n");
    assert_eq!(body(&map([("a", None::<u8>)])), "a: null\n");
    assert_eq!(body(&map([("on", "no"), ("1", "1.20")])), "\"on\": \"no\"\n\"1\": \"1.20\"\n");
}

#[test]
fn enums_are_strings_or_one_key_mappings() {
    let probes = [
        Probe::HttpGet { path: "/up", port: 80 },
        Probe::Exec(vec!["true"]),
        Probe::Pair(1, 2),
        Probe::Never,
    ];
    assert_eq!(
        body(&probes),
        "- httpGet:\n    path: /up\n    port: 80\n- exec:\n    - \"true\"\n- pair:\n    - 1\n    - 2\n- never\n"
    );
    assert_eq!(
        body(&Flow(probes)),
        "[{httpGet: {path: \"/up\", port: 80}}, {exec: [\"true\"]}, {pair: [1, 2]}, \"never\"]\n"
    );
}

#[test]
fn text_of_several_lines_is_literal() {
    let script = "#!/bin/sh\nset -e\n\nexec \"$@\"\n";
    assert_eq!(body(&map([("run", script)])), "run: |\n  #!/bin/sh\n  set -e\n\n  exec \"$@\"\n");
    assert_eq!(body(&[map([("run", "a\nb")])]), "- run: |-\n    a\n    b\n");
    assert_eq!(body(&["a\nb"]), "- |-\n  a\n  b\n");
    assert_eq!(body(&map([("a", Spaced("a\n\n")), ("b", Spaced("c"))])), "a: \"a\\n\\n\"\n\nb: c\n");
    assert_eq!(body(&map([("a\nb", 1)])), "\"a\\nb\": 1\n");
}

#[test]
fn comments_stand_beside_and_above() {
    assert_eq!(body(&map([("a", Commented::new("why", "x\ny"))])), "a: |-  # why\n  x\n  y\n");
    assert_eq!(body(&map([("a", Commented::new("why", vec![1]))])), "a:  # why\n  - 1\n");
    assert_eq!(body(&map([("a", Commented::new("why", Vec::<u8>::new()))])), "a: []  # why\n");
    assert_eq!(body(&map([("k", [Commented::new("why", map([("a", 1)]))])])), "k:\n  # why\n  - a: 1\n");
    assert_eq!(
        body(&map([("k", map([("a", Above::new("why", 1)), ("b", Above::new("x\ny", 2))]))])),
        "k:\n  # why\n  a: 1\n  # x\n  # y\n  b: 2\n"
    );
    assert_eq!(body(&[map([("a", Above::new("first key", 1))])]), "# first key\n- a: 1\n");
    assert_eq!(body(&map([("a", Commented::new("x\ny", 1))])), "# x\n# y\na: 1\n");
}

#[test]
fn comments_cannot_leave_their_line() {
    let hostile = "a\r\nevil: 1\u{2028}\u{85}\u{202e}\0";
    assert_eq!(
        body(&map([("a", Above::new(hostile, 1))])),
        "# a\n#\n# evil: 1\u{fffd}\u{fffd}\u{fffd}\u{fffd}\na: 1\n"
    );
    assert_eq!(body(&map([("a", Commented::new("b\u{85}c: 1", 1))])), "a: 1  # b\u{fffd}c: 1\n");
}

#[test]
fn wrappers_nest() {
    let item = |name| Spaced(Above::new(format!("about {name}"), Commented::new("end", name)));
    assert_eq!(
        body(&map([("k", vec![item("a"), item("b")])])),
        "k:\n  # about a\n  - a  # end\n\n  # about b\n  - b  # end\n"
    );
    let entry = Above::new("above", Spaced(Flow(vec!["a"])));
    assert_eq!(body(&map([("a", entry.clone()), ("b", entry)])), "# above\na: [a]\n\n# above\nb: [a]\n");
    assert_eq!(
        body(&[Spaced(map([("a", Spaced(1)), ("b", Spaced(2))])), Spaced(map([("a", Spaced(1))]))]),
        "- a: 1\n\n  b: 2\n\n- a: 1\n"
    );
}

#[test]
fn flow_collections_are_one_line() {
    assert_eq!(body(&map([("needs", Flow(vec!["build", "test"]))])), "needs: [build, test]\n");
    assert_eq!(body(&map([("test", Flow(vec!["CMD", "pg", "-q"]))])), "test: [\"CMD\", \"pg\", \"-q\"]\n");
    assert_eq!(body(&[Flow(map([("a", vec![1, 2]), ("no", vec![])]))]), "- {a: [1, 2], \"no\": []}\n");
    assert_eq!(body(&map([("a", Commented::new("why", Flow([true])))])), "a: [true]  # why\n");
    assert_eq!(body(&Flow(vec!["a\nb"])), "[\"a\\nb\"]\n");
    assert_eq!(to_string("", &Flow(vec![Commented::new("c", 1)])), Err(Error::CommentInFlow));
    assert_eq!(to_string("", &Flow(vec![Spaced(1)])), Err(Error::CommentInFlow));
}

#[test]
fn single_quotes_where_asked() {
    let ports = vec![
        SingleQuoted("8080:80".to_owned()),
        SingleQuoted("it's".to_owned()),
        SingleQuoted("a\nb".to_owned()),
    ];
    assert_eq!(body(&map([("ports", ports)])), "ports:\n  - '8080:80'\n  - 'it''s'\n  - \"a\\nb\"\n");
}

#[test]
fn what_has_no_form_is_an_error() {
    let nested: BTreeMap<Vec<u8>, u8> = BTreeMap::from([(vec![1], 1)]);
    assert_eq!(to_string("", &nested), Err(Error::KeyNotScalar));
    let long: BTreeMap<String, u8> = BTreeMap::from([("k".repeat(1025), 1)]);
    assert_eq!(to_string("", &long), Err(Error::LongKey));
    let escaped: BTreeMap<String, u8> = BTreeMap::from([("\n".repeat(600), 1)]);
    assert_eq!(to_string("", &escaped), Err(Error::LongKey), "its escapes count");
    let widest: BTreeMap<String, u8> = BTreeMap::from([("é".repeat(1022), 1)]);
    assert!(to_string("", &widest).is_ok());
}
