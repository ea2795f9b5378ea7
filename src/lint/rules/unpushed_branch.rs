//! A job for a branch on which its pipeline never starts: it never runs.

use crate::diagnostic::{Level, codes, suggest};
use crate::schema::Trigger;
use std::sync::Arc;

use crate::lint::{Family, Findings, Rule, Scene, place::Subject};

pub(super) const RULE: Rule =
    Rule { code: codes::UNPUSHED_BRANCH, family: Family::Pipelines, level: Level::Warning, check };

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for (name, pipeline) in &scene.plan.pipelines {
        let pushes = pipeline.on.iter().filter_map(|trigger| match trigger {
            Trigger::Push(branches) => Some(branches),
            _ => None,
        });
        let pushes: Vec<&Vec<Arc<str>>> = pushes.collect();
        if pushes.iter().any(|branches| branches.is_empty()) {
            continue;
        }
        let known: Vec<&str> =
            pushes.iter().flat_map(|branches| branches.iter()).map(|branch| &**branch).collect();
        for job in pipeline.job.values() {
            for branch in
                job.branches.iter().filter(|branch| !known.iter().any(|pattern| matches(pattern, branch)))
            {
                let message = format!(
                    "`{}` waits for pushes to `{}`, but `{name}` starts on none",
                    job.label.value, &**branch
                );
                let known = suggest::candidates_text(known.iter().copied());
                let problem = findings
                    .problem(message)
                    .at(job.origins.field("branches").span, "never happens")
                    .also(pipeline.origins.field("on").span, format!("pushes to {known}"))
                    .help("name the branch in `push(…)` as well");
                findings.add(Subject::shared("pipeline", name), problem);
            }
        }
    }
}

/// Whether a branch fits a pattern of the CI system: `*` is anything within a component, `**` anything, and a
/// name that is the same pattern fits.
fn matches(pattern: &str, branch: &str) -> bool {
    if pattern == branch {
        return true;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let branch: Vec<char> = branch.chars().collect();
    // What fits so far, by the number of characters of the pattern that are used up.
    let mut open = vec![false; pattern.len() + 1];
    if let Some(first) = open.first_mut() {
        *first = true;
    }
    skip(&pattern, &mut open);
    for c in branch {
        let mut next = vec![false; pattern.len() + 1];
        for (at, sign) in pattern.iter().enumerate() {
            if !open.get(at).copied().unwrap_or_default() {
                continue;
            }
            let is_deep = pattern.get(at + 1) == Some(&'*') || (at > 0 && pattern.get(at - 1) == Some(&'*'));
            let (stays, goes) = match sign {
                '*' => (c != '/' || is_deep, false),
                sign => (false, *sign == c),
            };
            for (place, fits) in [(at, stays), (at + 1, goes)] {
                if let Some(place) = next.get_mut(place) {
                    *place |= fits;
                }
            }
        }
        skip(&pattern, &mut next);
        open = next;
    }
    open.last().copied().unwrap_or_default()
}

/// A star may stand for nothing.
fn skip(pattern: &[char], open: &mut [bool]) {
    for (at, _) in pattern.iter().enumerate().filter(|(_, sign)| **sign == '*') {
        if open.get(at).copied().unwrap_or_default() {
            if let Some(next) = open.get_mut(at + 1) {
                *next = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_end_at_a_slash_and_two_do_not() {
        for (pattern, branch) in [
            ("main", "main"),
            ("release/*", "release/1.4"),
            ("release/**", "release/1.4/fix"),
            ("**", "a/b"),
            ("*-stable", "1.4-stable"),
            ("release/*", "release/*"),
        ] {
            assert!(matches(pattern, branch), "{pattern} {branch}");
        }
        for (pattern, branch) in [
            ("main", "mainline"),
            ("release/*", "release/1.4/fix"),
            ("release/*", "releases/1.4"),
            ("*", "a/b"),
            ("v*.1", "v2.2"),
        ] {
            assert!(!matches(pattern, branch), "{pattern} {branch}");
        }
    }
}
