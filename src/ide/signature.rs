//! What a template or a function takes, while its arguments are typed. Must not check them.

use super::Analysis;
use super::index::{SymbolId, SymbolKind};
use super::place::place;
use crate::source::Source;

/// A thing with parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// It and its parameters on one line.
    pub label: String,
    /// The parameters, each as it stands in the label.
    pub parameters: Vec<String>,
    /// Which one is typed.
    pub active: Option<usize>,
    /// What it does.
    pub doc: String,
}

/// The functions, their arguments and what they do.
const FUNCTIONS: [(&str, &[&str], &str); 15] = [
    ("contains", &["whole", "part"], "Whether a text or a list has a part."),
    ("count", &["quantity", "unit"], "How many of a unit a size or a time is."),
    ("ends_with", &["whole", "part"], "Whether a text ends with another one."),
    ("exists", &["path: Path"], "Whether the project has a file."),
    ("file", &["path: Path"], "The content of a file of the project."),
    ("join", &["texts", "separator"], "The texts of a list as one."),
    ("keys", &["map"], "The keys of a map, in their order."),
    ("late", &["value"], "The value without a start-up dependency."),
    ("length", &["value"], "Characters of a text, items of a list, entries of a map."),
    ("path", &["secret"], "Where a secret is mounted."),
    ("pull_request", &["branches…"], "A pull request is opened or changed."),
    ("push", &["branches…"], "Something is pushed to a branch."),
    ("schedule", &["cron"], "At fixed times."),
    ("starts_with", &["whole", "part"], "Whether a text starts with another one."),
    ("tag", &["tags…"], "A tag is pushed."),
];

/// What a function does.
pub(super) fn doc(function: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(name, ..)| *name == function).map(|(.., doc)| *doc)
}

/// What is being filled in at an offset.
pub fn signature(analysis: &Analysis, source: &Source, offset: u32) -> Option<Signature> {
    let place = place(source, offset);
    if let Some(callee) = place.open.last() {
        let name = place.text(*callee);
        let (_, parameters, doc) = FUNCTIONS.iter().find(|(known, ..)| *known == name)?;
        let from = place.before.iter().rposition(|token| token.start == callee.start)?;
        let commas =
            place.before.iter().skip(from).filter(|token| token.kind == crate::syntax::TokenKind::Comma);
        let parameters: Vec<String> = parameters.iter().map(|name| (*name).to_owned()).collect();
        let active = Some(commas.count().min(parameters.len().saturating_sub(1)));
        let label = format!("{name}({})", parameters.join(", "));
        return Some(Signature { label, parameters, active, doc: (*doc).to_owned() });
    }
    let frame = place.frames.get(1).filter(|_| place.frames.len() == 2)?;
    let words: Vec<&str> = frame.head.iter().map(|token| place.text(*token)).collect();
    let name = words.iter().position(|word| *word == "from").and_then(|at| words.get(at + 1))?;
    let template = analysis.index().lookup(analysis.module(source.id)?, name)?;
    let typed = place.before.first().map(|token| place.text(*token));
    of_template(analysis, template, typed)
}

fn of_template(analysis: &Analysis, template: SymbolId, typed: Option<&str>) -> Option<Signature> {
    let index = analysis.index();
    let symbol = index.symbol(template)?;
    let mut ids: Vec<SymbolId> =
        index.chain(template).flat_map(|owner| index.children(Some(owner), SymbolKind::Param)).collect();
    ids.sort_unstable();
    let mut parameters = Vec::new();
    let mut active = None;
    for param in ids.iter().filter_map(|id| index.symbol(*id)) {
        if typed == Some(&param.name) {
            active = Some(parameters.len());
        }
        let ty = param.ty.map(|ty| format!(": {}", analysis.text(ty))).unwrap_or_default();
        let value = param.value.map(|value| format!(" = {}", analysis.text(value))).unwrap_or_default();
        parameters.push(format!("{}{ty}{value}", param.name));
    }
    if parameters.is_empty() {
        return None;
    }
    let label = format!("{}({})", symbol.name, parameters.join(", "));
    let doc = super::completion::documentation(analysis, symbol);
    Some(Signature { label, parameters, active, doc })
}
