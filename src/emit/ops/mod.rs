//! Ops: one script per environment with everything that people do by hand there. It is text that people would write,
//! so it comes from templates; must not put a word into a script that is not a [`crate::text::ShellWord`].

mod beside;
mod cluster;
mod command;
mod compose;
mod facts;
mod job;
mod render;
mod rollout;
mod saved;
mod secret;
mod task;

use super::template::Error;
use super::{Emitted, Emitter, names};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{EnvironmentPlan, Plan};

/// Operations scripts.
#[derive(Debug)]
pub struct Ops;

impl Emitter for Ops {
    fn name(&self) -> &'static str {
        "ops"
    }

    fn summary(&self) -> &'static str {
        "one script per environment and target: deploy, roll back, back up, restore, logs and the tasks of the source"
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        // Without a service there is nothing to operate.
        for environment in plan.environments.iter().filter(|environment| !environment.services.is_empty()) {
            report_taken(environment, out);
            if let Some(target) = environment.model.compose() {
                let script = compose::script(plan, environment, target);
                add(names::ops(plan, environment), environment, script, out);
            }
            if let Some(target) = environment.model.kubernetes() {
                cluster::report(environment, out);
                let script = cluster::script(plan, environment, target);
                add(names::ops_of_cluster(plan, environment), environment, script, out);
            }
        }
    }
}

/// A task must not hide a command of the script.
fn report_taken(environment: &EnvironmentPlan, out: &mut Emitted) {
    for (name, task) in
        task::present(environment).filter(|(name, _)| compose::is_taken(name) || cluster::is_taken(name))
    {
        let message = format!("the task `{name}` has the name of a command that every `ops` script has");
        let problem = Diagnostic::error(codes::ILLEGAL_NAME, message).at(task.label.span, "already taken");
        out.diagnostics
            .push(problem.help("give the task another name; `ops --help` lists those that are taken"));
    }
}

fn add(path: String, environment: &EnvironmentPlan, script: Result<String, Error>, out: &mut Emitted) {
    let span = environment.model.block.label.span;
    match script {
        Ok(text) => out.script(path, text, span),
        Err(error) => {
            let message = format!("`{path}` cannot be written: {error}");
            let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, message);
            out.diagnostics.push(problem.at(span, "described here"));
        }
    }
}
