//! What one check learns for the next one: the blocks about which nothing was said, and what they looked at. After a
//! change to a few blocks, a block that looked at none of them stays silent and is not evaluated again, and one that
//! nobody looks at is not even merged. Must not guess: when anything else changed, the next check is a whole one.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::LAYERED;
use super::declare::slice;
use super::merge::label_of;
use super::quantify::COLLECTIONS;
use super::world::{MAX_DIAGNOSTICS, World};
use crate::load::{Module, Program};
use crate::source::Span;
use crate::syntax::ast::{Block, Label, Statement, StatementKind};

/// With more blocks that changed since the last whole check, the next one is whole again.
const MAX_CHANGED: usize = 32;

/// A block of an environment: the place of its kind, and its place among the blocks of the kind.
pub(super) type Id = (u32, u32);

/// The kind and the name of a block.
type Head = (&'static str, Arc<str>);

/// What changed since the last whole check, when it was blocks only.
pub(super) struct Changed {
    heads: Vec<Head>,
    /// The statements that may say something twice: those that changed, and those that did so before.
    pub(super) doubtful: BTreeSet<Span>,
}

/// What is known from the last whole check.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    paths: Vec<String>,
    pieces: Vec<Piece>,
    /// For each environment, in order.
    environments: Vec<Learned>,
}

/// A statement at the top of a file, as it was.
#[derive(Debug, Clone)]
struct Piece {
    text: Arc<str>,
    span: Span,
    /// The kind and the labels of a block that environments may lay over.
    head: Option<Span>,
    /// Whether it said something twice.
    is_doubled: bool,
}

/// For each block of a kind: what it looked at, if nothing was said about it.
type Looks = Vec<Option<Box<[Id]>>>;

/// The same for all kinds, in the order of the environment.
type Heard = Vec<Looks>;

impl Memory {
    /// What changed since, when it was blocks only.
    pub(super) fn changed(&self, program: &Program) -> Option<Changed> {
        let same = self.paths.iter().eq(program.modules.iter().map(|module| &module.path));
        if self.paths.is_empty() || !same {
            return None;
        }
        let mut changed = Changed { heads: Vec::new(), doubtful: BTreeSet::new() };
        let mut known = self.pieces.iter();
        for (statement, text) in statements(program) {
            let piece = known.next()?;
            let is_same = slice_of(&piece.text, piece.span) == slice_of(text, statement.span);
            if !is_same {
                let (before, now) = (piece.head?, head_span(program, statement)?);
                if slice_of(&piece.text, before) != slice_of(text, now) || changed.heads.len() >= MAX_CHANGED
                {
                    return None;
                }
                changed.heads.push(head(program, statement)?);
            }
            if !is_same || piece.is_doubled {
                changed.doubtful.insert(statement.span);
            }
        }
        known.next().is_none().then_some(changed)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a check of this program need not be a whole one.
    pub fn covers(&self, program: &Program) -> bool {
        self.changed(program).is_some()
    }

    /// What was heard about an environment, with what changed since.
    pub(super) fn environment<'m>(&'m self, index: usize, changed: &'m Changed) -> Option<Known<'m>> {
        Some(Known { learned: self.environments.get(index)?, changed: &changed.heads })
    }

    /// Takes in what a whole check heard; nothing when it came near a limit, which is about all blocks together.
    pub(super) fn learn(&mut self, program: &Program, doubled: &BTreeSet<Span>, environments: Vec<Learned>) {
        *self = Self::default();
        if environments.iter().any(|learned| learned.is_near_limit) {
            return;
        }
        self.paths = program.modules.iter().map(|module| module.path.clone()).collect();
        self.environments = environments;
        self.pieces = statements(program)
            .map(|(statement, text)| Piece {
                text: text.clone(),
                span: statement.span,
                head: head_span(program, statement),
                is_doubled: doubled.contains(&statement.span),
            })
            .collect();
    }
}

/// What was heard while an environment was evaluated.
#[derive(Debug, Clone)]
pub(super) struct Learned {
    heard: Heard,
    /// The blocks whose names stand in statements that are no blocks.
    named: Vec<Id>,
    is_near_limit: bool,
}

/// What is known about an environment before it is evaluated.
pub(super) struct Known<'m> {
    learned: &'m Learned,
    changed: &'m [Head],
}

/// The statements at the top of the project's files.
fn statements(program: &Program) -> impl Iterator<Item = (&Statement, &Arc<str>)> {
    let own = program.modules.iter().filter(|module| !module.is_std());
    let text = |module: &Module| program.sources.get(module.file.source).map(|source| &source.text);
    own.filter_map(move |module| Some((module, text(module)?)))
        .flat_map(|(module, text)| module.file.statements.iter().map(move |statement| (statement, text)))
}

