//! Jobs that build images: which changed, then one build per image with cache, tags, provenance and a scan.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::actions::{self, checkout};
use super::deploy::ci_secret;
use super::document::{Axis, Job, Step, Strategy, Values};
use super::{Context, permission};
use crate::emit::{Emitted, names};
use crate::model::PipelineJob;
use crate::plan::{EnvironmentPlan, ImagePlan};
use crate::print::yaml::Spaced;
use crate::schema::Trigger;

/// Folder of the digests that build jobs hand to deploy jobs.
pub(super) const DIGESTS: &str = "digests";

/// What the build pushed.
const DIGEST: &str = "${{ steps.build.outputs.digest }}";

impl Context<'_> {
    /// The images that a job builds.
    pub(super) fn images(&self, job: &PipelineJob) -> Vec<&ImagePlan> {
        let wanted = |image: &&ImagePlan| {
            job.all || job.images.iter().any(|reference| reference.name == image.service.label.value)
        };
        self.plan.images.iter().filter(wanted).collect()
    }

    /// A job that finds out which images a push changes.
    pub(super) fn changes(&self, name: &str, job: &PipelineJob) -> Job {
        let mut step = actions::run("Compare with the last run that succeeded", self.filter(job));
        step.id = Some("filter");
        step.shell = Some("bash");
        step.env = Values::from([
            ("BEFORE".to_owned(), "${{ github.event.before }}".to_owned()),
            ("GH_TOKEN".to_owned(), "${{ github.token }}".to_owned()),
        ]);
        Job {
            name: format!("Changes for {name}"),
            permissions: IndexMap::from([
                permission("contents", "read", "compare commits"),
                permission("actions", "read", "find the last run that succeeded"),
            ]),
            outputs: Values::from([("images".to_owned(), "${{ steps.filter.outputs.images }}".to_owned())]),
            steps: vec![Spaced(checkout(true)), Spaced(step)],
            timeout_minutes: 5,
            ..self.job(name, job)
        }
    }

    /// A script that prints the names of the images whose sources changed; all of them when that cannot be told.
    fn filter(&self, job: &PipelineJob) -> String {
        let mut lines = vec![
            "set -euo pipefail".to_owned(),
            "images=()".to_owned(),
            "workflow=${GITHUB_WORKFLOW_REF%@*}".to_owned(),
            "# What a failed or cancelled run should have built is still to be built.".to_owned(),
            "last=$(gh run list --repo \"$GITHUB_REPOSITORY\" --workflow \"${workflow##*/}\" --branch \"$GITHUB_REF_NAME\" --event push --status success --limit 1 --json headSha --jq '.[0].headSha // \"none\"') || last=$BEFORE".to_owned(),
            "if git cat-file -e \"${last}^{commit}\" 2>/dev/null; then".to_owned(),
            "  changed=$(git diff --name-only \"$last\" \"$GITHUB_SHA\")".to_owned(),
            "else".to_owned(),
            "  changed=$(git ls-files) # a new branch: everything counts as changed".to_owned(),
            "fi".to_owned(),
            "touched() { grep -qE -- \"$1\" <<<\"$changed\"; }".to_owned(),
        ];
        for image in self.images(job) {
            lines.push(format!("if touched '{}'; then images+=({}); fi", self.pattern(image), image.name));
        }
        lines.push("printf 'images=%s\\n' \"$(jq -cn '$ARGS.positional' --args -- \"${images[@]}\")\" >>\"$GITHUB_OUTPUT\"".to_owned());
        lines.join("\n") + "\n"
    }

    fn pattern(&self, image: &ImagePlan) -> String {
        let output = &self.plan.project.output;
        let mut prefixes: Vec<String> = image.sources.iter().map(|source| regex(source)).collect();
        if prefixes.iter().any(|prefix| prefix == "\\.") {
            return String::new();
        }
        prefixes.push(regex(&format!("{output}/docker/{}.", image.name)));
        if self.plan.expands(image) {
            prefixes.push(regex(&names::with_secrets(self.plan)));
        }
        format!("^({})", prefixes.join("|"))
    }

    /// A job that builds the changed images, one each.
    pub(super) fn build(&self, name: &str, job: &PipelineJob, changes: &str, out: &mut Emitted) -> Job {
        let mut steps = vec![checkout(false)];
        steps.extend(self.emulators(job));
        steps.push(actions::step("Set up the builder", "setup-buildx", []));
        steps.extend(self.registry().map(|registry| registry.log_in()));
        steps.extend(self.build_steps(job));
        if job.scan.is_some() {
            steps.extend(self.scan_steps(job, out));
        }
        steps.push(tag_step());
        steps.extend(digest_steps());
        let mut permissions = IndexMap::from([permission("contents", "read", "check out the sources")]);
        permissions.extend([permission("packages", "write", "push images")]);
        if job.scan.is_some() {
            permissions.extend([permission("security-events", "write", "upload what the scan finds")]);
        }
        let matrix = format!("${{{{ fromJSON(needs.{changes}.outputs.images) }}}}");
        let mut built = self.job(name, job);
        built.needs.push(changes.to_owned());
        let condition = format!("needs.{changes}.outputs.images != '[]'");
        built.condition = Some(format!("${{{{ {} && {condition} }}}}", self.pushed(job)));
        Job {
            name: format!("{} (${{{{ matrix.image }}}})", built.name),
            permissions,
            strategy: Some(Strategy {
                fail_fast: false,
                matrix: IndexMap::from([("image".to_owned(), Axis::Expression(matrix))]),
            }),
            env: Values::from([(
                "IMAGE".to_owned(),
                format!("{}/${{{{ matrix.image }}}}", self.repository()),
            )]),
            steps: steps.into_iter().map(Spaced).collect(),
            ..built
        }
    }

    /// The condition under which images are published: a push to one of the job's branches, or, where it names none, to
    /// one that starts the pipeline, or a tag; a run that somebody starts by hand counts as a push.
    pub(super) fn pushed(&self, job: &PipelineJob) -> String {
        let branches = self.branches(job);
        let has_tags = self.pipeline.on.iter().any(|trigger| matches!(trigger, Trigger::Tag(_)));
        let tags = has_tags && job.branches.is_empty();
        let mut tests: Vec<String> = branches.iter().map(|branch| branch_test(branch)).collect();
        if tags {
            tests.push("startsWith(github.ref, 'refs/tags/')".to_owned());
        }
        let event = if self.pipeline.on.contains(&Trigger::Manual) {
            "contains(fromJSON('[\"push\", \"workflow_dispatch\"]'), github.event_name)"
        } else {
            "github.event_name == 'push'"
        };
        match tests.as_slice() {
            [] => "github.event_name != 'pull_request'".to_owned(),
            [only] => format!("{event} && {only}"),
            _ => format!("{event} && ({})", tests.join(" || ")),
        }
    }

    /// The branches that a job is for, as they are written: its own, else those of the triggers.
    pub(super) fn branches(&self, job: &PipelineJob) -> Vec<String> {
        if !job.branches.is_empty() {
            return job.branches.iter().map(|branch| branch.to_string()).collect();
        }
        let pushes = self.pipeline.on.iter().filter_map(|trigger| match trigger {
            Trigger::Push(names) => Some(names),
            _ => None,
        });
        pushes.flatten().map(ToString::to_string).collect()
    }

    /// The platforms that the images of a job are built for.
    fn platforms(&self, job: &PipelineJob) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for platform in self.images(job).iter().flat_map(|image| &image.build.platforms) {
            if !all.iter().any(|known| **known == **platform) {
                all.push(platform.to_string());
            }
        }
        all
    }

    /// Builds for platforms that the machine does not have run on emulators.
    fn emulators(&self, job: &PipelineJob) -> Option<Step> {
        let platforms = self.platforms(job);
        (platforms.len() > 1).then(|| {
            actions::step("Set up emulators", "setup-qemu", [("platforms", platforms.join(",").into())])
        })
    }

    fn build_steps(&self, job: &PipelineJob) -> Vec<Step> {
        let mut tags = vec!["type=ref,event=branch", "type=sha,format=long"];
        if self.pipeline.on.iter().any(|trigger| matches!(trigger, Trigger::Tag(_))) {
            tags.extend(["type=semver,pattern={{version}}", "type=semver,pattern={{major}}.{{minor}}"]);
        }
        let mut metadata = actions::step(
            "Derive tags and labels",
            "metadata",
            [("images", "${{ env.IMAGE }}".into()), ("tags", tags.join("\n").into())],
        );
        metadata.id = Some("metadata");
        let output = &self.plan.project.output;
        let mut build = actions::step(
            "Build, and push without a tag",
            "build-push",
            [
                ("context", ".".into()),
                ("file", format!("{output}/docker/${{{{ matrix.image }}}}.Dockerfile").into()),
                ("outputs", "type=image,push-by-digest=true,name-canonical=true,push=true".into()),
                ("tags", "${{ env.IMAGE }}".into()),
                ("labels", "${{ steps.metadata.outputs.labels }}".into()),
                ("cache-from", "type=gha,scope=${{ matrix.image }}".into()),
                ("cache-to", "type=gha,mode=max,scope=${{ matrix.image }}".into()),
                ("provenance", "mode=max".into()),
                ("sbom", true.into()),
            ],
        );
        let platforms = self.platforms(job);
        if !platforms.is_empty() {
            build.inputs.insert("platforms", platforms.join(",").into());
        }
        let secrets = self.build_secrets(job);
        if !secrets.is_empty() {
            build.inputs.insert("secrets", secrets.join("\n").into());
        }
        build.id = Some("build");
        vec![metadata, build]
    }

    /// What the stages of the job's images read from `/run/secrets` while they are built, each once.
    fn build_secrets(&self, job: &PipelineJob) -> Vec<String> {
        let images = self.images(job);
        let stages = images.iter().flat_map(|image| image.build.stage.values());
        let names: IndexSet<&Arc<str>> =
            stages.flat_map(|stage| &stage.secrets).map(|secret| &secret.0).collect();
        let input = |name: &Arc<str>| {
            let declares = |environment: &&EnvironmentPlan| environment.model.secrets.contains_key(name);
            let environment = self.plan.environments.iter().find(declares)?;
            Some(format!("{name}=${{{{ secrets.{} }}}}", ci_secret(environment, name)))
        };
        names.into_iter().filter_map(input).collect()
    }
}

