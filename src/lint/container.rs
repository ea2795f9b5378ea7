//! What a container holds at which path, as far as the stack says: what stages copy, take and make, what is mounted. Must
//! not guess what commands make: it only knows that there are some.

use crate::model::{Build, Mode, Service, Stage};
use crate::plan::{final_stage, stage_chain};
use crate::schema::{FilePath, ImageRef};

use super::place::Place;
use super::sources::Sources;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A file or folder of the project.
    Project(String),
    /// Made by commands of this stage, or taken from where nobody looks.
    Made,
    /// A folder that the stage makes for the process to write to.
    Folder,
    /// Storage, of memory or a volume.
    Storage,
}

/// A path and what stands there.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) at: String,
    pub(super) content: Content,
}

/// What is known about the files of a stage or a container.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// The folder that relative paths start at.
    pub(super) workdir: String,
    pub(super) placed: Vec<Placed>,
    /// Whether commands ran that may have made anything.
    pub(super) has_run: bool,
}

/// What a layout knows about a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is this path of the project.
    Project(String),
    /// Something is there.
    Something,
    /// Nothing that the stack says is there.
    Nothing,
}

impl Layout {
    /// What a stage holds.
    pub(super) fn of_stage(sources: &Sources<'_>, build: &Build, stage: &Stage) -> Self {
        let chain = stage_chain(build, stage);
        let mut layout = Self { workdir: "/".to_owned(), ..Self::default() };
        for stage in chain.into_iter().rev() {
            layout.add(sources, build, stage);
        }
        layout
    }

    /// What the container of a service holds, mounts included; of its jobs, which run what is released everywhere.
    pub(super) fn of_service(sources: &Sources<'_>, place: Place<'_>, is_job: bool) -> Self {
        let service = place.service;
        let is_development = place.environment.model.block.mode == Mode::Development && !is_job;
        let build = service.build.as_ref();
        let stage = build.and_then(|build| Some((build, final_stage(build, is_development)?)));
        let mut layout =
            stage.map(|(build, stage)| Self::of_stage(sources, build, stage)).unwrap_or_default();
        layout.mount(service, is_development);
        layout
    }

    fn add(&mut self, sources: &Sources<'_>, build: &Build, stage: &Stage) {
        if let Some(workdir) = &stage.workdir {
            workdir.trim_end_matches('/').clone_into(&mut self.workdir);
        }
        let mut placed = Vec::new();
        for path in &stage.copy_root {
            placed.push((self.absolute(path), Content::Project(path.to_string())));
        }
        for path in &stage.copy {
            placed.push((self.absolute(path), Content::Project(path.below(&build.context).to_string())));
        }
        for (path, target) in &stage.copy_to {
            let path = FilePath::parse(path).map(|path| path.below(&build.context).to_string());
            placed.extend(path.ok().map(|path| (self.absolute(target), Content::Project(path))));
        }
        for (from, take) in &stage.take {
            let source = build.stage.get(&**from).map(|source| Self::of_stage(sources, build, source));
            for (path, target) in &take.files {
                let found = source.as_ref().map(|source| (source, source.find(&source.absolute(path))));
                let content = match found {
                    // What the project lacks may be made beside what was copied.
                    Some((source, Found::Project(path))) if !source.has_run || sources.has(&path) => {
                        Content::Project(path)
                    }
                    _ => Content::Made,
                };
                placed.push((self.absolute(target), content));
            }
        }
        placed.extend(stage.writable.iter().map(|path| (self.absolute(path), Content::Folder)));
        self.placed.extend(placed.into_iter().map(|(at, content)| Placed { at, content }));
        self.has_run |= !stage.run.is_empty();
    }

