//! Several runs of one job: versions of tool chains and free values. Must not decide what a run does.

use indexmap::IndexMap;

use super::document::{Axis, Strategy, Values};
use crate::emit::Emitted;
use crate::model::PipelineJob;
use crate::schema::Plain;
use crate::text::{Context as Origin, Expression, WorkflowText};

/// The axes of a job: tool chains with several versions, then the declared ones.
pub(super) fn strategy(job: &PipelineJob) -> Option<Strategy> {
    let versions = job.setup.iter().filter(|(_, setup)| setup.version.len() > 1);
    let versions = versions.map(|(tool, setup)| (tool.to_string(), values(&setup.version)));
    let declared = job.matrix.iter().filter(|(name, _)| value_of(name).is_some());
    let declared = declared.map(|(name, entry)| (name.to_string(), values(&entry.value)));
    let matrix: IndexMap<String, Axis> = versions.chain(declared).collect();
    (!matrix.is_empty()).then_some(Strategy { fail_fast: false, matrix })
}

/// Each declared axis as a variable of the commands; a name that cannot be one is reported.
pub(super) fn variables(job: &PipelineJob, out: &mut Emitted) -> Values {
    let mut found = Values::new();
    for (name, entry) in &job.matrix {
        match value_of(name) {
            Some(value) => drop(found.insert(name.to_uppercase().replace('-', "_"), value)),
            None => {
                let what = format!("the axis `{name}`");
                out.unsupported(
                    "github-actions",
                    &what,
                    entry.origin.span,
                    "use letters, digits, `-` and `_`",
                );
            }
        }
    }
    found
}

/// The value of an axis in one run.
pub(super) fn value_of(axis: &str) -> Option<String> {
    let expression = Expression::new(Origin::Matrix, &[axis]).ok()?;
    Some(WorkflowText::expression(expression).to_string())
}

fn values(texts: &[Plain]) -> Axis {
    Axis::Values(texts.iter().map(|text| WorkflowText::literal(text).to_string()).collect())
}
