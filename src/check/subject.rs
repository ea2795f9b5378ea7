//! What somebody asks about: `api.memory`, `edge.route."/api".timeout`, `production.mode`, `version`. Must not
//! evaluate.

use super::declare::{Binding, Declarations};
use super::merge::label_of;
use super::{KINDS, declare};
use crate::diagnostic::suggest::{candidates_text, closest};
use crate::load::Program;
use crate::model::EnvironmentBlock;
use crate::schema::{Kind, KindSchema, Ty};
use crate::source::Span;
use crate::syntax::ast::{Block, Label, Statement, StatementKind};
use crate::syntax::literal;

/// A value that can be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A setting of a block.
    Block {
        /// The block's kind.
        kind: &'static str,
        /// The block's name.
        name: String,
        /// The names from the block down to the setting.
        path: Vec<String>,
    },
    /// A setting of an environment itself.
    Environment {
        /// The environment.
        name: String,
        /// The names down to the setting.
        path: Vec<String>,
    },
    /// A parameter at the top of a file.
    Name(String),
}

impl Subject {
    /// Reads `name.setting`, with the block's kind before it where two blocks have one name; the error says what is
    /// wrong with it.
    pub fn find(program: &Program, text: &str) -> Result<Self, String> {
        let words = words(text)?;
        let declared = Declarations::collect(program, None, &mut Vec::new());
        let blocks = blocks(program, &declared);
        let names: Vec<&str> = words.iter().map(String::as_str).collect();
        if let [kind, name, path @ ..] = names.as_slice()
            && let Some((schema, _, _)) =
                blocks.iter().find(|(schema, known, _)| schema.keyword == *kind && known == name)
        {
            return block(schema, name, path);
        }
        let [name, path @ ..] = names.as_slice() else { return Err(no_subject(text)) };
        if let Some((schema, _, _)) = blocks.iter().find(|(_, known, _)| known == name) {
            return block(schema, name, path);
        }
        if declared.environments.contains_key(name) {
            let path = place_of(EnvironmentBlock::SCHEMA, name, path)?;
            return Ok(Self::Environment { name: (*name).to_owned(), path });
        }
        if path.is_empty() && declared.params.contains_key(name) {
            return Ok(Self::Name((*name).to_owned()));
        }
        if is_fixed(program, &declared, name) {
            return Err(format!("`{name}` is set by `let`, once and for all environments"));
        }
        let mut known: Vec<&str> = blocks.iter().map(|(_, name, _)| *name).collect();
        known.extend(declared.environments.keys().chain(declared.params.keys()));
        Err(match closest(name, known.iter().copied()) {
            Some(meant) => format!("nothing is called `{name}`; `{meant}` is"),
            None => format!("nothing is called `{name}`; expected {}", candidates_text(known)),
        })
    }

    /// The setting of the block that is declared at a place: what a line of an artifact stands for. `owner` is the
    /// declaration that the artifact is made for: a block of a template has no name of its own.
    pub fn of_declaration(program: &Program, place: Span, owner: Span, setting: &[String]) -> Option<Self> {
        let of = |module: &crate::load::Module| declared_at(program, &module.file.statements, place);
        let module = |place: Span| program.modules.iter().find(|module| module.file.source == place.source);
        let mut words = of(module(place)?)?;
        if words.first().is_some_and(|word| word == "template") {
            let home = declared_at(program, &module(owner)?.file.statements, owner)?;
            words = home.into_iter().take(2).chain(words.into_iter().skip(3)).collect();
        }
        let [kind, name, path @ ..] = words.as_slice() else { return None };
        let schema = KINDS.iter().find(|schema| schema.keyword == kind)?;
        let path: Vec<String> = path.iter().chain(setting).cloned().collect();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        place_of(schema, name, &names).ok()?;
        Some(Self::Block { kind: schema.keyword, name: name.clone(), path })
    }

    /// What the schema says against it; nothing about the parameters of a template, which have their names there.
    pub fn problem(&self) -> Option<String> {
        let Self::Block { kind, name, path } = self else { return None };
        let schema = KINDS.iter().find(|schema| schema.keyword == *kind)?;
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        place_of(schema, name, &words).err()
    }

    /// As it would be asked for.
    pub fn written(&self) -> String {
        let (first, path) = match self {
            Self::Block { name, path, .. } | Self::Environment { name, path } => (name, path.as_slice()),
            Self::Name(name) => (name, &[][..]),
        };
        let is_plain = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let word = |word: &String| if is_plain(word) { word.clone() } else { format!("\"{word}\"") };
        std::iter::once(first).chain(path).map(word).collect::<Vec<_>>().join(".")
    }

    /// Whether it counts only where people develop.
    pub fn is_for_development(&self) -> bool {
        matches!(self, Self::Block { path, .. } if path.first().is_some_and(|word| word == "dev"))
    }

    pub(super) fn is_block(&self, schema: &str, label: &str) -> bool {
        matches!(self, Self::Block { kind, name, .. } if *kind == schema && name == label)
    }

