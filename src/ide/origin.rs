//! What a setting is worth in each environment, and which layer said so last. Must not compute it: `check` does.

use super::hover::value_of_key;
use super::{Analysis, value};
use crate::check::{Provenance, Subject, provenance};
use crate::schema::Layer;
use crate::source::{Files, Source, Span};
use crate::syntax::ast::{SettingKey, Statement, StatementKind};

/// A line per environment; `None` where the key sets nothing of a declaration.
pub(super) fn layers(analysis: &Analysis, source: &Source, key: Span, files: &dyn Files) -> Option<String> {
    let module = analysis.program.modules.get(analysis.module(source.id)?)?;
    let (block, names) = around(analysis, &module.file.statements, key, None)?;
    let subject = Subject::of_declaration(&analysis.program, block, block, &names)?;
    let found = provenance(&analysis.program, files, &[], std::slice::from_ref(&subject)).pop()?;
    let here = value_of_key(analysis, source, key);
    let lines: Vec<String> = found.iter().filter_map(|value| line(analysis, value, here)).collect();
    (!lines.is_empty()).then(|| format!("\n\n{}", lines.join("\n")))
}

fn line(analysis: &Analysis, found: &Provenance, here: Option<Span>) -> Option<String> {
    let worth = found.value.as_ref().map(value::written).or_else(|| found.default.clone())?;
    let from = match found.steps.last().map(|step| step.origin) {
        None => " (the default)".to_owned(),
        Some(origin) if Some(origin.span) == here && origin.layer == Layer::Base => String::new(),
        Some(origin) if Some(origin.span) == here => format!(" ({})", value::layer(origin.layer)),
        Some(origin) => {
            let source = analysis.source_of(origin.span.source)?;
            let line = source.lines.line(origin.span.start) + 1;
            format!(" ({}, {}:{line})", value::layer(origin.layer), source.path)
        }
    };
    Some(format!("- {}: `{worth}`{from}", found.chain.last()?))
}

/// The innermost block around a key, and the names of the setting up to the key.
fn around(
    analysis: &Analysis,
    statements: &[Statement],
    key: Span,
    block: Option<Span>,
) -> Option<(Span, Vec<String>)> {
    let covers = |span: Span| span.start <= key.start && key.end <= span.end;
    let statement = statements.iter().find(|statement| covers(statement.span))?;
    match &statement.kind {
        StatementKind::Block(inner) if inner.kind.span != key => {
            around(analysis, inner.body.as_deref()?, key, Some(statement.span))
        }
        StatementKind::Setting(setting) => match &setting.key {
            SettingKey::Path(path) if covers(path.span()) => {
                let names = path.segments().take_while(|name| name.span.start <= key.start);
                Some((block?, names.map(|name| analysis.text(name.span).to_owned()).collect()))
            }
            _ => None,
        },
        _ => None,
    }
}
