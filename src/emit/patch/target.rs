//! What can be patched, and in which form. Must not know environments.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Patch, PatchBody};
use crate::source::Span;

/// How the documents of a target are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `patch TARGET { … }`: one document.
    File,
    /// `patch TARGET.KIND { … }`: objects of kinds.
    Objects,
    /// `patch TARGET.BLOCK """…"""`: blocks of directives.
    Directives,
}

/// A target whose documents can be patched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The name of its emitter.
    pub(super) name: &'static str,
    /// Another name for it.
    alias: &'static str,
    pub(super) form: Form,
}

/// All of them.
pub(super) const TARGETS: &[Target] = &[
    Target { name: "compose", alias: "compose", form: Form::File },
    Target { name: "kubernetes", alias: "k8s", form: Form::Objects },
    Target { name: "nginx", alias: "nginx", form: Form::Directives },
];

/// Short names of kinds, those of `kubectl api-resources`.
const KINDS: &[(&str, &str)] = &[
    ("cj", "cronjob"),
    ("cm", "configmap"),
    ("deploy", "deployment"),
    ("hpa", "horizontalpodautoscaler"),
    ("ing", "ingress"),
    ("netpol", "networkpolicy"),
    ("pdb", "poddisruptionbudget"),
    ("pvc", "persistentvolumeclaim"),
    ("sa", "serviceaccount"),
    ("sts", "statefulset"),
    ("svc", "service"),
];

/// A kind as it is compared: in lower case, short names in full.
pub(super) fn kind_of(written: &str) -> String {
    let written = written.to_ascii_lowercase();
    let full = KINDS.iter().find(|(short, _)| *short == written).map(|(_, full)| (*full).to_owned());
    full.unwrap_or(written)
}

impl Target {
    /// The target that a patch names.
    pub(super) fn of(patch: &Patch) -> Option<Self> {
        let name = patch.selector.first()?;
        TARGETS.iter().find(|known| *name.value == *known.name || *name.value == *known.alias).copied()
    }

    /// What is wrong with the form of a patch of this target.
    pub(super) fn misuse(self, patch: &Patch) -> Option<Diagnostic> {
        let written = patch.selector.first().map_or(self.name, |name| &name.value);
        let problem = match (self.form, &patch.body, patch.selector.len()) {
            (Form::Directives, PatchBody::Set(_), _) => {
                format!("`{written}` has directives, not values with a path")
            }
            (Form::File | Form::Objects, PatchBody::Raw(_), _) => {
                format!("`{written}` has values with a path, and no place for raw text")
            }
            (Form::File, _, 1) | (Form::Objects | Form::Directives, _, 2) => return None,
            (Form::File, _, _) => format!("`{written}` is one document, so nothing follows its name"),
            (Form::Objects, _, 1) => format!("`{written}` has objects of several kinds"),
            (Form::Directives, _, 1) => format!("`{written}` has several kinds of blocks"),
            (Form::Objects | Form::Directives, _, _) => "a patch names a target and one kind".to_owned(),
        };
        let problem = Diagnostic::error(codes::UNSATISFIABLE_PATCH, problem);
        let problem = problem.at(selector_span(patch), "this patch cannot be made");
        Some(problem.help(format!("write `{}`", self.form.example(written))))
    }
}

/// The whole selector.
pub(super) fn selector_span(patch: &Patch) -> Span {
    match (patch.selector.first(), patch.selector.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => patch.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::EMITTERS;

    #[test]
    fn every_target_has_an_emitter() {
        for target in TARGETS {
            assert!(EMITTERS.iter().any(|emitter| emitter.name() == target.name), "{}", target.name);
        }
    }
}
