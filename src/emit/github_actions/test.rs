//! Jobs that run commands, with the service containers that the covered services refer to. Must not know a tool:
//! set-up actions are found by the name in the source.

use indexmap::IndexMap;

use super::actions::{self, checkout};
use super::document::{Container, Job, Step, Values};
use super::{Context, matrix, permission, quality};
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
        let strategy = matrix::strategy(job);
        let mut steps = vec![checkout(false)];
        steps.extend(setup_steps(job, out));
        steps.extend(cache_steps(name, job, out));
        let lines = job.run.iter().map(|line| (first_words(line), &**line));
        let titled = job.steps.iter().map(|(title, line)| (&**title, &*line.value));
        steps.extend(lines.chain(titled).map(|(title, line)| command(job, title, line)));
        steps.extend(quality::coverage_steps(job, out));
        steps.extend(keep(name, job, strategy.is_some()));
        let mut permissions = IndexMap::from([permission("contents", "read", "check out the sources")]);
        let publish = job.coverage.as_ref().and_then(|coverage| coverage.publish.as_deref()).into_iter();
        let reason = "prove to the service who sends the reports";
        permissions.extend(
            publish.flat_map(actions::permissions).map(|(scope, level)| permission(scope, level, reason)),
        );
        let mut env = self.variables(job, &services);
        env.extend(matrix::variables(job, out));
        Job {
            permissions,
            strategy,
            env,
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
                found.insert(name.to_string(), (&**service, container(service, planned, &image.to_string())));
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

/// The tool chains; one with several versions takes that of the run.
fn setup_steps(job: &PipelineJob, out: &mut Emitted) -> Vec<Step> {
    let mut steps = Vec::new();
    for (tool, setup) in &job.setup {
        let role = format!("setup-{tool}");
        let version = match setup.version.as_slice() {
            [one] => Some(one.to_string()),
            [] => None,
            _ => matrix::value_of(tool),
        };
        let (Some(version), true) = (version, actions::has(&role)) else {
            let what = format!("the tool chain `{tool}` without a version, or for which no action is pinned");
            out.unsupported(
                "github-actions",
                &what,
                setup.label.span,
                "set `version`, or install it in a step",
            );
            continue;
        };
        let mut step = actions::step(&format!("Set up {tool} {version}"), &role, []);
        step.inputs.insert(actions::version_input(&role, tool), version.into());
        match &setup.cache {
            Some(cache) => {
                steps.extend(actions::before(&role, cache).map(|line| Step {
                    name: format!("Get {} ready", &**cache),
                    run: Some(line.to_owned()),
                    ..Step::default()
                }));
                step.inputs.insert("cache", cache.to_string().into());
                let locks: Vec<String> = setup.lock.iter().map(ToString::to_string).collect();
                if !locks.is_empty() {
                    step.inputs.insert("cache-dependency-path", locks.join("\n").into());
                }
            }
            None => step.inputs.extend(actions::uncached(&role)),
        }
        steps.push(step);
    }
    steps
}

/// Files kept between runs: the exact copy, else the newest one that this job made.
fn cache_steps(name: &str, job: &PipelineJob, out: &mut Emitted) -> Vec<Step> {
    let mut steps = Vec::new();
    for (label, cache) in &job.cache {
        let is_pattern =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-*/".contains(&byte));
        if let Some(odd) = cache.follows.iter().find(|pattern| !is_pattern(pattern)) {
            let what = format!("the pattern `{}`", &**odd);
            out.unsupported(
                "github-actions",
                &what,
                cache.origins.field("follows").span,
                "use letters, digits, `.`, `_`, `-`, `/` and `*`",
            );
            continue;
        }
        let prefix = format!("${{{{ runner.os }}}}-{name}-{label}-");
        let follows: Vec<String> = cache.follows.iter().map(|pattern| format!("'{}'", &**pattern)).collect();
        let paths: Vec<String> = cache.paths.iter().map(|path| escape(path)).collect();
        steps.push(actions::step(
            &format!("Restore {label}"),
            "cache",
            [
                ("path", paths.join("\n").into()),
                ("key", format!("{prefix}${{{{ hashFiles({}) }}}}", follows.join(", ")).into()),
                ("restore-keys", prefix.into()),
            ],
        ));
    }
    steps
}

/// A command as a step; one that may be tried again is a variable of a loop.
fn command(job: &PipelineJob, title: &str, line: &str) -> Step {
    let retry = job.retry.as_ref().filter(|retry| {
        retry.attempts > 1 && (retry.steps.is_empty() || retry.steps.iter().any(|step| **step == *title))
    });
    let Some(retry) = retry else { return actions::run(title, line) };
    let numbers: Vec<String> = (1..=retry.attempts).map(|number| number.to_string()).collect();
    let script = format!(
        "for attempt in {}; do\n  if timeout {} bash -euo pipefail -c \"$COMMAND\"; then exit 0; fi\n  \
         echo \"::warning::attempt $attempt of {} failed\"\ndone\nexit 1\n",
        numbers.join(" "),
        retry.timeout.as_seconds(),
        retry.attempts
    );
    let mut step = actions::run(title, script);
    step.shell = Some("bash");
    step.timeout_minutes = Some((u64::from(retry.attempts) * retry.timeout.as_seconds()).div_ceil(60));
    step.env = Values::from([("COMMAND".to_owned(), escape(line))]);
    step
}

/// The files that stay after the job; each run of a matrix has its own.
fn keep(name: &str, job: &PipelineJob, several: bool) -> Option<Step> {
    if job.keep.is_empty() {
        return None;
    }
    let paths: Vec<String> = job.keep.iter().map(ToString::to_string).collect();
    let number = if several { "-${{ strategy.job-index }}" } else { "" };
    let mut step = actions::step(
        "Keep the results",
        "upload-artifact",
        [
            ("name", format!("{name}-results{number}").into()),
            ("path", paths.join("\n").into()),
            ("if-no-files-found", "error".into()),
        ],
    );
    step.condition = Some("${{ !cancelled() }}");
    Some(step)
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
