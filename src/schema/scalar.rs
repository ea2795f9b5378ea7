//! Small validated strings and numbers. Each is parsed once; must not know where it is used.

use std::fmt;
use std::sync::Arc;

/// A TCP port, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(pub u16);

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! text_scalar {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_scalar! {
    /// A path inside the project: relative, `/` between components, none of them `..`.
    FilePath
}
text_scalar! {
    /// An absolute path: of a URL or inside a container.
    UrlPath
}
text_scalar! {
    /// A DNS name (RFC 1123), lower case, possibly with a leading `*.`.
    Host
}
text_scalar! {
    /// Five fields: minute, hour, day of month, month, day of week; the subset that every runner agrees on.
    Cron
}

impl FilePath {
    /// The project itself.
    pub fn root() -> Self {
        Self(".".into())
    }

    /// Checks the path; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let clean = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
        if clean.is_empty() || clean == "." {
            return Ok(Self(".".into()));
        }
        if clean.starts_with('/') {
            return Err("expected a path inside the project, found an absolute path".into());
        }
        for part in clean.split('/') {
            match part {
                "" => return Err("expected a path, found an empty component".into()),
                "." | ".." => return Err(format!("expected a path inside the project, found `{part}`")),
                _ if part.chars().any(|c| c.is_control() || c == '\\') => {
                    return Err("expected a path, found a control character or a backslash".into());
                }
                _ => {}
            }
        }
        Ok(Self(clean.into()))
    }

    /// This path below another one.
    pub fn below(&self, folder: &Self) -> Self {
        match (&*folder.0, &*self.0) {
            (".", _) => self.clone(),
            (_, ".") => folder.clone(),
            (folder, path) => Self(format!("{folder}/{path}").into()),
        }
    }
}

impl UrlPath {
    /// The customary path of health checks.
    pub fn healthz() -> Self {
        Self("/healthz".into())
    }

    /// The customary path of metrics.
    pub fn metrics() -> Self {
        Self("/metrics".into())
    }

    /// Checks the path; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.starts_with('/') {
            return Err("expected a path that starts with `/`".into());
        }
        let legal = |c: char| c.is_ascii_alphanumeric() || "/-._~!$&'()*+,;=:@%".contains(c);
        match text.chars().find(|c| !legal(*c)) {
            Some(c) => Err(format!("expected a path, found {c:?}")),
            None if text.split('/').any(|part| part == "..") => Err("expected a path without `..`".into()),
            None => Ok(Self(text.into())),
        }
    }
}

impl Host {
    /// Checks the name; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.strip_prefix("*.").unwrap_or(text);
        if name.is_empty() || name.len() > 253 {
            return Err("expected a host name of 1 to 253 characters".into());
        }
        for label in name.split('.') {
            let legal = label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !legal
                || label.is_empty()
                || label.len() > 63
                || label.starts_with('-')
                || label.ends_with('-')
            {
                return Err(format!(
                    "expected lower case letters, digits and `-` between dots, found `{label}`"
                ));
            }
        }
        Ok(Self(text.into()))
    }
}

impl Cron {
    /// Once an hour.
    pub fn hourly() -> Self {
        Self("30 * * * *".into())
    }

    /// Once a year: for what never fires, but must have a time.
    pub fn yearly() -> Self {
        Self("0 0 1 1 *".into())
    }

    /// Checks the five fields; the error names the field.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FIELDS: [(&str, u32, u32); 5] = [
            ("minute", 0, 59),
            ("hour", 0, 23),
            ("day of month", 1, 31),
            ("month", 1, 12),
            ("day of week", 0, 6),
        ];
        let parts: Vec<&str> = text.split_whitespace().collect();
        if parts.len() != FIELDS.len() {
            return Err(format!("expected 5 fields, found {}", parts.len()));
        }
        for (part, (name, low, high)) in parts.iter().zip(FIELDS) {
            if !part.split(',').all(|item| Self::is_item(item, low, high)) {
                return Err(format!("expected a {name} from {low} to {high}, found `{part}`"));
            }
        }
        Ok(Self(parts.join(" ").into()))
    }

    fn is_item(item: &str, low: u32, high: u32) -> bool {
        let number = |text: &str| text.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n));
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        let step_ok = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|n| n > 0 && n <= high));
        let range_ok = match range.split_once('-') {
            Some((from, to)) => match (from.parse::<u32>(), to.parse::<u32>()) {
                (Ok(from), Ok(to)) => low <= from && from <= to && to <= high,
                _ => false,
            },
            None => range == "*" || (number(range) && step.is_none()),
        };
        step_ok && range_ok
    }
}

