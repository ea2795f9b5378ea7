//! One service as a container. Must not decide what waits for what: the plan has.

use indexmap::IndexMap;

use super::document::{
    Build, Deploy, Device, Healthcheck, Limits, Logging, Mount, Probe, Reservations, Resources,
    Service as Container,
};
use super::mounts;
use super::units::{memory, processor, time};
use crate::emit::names;
use crate::emit::spell::{Spelling, marker, secret_path};
use crate::model::{ComposeTarget, Ingress, Mode, Restart, Service};
use crate::plan::{Delivered, EnvironmentPlan, ImageUse, Plan, ServicePlan, Variable};
use crate::print::yaml::{Flow, SingleQuoted};
use crate::schema::Text;

/// What a container is made from.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan,
    pub(super) environment: &'a EnvironmentPlan,
    pub(super) target: &'a ComposeTarget,
}

impl<'a> Context<'a> {
    /// Whether people develop in this environment.
    pub(super) fn is_development(&self) -> bool {
        self.environment.model.block.mode == Mode::Development
    }

    /// The container of a service, without what it waits for.
    pub(super) fn container(&self, service: &'a Service, planned: &'a ServicePlan) -> Container {
        let mut container = self.base(service, planned);
        container.ports = self.ports(service);
        container.command = words(&service.command);
        container.entrypoint = words(&service.entrypoint);
        container.restart = match service.restart {
            Restart::Always => "unless-stopped",
            Restart::OnFailure => "on-failure",
            Restart::Never => "no",
        };
        container.healthcheck = healthcheck(service, planned);
        container.develop = mounts::develop(self, service);
        let instances = service.instances();
        container.deploy.replicas = (instances != 1).then_some(instances);
        container
    }

    /// What a service and the jobs that run in its image share.
    pub(super) fn base(&self, service: &'a Service, planned: &'a ServicePlan) -> Container {
        let (image, build) = self.image(planned);
        let limits =
            Limits { cpus: processor(service.cpu), memory: memory(service.memory), pids: service.processes };
        let stop = service.stop.as_ref();
        Container {
            image: image.filter(|_| build.is_none()),
            build,
            volumes: mounts::volumes(self, service),
            secrets: planned.secrets.iter().map(ToString::to_string).collect(),
            environment: environment(&planned.variables),
            networks: planned.networks.iter().map(ToString::to_string).collect(),
            network_mode: planned.networks.is_empty().then_some("none"),
            restart: "no",
            logging: Logging {
                driver: "json-file",
                options: IndexMap::from([("max-file", "3"), ("max-size", "10m")]),
            },
            labels: labels(service),
            user: service.user.to_string(),
            cap_add: service.capabilities.iter().map(|name| name.to_string()).collect(),
            cap_drop: vec!["ALL"],
            deploy: Deploy {
                replicas: None,
                resources: Resources { limits, reservations: reservations(service) },
            },
            init: self.is_dev_stage(planned) || self.needs_init(planned),
            read_only: service.read_only,
            security_opt: vec!["no-new-privileges:true"],
            stop_grace_period: time(stop.map_or(crate::schema::Duration::seconds(30), |stop| stop.grace)),
            stop_signal: stop.map(|stop| stop.signal.to_string()).filter(|signal| signal != "SIGTERM"),
            tmpfs: mounts::memory_folders(service, planned),
            ..Container::default()
        }
    }

    /// Whether the stage for development runs, which need not have the init process of the released image.
    fn is_dev_stage(&self, planned: &ServicePlan) -> bool {
        self.is_development() && self.plan.built(planned).is_some_and(|image| image.build.dev_stage.is_some())
    }

    /// Whether the engine's init process is wanted: images that bring their own need no second one.
    pub(super) fn needs_init(&self, planned: &ServicePlan) -> bool {
        self.plan.built(planned).is_none_or(|image| image.build.init.is_empty())
    }

