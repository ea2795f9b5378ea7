//! Patches: changes of emitted documents that the language has no words for. Must not print: emitters do, and must
//! not know where objects come from.
//!
//! An emitter makes one [`Patches`] per environment that has its target, passes every document through
//! [`Patches::file`] or [`Patches::object`] before it prints, and every block of directives through
//! [`Patches::directives`], and hands it back with [`Patches::finish`]. After all emitters, [`ledger::judge`] reports
//! the patches that met no object or changed nothing.

mod ledger;
mod path;
mod target;
mod value;
mod vocabulary;

use std::cell::RefCell;

use serde::{Serialize, Serializer};

use super::Emitted;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Environment, Patch, PatchBody, PatchSetting};
use crate::print::nginx::Directive;
use crate::print::yaml::{Error, Node, to_tree};

pub(super) use ledger::{Ledger, judge};
use path::{Outcome, Site};
use target::{Form, Target};

/// The patches of one target in one environment, and what they have met so far.
#[derive(Debug)]
pub(super) struct Patches<'a> {
    target: &'a str,
    meant: Vec<&'a Patch>,
    ledger: RefCell<Ledger>,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Patches<'a> {
    /// Those that change this target in this environment.
    pub(super) fn of(environment: &'a Environment, target: &'a str) -> Self {
        let is_meant = |patch: &&Patch| {
            Target::of(patch).is_some_and(|known| known.name == target && known.misuse(patch).is_none())
        };
        let meant: Vec<&Patch> = environment.patches.iter().filter(is_meant).collect();
        let mut ledger = Ledger::default();
        for patch in &meant {
            // A patch of a parent environment has to hold its promise there, not here.
            if patch.environment.as_ref().is_none_or(|home| *home == environment.name) {
                ledger.expect(patch);
            }
        }
        Self { target, meant, ledger: RefCell::new(ledger), diagnostics: RefCell::default() }
    }

    /// A document that holds everything. A patch inside a service changes what is below `place`, followed by the
    /// name of the service.
    pub(super) fn file<'d, T: Serialize>(
        &self,
        place: &str,
        document: &'d T,
    ) -> Result<Patched<'d, T>, Error> {
        if self.meant.is_empty() {
            return Ok(Patched::AsItIs(document));
        }
        let mut tree = to_tree(document)?;
        let mut is_changed = false;
        for patch in &self.meant {
            let part = match &patch.owner {
                None => Some(&mut tree),
                Some(owner) => {
                    let known = tree.get(place).map(Node::keys).unwrap_or_default();
                    self.ledger.borrow_mut().candidates(patch, known);
                    tree.get_mut(place).and_then(|parts| parts.get_mut(owner))
                }
            };
            if let Some(part) = part {
                let inside = patch.owner.as_deref().map(|owner| [place, owner]);
                is_changed |= self.change(patch, part, inside.as_ref().map_or(&[], |above| above.as_slice()));
            }
        }
        Ok(if is_changed { Patched::Changed(tree) } else { Patched::AsItIs(document) })
    }

    /// A document that is one object of many, told apart by its `kind`. `owner` is the service or ingress that it
    /// was made for.
    pub(super) fn object<'d, T: Serialize>(
        &self,
        owner: Option<&str>,
        document: &'d T,
    ) -> Result<Patched<'d, T>, Error> {
        if self.meant.is_empty() {
            return Ok(Patched::AsItIs(document));
        }
        let mut tree = to_tree(document)?;
        let kind = tree.get("kind").and_then(Node::as_text).unwrap_or_default().to_ascii_lowercase();
        let mut is_changed = false;
        for patch in &self.meant {
            if self.meets(patch, owner.as_slice(), &kind) {
                is_changed |= self.change(patch, &mut tree, &[]);
            }
        }
        Ok(if is_changed { Patched::Changed(tree) } else { Patched::AsItIs(document) })
    }

    /// What goes to the end of a block of directives (`http`, `server`, `location`), which is made for `owners`: an
    /// ingress, and the service behind it where there is one.
    pub(super) fn directives(&self, owners: &[&str], block: &str) -> Vec<Directive> {
        let mut found = Vec::new();
        for patch in &self.meant {
            if let (true, PatchBody::Raw(text)) = (self.meets(patch, owners, block), &patch.body) {
                let is_empty = text.trim().is_empty();
                let outcome =
                    if is_empty { Outcome::Same("its text is empty".to_owned()) } else { Outcome::Changed };
                self.ledger.borrow_mut().met(patch, outcome);
                found.push(Directive::verbatim(&**text).commented("From a patch.").spaced());
            }
        }
        found
    }

    /// Hands over what the patches have met.
    pub(super) fn finish(self, out: &mut Emitted) {
        out.patches.add(self.ledger.into_inner());
        for problem in self.diagnostics.into_inner() {
            // A patch that environments share fails in each of them in the same words.
            if !out.diagnostics.contains(&problem) {
                out.diagnostics.push(problem);
            }
        }
    }

    /// Whether a patch selects an object of this kind, and what it could have selected.
    fn meets(&self, patch: &Patch, owners: &[&str], kind: &str) -> bool {
        if patch.owner.as_deref().is_some_and(|owner| !owners.contains(&owner)) {
            return false;
        }
        self.ledger.borrow_mut().candidates(patch, [kind.to_owned()]);
        patch.selector.get(1).is_some_and(|selected| target::kind_of(&selected.value) == kind)
    }

    /// Makes the changes of a patch; whether there was one.
    fn change(&self, patch: &Patch, tree: &mut Node, above: &[&str]) -> bool {
        let PatchBody::Set(settings) = &patch.body else {
            return false;
        };
        let mut is_changed = false;
        for setting in settings {
            match set(setting, tree, Site { target: self.target, above }) {
                Ok(outcome) => {
                    is_changed |= outcome == Outcome::Changed;
                    self.ledger.borrow_mut().setting(patch, setting.value.origin.span, outcome);
                }
                Err(problem) => {
                    self.diagnostics.borrow_mut().push(*problem);
                    self.ledger.borrow_mut().met(patch, Outcome::Changed);
                }
            }
        }
        if settings.is_empty() {
            self.ledger.borrow_mut().met(patch, Outcome::Same("it has no settings".to_owned()));
        }
        is_changed
    }
}

fn set(setting: &PatchSetting, tree: &mut Node, site: Site<'_>) -> Result<Outcome, Box<Diagnostic>> {
    let value = value::node(&setting.value)?;
    path::set(tree, site, &setting.path, setting.append, value).map_err(|obstacle| {
        let problem = Diagnostic::error(codes::UNSATISFIABLE_PATCH, obstacle.message);
        Box::new(problem.at(setting.value.origin.span, "cannot be set").help(obstacle.help))
    })
}

/// A document that patches have seen.
#[derive(Debug)]
pub(super) enum Patched<'d, T> {
    /// None has changed it.
    AsItIs(&'d T),
    /// With the changes.
    Changed(Node),
}

impl<T: Serialize> Serialize for Patched<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AsItIs(document) => document.serialize(serializer),
            Self::Changed(tree) => tree.serialize(serializer),
        }
    }
}

impl Form {
    /// What a patch of this form looks like.
    fn example(self, target: &str) -> String {
        match self {
            Self::File => format!("patch {target} {{ path.to.key = value }}"),
            Self::Objects => format!("patch {target}.deployment {{ path.to.key = value }}"),
            Self::Directives => format!("patch {target}.server \"\"\"…\"\"\""),
        }
    }
}