    fn mount(&mut self, service: &Service, is_development: bool) {
        let files = service.files.iter().map(|(at, file)| (at, Content::Project(file.value.to_string())));
        let volumes = service.volume.iter().map(|(at, volume)| match &volume.from {
            Some(from) => (at, Content::Project(from.to_string())),
            None => (at, Content::Storage),
        });
        let mounts = service.dev.iter().filter(|_| is_development).flat_map(|dev| &dev.mount);
        let mounts = mounts.map(|(at, file)| (at, Content::Project(file.value.to_string())));
        let all: Vec<Placed> = files
            .chain(volumes)
            .chain(mounts)
            .map(|(at, content)| Placed { at: at.trim_end_matches('/').to_owned(), content })
            .collect();
        self.placed.extend(all);
        let scratch = service.writable.iter();
        self.placed.extend(
            scratch
                .map(|path| Placed { at: path.trim_end_matches('/').to_owned(), content: Content::Storage }),
        );
    }

    /// A path as the process sees it from its working folder.
    pub(super) fn absolute(&self, path: &str) -> String {
        let path = path.trim_end_matches('/');
        if path.starts_with('/') {
            return path.to_owned();
        }
        let rest = path.trim_start_matches("./").trim_matches('.');
        let folder = self.workdir.trim_end_matches('/');
        if rest.is_empty() {
            folder.to_owned()
        } else {
            format!("{folder}/{}", path.trim_start_matches("./"))
        }
    }

    /// What stands at an absolute path.
    pub(super) fn find(&self, path: &str) -> Found {
        let mut found = Found::Nothing;
        for placed in &self.placed {
            let rest = match (below(path, &placed.at), below(&placed.at, path)) {
                (Some(rest), _) => rest,
                (None, Some(_)) => return Found::Something,
                (None, None) => continue,
            };
            match &placed.content {
                Content::Project(own) => found = Found::Project(join(own, rest)),
                Content::Made | Content::Folder | Content::Storage => return Found::Something,
            }
        }
        found
    }

    /// Where the layout has a path of the project.
    pub(super) fn places_of(&self, project: &str) -> Vec<String> {
        let places = self.placed.iter().filter_map(|placed| match &placed.content {
            Content::Project(own) => {
                let rest = if own == "." { Some(project) } else { below(project, own) };
                Some(join_absolute(&placed.at, rest?))
            }
            _ => None,
        });
        places.collect()
    }
}

/// What follows the folder in a path that is the folder or stands below it.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn join(folder: &str, rest: &str) -> String {
    match (folder, rest) {
        (folder, "") => folder.to_owned(),
        (".", rest) => rest.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    }
}

fn join_absolute(folder: &str, rest: &str) -> String {
    if rest.is_empty() { folder.to_owned() } else { format!("{}/{rest}", folder.trim_end_matches('/')) }
}

/// The public image under a stage or behind a name.
pub(super) fn image_of(build: &Build, name: &str) -> Option<ImageRef> {
    if build.stage.contains_key(name) { None } else { ImageRef::parse(name).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout() -> Layout {
        let placed = [
            ("/app/src", Content::Project("web/src".into())),
            ("/app/dist", Content::Made),
            ("/data", Content::Storage),
        ];
        let placed = placed.map(|(at, content)| Placed { at: at.into(), content }).to_vec();
        Layout { workdir: "/app".into(), placed, has_run: false }
    }

    #[test]
    fn paths_start_at_the_working_folder() {
        let layout = layout();
        assert_eq!(layout.absolute("./dist/"), "/app/dist");
        assert_eq!(layout.absolute("./"), "/app");
        assert_eq!(layout.absolute("/data"), "/data");
        assert_eq!(layout.absolute(".next"), "/app/.next");
    }

    #[test]
    fn what_stands_at_a_path_follows_from_what_was_placed() {
        let layout = layout();
        assert_eq!(layout.find("/app/src/main.ts"), Found::Project("web/src/main.ts".into()));
        assert_eq!(layout.find("/app/dist/main.js"), Found::Something);
        assert_eq!(layout.find("/app"), Found::Something);
        assert_eq!(layout.find("/app/srcx"), Found::Nothing);
        assert_eq!(layout.places_of("web/src/a"), ["/app/src/a"]);
    }
}
