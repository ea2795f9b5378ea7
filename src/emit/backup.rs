//! The script that saves data: the same for every target that runs containers. POSIX shell; must not know a
//! datastore, whose commands come from the model.

use crate::model::Backup;

/// Where the volume with the copies is mounted.
pub(super) const FOLDER: &str = "/backups";

/// The script that makes one copy, proves it, publishes it by a rename and removes old ones.
pub(super) fn script(service: &str, backup: &Backup) -> String {
    let days = backup.keep.0.div_ceil(86_400_000);
    let suffix = &*backup.suffix;
    let mut lines = vec![
        "umask 077".to_owned(),
        format!("find {FOLDER} -name '.partial.*' -delete"),
        format!("name={service}_$(date -u +%Y%m%d_%H%M%S).{suffix}"),
        format!("export BACKUP_FILE={FOLDER}/.partial.$name"),
    ];
    lines.extend(backup.dump.iter().map(|line| line.to_string()));
    lines.push("test -s \"$BACKUP_FILE\"".to_owned());
    lines.extend(backup.verify.iter().map(|line| line.to_string()));
    lines.push("sync".to_owned());
    lines.push(format!("mv \"$BACKUP_FILE\" \"{FOLDER}/$name\""));
    lines.push(format!(
        "find {FOLDER} -name '{service}_*.{suffix}' -mtime +{days} -delete"
    ));
    lines.push("echo \"saved $name\"".to_owned());
    lines.join("\n") + "\n"
}
