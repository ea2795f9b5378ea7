//! What rules walk over: services in their environments, with what is known about their images. Must not find anything.

use std::sync::Arc;

use crate::catalogue::ImageFacts;
use crate::model::{Environment, Ingress, Mode, Route, Service, Stage};
use crate::plan::{EnvironmentPlan, ServicePlan, final_stage, stage_chain};
use crate::schema::{ImageRef, Text};
use crate::source::Span;

use super::Scene;
use super::address::{Address, addresses};

/// The declaration that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// The environments that it is made from; empty where all have it.
    pub(super) chain: Vec<Arc<str>>,
    /// The word that starts its block.
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: Arc<str>,
}

impl Subject {
    /// A declaration of an environment.
    pub(super) fn new(environment: &Environment, kind: &'static str, name: &Arc<str>) -> Self {
        Self { chain: environment.chain.clone(), kind, name: name.clone() }
    }

    /// A declaration that environments share.
    pub(super) fn shared(kind: &'static str, name: &Arc<str>) -> Self {
        Self { chain: Vec::new(), kind, name: name.clone() }
    }
}

/// A service in an environment.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) environment: &'a EnvironmentPlan,
    pub(super) name: &'a Arc<str>,
    pub(super) service: &'a Service,
    pub(super) plan: &'a ServicePlan,
}

/// A text of a service, and where it was written.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    /// The variable, where it is the value of one.
    pub(super) variable: Option<&'a Arc<str>>,
    pub(super) text: &'a Text,
    pub(super) span: Span,
}

impl<'a> Place<'a> {
    pub(super) fn subject(&self) -> Subject {
        Subject::new(&self.environment.model, "service", self.name)
    }

    pub(super) fn is_production(&self) -> bool {
        self.environment.model.block.mode == Mode::Production
    }

    /// The published image that runs, as it was written; `None` for one that the stack builds.
    pub(super) fn image(&self) -> Option<&'a ImageRef> {
        self.service.image.as_ref()
    }

    /// Where a field was written; the service's name where it has its default.
    pub(super) fn span_of(&self, field: &str) -> Span {
        self.service.origins.written(field).unwrap_or(self.service.label.span)
    }

    /// The stages of what the stack builds, from the last one down to the one on a public image.
    pub(super) fn stages(&self) -> Vec<&'a Stage> {
        let is_development = self.environment.model.block.mode == Mode::Development;
        let build = self.service.build.as_ref();
        let chain = build.and_then(|build| Some(stage_chain(build, final_stage(build, is_development)?)));
        chain.unwrap_or_default()
    }

    /// Where the image was named.
    pub(super) fn image_span(&self) -> Span {
        self.service.origins.field("image").span
    }

    /// Where a listening port was declared.
    pub(super) fn listener_span(&self, port: &str) -> Span {
        let named = self.service.ports.get(port).map(|port| port.origin.span);
        named.unwrap_or_else(|| self.service.origins.field("port").span)
    }

    /// What is known about the published image that runs.
    pub(super) fn facts(&self, scene: &Scene<'a>) -> Option<&'a ImageFacts> {
        scene.catalogue.image(self.image()?)
    }

    /// The words that start the process and the values of its variables.
    pub(super) fn texts(&self) -> impl Iterator<Item = Written<'a>> + use<'a> {
        let service = self.service;
        let entrypoint = service.origins.field("entrypoint").span;
        let command = service.origins.field("command").span;
        let words = service.entrypoint.iter().map(move |word| (word, entrypoint));
        let words = words.chain(service.command.iter().map(move |word| (word, command)));
        let words = words.map(|(word, span)| Written { variable: None, text: &word.0, span });
        let variables = service.env.iter().map(|(name, entry)| Written {
            variable: Some(name),
            text: &entry.value,
            span: entry.origin.span,
        });
        words.chain(variables)
    }

    /// Another service of the environment.
    pub(super) fn neighbour(&self, name: &str) -> Option<Self> {
        Self::of(self.environment, name)
    }

    fn of(environment: &'a EnvironmentPlan, name: &str) -> Option<Self> {
        let (name, service) = environment.model.services.get_key_value(name)?;
        let plan = environment.services.get(name)?;
        Some(Place { environment, name, service, plan })
    }

    /// The routes that lead to the service.
    pub(super) fn routes(&self) -> impl Iterator<Item = (&'a Ingress, &'a Route)> + use<'a> {
        let name = self.name;
        let ingresses = self.environment.model.ingresses.values();
        let routes = ingresses.flat_map(|ingress| ingress.route.values().map(move |route| (ingress, route)));
        routes.filter(move |(_, route)| route.leads_to(name))
    }

    /// The addresses of the web that the service is told, its build included.
    pub(super) fn web_addresses(&self) -> Vec<(Address, Span)> {
        let own = self.texts().flat_map(|written| {
            addresses(written.text).into_iter().map(move |address| (address, written.span))
        });
        let arguments = self.service.build.iter().flat_map(|build| build.args.values());
        let baked = arguments.flat_map(|entry| {
            addresses(&Text::literal(&entry.value)).into_iter().map(|address| (address, entry.origin.span))
        });
        let is_web = |scheme: &str| matches!(scheme, "http" | "https" | "ws" | "wss");
        own.chain(baked).filter(|(address, _)| is_web(&address.scheme)).collect()
    }

    /// Whether the service has a connection to another one.
    pub(super) fn reaches(&self, other: &str) -> bool {
        let edges = self.environment.edges_of(self.name);
        edges.iter().any(|edge| &*edge.to == other && edge.port.is_some())
    }
}

impl<'a> Scene<'a> {
    /// The services of environments that others rely on.
    pub(super) fn production(&self) -> impl Iterator<Item = Place<'a>> + use<'a> {
        self.services().filter(Place::is_production)
    }

    /// All routes of all environments, with the services that they lead to. Whoever needs the routes of every service walks
    /// over them here: asking each service would read all routes for each.
    pub(super) fn routed(&self) -> impl Iterator<Item = (Place<'a>, &'a Ingress, &'a Route)> + use<'a> {
        let ingresses = self.plan.environments.iter().flat_map(|environment| {
            environment.model.ingresses.values().map(move |ingress| (environment, ingress))
        });
        let routes = ingresses.flat_map(|(environment, ingress)| {
            ingress.route.values().map(move |route| (environment, ingress, route))
        });
        routes.filter_map(|(environment, ingress, route)| {
            let (name, _) = route.service()?;
            Some((Place::of(environment, name)?, ingress, route))
        })
    }

    /// All services of all environments, in declaration order.
    pub(super) fn services(&self) -> impl Iterator<Item = Place<'a>> + use<'a> {
        self.plan.environments.iter().flat_map(|environment| {
            let services = environment.model.services.iter();
            services.filter_map(move |(name, service)| {
                let plan = environment.services.get(name)?;
                Some(Place { environment, name, service, plan })
            })
        })
    }
}
