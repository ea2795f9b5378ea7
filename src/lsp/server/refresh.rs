//! From texts that changed to what is known about them, before anything is told or answered. Must not wait for the slow
//! half.

use std::path::PathBuf;

use super::{CHECKED_AT_ONCE, Loaded, Server, inside, settings};
use crate::ide::Analysis;

impl Server<'_> {
    /// Checks what changed and tells what was found.
    pub(super) fn refresh(&mut self) {
        if self.projects.iter().any(|project| project.dirty) {
            for at in 0..self.projects.len() {
                self.check(at);
            }
            self.lone_files();
            self.publish();
            self.check_aside(Loaded::is_new);
        }
    }

    fn check(&mut self, at: usize) {
        let Some(root) = self.projects.get(at).filter(|it| it.dirty).map(|it| it.opened.root.clone()) else {
            return;
        };
        let files = self.overlay(&root);
        if let Some(project) = self.projects.get_mut(at) {
            let Loaded { opened, cache, analysis, .. } = project;
            analysis.iter_mut().for_each(Analysis::release);
            let new =
                Analysis::within(&opened.entry, &opened.settings.project, &files, cache, CHECKED_AT_ONCE);
            self.retired.extend(project.analysis.replace(new));
            project.dirty = false;
        }
    }

    /// Open files that their system does not import stand alone.
    fn lone_files(&mut self) {
        let paths: Vec<PathBuf> = self.documents.values().map(|document| document.path.clone()).collect();
        for path in paths {
            if !settings::is_settings(&path) && self.home(&path).is_none() {
                let mut opened = self.opened(&path);
                if let Some(entry) = inside(&opened.root, &path) {
                    opened.entry = entry;
                    self.projects.push(Loaded::new(opened, true));
                    self.check(self.projects.len() - 1);
                }
            }
        }
    }
}
