//! Why a line of an artifact is as it is: the place in a source, the setting, and the layers that made its value. Must
//! not guess: a line of which only the declaration is known gets the declaration.

use crate::check::{Provenance, Subject, provenance};
use crate::emit::Artifact;
use crate::load::Program;
use crate::schema::{Layer, Value};
use crate::source::{Files, Span};

/// What made a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What to look at: the value that won, else the declaration.
    pub place: Span,
    /// The setting that decides the line, with its layers, where one alone does.
    pub value: Option<(Subject, Provenance)>,
}

/// What made each line of an artifact, as `environment` has it; in the first environment when it is for all.
pub fn reasons(
    program: &Program,
    files: &dyn Files,
    environment: Option<&str>,
    artifact: &Artifact,
) -> Vec<Reason> {
    let traced = artifact.traced();
    // The first question is always whether `dev` counts.
    let mode = Subject::Environment {
        name: environment.unwrap_or_default().to_owned(),
        path: vec!["mode".to_owned()],
    };
    let mut subjects: Vec<Subject> = vec![mode];
    let mut of_lines: Vec<Vec<usize>> = Vec::new();
    for line in &traced {
        let both =
            |(place, field): &(Span, Vec<String>)| [(*place, in_development(field)), (*place, field.clone())];
        let fields = line.fields.iter().flat_map(both);
        let found = fields.filter_map(|(place, field)| {
            let subject = Subject::of_declaration(program, place, artifact.origin, &field)?;
            Some(subjects.iter().position(|known| *known == subject).unwrap_or_else(|| {
                subjects.push(subject);
                subjects.len() - 1
            }))
        });
        let found = found.collect();
        of_lines.push(found);
    }
    let only: Vec<String> = environment.map(ToOwned::to_owned).into_iter().collect();
    let values = provenance(program, files, &only, &subjects);
    let mode = values.first().and_then(|mode| mode.first()?.value.as_ref());
    let is_development = matches!(mode, Some(Value::Choice("development")));
    let value = |at: &usize| {
        let counts = is_development || !subjects.get(*at)?.is_for_development();
        counts.then_some((subjects.get(*at)?.clone(), values.get(*at)?.first()?.clone()))
    };
    let reason = |(line, candidates): (crate::emit::Traced, &Vec<usize>)| {
        let all = || candidates.iter().filter_map(value);
        let written = all().find(|(_, value)| value.is_written());
        // A default is an answer too, for the setting itself.
        let value = written.or_else(|| all().rfind(|(_, value)| value.default.is_some()));
        let place = value.as_ref().and_then(|(_, value)| value.place()).unwrap_or(line.place);
        Reason { place, value }
    };
    traced.into_iter().zip(&of_lines).map(reason).collect()
}

/// What `dev` sets counts in development; it is not written elsewhere.
fn in_development(field: &[String]) -> Vec<String> {
    std::iter::once("dev".to_owned()).chain(field.iter().cloned()).collect()
}

/// The environment that an artifact is for: the folder below the output that has its name.
pub fn environment_of<'n>(
    artifact: &Artifact,
    output: &str,
    mut names: impl Iterator<Item = &'n str>,
) -> Option<&'n str> {
    let inside = artifact.path.strip_prefix(output)?.strip_prefix('/')?;
    let folder = inside.split('/').next()?;
    names.find(|name| *name == folder)
}

impl Provenance {
    /// Whether some layer has written the value.
    pub fn is_written(&self) -> bool {
        self.value.is_some() && !self.steps.is_empty()
    }

    /// Where the value that won was written.
    pub fn place(&self) -> Option<Span> {
        self.steps.last().map(|step| step.origin.span).filter(|_| self.is_written())
    }

    /// Which environment of the chain a layer is.
    pub fn environment(&self, layer: Layer) -> Option<&str> {
        match layer {
            Layer::Environment(index) => self.chain.get(usize::from(index)).map(|name| &**name),
            Layer::Default | Layer::Preset | Layer::Base => None,
        }
    }
}
