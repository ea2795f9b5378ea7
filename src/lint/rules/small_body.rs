//! A route that takes smaller requests than the service behind it is told to take: uploads are refused before it sees them.

use crate::catalogue::setting;
use crate::diagnostic::{Edit, Level, codes};
use crate::schema::Size;
use crate::source::Span;

use crate::lint::{Family, Findings, Rule, Scene, place::Place};

pub(super) const RULE: Rule =
    Rule { code: codes::SMALL_BODY, family: Family::Edge, level: Level::Warning, check };

/// Words of variables that hold the size of a request.
const SIZES: &[&str] =
    &["BODY_LIMIT", "BODY_SIZE", "MAX_BODY", "UPLOAD_LIMIT", "MAX_UPLOAD", "UPLOAD_SIZE", "MAX_FILE_SIZE"];

fn check(scene: &Scene<'_>, findings: &mut Findings) {
    for place in scene.services() {
        let Some((largest, variable, told)) = largest(place) else { continue };
        for (ingress, route) in place.routes() {
            let (body, span) = match route.body {
                Some(own) => (own, route.origins.field("body").span),
                None if ingress.origins.is_set("body") => (ingress.body, ingress.origins.field("body").span),
                None => (ingress.body, route.label.span),
            };
            if body >= largest {
                continue;
            }
            let label = &route.label.value;
            let problem = findings
                .problem(format!("the route `{label}` takes {body}, but `{}` takes {largest}", place.name))
                .at(span, format!("what is larger than {body} is refused"))
                .also(told, format!("`{variable}` is {largest}"))
                .help(format!("set `body` of the route to {largest}"));
            let edit = route.body.map(|_| Edit { span, text: largest.to_string() });
            let problem = match edit {
                Some(edit) => problem.safe_fix(format!("take {largest}"), vec![edit]),
                None => problem,
            };
            findings.add(place.subject(), problem);
        }
    }
}

/// The largest request that the service is told to take.
fn largest(place: Place<'_>) -> Option<(Size, String, Span)> {
    let sizes = place.service.env.iter().filter_map(|(name, entry)| {
        let is_size = SIZES.iter().any(|words| name.contains(words));
        let bytes = bytes(name, entry.value.as_literal()?).filter(|_| is_size)?;
        Some((Size(bytes), name.to_string(), entry.origin.span))
    });
    sizes.max_by_key(|(size, _, _)| *size)
}

/// `50mb`, or `50` of a variable whose name ends with the unit; a bare number may count anything.
fn bytes(name: &str, value: &str) -> Option<u64> {
    let (digits, unit) = setting::parts(value);
    let unit = if unit.is_empty() { name.rsplit('_').next()? } else { unit.trim() };
    let scale = match unit.to_ascii_lowercase().as_str() {
        "b" | "bytes" => 1,
        unit => setting::scale(unit)?,
    };
    digits.parse::<u64>().ok()?.checked_mul(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_a_unit_in_its_value_or_its_name() {
        assert_eq!(bytes("BODY_LIMIT", "50mb"), Some(50 << 20));
        assert_eq!(bytes("MAX_UPLOAD_MB", "5"), Some(5 << 20));
        assert_eq!(bytes("MAX_UPLOAD", "5"), None);
    }
}
