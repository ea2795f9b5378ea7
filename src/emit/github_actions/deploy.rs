//! Jobs that deploy an environment: by digest, under the environment's protection, verified, undone when it fails.

use indexmap::IndexMap;

use super::actions::{self, checkout};
use super::build::DIGESTS;
use super::document::{Concurrency, Environment, Job, Permissions, Step, Values};
use super::{Context, permission};
use crate::emit::env::variable;
use crate::emit::{Emitted, names};
use crate::model::{DeployVia, Ingress, PipelineJob};
use crate::plan::EnvironmentPlan;
use crate::print::yaml::Spaced;

impl Context<'_> {
    /// A job that deploys an environment.
    pub(super) fn deploy(
        &self,
        name: &str,
        job: &PipelineJob,
        environment: &EnvironmentPlan,
        out: &mut Emitted,
    ) -> Job {
        let mut steps = vec![checkout(false)];
        steps.extend(self.digests(environment));
        match (&job.via, environment.model.kubernetes().is_some()) {
            (Some(via), true) if &*via.label.value == "kubectl" => {
                steps.extend(self.kubectl(via, environment));
            }
            (Some(via), _) if &*via.label.value == "ssh" => steps.extend(self.ssh(via, environment, out)),
            _ => {
                let what = format!("a deployment of `{}` without a way to reach it", environment.name());
                let span = job.deploy.as_ref().map_or(job.label.span, |deploy| deploy.origin.span);
                out.unsupported(
                    "github-actions",
                    &what,
                    span,
                    "add `via kubectl { credentials = … }` or `via ssh { … }`",
                );
            }
        }
        let base = self.job(name, job);
        Job {
            condition: Some(format!("${{{{ !cancelled() && !failure() && {} }}}}", self.pushed(job))),
            environment: Some(Environment {
                name: environment.name().to_owned(),
                url: environment.model.ingresses.values().next().map(|ingress| address(environment, ingress)),
            }),
            concurrency: Some(Concurrency {
                group: format!("deploy-{}", environment.name()),
                cancel_in_progress: false,
            }),
            permissions: permissions(job),
            steps: steps.into_iter().map(Spaced).collect(),
            ..base
        }
    }

    /// The digest of every image: of this run's build, or of the newest one of the branch.
    fn digests(&self, environment: &EnvironmentPlan) -> Vec<Step> {
        let mut steps = vec![actions::step(
            "Get the digests of this run",
            "download-artifact",
            [("pattern", "digest-*".into()), ("merge-multiple", true.into()), ("path", DIGESTS.into())],
        )];
        steps.extend(self.registry().map(|registry| registry.log_in()));
        let mut lines = vec![
            format!("mkdir -p {DIGESTS}"),
            "# As the tags of the build are made from the name of the branch.".to_owned(),
            "tag=$(sed -E 's/[^a-zA-Z0-9._-]+/-/g' <<<\"$GITHUB_REF_NAME\")".to_owned(),
            "resolve() {".to_owned(),
        ];
        lines.push(format!("  [ -s \"{DIGESTS}/$1\" ] && return"));
        lines.push(
            "  docker buildx imagetools inspect \"$2:$tag\" --format '{{.Manifest.Digest}}' >\"digests/$1\""
                .to_owned(),
        );
        lines.push("}".to_owned());
        lines.extend(
            self.deployed(environment).map(|image| format!("resolve {} {}", image.name, image.repository)),
        );
        let mut step = actions::run("Look up the digests of unchanged images", lines.join("\n") + "\n");
        step.shell = Some("bash");
        steps.push(step);
        steps
    }

    /// The images of ours that an environment runs.
    pub(super) fn deployed<'e>(
        &'e self,
        environment: &'e EnvironmentPlan,
    ) -> impl Iterator<Item = &'e crate::plan::ImagePlan> {
        let used = environment.services.values().filter_map(|service| self.plan.built(service));
        let mut names: Vec<&str> = used.map(|image| &*image.name).collect();
        names.dedup();
        self.plan.images.iter().filter(move |image| names.contains(&&*image.name))
    }

    fn kubectl(&self, via: &DeployVia, environment: &EnvironmentPlan) -> Vec<Step> {
        let folder = format!("{}/kubernetes", names::folder(self.plan, environment));
        let mut write = actions::run(
            "Write the credentials",
            "umask 077\nprintf '%s' \"$CREDENTIALS\" >\"$RUNNER_TEMP/kubeconfig\"\n",
        );
        let secret = ci_secret(environment, &via.credentials.0);
        write.env = Values::from([("CREDENTIALS".to_owned(), format!("${{{{ secrets.{secret} }}}}"))]);
        let mut lines = vec![format!("cd {folder}")];
        for image in self.deployed(environment) {
            let (name, repository) = (&image.name, &image.repository);
            lines.push(format!(
                "kustomize edit set image \"{repository}=*@$(cat \"$GITHUB_WORKSPACE/{DIGESTS}/{name}\")\""
            ));
        }
        let mut pin = actions::run("Pin the images by digest", lines.join("\n") + "\n");
        pin.shell = Some("bash");
        let script = format!("{} deploy\n", names::ops_of_cluster(self.plan, environment));
        vec![write, pin, kube("Deploy, and go back when it is not ready", script)]
    }
}

/// On one machine all images of a release have its tag; a cluster takes each by its digest.
fn permissions(job: &PipelineJob) -> Permissions {
    let by_ssh = job.via.as_ref().is_some_and(|via| &*via.label.value == "ssh");
    let packages = if by_ssh {
        permission("packages", "write", "give unchanged images the tag of the release")
    } else {
        permission("packages", "read", "look up the digests of unchanged images")
    };
    IndexMap::from([permission("contents", "read", "check out the manifests"), packages])
}

/// Where people reach an ingress. Behind a web server of somebody else, ports of the machine are not those of people.
pub(super) fn address(environment: &EnvironmentPlan, ingress: &Ingress) -> String {
    let (scheme, usual) = if ingress.tls.is_some() { ("https", 443) } else { ("http", 80) };
    let ends_before = ingress.tls.is_some() && !ingress.ends_encryption();
    let machine = environment.model.compose().filter(|target| target.is_public() && !ends_before);
    let port = machine.map_or(usual, |target| if usual == 443 { target.https.0 } else { target.http.0 });
    if port == usual {
        return format!("{scheme}://{}", &*ingress.host);
    }
    format!("{scheme}://{}:{port}", &*ingress.host)
}

/// The name under which the pipeline knows a secret.
pub(super) fn ci_secret(environment: &EnvironmentPlan, name: &str) -> String {
    let declared = environment.model.secrets.get(name).and_then(|secret| secret.ci.as_ref());
    declared.map_or_else(|| variable(name), |name| name.to_string())
}

fn kube(name: &str, script: String) -> Step {
    let mut step = actions::run(name, script);
    step.shell = Some("bash");
    step.env = Values::from([("KUBECONFIG".to_owned(), "${{ runner.temp }}/kubeconfig".to_owned())]);
    step
}
