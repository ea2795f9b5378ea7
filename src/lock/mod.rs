//! `stackc.lock`: which digest each image reference stands for. Untrusted input: nothing of it reaches a target
//! before it was checked. Must not look anything up.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Diagnostic, codes};
use crate::schema::ImageRef;
use crate::source::{SourceId, Span};

/// The version of the file format.
const VERSION: i64 = 1;

/// The digests that a project has agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    images: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: Spanned<i64>,
    #[serde(default)]
    images: BTreeMap<Spanned<String>, Spanned<String>>,
}

impl Lock {
    /// Reads the file with this identity and text.
    pub fn parse(source: SourceId, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let place = |range: std::ops::Range<usize>| Span::new(source, range.start as u32, range.end as u32);
        let file: File = toml::from_str(text).map_err(|error| {
            let span = place(error.span().unwrap_or_default());
            vec![problem(format!("`stackc.lock` cannot be read: {}", error.message().trim()), span, "here")]
        })?;
        let mut problems = Vec::new();
        if *file.version.get_ref() != VERSION {
            let message =
                format!("expected version {VERSION} of `stackc.lock`, found {}", file.version.get_ref());
            problems.push(problem(message, place(file.version.span()), "written by another stackc"));
        }
        let mut lock = Self::default();
        for (image, digest) in file.images {
            if !is_key(image.get_ref()) {
                let message = format!("expected an image reference with a tag, found `{}`", image.get_ref());
                problems.push(problem(message, place(image.span()), "no image reference with a tag"));
            } else if !is_digest(digest.get_ref()) {
                let message = "expected `sha256:` and 64 lower case hex digits".to_owned();
                problems.push(problem(message, place(digest.span()), "no digest"));
            } else {
                lock.images.insert(image.into_inner(), digest.into_inner());
            }
        }
        if problems.is_empty() { Ok(lock) } else { Err(problems) }
    }

    /// The digest of an image reference.
    pub fn digest(&self, image: &ImageRef) -> Option<&str> {
        self.images.get(&key(image)).map(String::as_str)
    }

    /// Notes the digest of an image reference; `false` when it is no digest.
    pub fn insert(&mut self, image: &ImageRef, digest: &str) -> bool {
        let accepted = is_digest(digest) && is_key(&key(image));
        if accepted {
            self.images.insert(key(image), digest.to_owned());
        }
        accepted
    }

    /// The text of the file.
    pub fn to_toml(&self) -> String {
        let mut text = format!("version = {VERSION}\n\n[images]\n");
        for (image, digest) in &self.images {
            // Keys and digests were checked: neither can hold a quote or a backslash.
            let _ = writeln!(text, "\"{image}\" = \"{digest}\"");
        }
        text
    }
}

fn problem(message: String, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(codes::BAD_MANIFEST, message)
        .at(span, label)
        .help("write what the registry says, or delete the line: the digest of the catalogue counts then")
}

fn key(image: &ImageRef) -> String {
    ImageRef { digest: None, ..image.clone() }.to_string()
}

fn is_key(text: &str) -> bool {
    ImageRef::parse(text).is_ok_and(|image| image.tag.is_some() && image.digest.is_none())
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_reads_what_it_wrote() {
        let mut lock = Lock::default();
        let image = ImageRef::parse("registry.example/db:16-alpine").unwrap();
        assert!(lock.insert(&image, &format!("sha256:{}", "ab".repeat(32))));
        let again = Lock::parse(SourceId(0), &lock.to_toml()).unwrap();
        assert_eq!(again, lock);
        assert!(again.digest(&image).unwrap().starts_with("sha256:abab"));
    }

    #[test]
    fn a_lock_refuses_what_is_no_digest_or_no_reference() {
        let digest = format!("sha256:{}", "0".repeat(64));
        for (line, found) in [
            ("\"db:16\" = \"sha256:12\"".to_owned(), "64 lower case hex digits"),
            (format!("\"db\" = \"{digest}\""), "with a tag"),
            (format!("\"db:16\\n\" = \"{digest}\""), "image reference"),
            ("x = 1".to_owned(), "cannot be read"),
        ] {
            let problems = Lock::parse(SourceId(0), &format!("version = 1\n[images]\n{line}\n")).unwrap_err();
            assert!(problems[0].message.contains(found), "{line}: {}", problems[0].message);
        }
        let newer = Lock::parse(SourceId(0), "version = 2\n").unwrap_err();
        assert!(newer[0].message.contains("found 2"));
    }
}
