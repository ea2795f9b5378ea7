//! A script that a command runs by its name and that the manifest does not have. Which programs run scripts, and where those
//! stand, is in `stdlib/scripts.toml`. Must not read the scripts themselves.

use crate::catalogue::ScriptRunner;
use crate::diagnostic::{Level, codes, suggest};
use crate::source::Span;

use crate::lint::{
    Family, Findings, Rule, Scene,
    place::{Place, Subject},
};

pub(super) const RULE: Rule =
    Rule { code: codes::UNKNOWN_SCRIPT, family: Family::Pipelines, level: Level::Warning, check };

/// A line of words, the folder that it starts in, and where it stands.
struct Line {
    words: Vec<String>,
    folder: String,
    span: Span,
    subject: Subject,
}

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    if !scene.sources.are_here() {
        return;
    }
    let services = scene.services().flat_map(of_service);
    for line in services.chain(of_pipelines(scene)) {
        for runner in scene.catalogue.runners() {
            if let Some((name, file, known)) = missing(scene, runner, &line) {
                let problem =
                    findings.problem(format!("`{file}` has no script `{name}`")).at(line.span, "run here");
                let problem = match suggest::closest(&name, known.iter().map(String::as_str)) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help("add it, or run one that is there"),
                };
                findings.add(line.subject.clone(), problem);
            }
        }
    }
}

fn of_service(place: Place<'_>) -> Vec<Line> {
    let mut found = Vec::new();
    let Some(build) = &place.service.build else { return found };
    let mut line = |words: Vec<String>, span: Span| {
        let folder = build.context.to_string();
        found.push(Line { words, folder, span, subject: place.subject() });
    };
    for stage in build.stage.values() {
        let span = stage.origins.field("run").span;
        for text in &stage.run {
            for words in shell(text) {
                line(words, span);
            }
        }
    }
    let command = place.service.command.iter().filter_map(|word| word.0.as_literal().map(str::to_owned));
    let dev = place.service.dev.as_ref().filter(|dev| dev.origins.is_set("command"));
    let span = dev.map_or_else(|| place.span_of("command"), |dev| dev.origins.field("command").span);
    line(command.collect(), span);
    found
}

fn of_pipelines<'a>(scene: &Scene<'a>) -> impl Iterator<Item = Line> + use<'a> {
    let jobs = scene.plan.pipelines.iter().flat_map(|(name, pipeline)| {
        pipeline.job.values().map(move |job| (Subject::shared("pipeline", name), job))
    });
    jobs.flat_map(|(subject, job)| {
        let run = job.run.iter().map(|text| (&**text, job.origins.field("run").span));
        let steps = job.steps.values().map(|step| (&*step.value, step.origin.span));
        let lines =
            run.chain(steps).flat_map(|(text, span)| shell(text).into_iter().map(move |words| (words, span)));
        let folder = ".".to_owned();
        let line =
            move |(words, span)| Line { words, folder: folder.clone(), span, subject: subject.clone() };
        lines.map(line).collect::<Vec<_>>()
    })
}

/// The simple commands of a shell line, where they are simple.
fn shell(line: &str) -> Vec<Vec<String>> {
    let commands = line.split(['&', '|', ';', '\n']);
    commands
        .map(|command| command.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
        .collect()
}

/// The script that is missing, the file that should have it, and those that it has.
fn missing(scene: &Scene<'_>, runner: &ScriptRunner, line: &Line) -> Option<(String, String, Vec<String>)> {
    let rest = line.words.strip_prefix(&runner.words[..])?;
    let name = rest.first().filter(|name| !name.starts_with('-') && !name.contains(['$', '"', '\'']))?;
    let mut folder = line.folder.clone();
    for (index, word) in rest.iter().enumerate() {
        let (flag, value) =
            word.split_once('=').map_or((word.as_str(), None), |(flag, value)| (flag, Some(value)));
        if runner.everywhere.iter().any(|known| known == word) {
            return None;
        }
        if runner.folder.iter().any(|known| known == flag) {
            let value = value.or_else(|| rest.get(index + 1).map(String::as_str))?;
            folder = if folder == "." { value.to_owned() } else { format!("{folder}/{value}") };
        }
    }
    let file = if folder == "." { runner.file.clone() } else { format!("{folder}/{}", runner.file) };
    let Some(text) = scene.sources.text(&file) else {
        // A folder that is not there beside a manifest that is: the workspace is misspelt.
        let has_manifest = scene.sources.has(&runner.file) && folder != ".";
        return has_manifest.then(|| (name.clone(), file, Vec::new()));
    };
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    let scripts = manifest.get(&runner.table).and_then(serde_json::Value::as_object);
    let known: Vec<String> = scripts.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    (!known.contains(name)).then(|| (name.clone(), file, known))
}
