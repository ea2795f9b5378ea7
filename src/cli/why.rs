//! `stackc why`: a line of an artifact back to its source, a value back to its layers. Must not find either: `why` and
//! `check` do.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::args::{Format, Output, Select, Why};
use super::compiled::{Knowing, compiled};
use super::report::{self, exit};
use super::workspace::Workspace;
use crate::Compilation;
use crate::check::{Change, Provenance, Step, Subject, provenance};
use crate::diagnostic::has_errors;
use crate::ide::value::{layer, written};
use crate::load::{Loaded, Program, load};
use crate::plan::EnvironmentPlan;
use crate::source::{Source, Span};
use crate::why::{Reason, environment_of, reasons};

/// Prints the answer.
pub(super) fn run(why: &Why, output: &Output) -> u8 {
    let environment = why.environment.iter().cloned().collect();
    let select = Select { path: why.project.clone(), environment, target: Vec::new() };
    let (workspace, compilation) = match compiled(&select, Knowing::Baseline, output) {
        Ok(done) => done,
        Err(code) => return code,
    };
    if has_errors(&compilation.diagnostics) {
        report::diagnostics(&compilation.diagnostics, &workspace.seen(&compilation.sources), output);
        return exit::FINDINGS;
    }
    let Loaded { mut program, .. } = load(&workspace.entry, &workspace.files);
    let answer = match (&why.value, &why.line) {
        (Some(value), _) => of_value(value, &select.environment, &workspace, &program),
        (None, Some(line)) => of_line(line, &compilation, &workspace, &program),
        (None, None) => Err("nothing was asked".to_owned()),
    };
    program.sources = workspace.seen(&program.sources);
    match answer {
        Ok(answer) if output.format == Format::Json => {
            report::print(&format!("{:#}\n", answer.json(&program)))
        }
        Ok(answer) => report::print(&answer.text(&program)),
        Err(message) => {
            report::say(&format!("error: {message}"));
            exit::FAILURE
        }
    }
}

/// What was asked and what is known about it.
struct Answer {
    /// Above everything, with a line of an artifact.
    head: Option<(String, u32, String)>,
    subject: Option<Subject>,
    values: Vec<Provenance>,
    /// Where to look when no value decides.
    place: Option<Span>,
}

fn of_value(
    text: &str,
    environments: &[String],
    workspace: &Workspace,
    program: &Program,
) -> Result<Answer, String> {
    let subject = Subject::find(program, text)?;
    let found = provenance(program, &workspace.files, environments, std::slice::from_ref(&subject));
    let values = found.into_iter().next().unwrap_or_default();
    if values.is_empty() {
        return Err(subject.problem().unwrap_or_else(|| format!("`{text}` has no value here")));
    }
    Ok(Answer { head: None, subject: Some(subject), values, place: None })
}

fn of_line(
    asked: &str,
    compilation: &Compilation,
    workspace: &Workspace,
    program: &Program,
) -> Result<Answer, String> {
    let shape = || format!("expected a path and a line such as `deploy/compose.yaml:14`, found `{asked}`");
    let (path, number) = asked.rsplit_once(':').ok_or_else(shape)?;
    let number: u32 = number.parse().ok().filter(|number| *number > 0).ok_or_else(shape)?;
    let path = path.strip_prefix("./").unwrap_or(path);
    let find = |path: &str| compilation.artifacts.iter().find(|artifact| artifact.path == path);
    // From the project's folder, as the build says it, or from here, as a shell completes it.
    let artifact = find(path).or_else(|| find(&workspace.inside(path)?));
    let path = artifact.map_or(path, |artifact| &artifact.path);
    let artifact = artifact.ok_or_else(|| {
        let known = compilation.artifacts.iter().map(|artifact| artifact.path.as_str());
        match crate::diagnostic::suggest::closest(path, known) {
            Some(meant) => format!("`{path}` is not emitted; `{meant}` is"),
            None => format!("`{path}` is not emitted by this project"),
        }
    })?;
    let names = compilation.plan.iter().flat_map(|plan| &plan.environments).map(EnvironmentPlan::name);
    let environment = environment_of(artifact, &workspace.project.output, names);
    let all = reasons(program, &workspace.files, environment, artifact);
    let index = number as usize - 1;
    let (reason, text) =
        all.into_iter().nth(index).zip(artifact.text.lines().nth(index)).ok_or_else(|| {
            format!("`{path}` has {} lines, so there is no line {number}", artifact.text.lines().count())
        })?;
    let Reason { place, value } = reason;
    let (subject, values) = value.map(|(subject, value)| (Some(subject), vec![value])).unwrap_or_default();
    let head = Some((path.to_owned(), number, text.trim().to_owned()));
    Ok(Answer { head, subject, values, place: Some(place) })
}