fn slice_of(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// A block that environments may lay over.
fn layered<'a>(program: &Program, statement: &'a Statement) -> Option<(&'static str, &'a Block)> {
    let StatementKind::Block(block) = &statement.kind else { return None };
    let word = slice(program, block.kind.span);
    LAYERED.iter().find(|schema| schema.keyword == word).map(|schema| (schema.keyword, block))
}

fn head_span(program: &Program, statement: &Statement) -> Option<Span> {
    let (_, block) = layered(program, statement)?;
    Some(block.kind.span.to(block.labels.last().map(Label::span)?))
}

fn head(program: &Program, statement: &Statement) -> Option<Head> {
    let (kind, block) = layered(program, statement)?;
    let schema = LAYERED.iter().find(|schema| schema.keyword == kind)?;
    Some((kind, label_of(program, schema, block).ok()?.value))
}

/// What a named value looked at while it was computed, and whether anything was said meanwhile.
#[derive(Debug, Clone, Default)]
pub(super) struct Looked {
    at: Option<Arc<[Id]>>,
    was_silent: bool,
}

/// Who listens while an environment is evaluated.
#[derive(Debug, Default)]
pub(super) struct Recall {
    is_listening: bool,
    /// Blocks that are not evaluated, because they would say nothing.
    silent: Vec<Vec<bool>>,
    /// What the block that is evaluated looked at.
    looked: RefCell<Vec<Id>>,
    /// Whether something was said about it.
    spoke: Cell<bool>,
    heard: RefCell<Heard>,
    /// Blocks about which something was said while their layers were merged.
    loud: BTreeSet<Id>,
    /// Whether a block was looked at that was not merged, because nobody seemed to need it.
    missed: Cell<bool>,
}

impl Recall {
    /// Somebody who remembers.
    pub(super) fn listening() -> Self {
        Self { is_listening: true, ..Self::default() }
    }

    /// Whether only problems are asked for: nothing is kept that they do not need.
    pub(super) fn is_listening(&self) -> bool {
        self.is_listening
    }

    /// Something was said, or something was looked at that is no block: the next check looks again.
    pub(super) fn speak(&self) {
        self.spoke.set(true);
    }

    /// A block was looked at.
    pub(super) fn look(&self, id: Id, is_merged: bool) {
        if self.is_listening {
            self.looked.borrow_mut().push(id);
            self.missed.set(self.missed.get() || !is_merged);
        }
    }

    /// Computes a named value and notes what it looked at.
    pub(super) fn while_named<T>(&self, compute: impl FnOnce() -> T) -> (T, Looked) {
        if !self.is_listening {
            return (compute(), Looked::default());
        }
        let start = self.looked.borrow().len();
        let spoke = self.spoke.replace(false);
        let value = compute();
        let was_silent = !self.spoke.get();
        self.spoke.set(spoke || !was_silent);
        let mut looked = self.looked.borrow().get(start..).unwrap_or_default().to_vec();
        looked.sort_unstable();
        looked.dedup();
        (value, Looked { at: Some(looked.into()), was_silent })
    }

    /// A named value is used that was computed before.
    pub(super) fn again(&self, looked: &Looked) {
        if !self.is_listening {
            return;
        }
        self.looked.borrow_mut().extend(looked.at.iter().flat_map(|at| at.iter()));
        if !looked.was_silent {
            self.speak();
        }
    }
}

