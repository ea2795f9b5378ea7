//! A release that an environment runs and that no pipeline gives to an image: the tag will not be found.

use crate::diagnostic::{Edit, Level, codes};
use crate::model::{Mode, Pipeline};
use crate::plan::EnvironmentPlan;
use crate::schema::Trigger;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNBUILT_RELEASE, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let building = || {
        scene
            .plan
            .pipelines
            .values()
            .filter(|pipeline| pipeline.job.values().any(|job| job.all || !job.images.is_empty()))
    };
    if building().next().is_none() {
        return;
    }
    for environment in &scene.plan.environments {
        let block = &environment.model.block;
        let release = &*block.release;
        let runs = environment.services.values().any(|service| scene.plan.built(service).is_some());
        if block.mode == Mode::Development || !runs || building().any(|pipeline| makes(pipeline, release)) {
            continue;
        }
        let tagged = building().any(has_tags);
        let plain = release.strip_prefix('v').filter(|rest| tagged && is_version(rest));
        let help = match plain {
            Some(plain) => {
                format!("the tag `{release}` makes the image `{plain}`: write `release = \"{plain}\"`")
            }
            None => "name a branch that the pipeline builds; or add `tag(\"v*\")` to `on` and use a version"
                .to_owned(),
        };
        let mut problem = findings
            .problem(format!(
                "`{}` runs the release `{release}`, which no pipeline makes",
                environment.name()
            ))
            .at(block.origins.field("release").span, "no image will have this tag")
            .help(help);
        if let Some(plain) = plain {
            let edit = Edit { span: block.origins.field("release").span, text: format!("\"{plain}\"") };
            problem = problem.safe_fix(format!("write `{plain}`"), vec![edit]);
        }
        for pipeline in building() {
            problem =
                problem.also(pipeline.origins.field("on").span, "images get the names of these branches");
        }
        findings.add(subject(environment), problem);
    }
}

fn subject(environment: &EnvironmentPlan) -> Subject {
    Subject::new(&environment.model, "environment", &environment.model.name)
}

fn has_tags(pipeline: &Pipeline) -> bool {
    pipeline.on.iter().any(|trigger| matches!(trigger, Trigger::Tag(_)))
}

/// Whether a run of the pipeline can push an image with this tag.
fn makes(pipeline: &Pipeline, release: &str) -> bool {
    let jobs = || pipeline.job.values().filter(|job| job.all || !job.images.is_empty());
    let own = jobs().flat_map(|job| job.branches.iter().map(|branch| &**branch));
    let pushed = pipeline.on.iter().flat_map(|trigger| match trigger {
        Trigger::Push(branches) => branches.as_slice(),
        _ => &[],
    });
    let anywhere = jobs().all(|job| job.branches.is_empty())
        && pipeline
            .on
            .iter()
            .any(|trigger| matches!(trigger, Trigger::Push(branches) if branches.is_empty()));
    let mut branches = own.chain(pushed.map(|branch| &**branch));
    anywhere
        || release.starts_with("sha-")
        || branches.any(|branch| branch.contains('*') || branch.replace('/', "-") == release)
        || has_tags(pipeline) && is_version(release)
}

/// `1.2.3`, `1.2`, `1.2.3-rc.1`
fn is_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let numbers = core.split('.').filter(|part| part.parse::<u32>().is_ok()).count();
    numbers == core.split('.').count() && (2..=3).contains(&numbers)
}
