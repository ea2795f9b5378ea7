//! How variables and secrets reach a process. Must not spell a target's mechanism.
//!
//! * A text without secrets is plain. A path of a secret's file is no secret; the file is mounted for it.
//! * One secret alone goes the way that `secret_delivery` says; else as a file where the image reads `NAME_FILE`; else
//!   through the entry script of an image that the stack builds; else as a variable.
//! * A secret inside other characters needs the entry script; without it the whole text is a variable.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalogue::ImageFacts;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Backup, Environment, Job, Notify, SecretDelivery, Service, Watches};
use crate::schema::{Map, Part, Text};

use super::{Delivered, TaskPlan, Variable};

/// What an image can do with secrets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Receiver<'a> {
    /// What the service asks for.
    pub(super) wanted: Option<SecretDelivery>,
    /// Whether the image has the entry script.
    pub(super) expands: bool,
    /// What is known about a public image.
    pub(super) facts: Option<&'a ImageFacts>,
}

impl<'a> Receiver<'a> {
    /// The receiver of a service's variables; `facts` are those of its public image.
    pub(super) fn new(service: &Service, facts: Option<&'a ImageFacts>) -> Self {
        Self {
            wanted: service.secret_delivery,
            expands: service.build.as_ref().is_some_and(|build| build.expand_secrets),
            facts,
        }
    }

    fn deliver(self, name: &Arc<str>, text: &Text) -> (Arc<str>, Delivered) {
        if !text.is_secret() {
            return (name.clone(), Delivered::Plain(text.clone()));
        }
        let wanted = self.wanted;
        if let Some(secret) = text.as_secret() {
            let known = || self.facts.is_some_and(|facts| facts.takes_file(name));
            if wanted == Some(SecretDelivery::File) || wanted.is_none() && known() {
                let suffix = self.facts.map_or("_FILE", ImageFacts::file_suffix);
                return (format!("{name}{suffix}").into(), Delivered::File(secret.clone()));
            }
        }
        let value = if self.expands && wanted != Some(SecretDelivery::Variable) {
            Delivered::Expand(text.clone())
        } else {
            Delivered::Variable(text.clone())
        };
        (name.clone(), value)
    }
}

/// The variables in declaration order, each with the way in which it is delivered.
pub(super) fn variables(env: &Map<Text>, receiver: Receiver<'_>) -> Vec<Variable> {
    let deliver = |(name, entry): (&Arc<str>, &crate::schema::Sourced<Text>)| {
        let (name, value) = receiver.deliver(name, &entry.value);
        let span = entry.origin.span;
        Variable { name, value, span }
    };
    env.iter().map(deliver).collect()
}

/// The secrets whose files these variables need, sorted.
pub(super) fn mounted(variables: &[Variable]) -> BTreeSet<Arc<str>> {
    let mut mounted = BTreeSet::new();
    for variable in variables {
        match &variable.value {
            Delivered::File(secret) => drop(mounted.insert(secret.clone())),
            Delivered::Expand(text) => mounted.extend(text.mounted_secrets().cloned()),
            Delivered::Plain(text) | Delivered::Variable(text) => mounted.extend(paths(text)),
        }
    }
    mounted
}

/// The secrets whose path a text mentions; those whose value it mentions are delivered another way.
fn paths(text: &Text) -> impl Iterator<Item = Arc<str>> + '_ {
    text.0.iter().filter_map(|part| match part {
        Part::SecretPath(name) => Some(name.clone()),
        _ => None,
    })
}

/// The secrets that a service's variables, words and configuration files need as files.
pub(super) fn mounted_for(service: &Service, variables: &[Variable]) -> BTreeSet<Arc<str>> {
    let words = service.entrypoint.iter().chain(&service.command);
    let mut all = mounted(variables);
    all.extend(words.flat_map(|word| paths(&word.0)));
    for config in service.config.values() {
        let settings = config.settings.values().map(|setting| &setting.value);
        all.extend(config.text.iter().chain(settings).flat_map(|text| paths(&text.0)));
    }
    all
}

/// The addresses and passwords of channels, for what tells them.
pub(super) fn channels(environment: &Environment, service: &Service) -> Vec<Arc<str>> {
    let channels = environment.channels.values().filter(|_| service.watches(Watches::Alerts));
    channels.filter(|channel| channel.is_reached()).flat_map(Notify::secrets).cloned().collect()
}

/// The jobs of a service: they run in its image, with its secrets and their own.
pub(super) fn jobs(
    service: &Service,
    secrets: &BTreeSet<Arc<str>>,
    receiver: Receiver<'_>,
) -> IndexMap<Arc<str>, TaskPlan> {
    let task = |job: &Job| {
        let variables = variables(&job.env, receiver);
        let mut all = secrets.clone();
        all.extend(mounted(&variables));
        all.extend(job.run.iter().flat_map(|word| paths(&word.0)));
        TaskPlan { variables, secrets: all.into_iter().collect() }
    };
    service.job.iter().map(|(name, job)| (name.clone(), task(job))).collect()
}