    fn image(&self, planned: &ServicePlan) -> (Option<String>, Option<Build>) {
        let (ImageUse::Built(_), Some(image)) = (&planned.image, self.plan.built(planned)) else {
            let ImageUse::Public(image) = &planned.image else {
                return (None, None);
            };
            return (Some(image.to_string()), None);
        };
        let release = escape(&self.environment.model.block.release);
        let reference = format!("{}:${{RELEASE:-{release}}}", image.repository);
        if !self.plan.builds(self.environment) {
            return (Some(reference), None);
        }
        let target =
            image.build.dev_stage.as_ref().filter(|_| self.is_development()).map(|stage| stage.to_string());
        let args = image.build.args.iter().map(|(name, value)| (name.to_string(), escape(value))).collect();
        let secrets =
            image.build.stage.values().flat_map(|stage| &stage.secrets).map(|name| name.0.to_string());
        let build = Build {
            context: names::project_root(&self.plan.project.output),
            dockerfile: names::dockerfile(self.plan, image),
            target,
            args,
            secrets: secrets.collect(),
        };
        (Some(reference), Some(build))
    }

    fn ports(&self, service: &Service) -> Vec<SingleQuoted> {
        let mut ports: Vec<(u16, String)> = Vec::new();
        if let Some(proxy) = &service.proxy {
            let tls = self.environment.model.ingresses.values().any(Ingress::ends_encryption);
            ports.push((
                self.target.http.0,
                format!("{}:{}:{}", &*self.target.public, self.target.http, proxy.http),
            ));
            if tls {
                ports.push((
                    self.target.https.0,
                    format!("{}:{}:{}", &*self.target.public, self.target.https, proxy.https),
                ));
            }
        }
        let listeners = service.listeners();
        for (name, host) in &service.publish {
            if let Some((_, port)) = listeners.iter().find(|(known, _)| **known == **name) {
                ports.push((host.value.0, format!("{}:{}:{port}", &*self.target.bind, host.value)));
            }
        }
        ports.sort_unstable();
        ports.into_iter().map(|(_, port)| SingleQuoted(port)).collect()
    }
}

fn labels(service: &Service) -> IndexMap<String, String> {
    service.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

fn healthcheck(service: &Service, planned: &ServicePlan) -> Option<Healthcheck> {
    let health = service.health.as_ref()?;
    let command = planned.health_command.as_ref()?;
    let test = std::iter::once("CMD".to_owned()).chain(command.iter().map(|word| escape(word))).collect();
    Some(Healthcheck::Probe(Probe {
        test: Flow(test),
        interval: time(health.every),
        timeout: time(health.timeout),
        retries: health.retries,
        start_period: time(health.start),
    }))
}

fn reservations(service: &Service) -> Option<Reservations> {
    let devices = service.gpu.iter().map(|gpu| Device {
        driver: gpu.vendor.to_string(),
        count: gpu.count,
        capabilities: Flow(vec!["gpu"]),
    });
    let reserve = service.reserve.as_ref();
    let found = Reservations {
        cpus: reserve.and_then(|reserve| reserve.cpu).map(processor),
        memory: reserve.and_then(|reserve| reserve.memory).map(memory),
        devices: devices.collect(),
    };
    (found.cpus.is_some() || found.memory.is_some() || !found.devices.is_empty()).then_some(found)
}

/// A command as exec form; Compose expands `$`.
pub(super) fn words(words: &[crate::schema::PublicText]) -> Option<Flow<Vec<String>>> {
    let spelled: Vec<String> = words.iter().map(|word| spell(word)).collect();
    (!spelled.is_empty()).then_some(Flow(spelled))
}

/// Variables as Compose writes them.
pub(super) fn environment(variables: &[Variable]) -> IndexMap<String, String> {
    let value = |variable: &Variable| match &variable.value {
        Delivered::Plain(text) | Delivered::Expand(text) => spell(text),
        Delivered::File(secret) => secret_path(secret),
        Delivered::Variable(text) => {
            let spelling = Spelling { literal: &|text| escape(text), secret: &|name| interpolation(name) };
            spelling.text(text)
        }
    };
    variables.iter().map(|variable| (variable.name.to_string(), value(variable))).collect()
}

fn spell(text: &Text) -> String {
    Spelling { literal: &|text| escape(text), secret: &|name| marker(name) }.text(text)
}

/// A secret from the environment file: Compose stops with the message when it is missing.
fn interpolation(secret: &str) -> String {
    format!("${{{}:?set it in .env}}", crate::emit::env::variable(secret))
}

/// `$` as itself.
pub(super) fn escape(text: &str) -> String {
    text.replace('$', "$$")
}

/// Short mounts, for callers that only have paths.
pub(super) fn short(source: &str, target: &str) -> Mount {
    Mount::Short(format!("{source}:{target}"))
}
