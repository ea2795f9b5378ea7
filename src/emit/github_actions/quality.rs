//! What a pipeline measures: coverage of tests, known vulnerabilities of images. Must not run the tests or the build.

use super::actions;
use super::defaults::defaults;
use super::document::{Step, Values};
use super::{Context, test};
use crate::emit::Emitted;
use crate::model::{Finding, PipelineJob};
use crate::schema::Ratio;
use crate::text::ShellWord;

/// Where a scan writes what it finds.
const REPORT: &str = "scan.sarif";

/// Secrets and tokens do not reach runs for forks.
const NOT_FOR_FORKS: &str = "${{ !cancelled() && (github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository) }}";

impl Context<'_> {
    /// The scan of the image that was built, and its findings where people look for them.
    pub(super) fn scan_steps(&self, job: &PipelineJob, out: &mut Emitted) -> Vec<Step> {
        let Some(scan) = &job.scan else { return Vec::new() };
        let role = scan.with.as_ref().map_or(defaults().scanner.as_str(), |name| &**name);
        let worse = Finding::ALL.iter().filter(|finding| **finding >= scan.fail_on);
        let severities: Vec<String> = worse.map(|finding| finding.word().to_uppercase()).collect();
        let values = [
            ("{image}", "${{ env.IMAGE }}@${{ steps.build.outputs.digest }}".to_owned()),
            ("{least}", scan.fail_on.word().to_owned()),
            ("{severities}", severities.join(",")),
            ("{only_fixed}", (!scan.unfixed).to_string()),
            ("{report}", REPORT.to_owned()),
        ];
        let Some(mut step) = actions::scan(role, &values) else {
            let what = format!("a scan with `{role}`, for which no action is pinned");
            out.unsupported(
                "github-actions",
                &what,
                scan.origins.block,
                "leave out `with`, or name a scanner of `std/actions.toml`",
            );
            return Vec::new();
        };
        step.id = Some("scan");
        let mut upload = actions::step(
            "Show the findings",
            "upload-sarif",
            [
                ("sarif_file", REPORT.into()),
                ("category", format!("{}-${{{{ matrix.image }}}}", self.plan.project.name).into()),
            ],
        );
        upload.condition = Some("${{ !cancelled() && steps.scan.outcome != 'skipped' }}");
        vec![step, upload]
    }
}

/// The share of lines that tests reached: compared, and handed to whoever shows it.
pub(super) fn coverage_steps(job: &PipelineJob, out: &mut Emitted) -> Vec<Step> {
    let Some(coverage) = &job.coverage else { return Vec::new() };
    let reports: Vec<String> = coverage.reports.iter().map(ToString::to_string).collect();
    let mut steps = Vec::new();
    if let Some(least) = coverage.least {
        steps.push(threshold(&reports, least));
    }
    if let Some(role) = &coverage.publish {
        match actions::coverage(role, &[("{reports}", reports.join(","))]) {
            Some(step) => steps.push(Step { condition: Some(NOT_FOR_FORKS), ..step }),
            None => {
                let what = format!("reports for `{}`, for which no action is pinned", &**role);
                out.unsupported(
                    "github-actions",
                    &what,
                    coverage.origins.block,
                    "leave out `publish` and use `keep`",
                );
            }
        }
    }
    steps
}

/// Adds up the lines of all reports in the LCOV format: `LF` were found, `LH` were hit.
fn threshold(reports: &[String], least: Ratio) -> Step {
    let files: Vec<String> = reports
        .iter()
        .filter_map(|path| ShellWord::new(path).ok())
        .map(|word| test::escape(word.as_str()))
        .collect();
    let script = format!(
        r#"awk -F: -v least="$LEAST" '
  $1 == "LF" {{ found += $2 }}
  $1 == "LH" {{ hit += $2 }}
  END {{
    share = found ? 100 * hit / found : 0
    printf "%.1f %% of %d lines are covered, at least %s %% must be\n", share, found, least
    exit share < least
  }}
' {}
"#,
        files.join(" ")
    );
    let mut step = actions::run("Compare the coverage", script);
    step.env = Values::from([("LEAST".to_owned(), least.to_string().trim_end_matches('%').to_owned())]);
    step
}
