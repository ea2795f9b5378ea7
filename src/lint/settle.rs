//! What becomes of findings: levels of the project, allowances in the sources, what the baseline knows, each once.
//! Must not find anything by itself, and must not touch errors of the language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Level, Severity};
use crate::model::Project;
use crate::source::{SourceMap, Span};

use super::allow::{self, Allowances};
use super::travel::Travel;
use super::{Finding, RULES};

/// What decides about findings.
pub struct Context<'a> {
    /// The texts that spans point into.
    pub sources: &'a SourceMap,
    /// Its levels and what it knew before.
    pub project: &'a Project,
    /// Whether the plan has all environments: only then can an allowance be said to allow nothing.
    pub is_whole: bool,
}

/// The level of a code: the project's, else the rule's own; what a target cannot express is a warning.
pub(super) fn level(code: &Code, levels: &BTreeMap<Arc<str>, Level>) -> Level {
    let own = || RULES.iter().find(|rule| rule.code == code).map(|rule| rule.level);
    levels.get(code.name).copied().or_else(own).unwrap_or(Level::Warning)
}

/// The diagnostics that remain of what rules found and of what targets reported.
pub fn settle(findings: Vec<Finding>, of_targets: Vec<Diagnostic>, context: &Context<'_>) -> Vec<Diagnostic> {
    let mut allowances = Allowances::of(context.sources);
    let mut known = context.project.known.clone();
    let of_targets = of_targets.into_iter().map(|diagnostic| Finding { subject: None, diagnostic });
    let mut travel = Travel::new(context.sources);
    let mut kept = Vec::new();
    let mut seen: BTreeSet<(&str, Option<Span>, String)> = BTreeSet::new();
    for finding in findings.into_iter().chain(of_targets) {
        let is_error_of_target = finding.subject.is_none() && finding.diagnostic.is_error();
        if is_error_of_target || !finding.diagnostic.code.has_level() {
            kept.push(finding.diagnostic);
            continue;
        }
        if allowances.cover(&finding) {
            continue;
        }
        let subject = finding.subject;
        let Some(diagnostic) = at_level(finding.diagnostic, &context.project.rules) else { continue };
        let place = diagnostic.primary.as_ref().map(|label| label.span);
        let is_new = seen.insert((diagnostic.code.id, place, diagnostic.message.clone()));
        if is_new && !known.take(&diagnostic, context.sources) {
            kept.push(match subject {
                Some(subject) => travel.trace(diagnostic, &subject.chain),
                None => diagnostic,
            });
        }
    }
    let of_comments = allow::judge(&allowances, context.is_whole);
    let of_comments = of_comments.into_iter().filter_map(|problem| at_level(problem, &context.project.rules));
    kept.extend(of_comments.filter(|problem| !known.take(problem, context.sources)));
    kept
}

fn at_level(mut diagnostic: Diagnostic, levels: &BTreeMap<Arc<str>, Level>) -> Option<Diagnostic> {
    diagnostic.severity = match level(diagnostic.code, levels) {
        Level::Off => return None,
        Level::Warning => Severity::Warning,
        Level::Error => Severity::Error,
    };
    Some(diagnostic)
}
