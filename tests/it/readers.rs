//! Small readers of Dockerfiles and nginx configurations that share nothing with our printers: they know the formats from
//! their references, and only as much as comparing needs. Must not know stackc.

use std::collections::BTreeMap;

/// A stage of a Dockerfile.
#[derive(Debug, Default)]
pub(crate) struct DockerStage {
    pub(crate) from: String,
    pub(crate) name: String,
    /// The instructions after `FROM`: keyword and the rest, continued lines joined.
    pub(crate) rest: Vec<(String, String)>,
}

impl DockerStage {
    /// The texts of an instruction.
    pub(crate) fn all<'a>(&'a self, keyword: &'a str) -> impl Iterator<Item = &'a str> {
        self.rest.iter().filter(move |(known, _)| known == keyword).map(|(_, text)| text.as_str())
    }

    /// `(from, sources, target)` of each `COPY`; the stage itself is what is left out.
    pub(crate) fn copies(&self) -> Vec<(Option<String>, Vec<String>, String)> {
        let copies = self.all("COPY").map(|text| {
            let mut from = None;
            let mut words = Vec::new();
            for word in text.split_whitespace() {
                match word.strip_prefix("--") {
                    Some(flag) => from = flag.strip_prefix("from=").map(str::to_owned).or(from),
                    None => words.push(word.to_owned()),
                }
            }
            let target = words.pop().unwrap_or_default();
            (from, words, target)
        });
        copies.collect()
    }

    /// The words of the last `CMD` or `ENTRYPOINT` in exec form.
    pub(crate) fn exec(&self, keyword: &str) -> Option<Vec<String>> {
        let text = self.all(keyword).last()?;
        Some(serde_json::from_str(text).unwrap_or_else(|problem| panic!("{keyword} {text}: {problem}")))
    }

    /// The names of `ARG` or `ENV`.
    pub(crate) fn names(&self, keyword: &str) -> Vec<String> {
        let pairs = self.all(keyword).flat_map(words);
        pairs
            .filter_map(|pair| pair.split('=').next().map(str::to_owned))
            .filter(|name| !name.is_empty())
            .collect()
    }
}

/// The words of a line; quotes hold blanks together.
fn words(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => found.push(String::new()),
            c => found.last_mut().unwrap().push(c),
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

/// The stages of a Dockerfile.
pub(crate) fn dockerfile(text: &str) -> Vec<DockerStage> {
    let mut stages: Vec<DockerStage> = Vec::new();
    let mut line = String::new();
    let mut here: Option<String> = None;
    for own in text.lines() {
        if let Some(end) = &here {
            if own == end {
                here = None;
            }
            continue;
        }
        if line.is_empty() && (own.trim_start().starts_with('#') || own.trim().is_empty()) {
            continue;
        }
        if own.trim_start().starts_with('#') {
            continue;
        }
        match own.strip_suffix('\\') {
            Some(start) => {
                line.push_str(start);
                continue;
            }
            None => line.push_str(own),
        }
        let whole = std::mem::take(&mut line);
        let (keyword, rest) = whole.trim().split_once(' ').unwrap_or((whole.trim(), ""));
        here = rest
            .split_whitespace()
            .find_map(|word| word.strip_prefix("<<"))
            .map(|end| end.trim_matches('"').to_owned());
        if keyword == "FROM" {
            let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
            let name = words.get(2).copied().unwrap_or_default().to_owned();
            stages.push(DockerStage { from: words[0].to_owned(), name, rest: Vec::new() });
        } else if let Some(stage) = stages.last_mut() {
            stage.rest.push((keyword.to_owned(), rest.trim().to_owned()));
        }
    }
    stages
}

/// A directive of an nginx configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directive {
    pub(crate) words: Vec<String>,
    pub(crate) inner: Vec<Directive>,
}

impl Directive {
    pub(crate) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The inner directives of a name.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Directive> {
        let name = name.to_owned();
        self.inner.iter().filter(move |inner| inner.name() == name)
    }

    /// The words after the name of the only inner directive of that name.
    pub(crate) fn one(&self, name: &str) -> Option<&[String]> {
        self.all(name).next().map(|found| &found.words[1..])
    }
}

/// A configuration as one directive without words.
pub(crate) fn nginx(text: &str) -> Directive {
    let mut open = vec![Directive::default()];
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\'' if word.is_none() => {
                let mut own = String::new();
                while let Some(next) = chars.next() {
                    match next {
                        '\\' => own.extend(chars.next()),
                        next if next == c => break,
                        next => own.push(next),
                    }
                }
                words.push(own);
            }
            '#' if word.is_none() => while chars.next_if(|c| *c != '\n').is_some() {},
            // `${name}` is a word's own.
            '{' if word.as_deref().is_some_and(|word| word.ends_with('$')) => {
                let own = word.as_mut().unwrap();
                own.push('{');
                for next in chars.by_ref() {
                    own.push(next);
                    if next == '}' {
                        break;
                    }
                }
            }
            ';' | '{' | '}' | ' ' | '\n' | '\t' => {
                words.extend(word.take());
                match c {
                    ';' => {
                        let words = std::mem::take(&mut words);
                        open.last_mut().unwrap().inner.push(Directive { words, inner: Vec::new() });
                    }
                    '{' => open.push(Directive { words: std::mem::take(&mut words), inner: Vec::new() }),
                    '}' => {
                        let closed = open.pop().unwrap();
                        open.last_mut().unwrap().inner.push(closed);
                    }
                    _ => {}
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(open.len(), 1, "a brace is not closed");
    assert!(words.is_empty(), "a directive is not ended: {words:?}");
    open.pop().unwrap()
}

/// The servers of upstreams by the name of the upstream, as `host:port`.
pub(crate) fn upstreams(http: &Directive) -> BTreeMap<String, Vec<String>> {
    let own = http.all("upstream").map(|upstream| {
        let servers = upstream.all("server").map(|server| server.words[1].clone()).collect();
        (upstream.words[1].clone(), servers)
    });
    own.collect()
}

#[test]
fn the_readers_read_what_they_should() {
    let stages = dockerfile(
        "# check=error=true\nFROM --platform=x a:1@sha256:0 AS one\nRUN a \\\n    && b\nENV A=1 \\\n    B=\"x y\"\n\
         FROM one\nCOPY --from=one --link /a ./b\nCMD [\"x\", \"y\"]\n",
    );
    assert_eq!((stages[0].from.as_str(), stages[0].name.as_str()), ("a:1@sha256:0", "one"));
    assert_eq!(stages[0].names("ENV"), ["A", "B"]);
    assert_eq!(stages[1].copies(), [(Some("one".to_owned()), vec!["/a".to_owned()], "./b".to_owned())]);
    assert_eq!(stages[1].exec("CMD").unwrap(), ["x", "y"]);
    let conf = nginx(
        "http {\n  # no { brace\n  log \"a;b\" $x;\n  return 301 https://h${request_uri};\n  upstream u { server a:1 resolve; }\n}\n",
    );
    let http = conf.all("http").next().unwrap();
    assert_eq!(http.one("log").unwrap(), ["a;b", "$x"]);
    assert_eq!(http.one("return").unwrap(), ["301", "https://h${request_uri}"]);
    assert_eq!(upstreams(http)["u"], ["a:1"]);
}