/// Whether a run is of a branch. Expressions know no patterns: one that ends in stars is compared by what comes before
/// them, which is enough where the trigger has the same pattern.
fn branch_test(branch: &str) -> String {
    match branch.trim_end_matches('*') {
        whole if whole.len() == branch.len() => format!("github.ref == 'refs/heads/{branch}'"),
        start => format!("startsWith(github.ref, 'refs/heads/{start}')"),
    }
}

/// Whether a pattern of branches is more than its beginning.
pub(super) fn is_open_pattern(branch: &str) -> bool {
    branch.trim_end_matches('*').contains(['*', '?', '+', '[', '!'])
}

/// Tags come last: what failed on the way here is never found by one.
fn tag_step() -> Step {
    let lines = [
        "mapfile -t tags <<<\"$TAGS\"",
        "docker buildx imagetools create \"${tags[@]/#/--tag=}\" \"$IMAGE@$DIGEST\"",
    ];
    let mut step = actions::run("Tag the image", lines.join("\n") + "\n");
    step.shell = Some("bash");
    step.env = Values::from([
        ("DIGEST".to_owned(), DIGEST.to_owned()),
        ("TAGS".to_owned(), "${{ steps.metadata.outputs.tags }}".to_owned()),
    ]);
    step
}

/// The digest of the build, handed on as a file: what is deployed is what was built and scanned.
fn digest_steps() -> Vec<Step> {
    let mut write = actions::run(
        "Write down the digest",
        format!("mkdir -p {DIGESTS}\nprintf '%s\\n' \"$DIGEST\" >\"{DIGESTS}/$NAME\"\n"),
    );
    write.env = Values::from([
        ("DIGEST".to_owned(), DIGEST.to_owned()),
        ("NAME".to_owned(), "${{ matrix.image }}".to_owned()),
    ]);
    let keep = actions::step(
        "Hand on the digest",
        "upload-artifact",
        [
            ("name", "digest-${{ matrix.image }}".into()),
            ("path", format!("{DIGESTS}/${{{{ matrix.image }}}}").into()),
            ("if-no-files-found", "error".into()),
        ],
    );
    vec![write, keep]
}

/// A path as an extended regular expression for its prefix.
fn regex(path: &str) -> String {
    path.chars().flat_map(|c| if ".+*?()[]{}^$|\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}
