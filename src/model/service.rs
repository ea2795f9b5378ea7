//! Services: containers that run, and everything around one. Must not know how a target starts them.

use super::build::StaticSite;
use super::contract::Reads;
use super::storage::{Backup, Volume};
use super::task::Job;
use super::{Build, Config, Health, Metrics, Network, Observes, Proxy, Secret, Watches};
use crate::schema::{
    Cpu, Duration, FilePath, ImageRef, LabelShape, Labelled, Map, Plain, Port, PublicText, Ratio, ServiceRef,
    Size, Text, UrlPath, UserId, choice, kind,
};

kind! {
    /// A container that runs: an application, a worker, a datastore.
    Service = "service" LabelShape::Named;
    /// Whether the environment has it.
    enabled: bool = true;
    /// A published image. Either this or `build`.
    image: Option<ImageRef>;
    /// How to make the image from sources.
    build: Option<Box<Build>>;
    /// Program that replaces the image's own entry point.
    entrypoint: Vec<PublicText>;
    /// Command and arguments, as a list of words; never through a shell.
    command: Vec<PublicText>;
    /// The one port that it listens on; the same as `ports { http = … }`.
    port: Option<Port>;
    /// The ports that it listens on, by name.
    ports: Map<Port>;
    /// Variables. The one place besides `build.secrets` where secrets may flow.
    env: Map<Text> where VARIABLES;
    /// The variables that the program reads, with what it expects of each; others may not be set then.
    reads: Labelled<Reads>;
    /// How secrets reach the process; by default what the image supports, files first.
    secret_delivery: Option<SecretDelivery>;
    /// Secrets of this service alone; named `<service>_<secret>` outside.
    secret: Labelled<Secret>;
    /// What other services can refer to besides `host`, `port` and `url`: `export { url = "…" }`.
    export: Map<Text>;
    /// Numeric user and group of the process.
    user: UserId = UserId { uid: 10001, gid: 10001 };
    /// Whether the root file system is read-only.
    read_only: bool = true;
    /// Folders that the process may write to and that are lost on restart.
    writable: Vec<UrlPath> where INNER_PATH;
    /// Kernel capabilities that it needs; none by default.
    capabilities: Vec<Plain> where CAPABILITY;
    /// Number of instances.
    replicas: u32 = 1;
    /// Number of instances that follows the load.
    scale: Option<Box<Scale>>;
    /// Limit of processor time.
    cpu: Cpu where POSITIVE = Cpu(500);
    /// Limit of memory.
    memory: Size where POSITIVE = Size::mib(256);
    /// What is reserved for it; half of the limits when left out.
    reserve: Option<Box<Resources>>;
    /// Limit of scratch disk space where a target can enforce it.
    scratch: Size where POSITIVE = Size::mib(256);
    /// Limit of processes and threads.
    processes: u32 where POSITIVE = 256;
    /// How to see that it works.
    health: Option<Box<Health>>;
    /// Storage that survives restarts, by its path in the container.
    volume: Labelled<Volume>;
    /// Configuration files, by their path in the container, from files of the project.
    files: Map<FilePath> where INNER_PATHS;
    /// Configuration files and scripts whose content stands in the stack, by their path in the container.
    config: Labelled<Config>;
    /// How it stops.
    stop: Option<Box<Stop>>;
    /// Services and jobs that must be ready before it starts, beyond those that it refers to.
    after: Vec<ServiceRef>;
    /// Ports reachable from the host, by port name: the host's port. Loopback only, unless the ingress is on it.
    publish: Map<Port>;
    /// Hosts outside of the stack that it talks to.
    egress: Labelled<Egress>;
    /// Addresses of its networks; only where they must be chosen.
    network: Option<Box<Network>>;
    /// How a new version replaces the old one.
    rollout: Option<Box<Rollout>>;
    /// Commands that run beside it: migrations before a rollout, periodic work, commands for people.
    job: Labelled<Job>;
    /// How its data is saved and restored.
    backup: Option<Box<Backup>>;
    /// Where it exposes metrics.
    metrics: Option<Box<Metrics>>;
    /// Graphics processors.
    gpu: Option<Box<Gpu>>;
    /// How it runs where the environment is for development.
    dev: Option<Box<Dev>>;
    /// Serves files from its own image.
    static_site: Option<Box<StaticSite>>;
    /// Marks it as the web server that carries the stack's ingresses.
    proxy: Option<Box<Proxy>>;
    /// Marks it as what reads metrics, tells people or shows dashboards.
    observes: Option<Box<Observes>>;
    /// What happens when its process ends.
    restart: Restart = Restart::Always;
    /// Free labels for people and tools.
    labels: Map<Plain>;
}

