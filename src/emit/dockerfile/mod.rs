//! Dockerfiles: one per image that the stack builds, with the list of what its build may see. The context of every
//! build is the project root. Must not know a language or a package manager: recipes are presets.

mod contract;
mod fields;
mod ignore;
mod runtime;
mod stage;

use super::{Emitted, Emitter, Fields, HEADER, names};
use crate::plan::{ImagePlan, Plan};
use crate::print::dockerfile::{Dockerfile as Printed, Instruction};
use crate::stdlib;
use crate::text::DockerWord;

/// Dockerfiles.
#[derive(Debug)]
pub struct Dockerfile;

impl Emitter for Dockerfile {
    fn name(&self) -> &'static str {
        "dockerfile"
    }

    fn summary(&self) -> &'static str {
        "one Dockerfile per image that is built from sources"
    }

    fn fields(&self) -> Option<&'static Fields> {
        Some(&fields::FIELDS)
    }

    fn emit(&self, plan: &Plan, out: &mut Emitted) {
        let mut any_expands = None;
        for image in &plan.images {
            let expands = plan.expands(image);
            if expands {
                any_expands.get_or_insert(image.service.label.span);
            }
            emit_image(plan, image, expands, out);
        }
        if let (Some(span), Some(script)) = (any_expands, stdlib::module("std/templates/with-secrets.sh")) {
            out.script(names::with_secrets(plan), script.to_owned(), span);
        }
    }
}

fn emit_image(plan: &Plan, image: &ImagePlan, expands: bool, out: &mut Emitted) {
    let span = image.build.origins.block;
    let path = names::dockerfile(plan, image);
    let printed = lower(plan, image, expands).map_err(|error| error.to_string());
    match printed.and_then(|file| file.print().map_err(|error| error.to_string())) {
        Ok(text) => {
            out.file(format!("{path}.dockerignore"), ignore::text(plan, image, expands), span);
            out.file(path, text, image.service.label.span);
            emit_check(plan, image, out);
        }
        Err(error) => stage::report(&error, span, out),
    }
}

/// The start-up check, where the service says what it reads.
fn emit_check(plan: &Plan, image: &ImagePlan, out: &mut Emitted) {
    if !contract::is_checked(image) {
        return;
    }
    let span = image.build.origins.block;
    match contract::script(&image.service) {
        Ok(script) => out.script(names::check_env(plan, image), script, span),
        Err(error) => stage::report(&error.to_string(), span, out),
    }
}

fn lower(plan: &Plan, image: &ImagePlan, expands: bool) -> Result<Printed, crate::text::Unwritable> {
    let build = &image.build;
    let mut stages = Vec::new();
    // Without `--target` the last stage is built, so the one for development goes before it.
    let (dev, run): (Vec<_>, Vec<_>) = build.stage.values().partition(|stage| runtime::is_dev(image, stage));
    let last = run.len().saturating_sub(1);
    for stage in run.iter().take(last).chain(&dev).chain(run.get(last)) {
        let mut printed = stage::lower(plan, build, stage)?;
        if runtime::is_dev(image, stage) {
            printed.instructions.extend(runtime::development(plan, image, stage, expands)?);
        }
        stages.push(printed);
    }
    if let Some(last) = stages.last_mut() {
        last.instructions.push(Instruction::Blank);
        last.instructions.extend(runtime::instructions(plan, image, expands)?);
    }
    Ok(Printed {
        syntax: None,
        check: Some(DockerWord::value("error=true")?),
        header: format!(
            "{HEADER}\nBuild from the project root: docker build -f {} .",
            names::dockerfile(plan, image)
        ),
        stages,
    })
}
