//! The configuration inside an image that serves files: single-page fallback, cache rules, a health location.
//! Must not proxy.

use super::base;
use super::version::Version;
use crate::emit::headers;
use crate::model::StaticSite;
use crate::print::nginx::{Arg, Directive};
use crate::text::{NginxValue, Unwritable};

/// All directives of the file.
pub(super) fn directives(site: &StaticSite) -> Result<Vec<Directive>, Unwritable> {
    let version = Version::parse(&site.version);
    let mut http = base::http(version)?;
    if site.gzip {
        http.extend(base::gzip());
    }
    http.push(cache_rules(site)?);
    http.push(Directive::block("server", [], server(site)?));
    let mut all = base::main();
    all.push(Directive::block("http", [], http));
    Ok(all)
}

/// Files with a hash in their name never change; everything else is asked for again.
fn cache_rules(site: &StaticSite) -> Result<Directive, Unwritable> {
    let mut rules = vec![Directive::new("default", [NginxValue::verbatim("no-cache")?.into()])];
    for prefix in &site.immutable {
        let pattern = NginxValue::verbatim(&format!("~^{}", escape(prefix)))?;
        let forever = NginxValue::verbatim("public, max-age=31536000, immutable")?;
        rules.push(Directive::new(pattern, [forever.into()]));
    }
    let map = Directive::block("map", [Arg::Word("$uri"), Arg::Word("$cache_control")], rules);
    Ok(map.commented("Names with a hash are kept for a year, everything else is asked for again."))
}

/// A prefix as a pattern that matches only itself.
pub(super) fn escape(prefix: &str) -> String {
    prefix.chars().flat_map(|c| if ".+*?()[]{}^$|\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}

fn server(site: &StaticSite) -> Result<Vec<Directive>, Unwritable> {
    let port = u64::from(site.port.0);
    let mut body = vec![
        Directive::new("listen", [Arg::Number(port), Arg::Word("default_server")]),
        word_name(),
        base::value("root", &site.root)?,
        base::word("index", "index.html"),
    ];
    let mut headers = Vec::new();
    for (name, text) in headers::SECURE {
        headers.push(base::header(name, text)?);
    }
    // Not on errors: a missing file must not be remembered for a year.
    headers.push(Directive::new("add_header", [Arg::Word("Cache-Control"), Arg::Word("$cache_control")]));
    if let Some(first) = headers.first_mut() {
        *first = first.clone().spaced();
    }
    body.extend(headers);
    body.push(base::health(&site.health)?);
    for prefix in &site.immutable {
        let files = vec![base::word("try_files", "$uri =404")];
        body.push(Directive::block("location", [NginxValue::verbatim(prefix)?.into()], files));
    }
    let fallback = if site.spa { "$uri /index.html" } else { "$uri $uri/ =404" };
    let pages = Directive::block("location", [Arg::Word("/")], vec![base::word("try_files", fallback)]);
    body.push(if site.spa {
        pages.commented("Paths that are no files belong to the application.")
    } else {
        pages
    });
    Ok(body)
}

fn word_name() -> Directive {
    base::word("server_name", "_")
}
