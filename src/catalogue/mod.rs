//! The image catalogue: what is known about public images and the programs in them. The data is in `stdlib/`;
//! must not name a product and must not reach the network or the disk.

mod client;
mod image;
mod script;
pub mod setting;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::schema::ImageRef;
use crate::stdlib;

pub use client::Client;
pub use image::{DataPath, ImageFacts, ImagePort, ImageVariable, Runtime, Series, Variant};
pub use script::ScriptRunner;
pub use setting::{Means, Setting};

/// The image catalogue. A file is read when its image is first asked for.
#[derive(Debug, Default)]
pub struct Catalogue {
    images: BTreeMap<String, Entry>,
    clients: client::Table,
    scripts: OnceLock<script::Scripts>,
    settings: OnceLock<setting::Settings>,
}

#[derive(Debug)]
struct Entry {
    text: String,
    facts: OnceLock<Option<ImageFacts>>,
}

impl Catalogue {
    /// The catalogue that comes with the compiler. That every file of it can be read is a test of `stdlib/`.
    pub fn embedded() -> Self {
        Self::new(stdlib::images(), stdlib::module("std/tools.toml").unwrap_or_default())
    }

    /// A catalogue of these image files, by name without extension, and this table of client programs.
    pub fn new<'a>(images: impl IntoIterator<Item = (&'a str, &'a str)>, clients: &str) -> Self {
        let entry = |(name, text): (&str, &str)| {
            let entry = Entry { text: text.to_owned(), facts: OnceLock::new() };
            (name.to_owned(), entry)
        };
        Self {
            images: images.into_iter().map(entry).collect(),
            clients: client::read(clients).unwrap_or_default(),
            scripts: OnceLock::new(),
            settings: OnceLock::new(),
        }
    }

    /// What is known about an image, whatever its tag.
    pub fn image(&self, image: &ImageRef) -> Option<&ImageFacts> {
        let name = canonical(image);
        let short = name.rsplit('/').next().unwrap_or(&name).to_owned();
        let long = name.replace(['/', ':'], "-");
        [long, short].iter().filter_map(|file| self.facts(file)).find(|facts| facts.repository == name)
    }

    /// The programs that can ask a service whether it works, best first.
    pub fn clients(&self) -> &[Client] {
        &self.clients.client
    }

    /// The programs that run scripts by their name.
    pub fn runners(&self) -> &[ScriptRunner] {
        &self.scripts().runner
    }

    /// What tool chains make without being told its name.
    pub fn outputs(&self) -> &[String] {
        &self.scripts().outputs
    }

    /// The settings of programs that are compared with limits.
    pub fn settings(&self) -> &[Setting] {
        &self.all_settings().setting
    }

    /// Libraries of queues that keep their work in a datastore.
    pub fn queues(&self) -> &[String] {
        &self.all_settings().queues
    }

    /// Programs that start work by a clock: words that stand in their commands, with blanks between them.
    pub fn clocks(&self) -> &[String] {
        &self.all_settings().clocks
    }

    /// Parts of words by which such programs agree on one of them.
    pub fn locked_clocks(&self) -> &[String] {
        &self.all_settings().locked_clocks
    }

    /// Starts of names of variables that are read when a page is compiled.
    pub fn baked(&self) -> &[String] {
        &self.all_settings().baked
    }

    /// Variables and values that switch a program to development, as `NAME=value`.
    pub fn development(&self) -> &[String] {
        &self.all_settings().development
    }

    /// Whether some image of the catalogue is reached by addresses with this scheme.
    pub fn is_scheme(&self, scheme: &str) -> bool {
        let own = |facts: &ImageFacts| facts.schemes.iter().any(|known| known == scheme);
        self.images.keys().filter_map(|file| self.facts(file)).any(own)
    }

    /// Whether the absence of this program from the list of an image says something: it asks for health, or some image is
    /// known for it. All files are read the first time.
    pub fn is_tool(&self, program: &str) -> bool {
        let own = |facts: &ImageFacts| {
            facts.variants.values().any(|variant| variant.tools.iter().any(|tool| tool == program))
        };
        let is_everyday = self.clients.everyday.iter().any(|known| known == program);
        let is_client = self.clients.client.iter().any(|client| client.program == program);
        is_client || !is_everyday && self.images.keys().filter_map(|file| self.facts(file)).any(own)
    }

    /// Words of commands that start a program for those who develop it.
    pub fn development_words(&self) -> &[String] {
        &self.all_settings().development_words
    }

    fn all_settings(&self) -> &setting::Settings {
        let read = || setting::read(stdlib::module("std/settings.toml").unwrap_or_default());
        self.settings.get_or_init(|| read().unwrap_or_default())
    }

    fn scripts(&self) -> &script::Scripts {
        let read = || script::read(stdlib::module("std/scripts.toml").unwrap_or_default());
        self.scripts.get_or_init(|| read().unwrap_or_default())
    }

    /// The digest of a tag at the time when the catalogue was made.
    pub fn digest(&self, image: &ImageRef) -> Option<&str> {
        let tag = image.tag.as_deref()?;
        self.image(image)?.series(tag)?.digest.as_deref()
    }

    /// The names of the image files, for tests and docs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.images.keys().map(String::as_str)
    }

    /// The repository whose name differs from this one by a letter. Only files whose names look alike are read.
    pub fn near(&self, name: &str) -> Option<&str> {
        let is_slip = |one: &str, other: &str| {
            one.len().abs_diff(other.len()) <= 1 && strsim::osa_distance(one, other) <= 1
        };
        let short = name.rsplit('/').next().unwrap_or(name);
        let long = name.replace(['/', ':'], "-");
        let files = self.images.keys().filter(|file| is_slip(file, short) || is_slip(file, &long));
        let mut repositories = files.filter_map(|file| Some(&*self.facts(file)?.repository));
        repositories.find(|repository| *repository != name && is_slip(repository, name))
    }

    /// Reads one image file; the error is the parser's own text.
    pub fn check(&self, name: &str) -> Result<ImageFacts, String> {
        let entry = self.images.get(name).ok_or("no such file")?;
        image::read(&entry.text)
    }

    fn facts(&self, file: &str) -> Option<&ImageFacts> {
        let entry = self.images.get(file)?;
        entry.facts.get_or_init(|| image::read(&entry.text).ok()).as_ref()
    }
}

