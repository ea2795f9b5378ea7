//! The script that saves data: the same for every target that runs containers. POSIX shell; must not know a
//! datastore, whose commands come from the model.

use super::spell::{Spelling, secret_path};
use crate::model::Backup;
use crate::plan::{Delivered, TaskPlan, Variable};

/// Where the volume with the copies is mounted, where the target can set its owner.
pub(super) const FOLDER: &str = "/backups";

/// The script that makes one copy, proves it, publishes it by a rename and removes old ones.
pub(super) fn script(service: &str, backup: &Backup, task: &TaskPlan, folder: &str) -> String {
    let days = backup.keep.0.div_ceil(86_400_000);
    let suffix = &*backup.suffix;
    let mut lines = vec![
        "umask 077".to_owned(),
        format!("find {folder} -name '.partial.*' -delete"),
        format!("name={service}_$(date -u +%Y%m%d_%H%M%S).{suffix}"),
        format!("export BACKUP_FILE=\"{folder}/.partial.$name\""),
    ];
    lines.extend(task.variables.iter().filter_map(expanded));
    lines.extend(backup.dump.iter().map(|line| line.to_string()));
    lines.push("test -s \"$BACKUP_FILE\"".to_owned());
    lines.extend(backup.verify.iter().map(|line| line.to_string()));
    lines.push("sync".to_owned());
    lines.push(format!("mv \"$BACKUP_FILE\" \"{folder}/$name\""));
    lines.push(format!("find {folder} -name '{service}_*.{suffix}' -mtime +{days} -delete"));
    lines.push("echo \"saved $name\"".to_owned());
    lines.join("\n") + "\n"
}

/// The variables that the target itself can set: all but those with a secret inside.
pub(super) fn plain(task: &TaskPlan) -> Vec<Variable> {
    task.variables
        .iter()
        .filter(|variable| !matches!(variable.value, Delivered::Expand(_)))
        .cloned()
        .collect()
}

/// A shell line that puts secrets from their files into a variable.
fn expanded(variable: &Variable) -> Option<String> {
    let Delivered::Expand(text) = &variable.value else { return None };
    let spelling = Spelling { literal: &quoted, secret: &|name| format!("$(cat {})", secret_path(name)) };
    Some(format!("{0}=\"{1}\"; export {0}", variable.name, spelling.text(text)))
}

/// Characters inside double quotes (POSIX shell, 2.2.3).
fn quoted(text: &str) -> String {
    text.chars().flat_map(|c| if "\\\"$`".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}
