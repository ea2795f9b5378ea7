//! `stackc.toml`: facts about a project that are not part of the system. Must not look at other files.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Baseline, Diagnostic, Edit, Level, codes, suggest};
use crate::model::Project;
use crate::output::ArtifactPath;
use crate::source::{SourceId, Span};

/// What `stackc.toml` may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Name of the stack; the folder's name when left out.
    pub name: Option<String>,
    /// The file that describes the system.
    pub entry: Option<Spanned<String>>,
    /// Where images are pushed: `ghcr.io/acme/shop`.
    pub registry: Option<String>,
    /// Where the sources live, as a URL.
    pub repository: Option<String>,
    /// SPDX expression of the sources' licence.
    pub license: Option<String>,
    /// People who answer for it.
    pub owner: Option<String>,
    /// Folder of the emitted files.
    pub output: Option<Spanned<String>>,
    /// Levels of rules: `[rules] open-port = "error"`.
    #[serde(default)]
    pub rules: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// The keys of the manifest.
const KEYS: &[&str] = &["name", "entry", "registry", "repository", "license", "owner", "output", "rules"];

impl Manifest {
    /// Reads the manifest; the error points into the text.
    pub fn parse(source: SourceId, text: &str) -> Result<Self, Diagnostic> {
        let manifest: Self = toml::from_str(text).map_err(|error| unreadable(source, text, &error))?;
        manifest.output.iter().try_for_each(|output| check_output(source, output))?;
        manifest.rules.iter().try_for_each(|(name, level)| check_rule(source, name, level))?;
        Ok(manifest)
    }

    /// The project, with the folder's name where the manifest says none.
    pub fn project(&self, folder: &str) -> Project {
        let text = |value: &Option<String>| value.as_deref().map(std::sync::Arc::from);
        Project {
            name: dns_label(self.name.as_deref().unwrap_or(folder)).into(),
            registry: text(&self.registry),
            repository: text(&self.repository),
            licence: text(&self.license),
            owner: text(&self.owner),
            output: self.folder().into(),
            rules: self.levels(),
            known: Baseline::default(),
        }
    }

    /// The folder of the emitted files, without a stroke at its end.
    fn folder(&self) -> &str {
        self.output.as_ref().map_or("deploy", |output| output.get_ref().trim_end_matches('/'))
    }

    fn levels(&self) -> BTreeMap<Arc<str>, Level> {
        let level = |(name, word): (&Spanned<String>, &Spanned<String>)| {
            Some((Arc::from(name.get_ref().as_str()), Level::parse(word.get_ref())?))
        };
        self.rules.iter().filter_map(level).collect()
    }
}

/// What the reader of TOML says; for a key that nobody reads, with the one that was meant.
fn unreadable(source: SourceId, text: &str, error: &toml::de::Error) -> Diagnostic {
    let range = error.span().unwrap_or_default();
    let (span, written) = (place(source, range.clone()), text.get(range).unwrap_or_default());
    let message = error.message().lines().next().unwrap_or("it is not TOML").to_owned();
    let is_key = message.starts_with("unknown field");
    let problem = Diagnostic::error(codes::BAD_MANIFEST, message).at(span, "in the project's manifest");
    match suggest::closest(written, KEYS.iter().copied()) {
        Some(near) if is_key => problem
            .help(format!("did you mean `{near}`?"))
            .maybe_fix(format!("replace with `{near}`"), vec![Edit { span, text: near.to_owned() }]),
        // The reader lists the keys that there are.
        _ => problem,
    }
}

/// A place in the manifest.
pub(super) fn place(source: SourceId, range: std::ops::Range<usize>) -> Span {
    Span::new(source, range.start as u32, range.end as u32)
}

/// Nothing is written outside of the project.
fn check_output(source: SourceId, output: &Spanned<String>) -> Result<(), Diagnostic> {
    let refused = ArtifactPath::parse(output.get_ref().trim_end_matches('/')).err();
    refused.map_or(Ok(()), |problem| {
        let message = format!("`output` is no folder inside the project: {problem}");
        let at = place(source, output.span());
        Err(Diagnostic::error(codes::BAD_MANIFEST, message).at(at, "expected a path such as `deploy`"))
    })
}

/// A rule must exist, and its level be a word that means one.
fn check_rule(source: SourceId, name: &Spanned<String>, level: &Spanned<String>) -> Result<(), Diagnostic> {
    let place = |range| place(source, range);
    let rules = || codes::ALL.iter().filter(|code| code.has_level()).map(|code| code.name);
    if !rules().any(|known| known == name.get_ref()) {
        let message = format!("no rule is called `{}`", name.get_ref());
        let problem = Diagnostic::error(codes::BAD_MANIFEST, message).at(place(name.span()), "no such rule");
        return Err(match suggest::closest(name.get_ref(), rules()) {
            Some(near) => {
                let edit = Edit { span: place(name.span()), text: near.to_owned() };
                problem
                    .help(format!("did you mean `{near}`?"))
                    .maybe_fix(format!("replace with `{near}`"), vec![edit])
            }
            None => problem.help("`stackc explain` lists all of them"),
        });
    }
    if Level::parse(level.get_ref()).is_none() {
        let message = format!("`{}` is no level of a rule", level.get_ref());
        return Err(Diagnostic::error(codes::BAD_MANIFEST, message)
            .at(place(level.span()), "expected `error`, `warning` or `off`"));
    }
    Ok(())
}

/// A name as a DNS label (RFC 1123): what every target accepts.
fn dns_label(name: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = name.chars().map(legal).collect();
    match label.trim_matches('-') {
        "" => "stack".to_owned(),
        label => label.chars().take(40).collect(),
    }
}
