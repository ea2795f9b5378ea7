//! Who is told: the channels as routes and receivers of Alertmanager. Must not hold an address: those are secrets in
//! files.

use super::document::routing::{Mail, Pager, Receiver, Root, Route, Routing, Slack, Webhook};
use crate::emit::Emitted;
use crate::emit::spell::secret_path;
use crate::model::{Notify, Severity, Smtp};
use crate::plan::EnvironmentPlan;
use crate::print::yaml::{Flow, Spaced};
use crate::schema::Plain;

/// The receiver of alerts that no channel wants. Names in a stack have no `/`.
const NOBODY: &str = "stack/nobody";

/// Whether some channel can be reached.
pub(super) fn are_any_reached(environment: &EnvironmentPlan) -> bool {
    environment.model.channels.values().any(Notify::is_reached)
}

/// The routes and receivers of the channels that can be reached.
pub(super) fn routing(environment: &EnvironmentPlan) -> Routing {
    let channels = environment.model.channels.iter();
    let reached: Vec<_> = channels.filter(|(_, channel)| channel.is_reached()).collect();
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
    let nobody = Receiver { name: NOBODY.to_owned(), ..Receiver::default() };
    let receivers = reached.iter().map(|(name, channel)| receiver(name, channel));
    let receivers = std::iter::once(nobody).chain(receivers).map(Spaced).collect();
    Routing { route, receivers: Spaced(receivers) }
}

/// What no field says: which mail server takes the mail. Without an address a channel tells nobody.
pub(super) fn report(environment: &EnvironmentPlan, out: &mut Emitted) {
    for (name, channel) in &environment.model.channels {
        if channel.email.is_some() && channel.smtp.is_none() {
            let what = format!("the mail address of the channel `{name}`: nothing names a mail server");
            out.unsupported("prometheus", &what, channel.origins.field("email").span, "add an `smtp` block");
        } else if channel.smtp.is_some() && channel.email.is_none() {
            let what = format!("the mail server of the channel `{name}`: nothing names an address");
            out.unsupported("prometheus", &what, channel.origins.field("smtp").span, "set `email`");
        } else if !channel.is_reached() {
            let what = format!("the channel `{name}`: it has no address");
            let instead = "set `email`, `slack`, `webhook` or `pager`";
            out.unsupported("prometheus", &what, channel.label.span, instead);
        }
    }
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
    let slack = channel.slack.iter();
    let slack = slack.map(|secret| Slack { api_url_file: secret_path(&secret.0), send_resolved: true });
    let webhook = channel.webhook.iter().map(|secret| Webhook { url_file: secret_path(&secret.0) });
    let pager = channel.pager.iter().map(|secret| Pager { routing_key_file: secret_path(&secret.0) });
    Receiver {
        name: name.to_owned(),
        email_configs: channel.mail().into_iter().map(mail).collect(),
        slack_configs: slack.collect(),
        webhook_configs: webhook.collect(),
        pagerduty_configs: pager.collect(),
    }
}

fn mail((to, smtp): (&Plain, &Smtp)) -> Mail {
    Mail {
        to: to.to_string(),
        from: smtp.from.to_string(),
        smarthost: smtp.server.to_string(),
        auth_username: smtp.user.as_ref().map(|user| user.to_string()),
        auth_password_file: smtp.password.as_ref().map(|secret| secret_path(&secret.0)),
        require_tls: true,
        send_resolved: true,
    }
}
