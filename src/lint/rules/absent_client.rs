//! A command of a health check, of a job or of a backup whose program the image lacks: it fails every time. Must not judge programs
//! that no image of the catalogue is known to have, nor images in which anything may have been installed.

use std::collections::BTreeSet;

use crate::diagnostic::{Level, codes};
use crate::schema::ImageRef;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::ABSENT_CLIENT, family: Family::Health, level: Level::Error, check };

/// A program that is run in an image.
struct Run {
    program: String,
    image: ImageRef,
    span: Span,
    /// Where the image is named.
    named: Span,
    what: &'static str,
}

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        for run in of_health(place).into_iter().chain(of_jobs(place)).chain(of_backup(place)) {
            let Some(facts) = scene.catalogue.image(&run.image) else { continue };
            let tools = facts.tools(run.image.tag.as_deref());
            let is_there =
                tools.iter().any(|tool| *tool == run.program || tool.ends_with(&format!("/{}", run.program)));
            // A list of tools is never whole; a program that others are known for is missed here on purpose.
            if tools.is_empty() || is_there || !scene.catalogue.is_tool(&run.program) {
                continue;
            }
            let listed: Vec<String> = tools.iter().map(|tool| format!("`{tool}`")).collect();
            let problem = findings
                .problem(format!(
                    "{} of `{}` runs `{}`, which `{}` does not have",
                    run.what, place.name, run.program, run.image
                ))
                .at(run.span, "fails every time")
                .also(run.named, format!("has no `{}`", run.program))
                .help(format!("use what the image has: {}; or install it", listed.join(", ")));
            findings.add(place.subject(), problem);
        }
    }
}

fn of_health(place: Place<'_>) -> Vec<Run> {
    let Some(health) = place.service.health.as_ref() else { return Vec::new() };
    let words: Vec<&str> = health.command.iter().map(|word| &**word).collect();
    of_words(place, &words, health.origins.field("command").span, "the health check")
}

fn of_jobs(place: Place<'_>) -> Vec<Run> {
    let jobs = place.service.job.values();
    let runs = jobs.flat_map(|job| {
        let words: Option<Vec<&str>> = job.run.iter().map(|word| word.0.as_literal()).collect();
        of_words(place, &words.unwrap_or_default(), job.origins.field("run").span, "a job")
    });
    runs.collect()
}

/// The programs that a list of words runs in the image of the service, those of a shell line included.
fn of_words(place: Place<'_>, words: &[&str], span: Span, what: &'static str) -> Vec<Run> {
    let programs = match words {
        [shell, "-c", line, ..] => std::iter::once((*shell).to_owned()).chain(programs(line)).collect(),
        [program, ..] => BTreeSet::from([(*program).to_owned()]),
        [] => return Vec::new(),
    };
    let image = match &place.service.image {
        Some(image) => Some((image.clone(), place.image_span())),
        None => base(place, &programs),
    };
    let Some((image, named)) = image else { return Vec::new() };
    let run = |program| Run { program, image: image.clone(), span, named, what };
    programs.into_iter().map(run).collect()
}

/// The image under what the stack builds, where no stage adds one of these programs.
fn base(place: Place<'_>, programs: &BTreeSet<String>) -> Option<(ImageRef, Span)> {
    let chain = place.stages();
    let adds = |line: &str| programs.iter().any(|program| line.contains(program.as_str()));
    let taken =
        |files: &crate::schema::Map<crate::schema::Plain>| files.values().any(|target| adds(&target.value));
    let is_added = chain.iter().any(|stage| {
        stage.run.iter().any(|line| adds(line)) || stage.take.values().any(|take| taken(&take.files))
    });
    let last = chain.last()?;
    let image = ImageRef::parse(&last.from).ok().filter(|_| !is_added)?;
    Some((image, last.origins.field("from").span))
}

fn of_backup(place: Place<'_>) -> Vec<Run> {
    let Some(backup) = place.service.backup.as_ref().filter(|backup| backup.enabled) else {
        return Vec::new();
    };
    let named = match &backup.image {
        Some(image) => Some((image.clone(), backup.origins.field("image").span)),
        None => place.service.image.clone().map(|image| (image, place.image_span())),
    };
    let Some((image, named)) = named else { return Vec::new() };
    let lines = [("dump", &backup.dump), ("restore", &backup.restore), ("verify", &backup.verify)];
    let mut found = Vec::new();
    for (field, lines) in lines {
        let all: BTreeSet<String> = lines.iter().flat_map(|line| programs(line)).collect();
        let span = backup.origins.field(field).span;
        found.extend(all.into_iter().map(|program| Run {
            program,
            image: image.clone(),
            span,
            named,
            what: "the backup",
        }));
    }
    found
}

/// The programs of a shell line: the first words of its commands.
fn programs(line: &str) -> BTreeSet<String> {
    let commands = line.split(['|', ';', '&', '\n', '(']);
    let first = commands.filter_map(|command| {
        let mut words =
            command.split_whitespace().skip_while(|word| word.contains('=') || KEYWORDS.contains(word));
        words.next()
    });
    let is_name = |word: &&str| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    first.filter(is_name).map(str::to_owned).collect()
}

/// Words of the shell before a command.
const KEYWORDS: &[&str] = &["!", "exec", "if", "then", "else", "while", "do", "env", "time", "{"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_runs_the_first_words_of_its_commands() {
        let found = programs("PGPASSWORD=x pg_dump a | gzip > b && if ! test -s b; then exit 1; fi");
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            ["exit", "fi", "gzip", "pg_dump", "test"]
        );
    }
}