impl Answer {
    fn text(&self, program: &Program) -> String {
        let mut out = String::new();
        if let Some((path, line, text)) = &self.head {
            let _ = writeln!(out, "{path}:{line}\n  {text}");
        }
        let subject = self.subject.as_ref().map(Subject::written).unwrap_or_default();
        for value in &self.values {
            let environment = value.chain.last().map(|name| &**name).unwrap_or_default();
            let _ = writeln!(out, "{subject} in {environment}: {}", worth(value));
            out.push_str(&layers(value, program));
        }
        if let (true, Some(place)) = (self.values.is_empty(), self.place) {
            let _ = writeln!(out, "made by {}: {}", position(program, place), excerpt(program, place));
        }
        out
    }

    fn json(&self, program: &Program) -> Json {
        let value = |value: &Provenance| {
            let steps = value.steps.iter().rev();
            let steps: Vec<Json> = steps.map(|step| step_json(value, step, program)).collect();
            json!({
                "environment": value.chain.last().map(|name| &**name),
                "value": value.value.as_ref().map(written),
                "default": value.default,
                "layers": steps,
            })
        };
        let head = self.head.as_ref();
        json!({
            "version": 1,
            "artifact": head.map(|(path, line, text)| json!({ "path": path, "line": line, "text": text })),
            "subject": self.subject.as_ref().map(Subject::written),
            "place": self.place.map(|place| place_json(program, place)),
            "values": self.values.iter().map(value).collect::<Vec<_>>(),
        })
    }
}

/// The value in the words of the language.
fn worth(value: &Provenance) -> String {
    match (&value.value, &value.default) {
        (Some(value), _) => written(value),
        (None, Some(default)) => default.clone(),
        (None, None) => "not set".to_owned(),
    }
}

/// A line per layer, the one that won first.
fn layers(value: &Provenance, program: &Program) -> String {
    if value.steps.is_empty() {
        let why = if value.default.is_some() { "the default: nobody wrote it" } else { "nobody wrote it" };
        return format!("  {why}\n");
    }
    let row = |step: &Step| {
        let change = match step.change {
            Change::Set => "",
            Change::Append => "+ ",
            Change::Remove => "removed by ",
        };
        let text = format!("{change}{}", excerpt(program, step.origin.span));
        [layer_name(value, step), position(program, step.origin.span), text]
    };
    let rows: Vec<[String; 3]> = value.steps.iter().rev().map(row).collect();
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let (first, second) = (width(0), width(1));
    let line = |[layer, place, text]: &[String; 3]| format!("  {layer:first$}  {place:second$}  {text}\n");
    rows.iter().map(line).collect()
}

fn layer_name(value: &Provenance, step: &Step) -> String {
    match value.environment(step.origin.layer) {
        Some(name) => format!("environment {name}"),
        None => layer(step.origin.layer).to_owned(),
    }
}

fn step_json(value: &Provenance, step: &Step, program: &Program) -> Json {
    let change = match step.change {
        Change::Set => "set",
        Change::Append => "append",
        Change::Remove => "remove",
    };
    json!({
        "layer": layer(step.origin.layer),
        "environment": value.environment(step.origin.layer),
        "change": change,
        "place": place_json(program, step.origin.span),
        "text": excerpt(program, step.origin.span),
    })
}

fn source(program: &Program, place: Span) -> Option<(&Source, crate::source::LineColumn)> {
    let source = program.sources.get(place.source)?;
    Some((source, source.lines.chars(&source.text, place.start)))
}

/// `main.stack:12:5`
fn position(program: &Program, place: Span) -> String {
    match source(program, place) {
        Some((source, at)) => format!("{}:{}:{}", source.path, at.line + 1, at.column + 1),
        None => "somewhere".to_owned(),
    }
}

fn place_json(program: &Program, place: Span) -> Json {
    let at = source(program, place);
    json!(
        at.map(|(source, at)| json!({ "path": &*source.path, "line": at.line + 1, "column": at.column + 1 }))
    )
}

/// The first line of what stands at a place.
fn excerpt(program: &Program, place: Span) -> String {
    let text = program.sources.get(place.source).map_or("", |source| source.slice(place));
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_end();
    if lines.next().is_some() { format!("{first} …") } else { first.to_owned() }
}
