//! What a version of the web server understands. One text for all versions does not exist (changes.xml of nginx):
//! `http2` is a directive from 1.25.1, `resolve` in upstreams is free from 1.27.3, `keepalive_min_timeout` is there
//! from 1.27.4, and `sticky` in upstreams is free from 1.29.6. Must not guess: an unreadable version is treated as old.

/// A version of the web server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(u16, u16, u16);

impl Version {
    /// Reads `1.28` or `1.28.0`; a missing last part counts as the highest of its series.
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.split('.').map(|part| part.parse().ok());
        let mut next = |missing| parts.next().map_or(missing, Option::unwrap_or_default);
        Self(next(0), next(0), next(u16::MAX))
    }

    /// Whether `http2 on;` replaces the parameter of `listen`.
    pub(super) fn has_http2_directive(self) -> bool {
        self >= Self(1, 25, 1)
    }

    /// Whether upstream servers are looked up again while it runs.
    pub(super) fn has_resolve(self) -> bool {
        self >= Self(1, 27, 3)
    }

    /// Whether a reload waits for clients that keep their connection.
    pub(super) fn has_keepalive_min_timeout(self) -> bool {
        self >= Self(1, 27, 4)
    }

    /// Whether a cookie can bind a client to an instance.
    pub(super) fn has_sticky(self) -> bool {
        self >= Self(1, 29, 6)
    }

    /// The least version that reads what is written for this one; `binds` says that clients are bound to instances.
    pub(super) fn required(self, binds: bool) -> Option<&'static str> {
        match self {
            _ if binds && self.has_sticky() => Some("1.29.6"),
            _ if self.has_keepalive_min_timeout() => Some("1.27.4"),
            _ if self.has_resolve() => Some("1.27.3"),
            _ if self.has_http2_directive() => Some("1.25.1"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn series_count_as_their_newest() {
        assert!(Version::parse("1.28").has_keepalive_min_timeout());
        assert!(!Version::parse("1.27.3").has_keepalive_min_timeout());
        assert!(Version::parse("1.27.3").has_resolve());
        assert!(!Version::parse("1.24").has_http2_directive());
        assert_eq!(Version::parse("1.22.1").required(false), None);
    }
}
