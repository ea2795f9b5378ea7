//! What services say that a cluster has no words for. Must not make objects, and must leave nothing out.

use super::scope::{Cluster, Unit};
use super::{naming, pod};
use crate::emit::Emitted;
use crate::emit::backup::offsite_gap;
use crate::model::{JobTime, Mode, PodSecurity, Restart};
use crate::plan::ImageUse;
use crate::schema::Layer;
use crate::source::Span;

/// The target's name in messages.
pub(super) const TARGET: &str = "kubernetes";
/// The one capability that the restricted standard lets pods add.
const ALLOWED: &str = "NET_BIND_SERVICE";

/// Reports what one service says and its objects do not.
pub(super) fn report(unit: &Unit<'_>, out: &mut Emitted) {
    let mut found = Found { unit, out };
    found.process();
    found.privileges();
    found.rollout();
    found.scale();
    found.health_and_metrics();
    found.storage();
    found.network();
    found.jobs();
    found.backup();
    found.labels();
}

/// Reports what watches the stack: a cluster has monitoring of its own. Beside Compose, that is where it runs.
pub(super) fn report_observers(cluster: &Cluster<'_>, out: &mut Emitted) {
    if cluster.environment.model.compose().is_some() {
        return;
    }
    let services = cluster.environment.model.services.values();
    for observes in services.filter_map(|service| service.observes.as_ref()) {
        let what = format!("`observes {}`", observes.label.value);
        let instead =
            "disable the service here: the monitoring of the cluster reads the emitted `prometheus.yml`";
        out.unsupported(TARGET, &what, observes.label.span, instead);
    }
}

pub(super) struct Found<'a, 'o> {
    pub(super) unit: &'a Unit<'a>,
    out: &'o mut Emitted,
}

impl Found<'_, '_> {
    pub(super) fn say(&mut self, what: &str, span: Span, instead: &str) {
        let what = format!("{what} of `{}`", self.unit.name);
        self.out.unsupported(TARGET, &what, span, instead);
    }

    /// Where a field was written, when it was.
    fn written(&self, field: &str) -> Option<Span> {
        self.unit.service.origins.written(field)
    }

    fn place(&self, field: &str) -> Span {
        self.unit.service.origins.field(field).span
    }

    fn process(&mut self) {
        let service = self.unit.service;
        if service.restart != Restart::Always {
            let instead = "remove `restart`, or make the service a job: pods of a deployment always run";
            self.say("`restart`", self.place("restart"), instead);
        }
        if let Some(span) = self.written("processes") {
            self.say(
                "`processes`",
                span,
                "set `podPidsLimit` of the kubelet; it counts for every pod of a node",
            );
        }
        if let Some(stop) = &service.stop {
            let signal = stop.origins.field("signal");
            // A built image carries the signal, and a preset says what its image does on its own.
            let is_foreign =
                matches!(self.unit.plan.image, ImageUse::Public(_)) && signal.layer != Layer::Preset;
            if is_foreign && &*stop.signal != "SIGTERM" {
                let instead = "use an image whose STOPSIGNAL is this one: the cluster follows the image";
                self.say("`stop.signal`", signal.span, instead);
            }
        }
        if let Some(span) = self.written("after") {
            let instead =
                "make the program wait or end with an error: a pod is started again until it is ready";
            self.say("the start order of `after`", span, instead);
        }
        let is_development = self.unit.cluster.environment.model.block.mode == Mode::Development;
        if let Some(dev) = service.dev.as_ref().filter(|_| is_development)
            && !(dev.mount.is_empty() && dev.watch.is_empty())
        {
            let instead = "develop with a `target compose`: a cluster cannot see the working tree";
            self.say("sources of the working tree", dev.origins.block, instead);
        }
    }

    fn privileges(&mut self) {
        if self.unit.cluster.target.pod_security != PodSecurity::Restricted {
            return;
        }
        let service = self.unit.service;
        let instead = "set `pod_security = baseline` in the target, or use an image that does not need it";
        if service.user.uid == 0 {
            self.say("the root user under `pod_security = restricted`", self.place("user"), instead);
        }
        for name in &service.capabilities {
            let name = pod::capability(name);
            if name != ALLOWED {
                let what = format!("the capability `{name}` under `pod_security = restricted`");
                self.say(&what, self.place("capabilities"), instead);
            }
        }
    }

    fn scale(&mut self) {
        if let Some(scale) = self.unit.service.scale.as_ref().filter(|scale| scale.min == 0) {
            let instead = "set `min = 1`, which is emitted: without an instance nothing can be measured";
            self.say("`scale.min = 0`", scale.origins.field("min").span, instead);
        }
    }

