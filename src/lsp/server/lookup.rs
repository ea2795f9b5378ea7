//! Which project, file and place a name of the protocol means, and the other way. Must not change anything.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Loaded, Server};
use crate::ide::Analysis;
use crate::load::STD_PREFIX;
use crate::lsp::document::{Document, Overlay};
use crate::lsp::protocol::INVALID_PARAMS;
use crate::lsp::uri;
use crate::source::Source;

/// A file that a request is about.
pub(in crate::lsp) struct At<'s> {
    pub(in crate::lsp) project: &'s Loaded,
    pub(in crate::lsp) analysis: &'s Analysis,
    pub(in crate::lsp) source: &'s Source,
}

impl Server<'_> {
    /// The files of a folder; what the editor holds covers what is on the disk.
    pub(super) fn overlay(&self, root: &Path) -> Overlay {
        let inside =
            |document: &Document| Some((inside(root, &document.path)?, document.source.text.clone()));
        let open = self.documents.values().filter_map(inside).collect();
        Overlay { disk: self.host.files(root), open }
    }

    /// The project that has a file among its sources, systems before lone files.
    pub(super) fn home(&self, path: &Path) -> Option<(&Loaded, &Analysis, &Source)> {
        let found = |lone: bool| {
            self.projects.iter().filter(move |project| project.lone == lone).find_map(|project| {
                let analysis = project.analysis.as_ref()?;
                let source = analysis.source(&inside(&project.opened.root, path)?)?;
                Some((project, analysis, source))
            })
        };
        found(false).or_else(|| found(true))
    }

    /// The file that a request names.
    pub(in crate::lsp) fn at(&self, params: &Value) -> Result<At<'_>, (i32, String)> {
        let named = params
            .pointer("/textDocument/uri")
            .or_else(|| params.pointer("/item/uri"))
            .or_else(|| params.get("uri"));
        let uri = named
            .and_then(Value::as_str)
            .ok_or((INVALID_PARAMS, "expected the name of a file".to_owned()))?;
        let path = uri::to_path(uri).unwrap_or_else(|| PathBuf::from(uri));
        let (project, analysis, source) =
            self.home(&path).ok_or((INVALID_PARAMS, format!("`{uri}` is not open")))?;
        Ok(At { project, analysis, source })
    }

    /// The file and the offset that a request names.
    pub(in crate::lsp) fn at_offset(&self, params: &Value) -> Result<(At<'_>, u32), (i32, String)> {
        let at = self.at(params)?;
        let position = params.get("position").or_else(|| params.pointer("/item/selectionRange/start"));
        let offset = position.and_then(|position| self.encoding.offset(at.source, position));
        let offset = offset.ok_or((INVALID_PARAMS, "expected a position".to_owned()))?;
        Ok((at, offset))
    }

    /// All systems that are open.
    pub(in crate::lsp) fn systems(&self) -> impl Iterator<Item = At<'_>> {
        self.projects.iter().filter(|project| !project.lone).filter_map(|project| {
            let analysis = project.analysis.as_ref()?;
            let source = analysis.source(&project.opened.entry)?;
            Some(At { project, analysis, source })
        })
    }

    /// The files of a project as the editor sees them.
    pub(in crate::lsp) fn files(&self, project: &Loaded) -> Overlay {
        self.overlay(&project.opened.root)
    }

    /// The name of a source in the protocol.
    pub(in crate::lsp) fn uri_of(&self, root: &Path, path: &str) -> Option<String> {
        if path.starts_with(STD_PREFIX) {
            return self.host.library(path).map(|path| uri::from_path(&path));
        }
        let path = root.join(path);
        let open = self.documents.iter().find(|(_, document)| document.path == path);
        Some(open.map_or_else(|| uri::from_path(&path), |(uri, _)| uri.clone()))
    }
}

/// The path of a file inside a folder, with `/`.
pub(super) fn inside(root: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> =
        path.strip_prefix(root).ok()?.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}
