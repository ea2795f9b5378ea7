//! Who is told: the channels as routes and receivers of Alertmanager. Must not hold an address: those are secrets in
//! files.

use super::document::routing::{Pager, Receiver, Root, Route, Routing, Webhook};
use crate::emit::Emitted;
use crate::emit::spell::secret_path;
use crate::model::{Notify, Severity};
use crate::plan::EnvironmentPlan;
use crate::print::yaml::{Flow, Spaced};

/// The receiver of alerts that no channel wants. Names in a stack have no `/`.
const NOBODY: &str = "stack/nobody";

/// The routes; `None` when no channel can be reached.
pub(super) fn routing(environment: &EnvironmentPlan) -> Option<Routing> {
    let channels = environment.model.channels.iter();
    let reached: Vec<_> = channels.filter(|(_, channel)| is_reached(channel)).collect();
    if reached.is_empty() {
        return None;
    }
    let routes = reached.iter().map(|(name, channel)| Route {
        receiver: name.to_string(),
        matchers: vec![matcher(channel.severity)],
        goes_on: true,
    });
    let route = Root {
        receiver: NOBODY.to_owned(),
        group_by: Flow(vec!["alertname", "service"]),
        routes: routes.collect(),
    };
    let nobody =
        Receiver { name: NOBODY.to_owned(), webhook_configs: Vec::new(), pagerduty_configs: Vec::new() };
    let receivers = reached.iter().map(|(name, channel)| receiver(name, channel));
    let receivers = std::iter::once(nobody).chain(receivers).map(Spaced).collect();
    Some(Routing { route, receivers: Spaced(receivers) })
}

/// What no field says: which mail server takes the mail. Without an address a channel tells nobody.
pub(super) fn report(environment: &EnvironmentPlan, out: &mut Emitted) {
    for (name, channel) in &environment.model.channels {
        if channel.email.is_some() {
            let what = format!("the mail address of the channel `{name}`: no field names a mail server");
            let instead = "use `webhook` or `pager`, or a webhook that sends mail";
            out.unsupported("prometheus", &what, channel.origins.field("email").span, instead);
        } else if !is_reached(channel) {
            let what = format!("the channel `{name}`: it has no address");
            out.unsupported("prometheus", &what, channel.label.span, "set `webhook` or `pager`");
        }
    }
}

fn is_reached(channel: &Notify) -> bool {
    channel.webhook.is_some() || channel.pager.is_some()
}

/// A channel gets what is at least as urgent as it says.
fn matcher(least: Severity) -> String {
    let (critical, warning) = (Severity::Critical.word(), Severity::Warning.word());
    match least {
        Severity::Critical => format!("severity=\"{critical}\""),
        Severity::Warning => format!("severity=~\"{warning}|{critical}\""),
    }
}

fn receiver(name: &str, channel: &Notify) -> Receiver {
    let webhook = channel.webhook.iter().map(|secret| Webhook { url_file: secret_path(&secret.0) });
    let pager = channel.pager.iter().map(|secret| Pager { routing_key_file: secret_path(&secret.0) });
    Receiver { name: name.to_owned(), webhook_configs: webhook.collect(), pagerduty_configs: pager.collect() }
}
