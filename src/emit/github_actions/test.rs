//! Jobs that run commands, with the service containers that the covered services refer to. Must not know a tool:
//! set-up actions are found by the name in the source.

use indexmap::IndexMap;

use super::actions::{self, checkout};
use super::document::{Container, Job, Values};
use super::{Context, permission};
use crate::emit::Emitted;
use crate::emit::spell::Spelling;
use crate::model::{PipelineJob, Service};
use crate::plan::{Delivered, ImageUse, ServicePlan};
use crate::print::yaml::Spaced;
use crate::schema::{Part, Text};

/// A value for secrets that exist only while a job runs. It differs from run to run and protects nothing.
const THROWAWAY: &str = "ci-${{ github.run_id }}";

impl Context<'_> {
    /// A job that runs commands.
    pub(super) fn test(&self, name: &str, job: &PipelineJob, out: &mut Emitted) -> Job {
        let services = self.containers(job);
        let mut steps = vec![checkout(false)];
        for (tool, setup) in &job.setup {
            let role = format!("setup-{tool}");
            if !actions::has(&role) {
                let what = format!("the tool chain `{tool}`, for which no action is pinned");
                out.unsupported("github-actions", &what, setup.label.span, "install it in a step");
                continue;
            }
            let mut step = actions::step(&format!("Set up {tool} {}", &*setup.version), &role, []);
            step.inputs.insert(actions::version_input(&role, tool), setup.version.to_string().into());
            if let Some(cache) = &setup.cache {
                step.inputs.insert("cache", cache.to_string().into());
                let locks: Vec<String> = setup.lock.iter().map(ToString::to_string).collect();
                if !locks.is_empty() {
                    step.inputs.insert("cache-dependency-path", locks.join("\n").into());
                }
            }
            steps.push(step);
        }
        steps.extend(job.run.iter().map(|line| actions::run(first_words(line), &**line)));
        steps.extend(job.steps.iter().map(|(title, line)| actions::run(title, &*line.value)));
        if !job.keep.is_empty() {
            let paths: Vec<String> = job.keep.iter().map(ToString::to_string).collect();
            let mut step = actions::step(
                "Keep the results",
                "upload-artifact",
                [
                    ("name", format!("{name}-results").into()),
                    ("path", paths.join("\n").into()),
                    ("if-no-files-found", "error".into()),
                ],
            );
            step.condition = Some("${{ !cancelled() }}");
            steps.push(step);
        }
        Job {
            permissions: IndexMap::from([permission("contents", "read", "check out the sources")]),
            env: self.variables(job, &services),
            services: services
                .iter()
                .map(|(name, (_, container))| (name.clone(), container.clone()))
                .collect(),
            steps: steps.into_iter().map(Spaced).collect(),
            ..self.job(name, job)
        }
    }

    /// The published images that the commands need: those that are named, and those that covered services refer to.
    fn containers(&self, job: &PipelineJob) -> IndexMap<String, (&Service, Container)> {
        let Some(environment) = self.environment else {
            return IndexMap::new();
        };
        let named = job.with.iter().map(|reference| &reference.name);
        let covered = job
            .covers
            .iter()
            .flat_map(|service| environment.edges_of(&service.name).iter().map(|edge| &edge.to));
        let mut found = IndexMap::new();
        for name in named.chain(covered) {
            let (Some(service), Some(planned)) =
                (environment.model.services.get(name), environment.services.get(name))
            else {
                continue;
            };
            if let ImageUse::Public(image) = &planned.image {
                found.insert(name.to_string(), (service, container(service, planned, &image.to_string())));
            }
        }
        found
    }

    /// The variables of the covered services that make sense beside those containers, then the job's own.
    fn variables(&self, job: &PipelineJob, containers: &IndexMap<String, (&Service, Container)>) -> Values {
        let mut values = Values::new();
        let reachable = |text: &Text| {
            text.0.iter().all(|part| match part {
                Part::Host { service, .. } | Part::Port { service, .. } => {
                    containers.contains_key(&**service)
                }
                Part::Literal(_) | Part::Secret(_) => true,
                Part::SecretPath(_) => false,
            })
        };
        let mentions = |text: &Text| text.0.iter().any(|part| matches!(part, Part::Host { .. }));
        let known = |secret: &str| containers.values().any(|(service, _)| gives(service, secret));
        let spell = |text: &Text| {
            let spelling = Spelling {
                literal: &escape,
                secret: &|name| {
                    if known(name) { THROWAWAY.to_owned() } else { String::new() }
                },
            };
            spelling.text(&local(text))
        };
        let services = self.environment.map(|environment| &environment.model.services);
        for reference in &job.covers {
            let Some(service) = services.and_then(|services| services.get(&reference.name)) else {
                continue;
            };
            for (name, value) in service.env.iter().filter(|(_, value)| mentions(value) && reachable(value)) {
                values.insert(name.to_string(), spell(value));
            }
        }
        values.extend(job.env.iter().map(|(name, value)| (name.to_string(), spell(value))));
        values
    }
}

/// Whether a service container gets the secret through a variable; containers get no files and no commands.
fn gives(service: &Service, secret: &str) -> bool {
    service.env.values().any(|text| text.as_secret().is_some_and(|name| **name == *secret))
}

/// The text with published ports on this machine in place of the services' names.
fn local(text: &Text) -> Text {
    let parts = text.0.iter().map(|part| match part {
        Part::Host { .. } => Part::Literal("localhost".into()),
        part => part.clone(),
    });
    Text(parts.collect())
}

fn container(service: &Service, planned: &ServicePlan, image: &str) -> Container {
    let mut env = Values::new();
    for variable in &planned.variables {
        let (name, text) = match &variable.value {
            Delivered::Plain(text) if text.as_literal().is_some() => {
                (&*variable.name, escape(text.as_literal().unwrap_or_default()))
            }
            Delivered::File(_) => {
                (variable.name.strip_suffix("_FILE").unwrap_or(&variable.name), THROWAWAY.to_owned())
            }
            Delivered::Variable(text) if text.as_secret().is_some() => {
                (&*variable.name, THROWAWAY.to_owned())
            }
            _ => continue,
        };
        env.insert(name.to_owned(), text);
    }
    let ports = service.listeners().iter().map(|(_, port)| format!("{port}:{port}")).collect();
    Container { image: image.to_owned(), env, ports, options: options(service, planned) }
}

/// The health check as flags of `docker create`, so that steps start when the service is ready. A check that reads
/// secret files cannot run here, because service containers have none.
fn options(service: &Service, planned: &ServicePlan) -> Option<String> {
    let health = service.health.as_ref()?;
    let command = planned.health_command.as_ref()?.join(" ");
    if command.contains("/run/secrets/") || command.contains('"') {
        return None;
    }
    Some(format!(
        "--health-cmd \"{command}\" --health-interval {}s --health-timeout {}s --health-retries {}",
        health.every.as_seconds(),
        health.timeout.as_seconds(),
        health.retries.max(5)
    ))
}

/// Characters as they are: an expression in the source text stays text.
pub(super) fn escape(text: &str) -> String {
    text.replace("${{", "${{ '${{' }}")
}

/// A title for a step: the command without its arguments' tail.
fn first_words(line: &str) -> &str {
    let line = line.lines().next().unwrap_or(line);
    line.char_indices().nth(60).map_or(line, |(at, _)| line.get(..at).unwrap_or(line))
}
