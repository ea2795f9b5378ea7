//! The list of what a build may see: nothing but what its stages copy, and never what holds secrets.

use super::contract;
use crate::emit::{HEADER, names};
use crate::plan::{ImagePlan, Plan};
use crate::schema::FilePath;

/// Never part of an image, wherever it stands.
const NEVER: &[&str] =
    &["**/.env", "**/.env.*", "**/.git", "**/node_modules", "**/__pycache__", "**/secrets"];

/// The `.dockerignore` of one Dockerfile: `BuildKit` reads `<Dockerfile>.dockerignore` before any other.
pub(super) fn text(plan: &Plan, image: &ImagePlan, expands: bool) -> String {
    let mut allowed: Vec<String> = Vec::new();
    for stage in image.build.stage.values() {
        allowed.extend(stage.copy_root.iter().map(ToString::to_string));
        allowed.extend(stage.copy.iter().map(|path| path.below(&image.build.context).to_string()));
        let elsewhere = stage.copy_to.keys().filter_map(|path| FilePath::parse(path).ok());
        allowed.extend(elsewhere.map(|path| path.below(&image.build.context).to_string()));
    }
    if image.service.static_site.is_some() {
        allowed.push(names::static_config(plan, image));
    }
    if expands {
        allowed.push(names::with_secrets(plan));
    }
    if contract::is_checked(image) {
        allowed.push(names::check_env(plan, image));
    }
    allowed.sort_unstable();
    allowed.dedup();
    let mut lines = vec![
        format!("# {HEADER}"),
        String::new(),
        "# Nothing is sent to the build but what it copies.".to_owned(),
    ];
    lines.push("*".to_owned());
    let everything = allowed.iter().any(|path| path == ".");
    lines.extend(allowed.iter().map(|path| if everything { "!**".to_owned() } else { format!("!{path}") }));
    lines.dedup();
    lines.extend([String::new(), "# And never these.".to_owned()]);
    lines.extend(NEVER.iter().map(ToString::to_string));
    if everything {
        lines.push(plan.project.output.to_string());
    }
    lines.join("\n") + "\n"
}
