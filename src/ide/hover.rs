//! What something is: its documentation, its type, and what it is worth in each environment. Must not compute values:
//! the checker has.

use std::fmt::Write;

use super::completion::{complete, described, documentation};
use super::conditions::Condition;
use super::index::{Symbol, SymbolKind};
use super::place::{Body, place};
use super::{Analysis, origin, value};
use crate::check::{Computed, describe_ty};
use crate::model::Project;
use crate::schema::Layer;
use crate::source::{Files, Source, Span};
use crate::syntax::ast::{ExprKind, SettingKey, Statement, StatementKind};

/// Text in Markdown about a place.
#[derive(Debug, PartialEq, Eq)]
pub struct Hover {
    /// What the text is about.
    pub span: Span,
    /// The text.
    pub text: String,
}

/// What is at an offset. Values are computed only where they are shown.
pub fn hover(
    analysis: &Analysis,
    source: &Source,
    offset: u32,
    (project, files): (&Project, &dyn Files),
) -> Option<Hover> {
    let computed = || analysis.computed(project, files);
    let index = analysis.index();
    let covers = |span: Span| span.source == source.id && span.start <= offset && offset <= span.end;
    if let Some((id, span)) = index.at(source.id, offset) {
        let symbol = index.symbol(id)?;
        let mut text = about(analysis, symbol);
        let values = worth(analysis, symbol.value.unwrap_or(symbol.full), symbol, computed);
        text.push_str(&values);
        return Some(Hover { span, text });
    }
    if let Some((span, schema, field)) = index.field_at(source.id, offset) {
        let mut text = format!(
            "**{}** of `{}`: {}\n\n{}",
            field.name,
            schema.keyword,
            described(field),
            field.doc.trim()
        );
        let layers = origin::layers(analysis, source, span, files);
        match (layers, value_of_key(analysis, source, span)) {
            (Some(layers), _) => text.push_str(&layers),
            (None, Some(assigned)) => text.push_str(&table(&computed(), assigned)),
            (None, None) => {}
        }
        return Some(Hover { span, text });
    }
    if let Some((span, schema)) = index.kinds.iter().find(|(span, _)| covers(*span)) {
        let text = format!("**{}**\n\n{}", schema.keyword, schema.doc.trim());
        return Some(Hover { span: *span, text });
    }
    if let Some(found) = entry(analysis, source, offset, files) {
        return Some(found);
    }
    if let Some((span, ty)) = index.words.iter().find(|(span, _)| covers(*span)) {
        return Some(Hover { span: *span, text: describe_ty(ty) });
    }
    of_offer(analysis, source, offset)
}

/// The key of a map, such as a variable, and what it is worth.
fn entry(analysis: &Analysis, source: &Source, offset: u32, files: &dyn Files) -> Option<Hover> {
    let place = place(source, offset);
    let span = Span::new(source.id, place.word_start, place.word_end);
    let is_entry = matches!(place.body(), Body::Map(_)) && place.before.is_empty() && !place.quiet;
    let layers = origin::layers(analysis, source, span, files).filter(|_| is_entry)?;
    Some(Hover { span, text: format!("**{}**{layers}", source.slice(span)) })
}

/// What completion would say about a word where it stands: a part of something, a function, a word of the language.
fn of_offer(analysis: &Analysis, source: &Source, offset: u32) -> Option<Hover> {
    let place = place(source, offset);
    let span = Span::new(source.id, place.word_start, place.word_end);
    let word = source.slice(span);
    if place.quiet || word.is_empty() {
        return None;
    }
    let is_first = place.path_before().is_empty();
    if let Some(of) = Condition::new(analysis, source, &place).meaning(word).filter(|_| is_first) {
        return Some(Hover { span, text: format!("**{word}**: an element of `{of}`") });
    }
    let offers = complete(analysis, source, span.start).items;
    let offer = offers.into_iter().find(|offer| offer.label == word && !offer.doc.is_empty())?;
    let detail = if offer.detail.is_empty() { String::new() } else { format!(": {}", offer.detail) };
    Some(Hover { span, text: format!("**{word}**{detail}\n\n{}", offer.doc.trim()) })
}

fn about(analysis: &Analysis, symbol: &Symbol) -> String {
    let mut text = format!("**{} {}**", symbol.kind.word(), symbol.name);
    if let Some(ty) = symbol.ty {
        let _ = write!(text, ": `{}`", analysis.text(ty));
    }
    if let Some(template) = symbol.template.and_then(|id| analysis.index().symbol(id)) {
        let _ = write!(text, " from `{}`", template.name);
    }
    let own = documentation(analysis, symbol);
    let of_template = symbol.template.and_then(|id| analysis.index().symbol(id));
    let doc = match of_template.filter(|_| own.is_empty()) {
        Some(template) => documentation(analysis, template),
        None => own,
    };
    if !doc.is_empty() {
        let _ = write!(text, "\n\n{doc}");
    }
    text
}

/// The values of a symbol that has one.
fn worth(
    analysis: &Analysis,
    place: Span,
    symbol: &Symbol,
    computed: impl FnOnce() -> Vec<Computed>,
) -> String {
    match symbol.kind {
        SymbolKind::Let | SymbolKind::Param | SymbolKind::Port | SymbolKind::Export => {}
        _ => return String::new(),
    }
    let computed = computed();
    let mut text = table(&computed, place);
    // Where environments set a parameter, and templates' users theirs, the value stands elsewhere.
    if symbol.kind == SymbolKind::Param {
        let id = analysis.index().symbols.iter().position(|known| known.span == symbol.span);
        for used in id.into_iter().flat_map(|id| analysis.index().uses_of(id)) {
            let assigned =
                analysis.source_of(used.source).and_then(|source| value_of_key(analysis, source, used));
            if let Some(assigned) = assigned {
                text.push_str(&table(&computed, assigned));
            }
        }
    }
    text
}

/// A line per environment in which the expression at a place was computed.
fn table(computed: &[Computed], place: Span) -> String {
    let mut lines: Vec<String> = Vec::new();
    for found in computed.iter().filter(|found| found.value.origin.span == place) {
        let from = match found.value.origin.layer {
            Layer::Base => String::new(),
            layer => format!(" ({})", value::layer(layer)),
        };
        let line = format!("- {}: `{}`{from}", found.environment, value::written(&found.value.value));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() { String::new() } else { format!("\n\n{}", lines.join("\n")) }
}

/// The expression that a key is set to.
pub(super) fn value_of_key(analysis: &Analysis, source: &Source, key: Span) -> Option<Span> {
    let module = analysis.program.modules.get(analysis.module(source.id)?)?;
    in_statements(&module.file.statements, key)
}

fn in_statements(statements: &[Statement], key: Span) -> Option<Span> {
    let inside = |statement: &&Statement| statement.span.start <= key.start && key.end <= statement.span.end;
    match &statements.iter().find(inside)?.kind {
        StatementKind::Setting(setting) => {
            let own = setting.key.span();
            if own.start <= key.start && key.end <= own.end {
                return Some(setting.value.span);
            }
            let ExprKind::Map(entries) = &setting.value.kind else { return None };
            let entry = entries.iter().find(|entry| match &entry.key {
                SettingKey::Path(path) => path.first.span == key,
                SettingKey::String(expr) => expr.span == key,
            });
            entry.map(|entry| entry.value.span)
        }
        StatementKind::Block(block) => in_statements(block.body.as_deref()?, key),
        _ => None,
    }
}
