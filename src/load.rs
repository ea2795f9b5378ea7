//! All files of a program: the entry and, by worklist, what it imports, from the project and from the standard
//! library. The only caller of `Files` besides the built-in function `file`; must not check meaning.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::suggest::{candidates_text, closest};
use crate::diagnostic::{Diagnostic, Edit, codes, has_errors};
use crate::source::{Files, MAX_SOURCE_BYTES, ReadError, Source, SourceMap, Span};
use crate::syntax::ast::{File, StatementKind, Use, UseFrom};
use crate::{stdlib, syntax};

/// Prefix of the paths of the embedded library.
pub const STD_PREFIX: &str = "std/";

/// A loaded file.
#[derive(Debug, Clone)]
pub struct Module {
    /// Its path: relative to the project root, or `std/….stack`.
    pub path: String,
    /// Its tree.
    pub file: Arc<File>,
    /// Its imports, in order.
    pub imports: Vec<Import>,
    /// Those whose module could not be had, which is reported.
    pub lost: Vec<Use>,
}

impl Module {
    /// Whether it belongs to the embedded library, whose declarations are templates only.
    pub fn is_std(&self) -> bool {
        self.path.starts_with(STD_PREFIX)
    }
}

/// A `use` statement and the module that it names.
#[derive(Debug, Clone)]
pub struct Import {
    /// The statement.
    pub clause: Use,
    /// Index of the module.
    pub module: usize,
}

impl Import {
    /// The place that names the module.
    pub fn span(&self) -> Span {
        match &self.clause.from {
            UseFrom::Module(path) => path.span(),
            UseFrom::File(span) => *span,
        }
    }
}

/// The modules of the standard library that have a template of this kind and name.
pub fn library_of<'a>(kind: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let head = format!("template {kind} {name} ");
    stdlib::modules().into_iter().filter(move |module| {
        let text = stdlib::module(&format!("{}.stack", module.replace('.', "/"))).unwrap_or_default();
        text.lines().any(|line| line.starts_with(&head))
    })
}

/// All files of a program; the entry is the first module. A copy shares texts and trees.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The texts.
    pub sources: SourceMap,
    /// The files, in load order.
    pub modules: Vec<Module>,
    /// Whether all of it could be read, without an error.
    pub is_whole: bool,
}

/// A program and what went wrong while loading and parsing it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What could be loaded.
    pub program: Program,
    /// Problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// Trees by path, so that a file is parsed again only after it changed.
#[derive(Debug, Default)]
pub struct ParseCache {
    parsed: IndexMap<String, Parsed>,
}

/// A source and what the parser made of it.
#[derive(Debug, Clone)]
struct Parsed {
    source: Source,
    file: Arc<File>,
    diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// Whether it is what the parser makes of a text, after what changed in it was parsed again.
    fn becomes(&mut self, text: &str) -> bool {
        if *self.source.text == *text {
            return true;
        }
        let source = Source::new(self.source.id, &self.source.path, text);
        let Some(file) = Arc::get_mut(&mut self.file) else { return false };
        let is_same = syntax::parse_again(&self.source, &source, file, &mut self.diagnostics);
        if is_same {
            self.source = source;
        }
        is_same
    }
}

/// Loads `entry` and everything that it imports.
pub fn load(entry: &str, files: &dyn Files) -> Loaded {
    load_again(entry, files, &mut ParseCache::default())
}

/// The same, with the trees of the last time.
pub fn load_again(entry: &str, files: &dyn Files, cache: &mut ParseCache) -> Loaded {
    let mut loader = Loader { files, loaded: Loaded::default(), known: IndexMap::new(), cache };
    loader.open(entry, None);
    let mut next = 0;
    while next < loader.loaded.program.modules.len() {
        loader.imports_of(next);
        next += 1;
    }
    report_cycles(&mut loader.loaded);
    loader.loaded.program.is_whole = !has_errors(&loader.loaded.diagnostics);
    loader.loaded
}

struct Loader<'a> {
    files: &'a dyn Files,
    loaded: Loaded,
    known: IndexMap<String, Option<usize>>,
    cache: &'a mut ParseCache,
}

