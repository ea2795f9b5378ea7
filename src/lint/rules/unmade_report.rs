//! A file that a job keeps or reads after its commands, whose name nothing in the project mentions while one that differs by
//! a letter is mentioned. Must not judge names that are far from all others: a tool may have chosen them.

use crate::diagnostic::{Level, codes, suggest};

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNMADE_REPORT, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    let mut jobs = scene.plan.pipelines.values().flat_map(|pipeline| pipeline.job.values());
    if !scene.sources.are_here() || !jobs.any(|job| !job.keep.is_empty() || job.coverage.is_some()) {
        return;
    }
    for (name, pipeline) in &scene.plan.pipelines {
        for job in pipeline.job.values() {
            let kept = job.keep.iter().map(|path| (path.to_string(), job.origins.field("keep").span));
            let coverage = job.coverage.iter().flat_map(|coverage| {
                let span = coverage.origins.field("reports").span;
                coverage.reports.iter().map(move |path| (path.to_string(), span))
            });
            for (path, span) in kept.chain(coverage) {
                let words = path.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let is_run = |word: &str| job.run.iter().any(|line| line.contains(word));
                let mut strange = words.filter(|word| !word.is_empty() && !is_run(word)).peekable();
                // The whole project is read only where the commands do not say the name themselves.
                let Some(mentions) = strange.peek().and_then(|_| scene.sources.mentions(["."])) else {
                    continue;
                };
                let is_told = |word: &str| mentions.iter().any(|mentions| mentions.has(word));
                let Some(word) = strange.find(|word| !is_told(word)) else { continue };
                let known = mentions.iter().flat_map(|mentions| mentions.words());
                let slips = |known: &&str| strsim::osa_distance(known, word) == 1;
                let Some(near) = suggest::closest(word, known.filter(slips)) else { continue };
                let problem = findings
                    .problem(format!("nothing in the project mentions `{word}` of `{path}`"))
                    .at(span, "nothing makes it")
                    .help(format!("did you mean `{near}`?"));
                findings.add(Subject::shared("pipeline", name), problem);
            }
        }
    }
}