    pub(super) fn path(&self) -> &[String] {
        match self {
            Self::Block { path, .. } | Self::Environment { path, .. } => path,
            Self::Name(_) => &[],
        }
    }
}

/// Whether a file of the project gives a value this name.
fn is_fixed(program: &Program, declared: &Declarations<'_>, name: &str) -> bool {
    let own = program.modules.iter().enumerate().filter(|(_, module)| !module.is_std());
    let mut values = own.flat_map(|(index, _)| declared.values(index));
    values.any(|(known, binding)| known == name && matches!(binding, Binding::Let(_)))
}

/// All blocks with a name, those of environments included, and where the name stands.
fn blocks<'a>(
    program: &'a Program,
    declared: &Declarations<'a>,
) -> Vec<(&'static KindSchema, &'a str, Span)> {
    let own = declared.blocks.iter().map(|declared| declared.block);
    let bodies = declared.environments.values().filter_map(|declared| declared.block.body.as_deref());
    let overlaid = bodies.flatten().filter_map(|statement| match &statement.kind {
        StatementKind::Block(block) => Some(block),
        _ => None,
    });
    let named = |block: &'a Block| {
        let keyword = declare::slice(program, block.kind.span);
        let schema = KINDS.iter().find(|schema| schema.keyword == keyword)?;
        let label = label_of(program, schema, block).ok()?;
        Some((*schema, declare::slice(program, label.span), label.span))
    };
    own.chain(overlaid).filter_map(named).collect()
}

/// The kinds and names from the top of a file down to the block that stands at a place. Environments are left out:
/// what they lay over is named like what is below.
fn declared_at(program: &Program, statements: &[Statement], place: Span) -> Option<Vec<String>> {
    statements.iter().find_map(|statement| {
        let StatementKind::Block(block) = &statement.kind else { return None };
        let mut words = vec![declare::slice(program, block.kind.span).to_owned()];
        let label = |label: &Label| literal::plain(declare::slice(program, label.span())).to_owned();
        words.extend(block.labels.iter().map(label));
        if statement.span == place || block.labels.iter().any(|label| label.span() == place) {
            return Some(words);
        }
        let below = declared_at(program, block.body.as_deref().unwrap_or_default(), place)?;
        if words.first().is_some_and(|word| word == "environment") {
            return Some(below);
        }
        words.extend(below);
        Some(words)
    })
}

fn block(schema: &'static KindSchema, name: &str, path: &[&str]) -> Result<Subject, String> {
    let path = path.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    // A parameter of a template is no field of the schema, so only what is below a block is looked at.
    if path.len() == 1 && schema.field(path.first().map_or("", String::as_str)).is_none() {
        return Ok(Subject::Block { kind: schema.keyword, name: name.to_owned(), path });
    }
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    let path = place_of(schema, name, &words)?;
    Ok(Subject::Block { kind: schema.keyword, name: name.to_owned(), path })
}

/// A path through the schema down to a setting.
fn place_of(schema: &'static KindSchema, owner: &str, path: &[&str]) -> Result<Vec<String>, String> {
    let Some((first, rest)) = path.split_first() else { return Err(is_block(schema, owner)) };
    let Some((_, field)) = schema.field(first) else {
        let known = schema.fields.iter().map(|field| field.name);
        let message = format!("`{}` has no setting `{first}`", schema.keyword);
        return Err(match closest(first, known) {
            Some(meant) => format!("{message}; it has `{meant}`"),
            None => message,
        });
    };
    let below = format!("{owner}.{first}");
    match (field.ty, rest) {
        (Ty::Block(schema), rest) => place_of(schema, &below, rest)?,
        (Ty::Blocks(schema), [label, rest @ ..]) => place_of(schema, &format!("{below}.{label}"), rest)?,
        (Ty::Blocks(schema), []) => return Err(is_block(schema, &format!("{below}.NAME"))),
        (Ty::Variants(schemas), [label, rest @ ..]) => {
            let schema = schemas.iter().find(|schema| schema.keyword == *label);
            let known = || candidates_text(schemas.iter().map(|schema| schema.keyword));
            let schema =
                schema.ok_or_else(|| format!("there is no {first} `{label}`; expected {}", known()))?;
            place_of(schema, &format!("{below}.{label}"), rest)?
        }
        (Ty::Map(_), _) | (_, []) => Vec::new(),
        _ => return Err(format!("`{below}` is a single value")),
    };
    Ok(path.iter().map(|word| (*word).to_owned()).collect())
}

fn is_block(schema: &'static KindSchema, owner: &str) -> String {
    let known = candidates_text(schema.fields.iter().map(|field| field.name));
    format!("`{owner}` is a block; ask for one of its settings: {known}")
}

fn no_subject(text: &str) -> String {
    format!("`{text}` names no value; expected `service.setting`")
}

/// The words between the dots; in quotes, a dot is a part of a word.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in text.chars() {
        match (c, words.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            ('.', _) if !is_quoted => words.push(String::new()),
            (c, Some(word)) => word.push(c),
            (_, None) => {}
        }
    }
    if is_quoted || words.iter().any(String::is_empty) {
        return Err(no_subject(text));
    }
    Ok(words)
}
