//! Imports that are not there: what one that failed would have brought, and which one would bring a template. Must not
//! load anything.

use super::declare::slice;
use crate::diagnostic::{Diagnostic, Edit};
use crate::load::{Program, STD_PREFIX, library_of};
use crate::source::Span;
use crate::syntax::ast::{Path, StatementKind};

/// Whether an import that failed, which is reported, may have brought a name.
pub(super) fn is_lost(program: &Program, module: usize, name: &str) -> bool {
    let lost = program.modules.get(module).map(|module| module.lost.as_slice()).unwrap_or_default();
    lost.iter().any(|clause| {
        let mut brings = clause.names.iter().chain(&clause.alias);
        brings.any(|brought| slice(program, brought.span) == name)
            || (clause.names.is_empty() && clause.alias.is_none())
    })
}

/// Says which import brings a template of the standard library, if exactly one does.
pub(super) fn offered(
    program: &Program,
    module: usize,
    (kind, from): (&str, &Path),
    problem: Diagnostic,
) -> Diagnostic {
    let name = slice(program, from.first.span);
    let mut homes = library_of(kind, name).filter(|_| from.rest.is_empty());
    let (Some(home), None) = (homes.next(), homes.next()) else { return problem };
    let Some(edit) = import(program, module, &home, name) else { return problem };
    let problem = Diagnostic { help: None, fixes: Vec::new(), ..problem };
    let help = format!("import it first: `use {home} {{ {name} }}`");
    problem.help(help).safe_fix(format!("import `{name}` from `{home}`"), vec![edit])
}

/// The edit that imports a name: into the braces of an import that is there, else a line of its own.
fn import(program: &Program, module: usize, home: &str, name: &str) -> Option<Edit> {
    let module = program.modules.get(module)?;
    let path = format!("{STD_PREFIX}{}.stack", home.strip_prefix("std.")?);
    let is_home = |at: usize| program.modules.get(at).is_some_and(|module| module.path == path);
    let beside =
        module.imports.iter().find(|import| is_home(import.module) && !import.clause.names.is_empty());
    let after = |span: Span| Span { start: span.end, ..span };
    if let Some(last) = beside.and_then(|import| import.clause.names.last()) {
        return Some(Edit { span: after(last.span), text: format!(", {name}") });
    }
    let statements = &module.file.statements;
    let line = format!("use {home} {{ {name} }}");
    match statements.iter().rfind(|statement| matches!(statement.kind, StatementKind::Use(_))) {
        Some(last) => Some(Edit { span: after(last.span), text: format!("\n{line}") }),
        None => {
            let first = statements.first()?;
            let start = first.doc.map_or(first.span.start, |doc| doc.start.min(first.span.start));
            Some(Edit { span: Span { start, end: start, ..first.span }, text: format!("{line}\n\n") })
        }
    }
}
