//! A deployment of images that nobody looked at for known vulnerabilities.

use crate::diagnostic::{Level, codes};
use crate::model::{Mode, Pipeline};

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNSCANNED_RELEASE, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, pipeline) in &scene.plan.pipelines {
        let Some(build) = unscanned(pipeline) else { continue };
        for job in pipeline.job.values() {
            let Some(deploy) = &job.deploy else { continue };
            let wanted = |known: &&crate::plan::EnvironmentPlan| known.model.name == deploy.0;
            let environment = scene.plan.environments.iter().find(wanted);
            let is_production = environment.is_some_and(|known| known.model.block.mode == Mode::Production);
            let is_built = environment
                .is_some_and(|known| known.model.services.values().any(|service| service.build.is_some()));
            if !is_production || !is_built {
                continue;
            }
            let problem = findings
                .problem(format!("`{}` deploys images that no job has scanned", job.label.value))
                .at(build, "built without a scan")
                .also(job.origins.field("deploy").span, "deployed here")
                .help("add `scan { fail_on = \"high\" }` to the job that builds");
            findings.add(Subject::shared("pipeline", name), problem);
        }
    }
}

/// The job that builds, where none scans.
fn unscanned(pipeline: &Pipeline) -> Option<crate::source::Span> {
    if pipeline.job.values().any(|job| job.scan.is_some()) {
        return None;
    }
    let mut builds = pipeline.job.values().filter(|job| job.all || !job.images.is_empty());
    builds.next().map(|job| job.label.span)
}