choice! {
    /// How the value of a secret reaches a process.
    SecretDelivery {
        /// A file, and a variable `NAME_FILE` with its path.
        File = "file",
        /// A file, and an entry script that puts its content into the variable; needs an image with `expand_secrets`.
        Expand = "expand",
        /// A plain variable: visible to whoever can inspect the container.
        Variable = "variable",
    }
}

choice! {
    /// What happens when a process ends.
    Restart {
        /// It is started again.
        Always = "always",
        /// It is started again when it failed.
        OnFailure = "on_failure",
        /// It stays down.
        Never = "never",
    }
}

kind! {
    /// A number of instances that follows the load.
    Scale = "scale" LabelShape::Unlabelled;
    /// At least so many.
    min: u32;
    /// At most so many.
    max: u32 where POSITIVE;
    /// Average processor use, as a share of what is reserved, that adds an instance.
    cpu: Option<Ratio> where LOAD;
    /// Average memory use, as a share of what is reserved, that adds an instance.
    memory: Option<Ratio> where LOAD;
    /// Measures of the service's own, by the name under which it exposes them.
    metric: Labelled<ScaleMetric>;
}

kind! {
    /// A measure that the service exposes with its metrics: `metric active_connections { average = 100 }`.
    ScaleMetric = "metric" LabelShape::Named;
    /// Average over the instances that adds one.
    average: u32;
}

kind! {
    /// Processor time and memory.
    Resources = "reserve" LabelShape::Unlabelled;
    /// Processor time.
    cpu: Option<Cpu> where POSITIVE;
    /// Memory.
    memory: Option<Size> where POSITIVE;
}

kind! {
    /// How a service stops.
    Stop = "stop" LabelShape::Unlabelled;
    /// Signal that asks it to end.
    signal: Plain where SIGNAL = Plain("SIGTERM".into());
    /// Time after which it is killed.
    grace: Duration = Duration::seconds(30);
    /// Time between leaving the load balancer and the signal.
    drain: Duration = Duration::seconds(5);
}

kind! {
    /// A host outside of the stack: `egress "smtp.example.com" { port = 587 }`.
    Egress = "egress" LabelShape::Quoted, where HOST;
    /// The port.
    port: Port = Port(443);
    /// Why it is needed.
    why: Option<Plain>;
}

kind! {
    /// How a new version replaces the old one: `rollout rolling { surge = 1, unavailable = 0 }`.
    Rollout = "rollout" LabelShape::Tag(&["rolling", "recreate", "blue_green", "canary"]);
    /// Instances above the wanted number while replacing.
    surge: u32 = 1;
    /// Instances that may be missing while replacing.
    unavailable: u32 = 0;
    /// Time until a rollout counts as failed.
    deadline: Duration where POSITIVE = Duration::minutes(5);
    /// Shares of the traffic that the new version gets, one after another.
    steps: Vec<Ratio> where SHARE;
    /// Time after each step or batch in which the new version must stay healthy.
    wait: Duration = Duration::seconds(30);
    /// Time after a switch in which the new version must stay healthy before the old one is removed.
    bake: Duration = Duration::minutes(1);
    /// Jobs of the service that must pass before the new version gets traffic, and after each share; the variable
    /// `NEXT_HOST` is the host that they ask.
    verify: Vec<Plain>;
    /// Alerts that end a release: when the condition of one of them holds while the new version is watched, and did not
    /// before, the old one comes back. For how long it holds does not matter then.
    abort: Vec<Plain>;
}

/// The variant of a [`Rollout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolloutKind {
    /// One by one.
    Rolling,
    /// Stop all, then start all: for services that cannot run twice.
    Recreate,
    /// A second set beside the first, then a switch.
    BlueGreen,
    /// A growing share of the traffic.
    Canary,
}

impl Rollout {
    /// The variant that the label chooses.
    pub fn kind(&self) -> RolloutKind {
        match &*self.label.value {
            "recreate" => RolloutKind::Recreate,
            "blue_green" => RolloutKind::BlueGreen,
            "canary" => RolloutKind::Canary,
            _ => RolloutKind::Rolling,
        }
    }
}

