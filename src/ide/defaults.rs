//! What a block leaves to its defaults: the parameters of its template, the settings of a small block. Must not say
//! what a layer above or below may have written.

use super::Analysis;
use super::hints::{Hint, head_end};
use super::index::{SymbolId, SymbolKind};
use crate::schema::{KindSchema, Ty};
use crate::source::{Source, Span};
use crate::syntax::ast::{Block, SettingKey, Statement, StatementKind};

/// The hints of a file.
pub(super) fn hints(analysis: &Analysis, source: &Source, range: Span) -> Vec<Hint> {
    let mut found = parameters(analysis, source, range);
    let module = analysis.module(source.id).and_then(|at| analysis.program.modules.get(at));
    for statement in module.iter().flat_map(|module| &module.file.statements) {
        let StatementKind::Block(block) = &statement.kind else { continue };
        let word = source.slice(block.kind.span);
        // Environments lay over what is elsewhere, templates are laid under it.
        let is_whole = block.from.is_none() && !["environment", "template", "patch"].contains(&word);
        if is_whole && touches(statement.span, range) {
            inner(analysis, source, block.body.as_deref().unwrap_or_default(), range, &mut found);
        }
    }
    found
}

/// Of the parameters of a template, those that a block does not set.
fn parameters(analysis: &Analysis, source: &Source, range: Span) -> Vec<Hint> {
    let index = analysis.index();
    let mut found = Vec::new();
    for (id, symbol) in index.symbols.iter().enumerate() {
        let Some(template) = symbol.template else { continue };
        let is_block = symbol.kind != SymbolKind::Template && symbol.parent.is_none();
        if !is_block || symbol.span.source != source.id || !touches(symbol.full, range) {
            continue;
        }
        let left: Vec<String> = index
            .children(Some(template), SymbolKind::Param)
            .filter(|param| !is_set(analysis, id, *param))
            .filter_map(|param| {
                let param = index.symbol(param)?;
                let value = analysis.text(param.value?);
                does(value).then(|| format!("{} = {}", param.name, short(value)))
            })
            .collect();
        found.extend(hint(head_end(source, symbol.full, symbol.span.end), &left));
    }
    found
}

/// Whether a block, in any layer of it, sets a parameter.
fn is_set(analysis: &Analysis, block: SymbolId, param: SymbolId) -> bool {
    let index = analysis.index();
    let name = index.symbol(block).map(|symbol| &symbol.name);
    let layers = || index.symbols.iter().filter(|symbol| Some(&symbol.name) == name);
    let inside =
        |used: Span| layers().any(|layer| layer.full.source == used.source && touches(layer.full, used));
    index.uses_of(param).into_iter().any(inside)
}

/// The blocks inside of a declaration that nothing else can write to.
fn inner(analysis: &Analysis, source: &Source, body: &[Statement], range: Span, found: &mut Vec<Hint>) {
    for statement in body {
        let StatementKind::Block(block) = &statement.kind else { continue };
        let field = analysis.index().fields.iter().find(|(span, ..)| *span == block.kind.span);
        let schema = field.and_then(|(_, _, field)| match field.ty {
            Ty::Block(schema) | Ty::Blocks(schema) => Some(schema),
            _ => None,
        });
        if let Some(schema) = schema.filter(|_| touches(statement.span, range) && block.from.is_none()) {
            let left = left_out(source, block, schema);
            let head = block.labels.last().map_or(block.kind.span, crate::syntax::ast::Label::span);
            found.extend(hint(head_end(source, statement.span, head.end), &left));
        }
    }
}

/// The settings of a block that are not written and have a default that does something.
fn left_out(source: &Source, block: &Block, schema: &KindSchema) -> Vec<String> {
    let body = block.body.as_deref().unwrap_or_default();
    let written = |name: &str| {
        body.iter().any(|statement| match &statement.kind {
            StatementKind::Setting(setting) => match &setting.key {
                SettingKey::Path(path) => source.slice(path.first.span) == name,
                SettingKey::String(_) => false,
            },
            StatementKind::Block(block) => source.slice(block.kind.span) == name,
            _ => false,
        })
    };
    let absent = schema.fields.iter().filter(|field| !written(field.name));
    let default = |field: &crate::schema::FieldSchema| Some((field.name, field.default?()));
    absent
        .filter_map(default)
        .filter(|(_, default)| does(default))
        .map(|(name, default)| format!("{name} = {}", short(&default)))
        .collect()
}

/// Whether a default is more than that there is nothing.
fn does(default: &str) -> bool {
    !["false", "none", "[]", "{}", "\"\""].contains(&default)
}

fn hint(offset: u32, left: &[String]) -> Option<Hint> {
    (!left.is_empty()).then(|| Hint { offset, text: left.join(", ") })
}

/// The beginning of a long value.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && line.chars().count() <= 24 {
        return line.to_owned();
    }
    line.chars().take(23).chain(['…']).collect()
}

fn touches(a: Span, b: Span) -> bool {
    a.source == b.source && a.start <= b.end && b.start <= a.end
}