/// A numeric user and group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId {
    /// User.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

impl UserId {
    /// Reads `uid:gid` or `uid`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (uid, gid) = text.split_once(':').unwrap_or((text, text));
        match (uid.parse(), gid.parse()) {
            (Ok(uid), Ok(gid)) => Ok(Self { uid, gid }),
            _ => Err("expected a numeric user and group, like `10001:10001`".into()),
        }
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.uid, self.gid)
    }
}

/// An image reference, after the grammar of the distribution specification.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef {
    /// Registry host with its port, where it is named.
    pub registry: Option<Arc<str>>,
    /// Repository path, without the registry.
    pub repository: Arc<str>,
    /// Tag.
    pub tag: Option<Arc<str>>,
    /// `sha256:…`
    pub digest: Option<Arc<str>>,
}

/// Why a text is no image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRefError(pub String);

impl ImageRef {
    /// Reads `registry/repository:tag@sha256:…`.
    pub fn parse(text: &str) -> Result<Self, ImageRefError> {
        let error = |what: &str| Err(ImageRefError(format!("expected an image reference, {what}")));
        let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
        if digest.is_some_and(|digest| !Self::is_digest(digest)) {
            return error("found a digest that is not `sha256:` and 64 hex digits");
        }
        let name_start = rest.rfind('/').map_or(0, |at| at + 1);
        let (name, tag) = match rest[name_start..].find(':') {
            Some(at) => (&rest[..name_start + at], Some(&rest[name_start + at + 1..])),
            None => (rest, None),
        };
        let tag_ok = |tag: &str| {
            tag.len() <= 128
                && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                && tag.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
        };
        if tag.is_some_and(|tag| !tag_ok(tag)) {
            return error("found a tag with characters that are not allowed");
        }
        let (registry, repository) = match name.split_once('/') {
            Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), path),
            _ => (None, name),
        };
        let component = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                && part.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c))
        };
        if repository.is_empty() || !repository.split('/').all(component) {
            return error(&format!("found the repository `{repository}`"));
        }
        let owned = |text: Option<&str>| text.map(Arc::from);
        Ok(Self {
            registry: owned(registry),
            repository: repository.into(),
            tag: owned(tag),
            digest: owned(digest),
        })
    }

    fn is_digest(text: &str) -> bool {
        text.strip_prefix("sha256:")
            .is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit()))
    }

    /// Registry and repository, without tag and digest: the key of the image catalogue.
    pub fn name(&self) -> String {
        match &self.registry {
            Some(registry) => format!("{registry}/{}", self.repository),
            None => self.repository.to_string(),
        }
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_references_split_into_their_parts() {
        let image = ImageRef::parse("registry.example:5000/team/api:1.0").unwrap();
        assert_eq!(image.registry.as_deref(), Some("registry.example:5000"));
        assert_eq!((&*image.repository, image.tag.as_deref()), ("team/api", Some("1.0")));
        assert_eq!(image.to_string(), "registry.example:5000/team/api:1.0");
        assert_eq!(ImageRef::parse("db:16-alpine").unwrap().name(), "db");
        for wrong in ["", "Team/api:1", "api:", "api@sha256:12", "a//b", "api:la test"] {
            assert!(ImageRef::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn cron_takes_the_common_subset() {
        for right in ["0 2 * * *", "*/5 0-6 1,15 * 1-5"] {
            assert!(Cron::parse(right).is_ok(), "{right}");
        }
        for wrong in ["0 3 * *", "60 * * * *", "* * * * 7", "@daily", "5/2 * * * *", "9-3 * * * *"] {
            assert!(Cron::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn paths_and_hosts_refuse_what_would_escape() {
        assert_eq!(&*FilePath::parse("./apps/web/").unwrap(), "apps/web");
        assert!(FilePath::parse("../x").is_err() && FilePath::parse("/x").is_err());
        assert!(UrlPath::parse("/api/{x}").is_err() && UrlPath::parse("api").is_err());
        assert!(Host::parse("a_b.example").is_err() && Host::parse("*.example.com").is_ok());
    }
}