kind! {
    /// Graphics processors.
    Gpu = "gpu" LabelShape::Unlabelled;
    /// Vendor, such as `nvidia`.
    vendor: Plain where SLUG;
    /// How many.
    count: u32 where POSITIVE = 1;
}

kind! {
    /// How a service runs where the environment is for development: sources from the working tree, reload on change.
    Dev = "dev" LabelShape::Unlabelled;
    /// Command that reloads on change.
    command: Vec<PublicText>;
    /// Files and folders of the project that are visible in the container: container path to project path.
    mount: Map<FilePath> where INNER_PATHS;
    /// Container folders that a mount must not hide: installed packages.
    keep: Vec<UrlPath> where INNER_PATH;
    /// What to do when files change.
    watch: Labelled<Watch>;
    /// Variables besides those of the service.
    env: Map<Text> where VARIABLES;
    /// The port that the development server listens on, where it differs.
    port: Option<Port>;
    /// How to see that it works, where it differs.
    health: Option<Box<Health>>;
    /// Whether the root file system is read-only.
    read_only: bool = false;
    /// Numeric user and group, where it differs.
    user: Option<UserId>;
    /// Limit of memory, where it differs.
    memory: Option<Size> where POSITIVE;
}

choice! {
    /// What happens when a watched file changes.
    WatchAction {
        /// Copied into the container.
        Sync = "sync",
        /// Copied, then the container restarts.
        SyncRestart = "sync_restart",
        /// The image is built again.
        Rebuild = "rebuild",
    }
}

kind! {
    /// A watched path of the project: `watch packages { path = "package.json", action = rebuild }`.
    Watch = "watch" LabelShape::Named;
    /// The file or folder.
    path: FilePath;
    /// What to do when it changes.
    action: WatchAction = WatchAction::Sync;
    /// Where it goes in the container, for `sync`.
    target: Option<UrlPath>;
    /// Patterns that do not count.
    ignore: Vec<Plain>;
}

impl Service {
    /// The listening ports in order: `port` as `http`, then `ports`.
    pub fn listeners(&self) -> Vec<(&str, u16)> {
        let single = self.port.iter().map(|port| ("http", port.0));
        single.chain(self.ports.iter().map(|(name, port)| (&**name, port.0))).collect()
    }

    /// The port that has its metrics.
    pub fn metrics_port(&self) -> Option<u16> {
        let wanted = self.metrics.as_ref()?.port.as_deref();
        let listeners = self.listeners();
        let found = listeners.iter().find(|(label, _)| wanted.is_none_or(|wanted| wanted == *label));
        found.map(|(_, port)| *port)
    }

    /// Whether it watches the stack in this way.
    pub fn watches(&self, what: Watches) -> bool {
        self.observes.as_ref().is_some_and(|observes| observes.watches() == what)
    }

    /// Whether a cluster runs it: its own edge replaces web servers, and its own monitoring what watches the stack.
    pub fn runs_in_cluster(&self) -> bool {
        self.proxy.is_none() && self.observes.is_none()
    }

    /// How many instances run at least.
    pub fn instances(&self) -> u32 {
        self.scale.as_ref().map_or(self.replicas, |scale| scale.min)
    }

    /// How many instances there may be when nothing is replaced.
    pub fn most_instances(&self) -> u32 {
        self.scale.as_ref().map_or(self.replicas, |scale| scale.max)
    }

    /// The field that says how many there are.
    pub fn scaled_by(&self) -> &'static str {
        if self.scale.is_some() { "scale" } else { "replicas" }
    }

    /// Bytes and thousandths of a processor that one instance reserves; half of its limits by default.
    pub fn reserved(&self) -> (u64, u32) {
        let own = self.reserve.as_ref();
        let memory = own.and_then(|own| own.memory).map_or(self.memory.0 / 2, |memory| memory.0);
        let cpu = own.and_then(|own| own.cpu).map_or(self.cpu.0 / 2, |cpu| cpu.0);
        (memory, cpu)
    }

    /// Whether it keeps data that belongs to one instance.
    pub fn is_stateful(&self) -> bool {
        self.volume.values().any(|volume| !volume.shared && volume.from.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A system has thousands of services, and most have few of these blocks: a block goes into a box.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn services_are_small() {
        assert!(size_of::<Service>() <= 1500, "a service takes {} bytes", size_of::<Service>());
    }
}