    fn health_and_metrics(&mut self) {
        let service = self.unit.service;
        if let Some(health) = &service.health {
            let has_port = self.unit.port(health.port.as_deref()).is_some();
            if health.command.is_empty() && !has_port {
                let instead = "declare the port, or use `command`: no probe is emitted";
                self.say("a health check without a listening port", health.origins.block, instead);
            }
        }
        let Some(metrics) = &service.metrics else { return };
        if self.unit.cluster.target.metrics_namespace.is_none() {
            let instead = "set `metrics_namespace` in the target: the network policy refuses readers whose place is unknown";
            self.say("who may read the metrics", metrics.origins.block, instead);
        }
        if metrics.origins.is_set("every") {
            let instead = "set the interval where the metrics are collected";
            self.say("`metrics.every`", metrics.origins.field("every").span, instead);
        }
    }

    fn storage(&mut self) {
        let service = self.unit.service;
        for (path, file) in &service.files {
            let instead = format!(
                "write `config \"{path}\" {{ text = file(\"{}\") }}`, which every target has",
                &*file.value
            );
            self.say(&format!("the project file at `{path}`"), file.origin.span, &instead);
        }
        for (path, volume) in &service.volume {
            if let Some(from) = &volume.from {
                let instead = "copy it into the image; for a text, write `config` with `text = file(\"…\")`, which every target has";
                let what = format!("`{from}` mounted at `{path}`");
                self.say(&what, volume.origins.field("from").span, instead);
            } else if !volume.shared && self.unit.jobs().next().is_some() {
                let instead = "set `shared = true`, or reach the data through the service: a claim of one instance is not mounted twice";
                self.say(&format!("the volume `{path}` in jobs"), volume.label.span, instead);
            }
        }
    }

    fn network(&mut self) {
        let service = self.unit.service;
        if let Some(span) = self.written("publish") {
            let instead = format!(
                "use `kubectl --namespace {} port-forward service/{} PORT`, or an ingress",
                self.unit.cluster.namespace(),
                self.unit.dns()
            );
            self.say("`publish`", span, &instead);
        }
        if let Some(network) = &service.network {
            let instead = "leave it to the cluster: pods and services get addresses from its own ranges";
            self.say("addresses of networks", network.origins.block, instead);
        }
        if let Some((_, egress)) = service.egress.first() {
            let hosts: Vec<String> = service.egress.keys().map(|host| format!("`{host}`")).collect();
            let what = format!("the host names {} in the network policy", hosts.join(", "));
            let instead = "nothing if the internet on these ports is fine, which is emitted; else use the policies of the cluster's network plugin";
            self.say(&what, egress.label.span, instead);
        }
        for edge in self.unit.cluster.environment.edges_of(self.unit.name) {
            if self.unit.cluster.unit(&edge.to).is_none() {
                let instead = "use the public address: the edge of the cluster replaces this web server";
                self.say(&format!("the reference to `{}`", edge.to), edge.span, instead);
            }
        }
    }

    fn jobs(&mut self) {
        for (name, job) in &self.unit.service.job {
            if job.origins.is_set("after") {
                let instead = "make the command wait or end with an error: it is tried again";
                let what = format!("`after` in the job `{name}`");
                self.say(&what, job.origins.field("after").span, instead);
            }
            if job.when == JobTime::Scheduled && job.schedule.is_none() {
                let instead = "set `schedule`: until then only people start it";
                self.say(&format!("the job `{name}`, which has no time"), job.label.span, instead);
            }
        }
    }

    fn backup(&mut self) {
        let Some(backup) = self.unit.service.backup.as_ref().filter(|backup| backup.enabled) else { return };
        let span = |field: &str| backup.origins.field(field).span;
        if self.unit.backup().is_none() {
            let instead = "set `backup.image` and `backup.dump`: no backup is emitted";
            self.say("a backup without an image or commands", backup.origins.block, instead);
            return;
        }
        if backup.files && self.unit.is_stateful() && self.unit.service.most_instances() > 1 {
            let instead = "run one instance: every other one has files of its own, which nothing saves";
            self.say("a backup of the files of several instances", backup.origins.block, instead);
        }
        if self.unit.ports().is_empty() && !backup.files {
            let instead = "let the program listen: this backup asks it over the network";
            self.say("the backup of a service without a port", backup.origins.block, instead);
        }
        if let Some((what, instead)) = offsite_gap(backup) {
            self.say(&what, span("offsite"), instead);
        } else if backup.offsite.is_some() && backup.origins.is_set("offsite_schedule") {
            let instead = "remove it: each copy leaves right after it is saved";
            self.say("`backup.offsite_schedule`", span("offsite_schedule"), instead);
        }
        if backup.rehearse.is_some() && backup.rehearsal.is_empty() {
            let instead = "set `backup.rehearsal` to the lines that restore into a scratch place";
            self.say("`backup.rehearse`", span("rehearse"), instead);
        }
    }

    fn labels(&mut self) {
        for (key, value) in &self.unit.service.labels {
            if !naming::is_key(key) {
                let instead = "use letters, digits, `-`, `_` and `.`, with one `/` after a domain at most";
                self.say(&format!("the label `{key}`"), value.origin.span, instead);
            }
        }
    }
}
