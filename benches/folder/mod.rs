//! A folder for the databases of a run, removed in the end.

#![expect(clippy::expect_used, reason = "a bench without a folder stops")]

use std::path::{Path, PathBuf};

pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("typegate-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder of this process");
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
