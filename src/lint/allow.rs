//! Allowances: `# stackc: allow(rule, …) reason` above a declaration, or behind its first line. Must not know rules
//! beyond their names.
//!
//! An allowance covers what a rule finds at a place inside of its declaration, and what is about a block of the same
//! kind and name; inside of an `environment` block, only what is found in that environment or one made from it.

use crate::diagnostic::{Diagnostic, Edit, Level, codes, suggest};
use crate::source::{Source, SourceMap, Span};
use crate::syntax;
use crate::syntax::ast::{Block, Label, Statement, StatementKind};

use super::place::Subject;
use super::{Family, Finding, Rule};

/// What an allowance begins with, behind the comment sign.
const MARK: &str = "stackc:";

pub(super) const UNUSED: Rule = Rule {
    code: codes::UNUSED_ALLOWANCE,
    family: Family::Allowances,
    level: Level::Warning,
    check: |_, _| {},
};

pub(super) const BROKEN: Rule = Rule {
    code: codes::BROKEN_ALLOWANCE,
    family: Family::Allowances,
    level: Level::Warning,
    check: |_, _| {},
};

/// All allowances of a program, and what is wrong with some.
#[derive(Debug, Default)]
pub(super) struct Allowances {
    all: Vec<Allowance>,
    broken: Vec<Diagnostic>,
}

#[derive(Debug)]
struct Allowance {
    rule: &'static str,
    /// The rule's name in the comment.
    name: Span,
    /// The comment, with its line where it stands alone.
    comment: Span,
    /// The declaration that it stands at.
    statement: Span,
    /// The blocks around the declaration, itself last.
    blocks: Vec<(String, String)>,
    used: bool,
}

/// A statement, and the blocks around it, itself last.
struct Site {
    span: Span,
    blocks: Vec<(String, String)>,
}

impl Allowances {
    /// The allowances in the files of the project; those of the standard library need none.
    pub(super) fn of(sources: &SourceMap) -> Self {
        let mut found = Self::default();
        for source in sources.iter() {
            // Most files have none: they are not parsed again.
            if source.text.contains(MARK) && !source.path.starts_with("std/") {
                found.read(source);
            }
        }
        found
    }

    fn read(&mut self, source: &Source) {
        let parse = syntax::parse(source);
        let mut sites = Vec::new();
        collect(&parse.file.statements, source, &[], &mut sites);
        for token in parse.tape.comments() {
            let span = Span::new(source.id, token.start, token.end);
            let text = source.slice(span).trim_start_matches(['#', '/']);
            let body = text.trim_start();
            if let Some(order) = body.strip_prefix(MARK) {
                let at = token.end - order.len() as u32;
                self.order(order, at, span, source, &sites);
            }
        }
    }

    /// Reads ` allow(rule, …) reason`, which starts at the byte `at`.
    fn order(&mut self, order: &str, at: u32, comment: Span, source: &Source, sites: &[Site]) {
        let parts = order.trim_start().strip_prefix("allow(").and_then(|rest| rest.split_once(')'));
        let Some((names, reason)) = parts else {
            self.broken.push(
                problem("expected `allow(rule) reason` after `stackc:`", comment)
                    .help("write `# stackc: allow(rule-name) why it is right here`"),
            );
            return;
        };
        if reason.trim().trim_start_matches(['-', ':']).trim().is_empty() {
            self.broken.push(
                problem("an allowance needs a reason", comment)
                    .help("say behind the bracket why it is right to break the rule here"),
            );
            return;
        }
        let Some(site) = site_of(comment, source, sites) else {
            self.broken.push(
                problem("no declaration follows this allowance", comment)
                    .help("put it directly above the declaration that it is about"),
            );
            return;
        };
        let mut start = at + (order.len() - order.trim_start().len()) as u32 + "allow(".len() as u32;
        for written in names.split(',') {
            let indent = (written.len() - written.trim_start().len()) as u32;
            let name = Span::new(source.id, start + indent, start + indent + written.trim().len() as u32);
            start += written.len() as u32 + 1;
            self.one(written.trim(), name, comment, site, source);
        }
    }

    fn one(&mut self, written: &str, name: Span, comment: Span, site: &Site, source: &Source) {
        let mut known = codes::ALL.iter().filter(|code| code.has_level());
        if let Some(code) = known.find(|code| code.name == written || code.id == written) {
            self.all.push(Allowance {
                rule: code.name,
                name,
                comment: whole_line(comment, source),
                statement: site.span,
                blocks: site.blocks.clone(),
                used: false,
            });
            return;
        }
        let names = codes::ALL.iter().filter(|code| code.has_level()).map(|code| code.name);
        let found = problem(&format!("no rule is called `{written}`"), name);
        self.broken.push(match suggest::closest(written, names) {
            Some(near) => {
                let edit = Edit { span: name, text: near.to_owned() };
                found
                    .help(format!("did you mean `{near}`?"))
                    .maybe_fix(format!("replace with `{near}`"), vec![edit])
            }
            None => found.help("`stackc explain` lists all rules"),
        });
    }

