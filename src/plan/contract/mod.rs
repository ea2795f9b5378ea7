//! The environment contract: what a program reads against what it gets, service by service and environment by
//! environment. Must not know how a value travels: that is `delivery`.

mod value;

use std::collections::BTreeMap;

use crate::diagnostic::suggest::closest;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Environment, Form, Mode, Phase, Reads, Service};
use crate::schema::{Part, Sourced, Text};
use crate::source::Span;

use super::{Delivered, Variable, dns, images, secret_path};

/// What a service gets, by the name that the process sees.
struct Contract<'a> {
    environment: &'a Environment,
    service: &'a Service,
    /// What the container gets.
    delivered: &'a [Variable],
    /// What the image itself sets.
    baked: BTreeMap<&'a str, &'a str>,
}

/// Where the contract of a service is broken; nothing where it declares none.
pub(super) fn check(environment: &Environment, service: &Service, delivered: &[Variable]) -> Vec<Diagnostic> {
    if service.reads.is_empty() {
        return Vec::new();
    }
    let contract = Contract {
        environment,
        service,
        delivered,
        baked: baked(environment.block.mode == Mode::Development, service),
    };
    let mut problems = Vec::new();
    for reads in service.reads.values() {
        let before = problems.len();
        problems.extend(incoherent(reads));
        if problems.len() == before {
            problems.extend(match reads.phase {
                Phase::Run => contract.run(reads),
                Phase::Build => contract.build(reads),
            });
        }
    }
    problems.extend(contract.unread());
    problems
}

/// Sets what the contract says of variables that nobody sets, so that one place says it for every target.
pub(super) fn set_defaults(environment: &mut Environment) {
    let development = environment.block.mode == Mode::Development;
    for service in environment.services.values_mut() {
        let baked: Vec<String> = baked(development, service).into_keys().map(ToOwned::to_owned).collect();
        for reads in service.reads.values().filter(|reads| reads.phase == Phase::Run) {
            let name = &reads.label.value;
            let is_set = service.env.contains_key(name) || baked.iter().any(|known| **known == **name);
            if let Some(default) = reads.default.as_ref().filter(|_| !is_set) {
                let origin = reads.origins.field("default");
                let value = Sourced { value: Text::literal(default), origin };
                service.env.insert(name.clone(), value);
            }
        }
    }
}

/// The variables of the stages under the one that runs; the upper stage wins.
fn baked(development: bool, service: &Service) -> BTreeMap<&str, &str> {
    let Some(build) = &service.build else { return BTreeMap::new() };
    let chain = images::final_stage(build, development).map(|stage| images::stage_chain(build, stage));
    let stages = chain.unwrap_or_default().into_iter().rev();
    stages.flat_map(|stage| &stage.env).map(|(name, entry)| (&**name, &*entry.value.0)).collect()
}

/// What a declaration says against itself.
fn incoherent(reads: &Reads) -> Option<Diagnostic> {
    let wrong = |field: &str, message: String| {
        let span = reads.origins.field(field).span;
        Some(Diagnostic::error(codes::INVALID_VALUE, message).at(span, "this does not fit the others"))
    };
    if let Some(default) = reads.default.as_ref().filter(|default| !value::fits(reads, default)) {
        return wrong("default", format!("expected {}, found `{}`", reads.expected(), &**default));
    }
    let (min, max) = reads.bounds();
    if min > max {
        return wrong("max", format!("`max` is {max}, which is less than `min`, {min}"));
    }
    let numeric = matches!(reads.is, Form::Integer);
    for (field, set) in [("min", reads.min.is_some()), ("max", reads.max.is_some())] {
        if set && !numeric {
            return wrong(field, format!("`{field}` is for `is = integer`, found `{}`", reads.is.word()));
        }
    }
    if !reads.schemes.is_empty() && reads.is != Form::Url {
        return wrong("schemes", format!("`schemes` is for `is = url`, found `{}`", reads.is.word()));
    }
    None
}

