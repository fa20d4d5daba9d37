//! A temporary folder for one test.

use std::path::PathBuf;

use ring::rand::{SecureRandom as _, SystemRandom};

pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let mut random = [0; 16];
        SystemRandom::new().fill(&mut random).unwrap();
        let name = format!("typegate-{:032x}", u128::from_be_bytes(random));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    /// The address of an SQLite database in it.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.0.join("auth.db").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}
