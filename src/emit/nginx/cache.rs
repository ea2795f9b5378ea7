//! What the web server remembers: where answers lie, for how long they count, and what browsers are told. Must not
//! decide which route is meant.

use super::base::{value, word};
use super::edge::Door;
use super::route::{bytes, seconds};
use crate::model::{Route, RouteCache};
use crate::print::nginx::{Arg, Directive};
use crate::text::{NginxValue, Unwritable, VariableName};

/// Megabytes for keys: about 8000 in each.
const KEYS: &str = "1m";

impl Door<'_> {
    /// The routes with a cache, as they are declared.
    pub(super) fn caches(&self) -> impl Iterator<Item = (&str, &RouteCache)> {
        let routes = self.ingress.route.iter();
        routes.filter_map(|(path, route)| Some((&**path, route.cache.as_deref()?)))
    }

    /// A place for the answers of each route, and what browsers are told about their age.
    pub(super) fn cache_zones(&self) -> Result<Vec<Directive>, Unwritable> {
        let mut found = Vec::new();
        for (path, cache) in self.caches() {
            let zone = self.cache_zone(path);
            let args = [
                NginxValue::verbatim(&format!("/tmp/{zone}"))?.into(),
                Arg::Word("levels=1:2"),
                Arg::Word("use_temp_path=off"),
                NginxValue::verbatim(&format!("keys_zone={zone}:{KEYS}"))?.into(),
                NginxValue::verbatim(&format!("max_size={}", bytes(cache.size)))?.into(),
                NginxValue::verbatim(&format!("inactive={}", seconds(cache.keep)))?.into(),
            ];
            found.push(Directive::new("proxy_cache_path", args));
        }
        if let Some(first) = found.first_mut() {
            *first = first.clone().spaced();
        }
        found.extend(self.browser_rules()?);
        Ok(found)
    }

    /// One owner for the header: a location with a header of its own would lose those of the server.
    fn browser_rules(&self) -> Result<Option<Directive>, Unwritable> {
        let mut rules = vec![Directive::new("default", [Arg::Word("\"\"")])];
        for (path, cache) in self.caches().filter(|(_, cache)| cache.immutable) {
            let pattern = NginxValue::verbatim(&format!("~^{}", super::site::escape(path)))?;
            let age = format!("public, max-age={}, immutable", cache.keep.as_seconds());
            rules.push(Directive::new(pattern, [NginxValue::verbatim(&age)?.into()]));
        }
        let variable = NginxValue::declared(&self.browser_variable()?);
        let map = Directive::block("map", [Arg::Word("$uri"), variable.into()], rules);
        Ok(self.tells_browsers().then(|| map.commented("What never changes, browsers keep.")))
    }

    /// `add_header` for what never changes. Not on errors: a missing file must not be remembered.
    pub(super) fn browser_header(&self) -> Result<Option<Directive>, Unwritable> {
        let variable = NginxValue::variable(&self.browser_variable()?);
        let header = Directive::new("add_header", [Arg::Word("Cache-Control"), variable.into()]);
        Ok(self.tells_browsers().then_some(header))
    }

    /// The directives of a location with a cache: one request fills it, and an old answer is better than none.
    pub(super) fn cached(&self, path: &str, route: &Route) -> Result<Vec<Directive>, Unwritable> {
        let Some(cache) = &route.cache else { return Ok(Vec::new()) };
        let mut found = vec![
            value("proxy_cache", &self.cache_zone(path))?,
            Directive::new(
                "proxy_cache_valid",
                [Arg::Number(200), NginxValue::verbatim(&seconds(cache.keep))?.into()],
            ),
            word("proxy_cache_lock", "on"),
            word("proxy_cache_use_stale", "error timeout updating http_502 http_503 http_504"),
            word("proxy_cache_background_update", "on"),
        ];
        if cache.immutable {
            // Whoever hides one header here has to hide all of them.
            found.extend(self.hidden()?);
            found.push(word("proxy_hide_header", "Cache-Control"));
        }
        Ok(found)
    }

    fn tells_browsers(&self) -> bool {
        self.caches().any(|(_, cache)| cache.immutable)
    }

    fn cache_zone(&self, path: &str) -> String {
        format!("{}_cache{}", self.ingress.label.value, super::edge::slug(path.trim_end_matches('/')))
    }

    fn browser_variable(&self) -> Result<VariableName, Unwritable> {
        VariableName::new(&format!("{}_cache_control", self.ingress.label.value))
    }
}
