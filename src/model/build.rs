//! How an image is made: stages in the model's words. Must not spell Dockerfile instructions.

use crate::schema::{FilePath, LabelShape, Labelled, Map, Plain, Port, SecretRef, UrlPath, Word, kind};

kind! {
    /// How the image of a service is made from sources.
    Build = "build" LabelShape::Unlabelled;
    /// Folder of the sources inside the project. The stages' `copy` paths are relative to it.
    context: FilePath = FilePath::root();
    /// Values that are baked in at build time. Anyone who can pull the image can read them: never secret.
    args: Map<Plain>;
    /// The steps, in order; the last one that is not for development is what runs.
    stage: Labelled<Stage>;
    /// Stage that runs where the environment is for development; jobs run what is released there too.
    dev_stage: Option<Word>;
    /// Platforms to build for, such as `linux/amd64`.
    platforms: Vec<Plain>;
    /// Words put before the command so that signals are passed on and orphans are reaped, such as `["/sbin/tini", "--"]`.
    init: Vec<Plain>;
    /// Whether the image carries the entry script that puts secrets from files into variables.
    expand_secrets: bool = true;
    /// Whether the image carries the check of the variables that its service `reads`, which runs before the command;
    /// needs a shell.
    check_variables: bool = true;
}

kind! {
    /// One stage of a build.
    Stage = "stage" LabelShape::Named;
    /// An earlier stage or an image reference to start from.
    from: Word;
    /// Working folder in the image.
    workdir: Option<UrlPath>;
    /// Sources to copy, relative to the build's `context`, to the same place below the working folder; `"."` copies all of it.
    copy: Vec<FilePath>;
    /// Sources to copy to another place: source to target path.
    copy_to: Map<UrlPath>;
    /// Sources outside the context, relative to the project: workspace manifests, shared packages.
    copy_root: Vec<FilePath>;
    /// Files taken from earlier stages or images.
    take: Labelled<Take>;
    /// Variables during the build and, in the last stage, at run time.
    env: Map<Plain>;
    /// Build arguments of `build.args` that this stage reads.
    args: Vec<Plain>;
    /// Commands to run, one shell line each, in order, in one layer.
    run: Vec<Plain>;
    /// Folders kept between builds: package caches.
    cache: Vec<UrlPath>;
    /// Secrets that the commands read from `/run/secrets/<name>` during the build only.
    secrets: Vec<SecretRef>;
    /// Folders that the running process may write, made and owned by the runtime user.
    writable: Vec<UrlPath>;
    /// A reason shown above the commands as a comment.
    why: Option<Plain>;
    /// Linter rules that the commands break on purpose; needs `why`.
    allow: Vec<Plain>;
}

kind! {
    /// Files taken from an earlier stage or from an image: `take builder { "dist" = "./" }`.
    Take = "take" LabelShape::Quoted;
    /// Source path to target path, both in images; relative ones start at the working folder of their stage.
    files: Map<Plain>;
}

kind! {
    /// Serve files from the image itself with the built-in web server configuration.
    StaticSite = "static_site" LabelShape::Unlabelled;
    /// Folder with the files in the image.
    root: UrlPath;
    /// The port that it listens on.
    port: Port = Port(8080);
    /// Unknown paths get `index.html`: a single-page application.
    spa: bool = true;
    /// Path prefixes whose files never change because their names hold a hash; cached for a year.
    immutable: Vec<UrlPath>;
    /// Path that answers health checks.
    health: UrlPath = UrlPath::healthz();
    /// Version of the web server, as major.minor.patch or major.minor: some directives depend on it.
    version: Plain;
    /// Compress text on the way out.
    gzip: bool = true;
}
