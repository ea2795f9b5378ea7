//! Templates: which of them a block builds on, and what their bodies bind. Must not merge or evaluate.

use std::sync::Arc;

use super::declare::{Binding, Declarations, slice};
use super::import;
use super::problem;
use super::world::{BoundParam, Scope};
use crate::diagnostic::{Diagnostic, codes};
use crate::load::Program;
use crate::schema::{KindSchema, Ty};
use crate::syntax::ast::{Block, Label, Path, StatementKind};

/// Templates may build on templates this deep.
const MAX_DEPTH: usize = 8;

/// The templates of a block, the nearest first, each with the module that declares it.
pub(super) struct Templates<'a> {
    pub(super) found: Vec<(usize, &'a Block)>,
    /// Whether there may be more than were found.
    pub(super) is_open: bool,
    /// Why, where nobody has said it yet.
    pub(super) problem: Option<Diagnostic>,
}

/// The templates that `from`, written in a module, leads to.
pub(super) fn chain<'a>(
    program: &'a Program,
    declared: &Declarations<'a>,
    schema: &'static KindSchema,
    module: usize,
    from: &'a Path,
) -> Templates<'a> {
    let mut found: Vec<(usize, &'a Block)> = Vec::new();
    let mut next = Some((module, from));
    while let Some((module, from)) = next {
        let step = match template(program, declared, schema, module, from) {
            Ok(step) => step,
            Err(problem) => return Templates { found, is_open: true, problem },
        };
        let (home, block) = step;
        if let Some(at) = found.iter().position(|(_, known)| std::ptr::eq(*known, block)) {
            let circle: Vec<&str> = found.iter().skip(at).map(|(_, known)| name(program, known)).collect();
            let message = format!("these templates build on each other: {}", problem::circle(&circle));
            let problem = Diagnostic::error(codes::VALUE_CYCLE, message).at(from.span(), "leads back here");
            let problem = Some(problem.help("let one of them stand on its own"));
            return Templates { found, is_open: true, problem };
        }
        if found.len() >= MAX_DEPTH {
            let message = format!("templates build on each other more than {MAX_DEPTH} deep");
            let problem = Diagnostic::error(codes::BUDGET_EXCEEDED, message);
            let problem = Some(problem.at(from.span(), "this step is one too many"));
            return Templates { found, is_open: true, problem };
        }
        found.push((home, block));
        next = block.from.as_deref().map(|from| (home, from));
    }
    Templates { found, is_open: false, problem: None }
}

/// The kinds with this keyword that stand inside of others.
pub(super) fn inner_kinds(outer: &[&'static KindSchema], keyword: &str) -> Vec<&'static KindSchema> {
    let mut found: Vec<&'static KindSchema> = Vec::new();
    for schema in outer {
        let inner: Vec<&'static KindSchema> =
            schema.fields.iter().flat_map(|field| kinds(field.ty)).collect();
        let named = inner.iter().copied().filter(|inner| inner.keyword == keyword);
        for kind in named.chain(inner_kinds(&inner, keyword)) {
            // One kind may stand inside of several others.
            if found.iter().all(|known| known.doc != kind.doc) {
                found.push(kind);
            }
        }
    }
    found
}

fn kinds(ty: Ty) -> Vec<&'static KindSchema> {
    match ty {
        Ty::Block(schema) | Ty::Blocks(schema) => vec![schema],
        Ty::Variants(schemas) => schemas.to_vec(),
        _ => Vec::new(),
    }
}

/// What a body sees besides its file: the parameters and values that it declares.
pub(super) fn scope<'a>(
    program: &'a Program,
    module: usize,
    owner: Option<(&'static str, Arc<str>)>,
    block: &'a Block,
) -> Scope<'a> {
    let mut scope = Scope { module, owner, ..Scope::default() };
    for statement in block.body.as_deref().unwrap_or_default() {
        match &statement.kind {
            StatementKind::Param(param) => {
                let bound = BoundParam { declaration: param, value: None };
                scope.params.insert(slice(program, param.name.span), bound);
            }
            StatementKind::Let(item) => {
                scope.lets.insert(slice(program, item.name.span), item);
            }
            _ => {}
        }
    }
    scope
}

fn name<'a>(program: &'a Program, block: &Block) -> &'a str {
    block.labels.get(1).map_or("", |label| slice(program, label.span()))
}

fn template<'a>(
    program: &'a Program,
    declared: &Declarations<'a>,
    schema: &'static KindSchema,
    module: usize,
    from: &'a Path,
) -> Result<(usize, &'a Block), Option<Diagnostic>> {
    let names: Vec<&str> = from.segments().map(|name| slice(program, name.span)).collect();
    let binding = match names.as_slice() {
        [name] => declared.lookup(module, name),
        [alias, name] => match declared.lookup(module, alias) {
            Some((_, Binding::Module(target))) => declared.lookup_in(target, name),
            _ => None,
        },
        _ => None,
    };
    let fits = |block: &Block| matches!(block.labels.first(), Some(Label::Path(kind)) if slice(program, kind.first.span) == schema.keyword);
    if let Some((home, Binding::Template(block))) = binding {
        if fits(block) {
            return Ok((home, block));
        }
    }
    if binding.is_none() && import::is_lost(program, module, slice(program, from.first.span)) {
        return Err(None);
    }
    let visible = declared.visible(module).into_iter();
    let known: Vec<&str> = visible
        .filter(|name| matches!(declared.lookup(module, name), Some((_, Binding::Template(block))) if fits(block)))
        .collect();
    let name = names.join(".");
    let message = format!("there is no {} template `{name}` here", schema.keyword);
    let problem = problem::unknown(codes::UNKNOWN_TEMPLATE, message, from.span(), &name, &known);
    let problem = import::offered(program, module, (schema.keyword, from), problem);
    Err(Some(match problem.help {
        Some(_) => problem,
        None => problem.help("import it first, such as `use std.web { node }`"),
    }))
}
