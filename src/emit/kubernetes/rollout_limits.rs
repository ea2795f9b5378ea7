//! What rollouts say that a cluster does otherwise. Must not decide how a service is released: `release` does.

use super::limits::Found;
use crate::emit::release::lacks_health;
use crate::model::{Rollout, RolloutKind};

impl Found<'_, '_> {
    pub(super) fn rollout(&mut self) {
        let Some(rollout) = &self.unit.service.rollout else { return };
        let set = |field| rollout.origins.written(field);
        let is_stateful = self.unit.is_stateful();
        match rollout.kind() {
            RolloutKind::BlueGreen | RolloutKind::Canary if is_stateful => {
                let what = format!("the `{}` rollout beside storage of one instance", rollout.label.value);
                let instead = "use `rollout rolling`, which is emitted in its place";
                self.say(&what, rollout.label.span, instead);
            }
            RolloutKind::BlueGreen | RolloutKind::Canary if lacks_health(self.unit.service) => {
                let what = format!("the `{}` rollout without a health check", rollout.label.value);
                let instead = "add `health`: `rollout rolling` is emitted in its place";
                self.say(&what, rollout.label.span, instead);
            }
            RolloutKind::Canary => self.shares(rollout),
            RolloutKind::Recreate if is_stateful && self.unit.service.most_instances() > 1 => {
                let instead = "use one instance: instances with storage of their own are replaced one by one";
                self.say("the `recreate` rollout", rollout.label.span, instead);
            }
            RolloutKind::Rolling if !is_stateful && rollout.surge == 0 && rollout.unavailable == 0 => {
                let instead = "set `surge = 1`, which is emitted, or `unavailable = 1`";
                self.say(
                    "a rollout that may neither add nor remove an instance",
                    rollout.label.span,
                    instead,
                );
            }
            RolloutKind::BlueGreen | RolloutKind::Rolling | RolloutKind::Recreate => {}
        }
        if let Some(span) = set("abort") {
            let instead =
                "judge by these alerts in the pipeline after the deployment, or ask in a job of `verify`";
            self.say("`rollout.abort`", span, instead);
        }
        for field in ["wait", "bake", "verify", "steps"] {
            if let Some(span) = set(field).filter(|_| rollout.kind() == RolloutKind::Rolling) {
                let instead = "a pod counts as available after two checks in a row; look further in the pipeline after the deployment";
                self.say(&format!("`rollout.{field}`"), span, instead);
            }
        }
        for field in ["surge", "unavailable", "deadline"] {
            if let Some(span) = set(field).filter(|_| is_stateful) {
                let instead = "remove it: instances with storage of their own are replaced one by one, without a deadline";
                self.say(&format!("`rollout.{field}`"), span, instead);
            }
        }
    }

    /// A cluster shares requests by instances, so a small share of few instances is a larger one.
    fn shares(&mut self, rollout: &Rollout) {
        let least = self.unit.service.instances().max(1);
        let span = rollout.origins.field("steps").span;
        for share in rollout.steps.iter().filter(|share| (1..10_000).contains(&share.0)) {
            let (asked, rest) = (u64::from(share.0), u64::from(10_000 - share.0));
            let next = (asked * u64::from(least)).div_ceil(rest);
            let real = 10_000 * next / (next + u64::from(least));
            // Half as much again is another risk than the one that was chosen.
            if real * 2 > asked * 3 {
                let what = format!(
                    "a share of {share} beside {least} {}",
                    if least == 1 { "instance" } else { "instances" }
                );
                let instead =
                    format!("raise the instances, or take it as it is: {next} more get {}%", real / 100);
                self.say(&what, span, &instead);
            }
        }
    }
}