/// The commands of a backup: shell lines, so that every secret can be a file.
pub(super) fn backup(backup: &Backup) -> TaskPlan {
    let receiver = Receiver { wanted: None, expands: true, facts: None };
    let variables = variables(&backup.env, receiver);
    let secrets = mounted(&variables).into_iter().collect();
    TaskPlan { variables, secrets }
}

/// What brings the copies of a backup to another place gets; `None` when nothing does.
pub(super) fn offsite(backup: &Backup) -> Option<TaskPlan> {
    backup.offsite.as_ref()?;
    let plain = |(name, entry): (&Arc<str>, &crate::schema::Sourced<crate::schema::Plain>)| Variable {
        name: name.clone(),
        value: Delivered::Plain(Text(vec![Part::Literal((&*entry.value).into())])),
        span: entry.origin.span,
    };
    let secrets: BTreeSet<Arc<str>> =
        backup.credentials.iter().chain(&backup.encrypt).map(|secret| secret.0.clone()).collect();
    Some(TaskPlan {
        variables: backup.offsite_env.iter().map(plain).collect(),
        secrets: secrets.into_iter().collect(),
    })
}

/// The delivery that a service asks for must be one that its image can do.
pub(super) fn check(service: &Service, receiver: Receiver<'_>) -> Option<Diagnostic> {
    if receiver.wanted != Some(SecretDelivery::Expand) || receiver.expands {
        return None;
    }
    let name = &service.label.value;
    let message =
        format!("`secret_delivery = expand` needs an entry script that the image of `{name}` does not have");
    let help = if service.build.is_some() {
        "set `build.expand_secrets = true`, or use `file` or `variable`"
    } else {
        "use `file` or `variable`: the stack does not build this image"
    };
    Some(
        Diagnostic::error(codes::INVALID_VALUE, message)
            .at(service.origins.field("secret_delivery").span, "not possible here")
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Text {
        Text(vec![Part::Secret("pw".into())])
    }

    fn mixed() -> Text {
        Text(vec![Part::Literal("x:".into()), Part::Secret("pw".into())])
    }

    fn delivered(receiver: Receiver<'_>, text: &Text) -> (String, Delivered) {
        let (name, value) = receiver.deliver(&"PASSWORD".into(), text);
        (name.to_string(), value)
    }

    const PLAIN: Receiver<'static> = Receiver { wanted: None, expands: false, facts: None };

    #[test]
    fn files_come_first_where_the_image_reads_them() {
        let catalogue = crate::catalogue::Catalogue::new(
            [("db", "repository = \"db\"\n[[variables]]\nname = \"PASSWORD\"\nfile = true")],
            "",
        );
        let facts = catalogue.image(&crate::schema::ImageRef::parse("db:1").unwrap());
        let receiver = Receiver { facts, ..PLAIN };
        let file = ("PASSWORD_FILE".to_owned(), Delivered::File("pw".into()));
        assert_eq!(delivered(receiver, &secret()), file);
        assert_eq!(delivered(receiver, &mixed()).1, Delivered::Variable(mixed()));
        let wanted = Some(SecretDelivery::Variable);
        assert_eq!(delivered(Receiver { wanted, ..receiver }, &secret()).1, Delivered::Variable(secret()));
    }

    #[test]
    fn built_images_expand_and_unknown_ones_get_variables() {
        let built = Receiver { expands: true, ..PLAIN };
        assert_eq!(delivered(built, &secret()).1, Delivered::Expand(secret()));
        assert_eq!(delivered(built, &mixed()).1, Delivered::Expand(mixed()));
        assert_eq!(delivered(PLAIN, &secret()).1, Delivered::Variable(secret()));
        let wanted = Some(SecretDelivery::File);
        assert_eq!(delivered(Receiver { wanted, ..built }, &secret()).1, Delivered::File("pw".into()));
    }

    #[test]
    fn only_what_is_read_from_files_is_mounted() {
        let path = Text(vec![Part::SecretPath("key".into())]);
        let variable = |value| Variable { name: "X".into(), value, span: crate::source::Span::default() };
        let all = [
            variable(Delivered::Plain(path)),
            variable(Delivered::Variable(secret())),
            variable(Delivered::File("token".into())),
        ];
        assert_eq!(mounted(&all), BTreeSet::from(["key".into(), "token".into()]));
        assert_eq!(mounted(&[variable(Delivered::Expand(mixed()))]), BTreeSet::from(["pw".into()]));
    }
}
