//! Deployments to one machine by ssh: its files are copied, its operations script does the work there, and what people
//! get is checked from outside. Must not know how the script replaces containers.

use super::Context;
use super::actions;
use super::build::DIGESTS;
use super::deploy::{address, ci_secret};
use super::document::{Step, Values};
use super::registry::Registry;
use super::test::escape;
use crate::diagnostic::{Diagnostic, codes};
use crate::emit::spell::Spelling;
use crate::emit::{Emitted, names};
use crate::model::{DeployVia, Ingress, Service};
use crate::plan::EnvironmentPlan;
use crate::schema::Text;
use crate::text::{ShellWord, Unwritable};

/// A command on the machine.
const SSH: &str = "ssh -F \"$RUNNER_TEMP/ssh/config\" target";

/// What every deployment by ssh says.
struct Machine<'a> {
    via: &'a DeployVia,
    host: &'a Text,
    user: &'a Text,
    known_host: &'a Text,
    /// The folder of the project there.
    folder: ShellWord,
    /// The operations script, from there.
    script: ShellWord,
}

impl Context<'_> {
    /// The steps of a deployment by ssh.
    pub(super) fn ssh(&self, via: &DeployVia, environment: &EnvironmentPlan, out: &mut Emitted) -> Vec<Step> {
        let machine = match self.machine(via, environment, out) {
            Some(Ok(machine)) => machine,
            Some(Err(error)) => {
                let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, error.to_string());
                out.diagnostics.push(problem.at(via.origins.block, "cannot be written into a script"));
                return Vec::new();
            }
            None => return Vec::new(),
        };
        let mut steps = vec![credentials(&machine, environment)];
        steps.extend(self.release(environment));
        match self.copy(&machine, environment) {
            Ok(copy) => steps.push(copy),
            Err(error) => {
                let problem = Diagnostic::error(codes::NOT_EXPRESSIBLE, error.to_string());
                out.diagnostics.push(problem.at(via.origins.block, "the files of this deployment"));
            }
        }
        let registry = self.registry();
        steps.extend(registry.as_ref().map(log_in));
        steps.push(deploy(&machine));
        if via.verify {
            steps.extend(verify(environment));
            steps.push(undo(&machine));
        }
        steps.extend(registry.as_ref().map(log_out));
        steps
    }

    fn machine<'a>(
        &self,
        via: &'a DeployVia,
        environment: &EnvironmentPlan,
        out: &mut Emitted,
    ) -> Option<Result<Machine<'a>, Unwritable>> {
        let target = "github-actions";
        if environment.model.compose().is_none() {
            let what = format!("a deployment of `{}` by ssh", environment.name());
            out.unsupported(
                target,
                &what,
                via.label.span,
                "add `target compose`, or use `via kubectl { … }`",
            );
            return None;
        }
        if self.plan.project.registry.is_none() {
            let what = format!("a deployment of `{}` by ssh without a registry", environment.name());
            out.unsupported(
                target,
                &what,
                via.label.span,
                "set `registry` in stackc.toml: the machine pulls from it",
            );
            return None;
        }
        let (Some(host), Some(user), Some(folder), Some(known_host)) =
            (&via.host, &via.user, &via.folder, &via.known_host)
        else {
            let what = "a deployment by ssh without `host`, `user`, `folder` and `known_host`";
            let instead = "set all four; a host that is not known is never trusted";
            out.unsupported(target, what, via.origins.block, instead);
            return None;
        };
        let script = format!("./{}", names::ops(self.plan, environment));
        // Bare: both stand between double quotes.
        let words = ShellWord::bare(folder).and_then(|folder| Ok((folder, ShellWord::bare(&script)?)));
        Some(words.map(|(folder, script)| Machine { via, host, user, known_host, folder, script }))
    }

    /// A release is a tag that all images have, those that did not change too.
    fn release(&self, environment: &EnvironmentPlan) -> Option<Step> {
        let lines: Vec<String> = self
            .deployed(environment)
            .map(|image| {
                let (name, repository) = (&image.name, &image.repository);
                format!(
                    "docker buildx imagetools create --tag \"{repository}:$RELEASE\" \"{repository}@$(cat {DIGESTS}/{name})\""
                )
            })
            .collect();
        let step = shell("Give every image the tag of the release", lines.join("\n") + "\n");
        (!lines.is_empty()).then(|| released(step))
    }

    /// The environment's folder and what its containers mount; secrets and state of the machine stay as they are.
    fn copy(&self, machine: &Machine<'_>, environment: &EnvironmentPlan) -> Result<Step, Unwritable> {
        let mut paths = vec![names::folder(self.plan, environment)];
        for service in environment.model.services.values() {
            paths.extend(service.files.values().map(|source| source.value.to_string()));
            paths
                .extend(service.volume.values().filter_map(|volume| Some(volume.from.as_ref()?.to_string())));
        }
        let words = paths.iter().map(|path| ShellWord::new(path)).collect::<Result<Vec<_>, _>>()?;
        let words = words.iter().map(ShellWord::as_str).collect::<Vec<_>>().join(" ");
        let folder = &machine.folder;
        Ok(shell(
            "Copy the files",
            format!(
                "{SSH} \"mkdir -p {folder}\"\nrsync --archive --relative --rsh \"ssh -F $RUNNER_TEMP/ssh/config\" -- {words} target:{folder}/\n"
            ),
        ))
    }
}

