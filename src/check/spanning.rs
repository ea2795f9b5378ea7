//! What spans all environments, in words for editors. Must not make the values: `whole` does, with these parts.

/// A name that stands for all environments, or for something in all of them.
#[derive(Debug)]
pub struct Spanning {
    /// The name.
    pub name: &'static str,
    /// What its elements are.
    pub doc: &'static str,
    /// What an element has.
    pub parts: &'static [Part],
}

/// What stands behind the dot of an element.
#[derive(Debug)]
pub struct Part {
    /// The name.
    pub name: &'static str,
    /// What its value is.
    pub ty: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What each of its own elements has.
    pub parts: &'static [Part],
}

/// All of them.
pub const SPANNING: &[Spanning] = &[
    Spanning { name: "environments", doc: "All environments.", parts: ENVIRONMENT },
    Spanning {
        name: "images",
        doc: "Every image of every environment: what runs, what a stage starts from, what a backup uses.",
        parts: IMAGE,
    },
    Spanning {
        name: "ports",
        doc: "Every port of a machine in every environment, those of the web server included.",
        parts: PORT,
    },
];

/// Whether a name stands for what spans all environments.
pub(super) fn is_spanning(name: &str) -> bool {
    SPANNING.iter().any(|spanning| spanning.name == name)
}

const ENVIRONMENT: &[Part] = &[
    part("name", "a string", "Its name.", &[]),
    part("mode", "`development` or `production`", "Whether people develop in it.", &[]),
    part("release", "a string", "What its images are called.", &[]),
    part("targets", "a list of strings", "`compose` and `kubernetes`, as it has them.", &[]),
    part("services", "services", "The services that it has.", SERVICE),
    part("hosts", "a list of strings", "The host names of its ingresses.", &[]),
];

const SERVICE: &[Part] = &[
    part("name", "a string", "Its name.", &[]),
    part("environment", "a string", "The environment that it is in.", &[]),
    part("image", "a string or `none`", "The image that it runs, when it is not built.", &[]),
    part("built", "`true` or `false`", "Whether its image is built.", &[]),
    part("replicas", "a whole number", "How many of it run; the least number where it is scaled.", &[]),
    part("memory", "a size", "The memory that one of it may take.", &[]),
    part("storage", "a size", "The sizes of its volumes together.", &[]),
    part("stateful", "`true` or `false`", "Whether it keeps data.", &[]),
    part("saved", "`true` or `false`", "Whether its data is copied.", &[]),
    part("variables", "a list of strings", "The names of its variables.", &[]),
];

const IMAGE: &[Part] = &[
    part("reference", "a string", "All of it, as it is written.", &[]),
    part("registry", "a string or `none`", "The registry, where one is named.", &[]),
    part("repository", "a string", "The name without registry, tag and digest.", &[]),
    part("tag", "a string or `none`", "The tag.", &[]),
    part("digest", "a string or `none`", "The digest.", &[]),
    part("service", "a string", "The service that uses it.", &[]),
    part("environment", "a string", "The environment of that service.", &[]),
];

const PORT: &[Part] = &[
    part("number", "a whole number", "The number on the machine.", &[]),
    part("address", "a string", "The address that it is bound to.", &[]),
    part("service", "a string", "The service behind it.", &[]),
    part("environment", "a string", "The environment of that service.", &[]),
];

const fn part(name: &'static str, ty: &'static str, doc: &'static str, parts: &'static [Part]) -> Part {
    Part { name, ty, doc, parts }
}
