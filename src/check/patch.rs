//! Patches: paths and values for documents that the language has no words for. Must not know the documents.

use std::sync::Arc;

use super::merge::segments_of;
use super::want::Want;
use super::world::{RawPatch, World};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Patch, PatchBody, PatchSetting};
use crate::schema::{Layer, Origin, Part, Reference, Sourced, Text, Value};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Label, SettingOperator, Statement, StatementKind};
use crate::syntax::literal;

impl<'a> World<'a> {
    /// The patch as data; `None` when it has no legal shape, which is reported.
    pub(super) fn patch(&self, raw: &RawPatch<'a>, chain: &[Arc<str>]) -> Option<Patch> {
        let owner =
            self.scope(raw.scope).and_then(|scope| scope.owner.as_ref().map(|(_, name)| name.clone()));
        let Some(Label::Path(selector)) = raw.block.labels.first() else {
            let problem = Diagnostic::error(codes::MISSING_LABEL, "a patch says what it changes");
            let problem = problem.at(raw.block.kind.span, "expected a target after this word");
            self.report(problem.help("write `patch kubernetes.deployment { … }`, `patch compose { … }` or `patch nginx.server \"\"\"…\"\"\"`"));
            return None;
        };
        let selector =
            selector.segments().map(|name| Spanned::new(self.text(name.span).into(), name.span)).collect();
        self.sink.set(None);
        let body = match (raw.block.labels.get(1), &raw.block.body) {
            (Some(Label::Raw(text)), None) => PatchBody::Raw(literal::raw(self.text(text.span)).into()),
            (None, Some(body)) => {
                let mut settings = Vec::new();
                self.settings(raw, body, &[], &mut settings);
                PatchBody::Set(settings)
            }
            _ => {
                let problem =
                    Diagnostic::error(codes::UNEXPECTED_TOKEN, "a patch has either a body or raw text");
                self.report(problem.at(raw.span, "expected `{ … }` or `\"\"\"…\"\"\"`"));
                return None;
            }
        };
        let environment = match raw.layer {
            Layer::Environment(index) => chain.get(usize::from(index)).cloned(),
            Layer::Default | Layer::Preset | Layer::Base => None,
        };
        Some(Patch { selector, owner, environment, body, span: raw.span })
    }

    /// A patch is text in a file that others read: no secret may be in it.
    fn no_secret(&self, value: &Value, span: Span) {
        match value {
            Value::Reference(Reference::Secret(name)) => {
                self.leak(span, &Text(vec![Part::Secret(name.clone())]));
            }
            Value::Text(text) if text.is_secret() => self.leak(span, text),
            Value::List(items) => items.iter().for_each(|item| self.no_secret(item, item.origin.span)),
            Value::Map(items) => items.values().for_each(|item| self.no_secret(item, item.origin.span)),
            _ => {}
        }
    }

    fn settings(
        &self,
        raw: &RawPatch<'a>,
        body: &'a [Statement],
        prefix: &[Arc<str>],
        out: &mut Vec<PatchSetting>,
    ) {
        for statement in body {
            match &statement.kind {
                StatementKind::Setting(setting) => {
                    let mut path = prefix.to_vec();
                    path.extend(
                        segments_of(self.program, &setting.key).into_iter().map(|(name, _)| Arc::from(name)),
                    );
                    let value = self.expr(&setting.value, raw.scope, &Want::Any);
                    self.no_secret(&value, setting.value.span);
                    let origin = Origin { span: statement.span, layer: raw.layer };
                    let append = setting.operator == SettingOperator::Append;
                    out.push(PatchSetting { path, append, value: Sourced { value, origin } });
                }
                StatementKind::Block(block) if block.labels.is_empty() => {
                    let mut path = prefix.to_vec();
                    path.push(self.text(block.kind.span).into());
                    self.settings(raw, block.body.as_deref().unwrap_or_default(), &path, out);
                }
                StatementKind::Error => {}
                _ => {
                    let problem = Diagnostic::error(codes::UNEXPECTED_TOKEN, "a patch holds settings only");
                    self.report(problem.at(statement.span, "expected `path = value`"));
                }
            }
        }
    }
}