impl Loader<'_> {
    /// The module of a path, read and parsed at its first use; `None` when it cannot be had.
    fn open(&mut self, path: &str, from: Option<Span>) -> Option<usize> {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let module = self.read(path, from).map(|text| self.parse(path, &text));
        self.known.insert(path.to_owned(), module);
        module
    }

    fn parse(&mut self, path: &str, text: &str) -> usize {
        let program = &mut self.loaded.program;
        let cached = self.cache.parsed.get_mut(path);
        let cached = cached.and_then(|known| known.becomes(text).then_some(&*known));
        let file = match cached {
            Some(known) if program.sources.reuse(known.source.clone()) => {
                self.loaded.diagnostics.extend(known.diagnostics.iter().cloned());
                known.file.clone()
            }
            _ => {
                let id = program.sources.add(path, text);
                program.sources.get(id).cloned().map(|source| self.parse_again(source)).unwrap_or_default()
            }
        };
        let program = &mut self.loaded.program;
        program.modules.push(Module { path: path.to_owned(), file, imports: Vec::new(), lost: Vec::new() });
        program.modules.len() - 1
    }

    fn parse_again(&mut self, source: Source) -> Arc<File> {
        let syntax::Parse { file, diagnostics, .. } = syntax::parse(&source);
        let file = Arc::new(file);
        self.loaded.diagnostics.extend(diagnostics.iter().cloned());
        let path = source.path.to_string();
        self.cache.parsed.insert(path, Parsed { source, file: file.clone(), diagnostics });
        file
    }

    fn read(&mut self, path: &str, from: Option<Span>) -> Option<String> {
        let bytes = match path.strip_prefix(STD_PREFIX) {
            Some(_) => stdlib::module(path).map(|text| text.as_bytes().to_vec()).ok_or(ReadError::NotFound),
            None => self.files.read(path),
        };
        let problem = match bytes {
            Ok(bytes) if bytes.len() > MAX_SOURCE_BYTES => too_large(path, bytes.len()),
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => return Some(text),
                Err(error) => not_text(path, error.utf8_error().valid_up_to()),
            },
            Err(error) => unreadable(path, &error, from.is_some()),
        };
        self.loaded.diagnostics.push(match from {
            Some(span) => problem.at(span, "imported here"),
            None => problem,
        });
        None
    }

    fn imports_of(&mut self, module: usize) {
        let Some(current) = self.loaded.program.modules.get(module) else {
            return;
        };
        let clauses: Vec<Use> = current
            .file
            .statements
            .iter()
            .filter_map(|statement| match &statement.kind {
                StatementKind::Use(clause) => Some(clause.clone()),
                _ => None,
            })
            .collect();
        let folder = current.path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        for clause in clauses {
            let target = self.target(&clause, &folder);
            let target = target.and_then(|(path, span)| self.open(&path, Some(span)));
            let Some(current) = self.loaded.program.modules.get_mut(module) else { continue };
            match target {
                Some(module) => current.imports.push(Import { clause, module }),
                None => current.lost.push(clause),
            }
        }
    }

    /// The path that a clause names, and the span that names it.
    fn target(&mut self, clause: &Use, folder: &str) -> Option<(String, Span)> {
        let text =
            |span: Span| self.loaded.program.sources.get(span.source).map_or("", |source| source.slice(span));
        match &clause.from {
            UseFrom::Module(path) if path.incomplete.is_some() => None,
            UseFrom::Module(path) => {
                let segments: Vec<&str> = path.segments().map(|name| text(name.span)).collect();
                let file = format!("{}.stack", segments.join("/"));
                if segments.first() == Some(&"std") {
                    if stdlib::module(&file).is_some() {
                        return Some((file, path.span()));
                    }
                    let problem = unknown_module(&segments.join("."), path.span());
                    self.loaded.diagnostics.push(problem);
                    return None;
                }
                let problem =
                    Diagnostic::error(codes::UNKNOWN_IMPORT, "modules outside of `std` are imported by path");
                let problem = problem.at(path.span(), "expected `std.…` or a path in quotes");
                self.loaded
                    .diagnostics
                    .push(problem.help("write the path of the file, such as `use \"./shared.stack\"`"));
                None
            }
            UseFrom::File(span) => match join(folder, text(*span)) {
                Some(path) => Some((path, *span)),
                None => {
                    let problem = Diagnostic::error(codes::UNKNOWN_IMPORT, "the import leaves the project");
                    self.loaded.diagnostics.push(problem.at(*span, "expected a file inside the project"));
                    None
                }
            },
        }
    }
}

