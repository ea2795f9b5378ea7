//! Rules: what a valid stack says that would not work, or not well. One file per rule in `rules/`; must not change the
//! plan, and a rule sees nothing but the plan, the image catalogue and the sources of the project.

mod address;
mod allow;
mod container;
mod limits;
mod place;
mod rules;
mod schedule;
mod settle;
mod sources;
mod times;
mod told;
mod travel;

use crate::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic, Edit, Level};
use crate::plan::Plan;
use crate::source::{Files, Span};

pub use rules::RULES;
pub use settle::{Context, settle};

use place::Subject;
use sources::Sources;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Comments that allow a rule to be broken.
    Allowances,
    /// Everybody who uses a port, a name or an address means the same one.
    Ports,
    /// Waits, gates and switches ask checks that exist and fit in time.
    Health,
    /// Secrets stay secret and are used.
    Secrets,
    /// Data survives and has one writer.
    State,
    /// Images are used as they are made.
    Images,
    /// What is reached can be reached, and nothing else.
    Network,
    /// What the world meets.
    Edge,
    /// What is deployed was built, and what was built is deployed.
    Pipelines,
    /// Sizes and times fit into each other.
    Capacity,
    /// What programs are told is what they read, at the time when they read it.
    Contract,
}

impl Family {
    /// All of them, in the order of their codes.
    pub const ALL: &'static [Self] = &[
        Self::Allowances,
        Self::Ports,
        Self::Health,
        Self::Secrets,
        Self::State,
        Self::Images,
        Self::Network,
        Self::Edge,
        Self::Pipelines,
        Self::Capacity,
        Self::Contract,
    ];

    /// For headings.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Allowances => "Allowances",
            Self::Ports => "Ports and names",
            Self::Health => "Health",
            Self::Secrets => "Secrets",
            Self::State => "State",
            Self::Images => "Images",
            Self::Network => "Network reach",
            Self::Edge => "Edge",
            Self::Pipelines => "Pipelines",
            Self::Capacity => "Time and capacity",
            Self::Contract => "Environment contract",
        }
    }
}

/// A rule. Its code has the name, its page in the book says why.
pub struct Rule {
    /// The code of what it finds.
    pub code: &'static Code,
    /// What it is about.
    pub family: Family,
    /// How much it matters where a project says nothing else.
    pub level: Level,
    /// Looks for it.
    check: fn(&Scene<'_>, &mut Findings),
}

/// What rules see.
struct Scene<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
    sources: Sources<'a>,
    /// Whether the plan has all environments of the source.
    is_whole: bool,
}

/// A broken rule, and the declaration that it is about.
#[derive(Debug)]
pub struct Finding {
    subject: Option<Subject>,
    diagnostic: Diagnostic,
}

/// What one rule finds.
struct Findings {
    code: &'static Code,
    found: Vec<Finding>,
}

impl Findings {
    /// A problem that the rule has found, without a place yet.
    fn problem(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.code, message)
    }

    /// A problem with the name or path that was most likely meant, which may stand there instead.
    fn meant(problem: Diagnostic, span: Span, meant: &str) -> Diagnostic {
        let edit = Edit { span, text: format!("\"{meant}\"") };
        problem
            .help(format!("did you mean `{meant}`?"))
            .maybe_fix(format!("replace with `\"{meant}\"`"), vec![edit])
    }

    fn add(&mut self, subject: Subject, diagnostic: Diagnostic) {
        self.found.push(Finding { subject: Some(subject), diagnostic });
    }
}

/// Asks all rules; [`settle`] decides what becomes of the answers. `is_whole` says that the plan has all environments of
/// the source.
pub fn lint(plan: &Plan, catalogue: &Catalogue, files: &dyn Files, is_whole: bool) -> Vec<Finding> {
    let scene = Scene { plan, catalogue, sources: Sources::new(files, &plan.project.output), is_whole };
    let mut all = Vec::new();
    for rule in RULES {
        if settle::level(rule.code, &plan.project.rules) == Level::Off {
            continue;
        }
        let mut findings = Findings { code: rule.code, found: Vec::new() };
        (rule.check)(&scene, &mut findings);
        all.extend(findings.found);
    }
    all
}