impl Contract<'_> {
    /// A variable of the running process.
    fn run(&self, reads: &Reads) -> Option<Diagnostic> {
        let name = &*reads.label.value;
        if let Some(variable) = self.delivered.iter().find(|variable| *variable.name == *name) {
            let text = match &variable.value {
                Delivered::Plain(text) | Delivered::Expand(text) | Delivered::Variable(text) => text.clone(),
                Delivered::File(secret) => Text(vec![Part::SecretPath(secret.clone())]),
            };
            return self.judge(reads, &text, variable.span);
        }
        if let Some(value) = self.baked.get(name) {
            let span = self.service.build.as_ref().map_or(reads.label.span, |build| build.origins.block);
            return self.judge(reads, &Text::literal(value), span);
        }
        if let Some(file) =
            self.delivered.iter().find(|variable| variable.name.strip_suffix("_FILE") == Some(name))
        {
            return Some(self.only_as_file(reads, file));
        }
        reads.is_needed().then(|| self.missing(reads, "env"))
    }

    /// A variable that the build bakes in. Development servers read it when they start.
    fn build(&self, reads: &Reads) -> Option<Diagnostic> {
        let name = &*reads.label.value;
        if let Some(entry) = self.service.build.as_ref().and_then(|build| build.args.get(name)) {
            return self.judge(reads, &Text::literal(&entry.value), entry.origin.span);
        }
        let set = self.service.env.get(name);
        match set {
            Some(entry) if self.environment.block.mode == Mode::Development => {
                self.judge(reads, &entry.value, entry.origin.span)
            }
            Some(entry) => {
                let message = format!(
                    "`{name}` is baked into the image of `{}`; setting it on the container has no effect",
                    self.name()
                );
                let problem =
                    Diagnostic::error(codes::MISSING_VARIABLE, message).at(entry.origin.span, "set too late");
                Some(
                    problem
                        .also(reads.label.span, "read by the build")
                        .help(format!("move `{name}` to `build {{ args {{ … }} }}`")),
                )
            }
            None => reads.is_needed().then(|| self.missing(reads, "build.args")),
        }
    }

    fn name(&self) -> &str {
        &self.service.label.value
    }

    fn missing(&self, reads: &Reads, place: &str) -> Diagnostic {
        let name = &reads.label.value;
        let message = format!(
            "`{}` reads `{name}`, which the environment `{}` does not set",
            self.name(),
            self.environment.name
        );
        Diagnostic::error(codes::MISSING_VARIABLE, message)
            .at(self.service.label.span, format!("expected `{name}` in its `{place}`"))
            .also(reads.label.span, "read here")
            .help(format!(
                "set `{name}` to {}, or give it a `default` or `required = false`",
                reads.expected()
            ))
    }

    fn only_as_file(&self, reads: &Reads, file: &Variable) -> Diagnostic {
        let name = &reads.label.value;
        let message = format!("`{}` reads `{name}`, but gets only `{}`", self.name(), file.name);
        Diagnostic::error(codes::MISSING_VARIABLE, message)
            .at(file.span, "delivered as a file")
            .also(reads.label.span, "read as a variable")
            .help("set `secret_delivery = expand`, or declare the variable with `_FILE` where the program reads it")
    }

    /// A value against its declaration. Secrets and addresses stand for themselves: only their shape is known.
    fn judge(&self, reads: &Reads, text: &Text, span: Span) -> Option<Diagnostic> {
        let name = &reads.label.value;
        if reads.secret && !text.is_secret() {
            let message = format!("`{name}` of `{}` must come from a secret", self.name());
            let problem =
                Diagnostic::error(codes::SECRET_LITERAL, message).at(span, "expected `secret.name`");
            return Some(problem.also(reads.label.span, "declared as a secret here"));
        }
        if value::fits(reads, &self.sample(text)) {
            return None;
        }
        let found = match text.as_literal() {
            Some("") => "an empty text".to_owned(),
            Some(literal) => format!("`{literal}`"),
            None if text.is_secret() => self.shape(text),
            None => format!("`{}`", self.sample(text)),
        };
        let message = format!("`{name}` of `{}` expects {}, found {found}", self.name(), reads.expected());
        let problem = Diagnostic::error(codes::CONSTRAINT_FAILED, message).at(span, "this value");
        Some(problem.also(reads.label.span, "declared here"))
    }

    /// What a text with secrets looks like in a message.
    fn shape(&self, text: &Text) -> String {
        match text.as_secret() {
            Some(secret) => format!("the secret `{secret}` of at least {} characters", self.length(secret)),
            None => "a text with a secret in it".to_owned(),
        }
    }

    fn length(&self, secret: &str) -> usize {
        self.environment.secrets.get(secret).map_or(0, |secret| usize::try_from(secret.length).unwrap_or(0))
    }

    /// The text as a process could see it: the shortest secret, the name of a service for its address.
    fn sample(&self, text: &Text) -> String {
        let part = |part: &Part| match part {
            Part::Literal(text) => text.to_string(),
            Part::Host { service, .. } => dns(service),
            Part::Port { number, .. } => number.to_string(),
            Part::Secret(secret) => "x".repeat(self.length(secret)),
            Part::SecretPath(secret) => secret_path(secret),
        };
        text.0.iter().map(part).collect()
    }

    /// Variables that nobody reads: a wrong name, or a contract that is not complete.
    fn unread(&self) -> Vec<Diagnostic> {
        let service = self.service;
        let args =
            service.build.iter().flat_map(|build| &build.args).map(|(name, entry)| (name, entry.origin.span));
        let env = self.service.env.iter().map(|(name, entry)| (name, entry.origin.span));
        let is_read = |name: &str| {
            let file = format!("{name}_FILE");
            service.reads.contains_key(name) || service.reads.contains_key(&*file)
        };
        let unread = env.chain(args).filter(|(name, _)| !is_read(name));
        unread.map(|(name, span)| self.nobody_reads(name, span)).collect()
    }

    fn nobody_reads(&self, name: &str, span: Span) -> Diagnostic {
        let message = format!("`{}` does not read `{name}`", self.name());
        let problem = Diagnostic::error(codes::UNREAD_VARIABLE, message).at(span, "nobody reads this");
        match closest(name, self.service.reads.keys().map(|known| &**known)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("declare it with `reads \"{name}\" {{ … }}`, or remove it")),
        }
    }
}