impl World<'_> {
    /// Leaves out the blocks that looked at nothing of what changed, of those about which nothing was said. Gives the
    /// blocks that somebody may look at, by kind; those of the others are not merged.
    pub(super) fn recall<'t>(
        &mut self,
        known: &Known<'_>,
        texts: impl Fn(&'static str, &str) -> Vec<&'t str>,
    ) -> Vec<Vec<bool>> {
        let id = |(kind, name): &Head| {
            let (at, _, blocks) = self.entities.get_full(kind)?;
            Some((at as u32, blocks.get_index_of(name)? as u32))
        };
        let changed: Vec<Id> = known.changed.iter().filter_map(id).collect();
        let is_silent = |id: Id, looked: &Option<Box<[Id]>>| {
            let fresh = |looked: &[Id]| !looked.iter().any(|at| changed.contains(at));
            !changed.contains(&id) && looked.as_deref().is_some_and(fresh)
        };
        let of_kind = |(kind, blocks): (usize, &Looks)| {
            let block = |(at, looked)| is_silent((kind as u32, at as u32), looked);
            blocks.iter().enumerate().map(block).collect()
        };
        self.recall.silent = known.learned.heard.iter().enumerate().map(of_kind).collect();
        self.needed(known.learned, texts)
    }

    /// From the blocks that are evaluated and from names elsewhere, whatever they lead to.
    fn needed<'t>(
        &self,
        learned: &Learned,
        texts: impl Fn(&'static str, &str) -> Vec<&'t str>,
    ) -> Vec<Vec<bool>> {
        let all = |is_needed: bool| -> Vec<Vec<bool>> {
            self.entities.values().map(|blocks| vec![is_needed; blocks.len()]).collect()
        };
        let ids = self
            .entities
            .values()
            .enumerate()
            .flat_map(|(kind, blocks)| (0..blocks.len()).map(move |at| (kind as u32, at as u32)));
        let mut open: Vec<Id> =
            ids.filter(|id| !self.is_silent(*id)).chain(learned.named.iter().copied()).collect();
        let mut needed = all(false);
        while let Some(id) = open.pop() {
            let (kind, at) = (id.0 as usize, id.1 as usize);
            match needed.get_mut(kind).and_then(|kind| kind.get_mut(at)) {
                Some(is_needed) if !*is_needed => *is_needed = true,
                _ => continue,
            }
            if self.is_silent(id) {
                let looked = learned.heard.get(kind).and_then(|kind| kind.get(at)?.as_ref());
                open.extend(looked.iter().flat_map(|looked| looked.iter()));
                continue;
            }
            let Some((kind, blocks)) = self.entities.get_index(kind) else { continue };
            let Some((name, _)) = blocks.get_index(at) else { continue };
            for text in texts(kind, name) {
                match self.mentioned(text) {
                    Some(found) => open.extend(found),
                    None => return all(true),
                }
            }
        }
        needed
    }

    /// The blocks whose names are words of a text; `None` when it is about all of a kind.
    fn mentioned(&self, text: &str) -> Option<Vec<Id>> {
        let mut found = Vec::new();
        let mut before = "";
        for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-') {
            if before == "in" && COLLECTIONS.iter().any(|(collection, _)| *collection == word) {
                return None;
            }
            let name = word.trim_end_matches('-');
            for (kind, blocks) in self.entities.values().enumerate() {
                found.extend(blocks.get_index_of(name).map(|at| (kind as u32, at as u32)));
            }
            if !word.is_empty() {
                before = word;
            }
        }
        Some(found)
    }

    /// Merges a block and notes whether anything was said about it, or stands in it that is evaluated by itself.
    pub(super) fn merged<T>(&mut self, id: Id, merge: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.diagnostics.borrow().len(), self.patches.len());
        self.recall.spoke.set(false);
        let merged = merge(self);
        let after = (self.diagnostics.borrow().len(), self.patches.len());
        if before != after || self.recall.spoke.get() {
            self.recall.loud.insert(id);
        }
        merged
    }

    /// Whether a block would say nothing.
    pub(super) fn is_silent(&self, (kind, at): Id) -> bool {
        let blocks = self.recall.silent.get(kind as usize);
        blocks.and_then(|blocks| blocks.get(at as usize)).copied().unwrap_or(false)
    }

    /// Evaluates a block and notes what it looked at.
    pub(super) fn listened<T>(&self, id: Id, evaluate: impl FnOnce() -> T) -> T {
        if !self.recall.is_listening {
            return evaluate();
        }
        self.recall.looked.borrow_mut().clear();
        self.recall.spoke.set(false);
        let made = evaluate();
        let mut looked = std::mem::take(&mut *self.recall.looked.borrow_mut());
        looked.sort_unstable();
        looked.dedup();
        let mut heard = self.recall.heard.borrow_mut();
        let (kind, at) = (id.0 as usize, id.1 as usize);
        if heard.len() <= kind {
            heard.resize_with(kind + 1, Vec::new);
        }
        if let Some(blocks) = heard.get_mut(kind) {
            if blocks.len() <= at {
                blocks.resize(at + 1, None);
            }
            if let Some(place) = blocks.get_mut(at) {
                let is_silent = !self.recall.spoke.get() && !self.recall.loud.contains(&id);
                *place = is_silent.then(|| looked.into());
            }
        }
        made
    }

    /// What was heard, for the next check.
    pub(super) fn learned(&self) -> Learned {
        let many = self.diagnostics.borrow().len() > MAX_DIAGNOSTICS / 2;
        let is_near_limit = many || self.steps.get() > self.max_steps / 2;
        let other = statements(self.program).filter(|(it, _)| head_span(self.program, it).is_none());
        let named: Option<Vec<Vec<Id>>> =
            other.map(|(statement, text)| self.mentioned(slice_of(text, statement.span))).collect();
        // Whoever asks about all blocks of a kind looks at each of them.
        let all = || {
            let kinds = self.entities.values().enumerate();
            kinds.flat_map(|(kind, all)| (0..all.len()).map(move |at| (kind as u32, at as u32))).collect()
        };
        let named = named.map_or_else(all, |named| named.concat());
        Learned { heard: self.recall.heard.take(), named, is_near_limit }
    }

    /// Whether something was looked at that is not there, because nobody seemed to need it.
    pub(super) fn has_missed(&self) -> bool {
        self.recall.missed.get()
    }
}
