//! From a name to its declaration and to its uses, and a new name for all of them. Must not touch the standard library.

use super::Analysis;
use super::index::{SymbolId, SymbolKind};
use crate::diagnostic::Edit;
use crate::load::STD_PREFIX;
use crate::source::{Source, Span};
use crate::syntax::ast::UseFrom;

/// Where the thing at an offset is declared.
pub fn definition(analysis: &Analysis, source: &Source, offset: u32) -> Option<Span> {
    let index = analysis.index();
    if let Some((id, _)) = index.at(source.id, offset) {
        let symbol = index.symbol(id)?;
        // An alias stands for a file.
        if let Some(module) = index.module_of(id).filter(|_| symbol.kind == SymbolKind::Module) {
            return start_of(analysis, module);
        }
        return Some(symbol.span);
    }
    let module = analysis.program.modules.get(analysis.module(source.id)?)?;
    let import = module.imports.iter().find(|import| {
        let span = import.span();
        span.start <= offset && offset <= span.end
    })?;
    start_of(analysis, import.module)
}

fn start_of(analysis: &Analysis, module: usize) -> Option<Span> {
    let file = &analysis.program.modules.get(module)?.file;
    Some(Span::new(file.source, 0, 0))
}

/// All places where the thing at an offset is used, and declared if that is asked for.
pub fn references(analysis: &Analysis, source: &Source, offset: u32, declaration: bool) -> Vec<Span> {
    let index = analysis.index();
    let Some((id, _)) = index.at(source.id, offset) else { return Vec::new() };
    let own = index.symbol(id).map(|symbol| symbol.span).filter(|_| declaration);
    let mut found: Vec<Span> = own.into_iter().chain(index.uses_of(id)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Why something has no other name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

/// The name at an offset, when it may be changed.
pub fn prepare_rename(analysis: &Analysis, source: &Source, offset: u32) -> Result<Span, Refusal> {
    let refuse = |reason: &str| Err(Refusal(reason.to_owned()));
    let Some((id, span)) = analysis.index().at(source.id, offset) else {
        return refuse("there is no name here that could be changed");
    };
    let symbol = analysis.index().symbol(id);
    let home = symbol.and_then(|symbol| analysis.source_of(symbol.span.source));
    match home {
        Some(home) if home.path.starts_with(STD_PREFIX) => {
            refuse("this name belongs to the standard library")
        }
        _ if symbol.is_some_and(|symbol| analysis.text(symbol.span) != symbol.name) => {
            refuse("this name is part of the vocabulary")
        }
        _ => Ok(span),
    }
}

/// Edits that give the thing at an offset another name, in all files.
pub fn rename(analysis: &Analysis, source: &Source, offset: u32, name: &str) -> Result<Vec<Edit>, Refusal> {
    let span = prepare_rename(analysis, source, offset)?;
    let Some((id, _)) = analysis.index().at(source.id, offset) else {
        return Err(Refusal("there is no name here that could be changed".to_owned()));
    };
    if !is_name(name) {
        return Err(Refusal(format!(
            "`{name}` is no name: expected letters, digits, `_` and `-`, a letter first"
        )));
    }
    if let Some(other) = taken(analysis, id, name) {
        return Err(Refusal(format!("a {other} is called `{name}` already")));
    }
    let spans = references(analysis, source, span.start, true);
    Ok(spans.into_iter().map(|span| Edit { span, text: name.to_owned() }).collect())
}

/// What has the name already where the symbol is declared.
fn taken(analysis: &Analysis, id: SymbolId, name: &str) -> Option<&'static str> {
    let index = analysis.index();
    let symbol = index.symbol(id)?;
    let beside = index.child(symbol.parent, symbol.kind, name).filter(|other| *other != id);
    let bound = matches!(
        symbol.kind,
        SymbolKind::Let | SymbolKind::Param | SymbolKind::Type | SymbolKind::Template | SymbolKind::Module
    );
    let module = analysis.module(symbol.span.source).filter(|_| bound && symbol.parent.is_none());
    let visible = module.and_then(|module| index.lookup(module, name)).filter(|other| *other != id);
    beside.or(visible).and_then(|other| index.symbol(other)).map(|other| other.kind.word())
}

fn is_name(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "none", "if", "then", "else", "in", "from"];
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        && !WORDS.contains(&text)
}

/// Strings and imports that lead to files: the place and the path inside the project.
pub fn links(analysis: &Analysis, source: &Source) -> Vec<(Span, String)> {
    let mut found: Vec<(Span, String)> = Vec::new();
    if let Some(module) = analysis.module(source.id).and_then(|module| analysis.program.modules.get(module)) {
        for import in &module.imports {
            if let (UseFrom::File(span), Some(target)) =
                (&import.clause.from, analysis.program.modules.get(import.module))
            {
                found.push((*span, target.path.clone()));
            }
        }
    }
    let inner = |span: Span| Span { start: span.start + 1, end: span.end.saturating_sub(1), ..span };
    let files = analysis.index().files.iter().filter(|(span, _)| span.source == source.id);
    found.extend(files.map(|(span, path)| (inner(*span), path.clone())));
    found
}
