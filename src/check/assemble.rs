//! A checked world to a model environment: records become structs, service by service. Must not evaluate what
//! `record` has not.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::node::Node;
use super::path::own_secret;
use super::world::World;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Alert, Environment, EnvironmentBlock, Ingress, Notify, Pipeline, Secret, Service, Task};
use crate::schema::Kind;
use crate::source::{Span, Spanned};

impl<'a> World<'a> {
    /// The environment; `None` when something in it is wrong.
    pub(super) fn assemble(&self, chain: &[Arc<str>]) -> Option<Environment> {
        let block = self.made::<EnvironmentBlock>(&self.environment);
        let services = self.services();
        let mut secrets: IndexMap<Arc<str>, Secret> = self.all();
        let mut ingresses = self.all::<Ingress>();
        ingresses.retain(|_, ingress| ingress.enabled);
        let alerts = self.all::<Alert>();
        let channels = self.all::<Notify>();
        let tasks = self.all::<Task>();
        let patches = self.patches.iter().filter_map(|raw| self.patch(raw, chain)).collect();
        for (name, service) in &services {
            for (label, secret) in &service.secret {
                secrets.insert(own_secret(name, label), secret.clone());
            }
        }
        let mut block = block?;
        block.label = Spanned::new(self.name.clone(), block.label.span);
        let clean = !crate::diagnostic::has_errors(&self.diagnostics.borrow());
        clean.then(|| Environment {
            name: self.name.clone(),
            chain: chain.to_vec(),
            block,
            services,
            secrets,
            read_secrets: BTreeSet::new(),
            ingresses,
            alerts,
            channels,
            tasks,
            patches,
        })
    }

    /// The services that the environment has.
    fn services(&self) -> IndexMap<Arc<str>, Box<Service>> {
        self.each::<Service, _>(|node| {
            let mut service = self.made::<Service>(node).filter(|service| service.enabled)?;
            service.backup = service.backup.take().filter(|backup| backup.enabled);
            service.config.retain(|_, config| config.enabled);
            self.source_of_image(&node.label.value, &service);
            self.consistent(&service);
            Some(Box::new(service))
        })
    }

    /// All blocks of one kind; those that were reported are left out.
    fn all<T: Kind>(&self) -> IndexMap<Arc<str>, T> {
        self.each::<T, _>(|node| self.made(node))
    }

    /// What is made of each block of a kind, of those that have something new to say.
    fn each<T: Kind, M>(&self, make: impl Fn(&Node<'a>) -> Option<M>) -> IndexMap<Arc<str>, M> {
        let Some((kind, _, nodes)) = self.entities.get_full(T::SCHEMA.keyword) else {
            return IndexMap::new();
        };
        // A service is some kilobytes: they are kept for those who go on with them, not for those who ask after each key.
        let is_kept = !self.recall.is_listening();
        let mut all = IndexMap::with_capacity(if is_kept { nodes.len() } else { 0 });
        for (at, (name, node)) in nodes.iter().enumerate() {
            let id = (kind as u32, at as u32);
            if self.is_silent(id) {
                continue;
            }
            if let Some(made) = self.listened(id, || make(node)).filter(|_| is_kept) {
                all.insert(name.clone(), made);
            }
        }
        all
    }

    /// The struct of a block. Where there is none, something was reported; if not, that is remembered.
    fn made<T: Kind>(&self, node: &Node<'a>) -> Option<T> {
        let made = T::from_record(self.record(node));
        if made.is_none() {
            let lost = super::problem::lost(T::SCHEMA.keyword, &node.label.value, node.label.span);
            self.recall.speak();
            self.lost.borrow_mut().push(lost);
        }
        made
    }

    /// The pipelines, evaluated in this environment.
    pub(super) fn pipelines(&self) -> IndexMap<Arc<str>, Pipeline> {
        let Some(nodes) = self.entities.get(Pipeline::SCHEMA.keyword) else {
            return IndexMap::new();
        };
        let mut made = IndexMap::new();
        for (name, node) in nodes {
            self.know_jobs(node);
            if let Some(pipeline) = self.made(node) {
                made.insert(name.clone(), pipeline);
            }
        }
        self.jobs.borrow_mut().clear();
        made
    }

    /// The jobs of a block are the names that its parts may use.
    pub(super) fn know_jobs(&self, node: &Node<'a>) {
        *self.jobs.borrow_mut() = match node.slot("job") {
            Some(super::node::NodeSlot::Blocks(jobs)) => jobs.keys().cloned().collect(),
            _ => Vec::new(),
        };
    }

    fn source_of_image(&self, name: &str, service: &Service) {
        let problem = match (&service.image, &service.build) {
            (None, None) if !self.entity("service", name).is_some_and(says_nothing) => return,
            (None, None) => Diagnostic::error(
                codes::MISSING_FIELD,
                format!("`service` `{name}` needs `image` or `build`"),
            )
            .at(service.label.span, "nothing says what runs")
            .help("name an image, describe a build, or use a preset such as `from node`"),
            (Some(_), Some(_)) => {
                let image: Span = service.origins.field("image").span;
                let message = format!("`{name}` has both `image` and `build`");
                Diagnostic::error(codes::INVALID_VALUE, message)
                    .at(image, "expected one of the two")
                    .also(service.origins.field("build").span, "the other one")
            }
            _ => return,
        };
        self.report(problem);
    }
}

fn says_nothing(service: &Node<'_>) -> bool {
    service.lacks("image") && service.lacks("build")
}
