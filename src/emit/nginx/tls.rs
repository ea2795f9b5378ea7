//! Encryption after Mozilla's guideline, whose tables are in the standard library. Must not hold a cipher name.

use serde::Deserialize;

use crate::model::TlsPolicy;
use crate::print::nginx::{Arg, Directive};
use crate::text::{NginxValue, Unwritable};

/// A profile of the guideline.
#[derive(Debug, Default, Deserialize)]
struct Profile {
    protocols: Vec<String>,
    ciphers: Vec<String>,
    curves_before_openssl_3_5: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Guideline {
    version: String,
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    guideline: Guideline,
    intermediate: Profile,
    modern: Profile,
}

/// The directives at `http` level: servers that refuse the handshake need them too.
pub(super) fn directives(policy: TlsPolicy) -> Result<Vec<Directive>, Unwritable> {
    let table: Table =
        crate::stdlib::module("std/tls.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default();
    let profile = match policy {
        TlsPolicy::Intermediate => &table.intermediate,
        TlsPolicy::Modern => &table.modern,
    };
    let mut protocols = Vec::new();
    for protocol in &profile.protocols {
        protocols.push(Arg::from(NginxValue::verbatim(protocol)?));
    }
    let comment = format!("Mozilla's guideline {}, {}.", table.guideline.version, policy.word());
    let mut found = vec![Directive::new("ssl_protocols", protocols).commented(comment).spaced()];
    if !profile.ciphers.is_empty() {
        found.push(super::base::value("ssl_ciphers", &profile.ciphers.join(":"))?);
    }
    found.extend([
        super::base::value("ssl_ecdh_curve", &profile.curves_before_openssl_3_5.join(":"))?,
        super::base::word("ssl_prefer_server_ciphers", "off"),
        super::base::word("ssl_session_cache", "shared:tls:10m"),
        super::base::word("ssl_session_timeout", "1d"),
        super::base::word("ssl_session_tickets", "off"),
    ]);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let text = crate::stdlib::module("std/tls.toml").unwrap();
        let table: Table = toml::from_str(text).unwrap();
        assert!(table.intermediate.ciphers.len() > 3 && table.modern.protocols == ["TLSv1.3"]);
    }
}