    /// Whether a finding is allowed; the allowance counts as used.
    pub(super) fn cover(&mut self, finding: &Finding) -> bool {
        let mut covered = false;
        for allowance in &mut self.all {
            if allowance.covers(finding) {
                allowance.used = true;
                covered = true;
            }
        }
        covered
    }
}

impl Allowance {
    fn covers(&self, finding: &Finding) -> bool {
        if self.rule != finding.diagnostic.code.name {
            return false;
        }
        let inside = finding.diagnostic.primary.as_ref().is_some_and(|label| {
            let place = label.span;
            place.source == self.statement.source
                && place.start >= self.statement.start
                && place.end <= self.statement.end
        });
        inside || finding.subject.as_ref().is_some_and(|subject| self.names(subject))
    }

    fn names(&self, subject: &Subject) -> bool {
        let is_in = |environment: &str| subject.chain.iter().any(|name| **name == *environment);
        match self.blocks.as_slice() {
            [(kind, name)] if kind == "environment" => is_in(name),
            [(outer, environment), (kind, name)] if outer == "environment" => {
                is_in(environment) && kind == subject.kind && **name == *subject.name
            }
            [(kind, name)] => kind == subject.kind && **name == *subject.name,
            _ => false,
        }
    }
}

/// What is wrong with allowances: those that cannot be read, and with a whole program those that allow nothing.
pub(super) fn judge(allowances: &Allowances, is_whole: bool) -> Vec<Diagnostic> {
    let mut found = allowances.broken.clone();
    for allowance in allowances.all.iter().filter(|allowance| is_whole && !allowance.used) {
        let message = format!("nothing here breaks the rule `{}`", allowance.rule);
        let alone = allowances.all.iter().filter(|other| other.comment == allowance.comment).count() == 1;
        let problem = Diagnostic::warning(codes::UNUSED_ALLOWANCE, message)
            .at(allowance.name, "allows nothing")
            .help("remove it, so that the rule is heard again when it has something to say");
        found.push(if alone {
            let edit = Edit { span: allowance.comment, text: String::new() };
            problem.safe_fix("remove the allowance", vec![edit])
        } else {
            problem
        });
    }
    found
}

fn problem(message: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(codes::BROKEN_ALLOWANCE, message).at(span, "has no effect")
}

/// Every statement, the outer ones first, in source order.
fn collect(statements: &[Statement], source: &Source, around: &[(String, String)], sites: &mut Vec<Site>) {
    for statement in statements {
        let mut blocks = around.to_vec();
        if let StatementKind::Block(block) = &statement.kind {
            blocks.push(named(block, source));
        } else {
            blocks.push((String::new(), String::new()));
        }
        let inner = blocks.clone();
        sites.push(Site { span: statement.span, blocks });
        if let StatementKind::Block(Block { body: Some(body), .. }) = &statement.kind {
            collect(body, source, &inner, sites);
        }
    }
}

fn named(block: &Block, source: &Source) -> (String, String) {
    let label = block.labels.last().map(Label::span);
    let label = label.map(|span| source.slice(span).trim_matches('"').to_owned());
    (source.slice(block.kind.span).to_owned(), label.unwrap_or_default())
}

/// The statement that begins on the comment's own line, else the one that follows with nothing but comments between.
fn site_of<'s>(comment: Span, source: &Source, sites: &'s [Site]) -> Option<&'s Site> {
    let line = line_start(comment, source);
    let before = |site: &&Site| site.span.start >= line && site.span.start < comment.start;
    if let Some(site) = sites.iter().find(before) {
        return Some(site);
    }
    let next = sites.iter().find(|site| site.span.start >= comment.end)?;
    let between = source.slice(Span::new(source.id, comment.end, next.span.start));
    let is_quiet = |line: &str| line.trim().is_empty() || line.trim_start().starts_with(['#', '/']);
    between.lines().all(is_quiet).then_some(next)
}

fn line_start(span: Span, source: &Source) -> u32 {
    source.lines.range(source.lines.line(span.start)).0
}

/// The comment; with its whole line where nothing else stands there, else with the blanks before it.
fn whole_line(comment: Span, source: &Source) -> Span {
    let (start, end) = source.lines.range(source.lines.line(comment.start));
    let before = source.slice(Span::new(source.id, start, comment.start));
    if before.trim().is_empty() {
        return Span::new(source.id, start, end);
    }
    Span::new(source.id, start + before.trim_end().len() as u32, comment.end)
}