/// The name of an image as the catalogue spells it: the default registry and its default namespace left out.
fn canonical(image: &ImageRef) -> String {
    let name = image.name();
    let name = name.strip_prefix("docker.io/").unwrap_or(&name);
    name.strip_prefix("library/").unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_found_under_each_of_its_spellings() {
        let files = [
            ("kv", "repository = \"kv\"\n[variants.a]\ntools = [\"nc\"]"),
            ("registry.example-team-kv", "repository = \"registry.example/team/kv\""),
        ];
        let catalogue = Catalogue::new(files, "");
        let tools = |text: &str| {
            let image = ImageRef::parse(text).unwrap();
            catalogue.image(&image).map(|facts| facts.tools(None).len())
        };
        assert_eq!(tools("kv:7"), Some(1));
        assert_eq!(tools("docker.io/library/kv:7"), Some(1));
        assert_eq!(tools("registry.example/team/kv:7"), Some(0));
        assert_eq!(tools("elsewhere/kv:7"), None);
    }

    #[test]
    fn the_embedded_catalogue_can_be_read() {
        let catalogue = Catalogue::embedded();
        assert!(!catalogue.clients().is_empty());
        assert!(!catalogue.runners().is_empty() && !catalogue.outputs().is_empty());
        assert!(!catalogue.settings().is_empty() && !catalogue.queues().is_empty());
        for name in catalogue.names() {
            let facts = catalogue.check(name).unwrap_or_else(|error| panic!("{name}: {error}"));
            let image = ImageRef::parse(&facts.repository).unwrap();
            assert!(catalogue.image(&image).is_some(), "{name} is not found under {}", facts.repository);
        }
    }
}