/// `path` relative to `folder`, without `.` and `..`; `None` when it leaves the root.
fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn unknown_module(name: &str, span: Span) -> Diagnostic {
    let known = stdlib::modules();
    let names = || known.iter().map(String::as_str);
    let message = format!("the standard library has no module `{name}`");
    let problem = Diagnostic::error(codes::UNKNOWN_IMPORT, message).at(span, "no such module");
    match closest(name, names()) {
        Some(near) => problem
            .help(format!("did you mean `{near}`?"))
            .safe_fix(format!("replace with `{near}`"), vec![Edit { span, text: near.to_owned() }]),
        None if known.is_empty() => problem,
        None => problem.help(format!("expected {}", candidates_text(names()))),
    }
}

fn too_large(path: &str, bytes: usize) -> Diagnostic {
    let message = format!("`{path}` has at least {bytes} bytes, expected at most {MAX_SOURCE_BYTES}");
    Diagnostic::error(codes::TOO_LARGE, message).help("split it into several files and import them")
}

fn not_text(path: &str, offset: usize) -> Diagnostic {
    let message = format!("`{path}` is not UTF-8 text: byte {offset} belongs to no character");
    Diagnostic::error(codes::NOT_TEXT, message).help("save it as UTF-8")
}

fn unreadable(path: &str, error: &ReadError, imported: bool) -> Diagnostic {
    match error {
        ReadError::NotFound if imported => {
            Diagnostic::error(codes::UNKNOWN_IMPORT, format!("there is no file `{path}`"))
        }
        ReadError::NotFound => {
            Diagnostic::error(codes::UNREADABLE_FILE, format!("there is no file `{path}`"))
        }
        ReadError::Unreadable(reason) => {
            Diagnostic::error(codes::UNREADABLE_FILE, format!("`{path}` cannot be read: {reason}"))
        }
    }
}

/// Reports each import cycle once, with its whole path, from the module that was loaded first.
fn report_cycles(loaded: &mut Loaded) {
    let modules = &loaded.program.modules;
    let mut told: Vec<usize> = Vec::new();
    for start in 0..modules.len() {
        let Some(path) = cycle_from(modules, start).filter(|path| !path.iter().any(|at| told.contains(at)))
        else {
            continue;
        };
        told.extend(&path);
        let names: Vec<&str> =
            path.iter().filter_map(|at| modules.get(*at)).map(|module| &*module.path).collect();
        let message = format!("these files import each other: {}", names.join(" -> "));
        let span = path.get(1).and_then(|next| import_span(modules, start, *next));
        let problem = Diagnostic::error(codes::IMPORT_CYCLE, message);
        let problem = problem.help("move what both need into a third file");
        loaded.diagnostics.push(match span {
            Some(span) => problem.at(span, "this import closes the circle"),
            None => problem,
        });
    }
}

/// A path of module indices from `start` back to itself through imports, found breadth first.
fn cycle_from(modules: &[Module], start: usize) -> Option<Vec<usize>> {
    let mut paths = vec![vec![start]];
    let mut seen = vec![false; modules.len()];
    while let Some(path) = paths.pop() {
        let last = *path.last()?;
        for import in &modules.get(last)?.imports {
            let mut longer = path.clone();
            longer.push(import.module);
            if import.module == start {
                return Some(longer);
            }
            if let Some(seen) = seen.get_mut(import.module).filter(|seen| !**seen) {
                *seen = true;
                paths.push(longer);
            }
        }
    }
    None
}

fn import_span(modules: &[Module], from: usize, to: usize) -> Option<Span> {
    modules.get(from)?.imports.iter().find(|import| import.module == to).map(Import::span)
}
