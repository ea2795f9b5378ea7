//! `stackc.toml`: facts about a project that are not part of the system. Must not read the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Baseline, Diagnostic, Edit, Level, codes, suggest};
use crate::model::Project;
use crate::source::{SourceId, Span};

/// The file name of the project's manifest.
pub const FILE: &str = "stackc.toml";

/// What `stackc.toml` may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Name of the stack; the folder's name when left out.
    pub name: Option<String>,
    /// The file that describes the system.
    pub entry: Option<String>,
    /// Where images are pushed: `ghcr.io/acme/shop`.
    pub registry: Option<String>,
    /// Where the sources live, as a URL.
    pub repository: Option<String>,
    /// SPDX expression of the sources' licence.
    pub license: Option<String>,
    /// People who answer for it.
    pub owner: Option<String>,
    /// Folder of the emitted files.
    pub output: Option<String>,
    /// Levels of rules: `[rules] open-port = "error"`.
    #[serde(default)]
    pub rules: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// The file that describes the system when the manifest names none.
pub const ENTRY: &str = "main.stack";

impl Manifest {
    /// Reads the manifest; the error points into the text.
    pub fn parse(source: SourceId, text: &str) -> Result<Self, Diagnostic> {
        let manifest: Self = toml::from_str(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let span = Span::new(source, span.start as u32, span.end as u32);
            let message = error.message().lines().next().unwrap_or("it is not TOML").to_owned();
            Diagnostic::error(codes::BAD_MANIFEST, message)
                .at(span, "in the project's manifest")
                .help("known are `name`, `entry`, `registry`, `repository`, `license`, `owner`, `output` and `rules`")
        })?;
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
            output: self.output.as_deref().unwrap_or("deploy").trim_end_matches('/').into(),
            rules: self.levels(),
            known: Baseline::default(),
        }
    }

    fn levels(&self) -> BTreeMap<Arc<str>, Level> {
        let level = |(name, word): (&Spanned<String>, &Spanned<String>)| {
            Some((Arc::from(name.get_ref().as_str()), Level::parse(word.get_ref())?))
        };
        self.rules.iter().filter_map(level).collect()
    }
}

/// A rule must exist, and its level be a word that means one.
fn check_rule(source: SourceId, name: &Spanned<String>, level: &Spanned<String>) -> Result<(), Diagnostic> {
    let place = |range: std::ops::Range<usize>| Span::new(source, range.start as u32, range.end as u32);
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