fn shell(name: &str, script: String) -> Step {
    let mut step = actions::run(name, script);
    step.shell = Some("bash");
    step
}

/// A step that knows the release.
fn released(mut step: Step) -> Step {
    step.env = Values::from([("RELEASE".to_owned(), "sha-${{ github.sha }}".to_owned())]);
    step
}

/// The key and the host keys, in files that nobody else reads, and a configuration that trusts nothing else.
fn credentials(machine: &Machine<'_>, environment: &EnvironmentPlan) -> Step {
    let script = r#"umask 077
mkdir -p "$RUNNER_TEMP/ssh"
cd "$RUNNER_TEMP/ssh"
printf '%s\n' "$KEY" >key
printf '%s\n' "$KNOWN_HOST" >known_hosts
cat >config <<END
Host target
  HostName $HOST
  Port $PORT
  User $SSH_USER
  IdentityFile $PWD/key
  IdentitiesOnly yes
  UserKnownHostsFile $PWD/known_hosts
  StrictHostKeyChecking yes
  BatchMode yes
  ConnectTimeout 10
  ServerAliveInterval 15
END
"#;
    let mut step = shell("Write the credentials", script.to_owned());
    let key = ci_secret(environment, &machine.via.credentials.0);
    let text = |text: &Text| {
        let secret = |name: &str| format!("${{{{ secrets.{} }}}}", ci_secret(environment, name));
        Spelling { literal: &|literal| escape(literal), secret: &secret }.text(text)
    };
    step.env = Values::from([
        ("KEY".to_owned(), format!("${{{{ secrets.{key} }}}}")),
        ("KNOWN_HOST".to_owned(), text(machine.known_host)),
        ("HOST".to_owned(), text(machine.host)),
        ("PORT".to_owned(), machine.via.port.to_string()),
        ("SSH_USER".to_owned(), text(machine.user)),
    ]);
    step
}

/// The machine pulls as this run does; a token ends with it.
fn log_in(registry: &Registry) -> Step {
    let script = format!(
        "printf '%s' \"$TOKEN\" | {SSH} \"docker login {} --username '$ACTOR' --password-stdin\"\n",
        registry.host
    );
    let mut step = shell("Let the machine pull", script);
    step.env = Values::from([
        ("ACTOR".to_owned(), registry.user.to_owned()),
        ("TOKEN".to_owned(), registry.password.to_owned()),
    ]);
    step
}

fn log_out(registry: &Registry) -> Step {
    let mut step = shell("Take the token back", format!("{SSH} \"docker logout {}\"\n", registry.host));
    step.condition = Some("${{ always() }}");
    step
}

/// The script pulls, migrates, starts, waits for health, and goes back by itself when the release is not healthy.
fn deploy(machine: &Machine<'_>) -> Step {
    let Machine { folder, script, .. } = machine;
    let mut step = shell("Deploy", format!("{SSH} \"cd {folder} && {script} --yes deploy $RELEASE\"\n"));
    step.id = Some("deploy");
    released(step)
}

/// What people get, from outside: name, certificate, door and service.
fn verify(environment: &EnvironmentPlan) -> Option<Step> {
    let url = environment.model.ingresses.values().find_map(|ingress| checked(environment, ingress))?;
    let script = "curl --fail --silent --show-error --output /dev/null --max-time 10 --retry 10 --retry-delay 3 --retry-all-errors -- \"$URL\"\n";
    let mut step = shell("See that people get an answer", script.to_owned());
    step.env = Values::from([("URL".to_owned(), url)]);
    Some(step)
}

/// The address of the health check of a service behind a route that does not change paths.
fn checked(environment: &EnvironmentPlan, ingress: &Ingress) -> Option<String> {
    let mut routes = ingress.route.iter().filter(|(_, route)| !route.strip);
    let path = routes.find_map(|(prefix, route)| {
        let (name, _) = route.service()?;
        let service: &Service = environment.model.services.get(name)?;
        let path = service.health.as_ref()?.http.as_ref()?.to_string();
        path.starts_with(prefix.trim_end_matches('/')).then_some(path)
    });
    Some(format!("{}{}", address(environment, ingress), path?))
}

/// The containers are healthy, but people get no good answer: the release before comes back.
fn undo(machine: &Machine<'_>) -> Step {
    let Machine { folder, script, .. } = machine;
    let mut step =
        shell("Go back to the version before", format!("{SSH} \"cd {folder} && {script} --yes rollback\"\n"));
    step.condition = Some("${{ failure() && steps.deploy.outcome == 'success' }}");
    step
}
