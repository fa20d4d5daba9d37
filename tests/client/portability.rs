//! Portability: the client does no I/O of its own, because browsers have no sockets.

use std::fs;
use std::path::{Path, PathBuf};

const FORBIDDEN: [&str; 10] = [
    "tokio::net",
    "tokio::io",
    "tokio::fs",
    "tokio::process",
    "tokio::runtime",
    "std::net",
    "std::fs",
    "std::thread",
    "std::time::Instant",
    "hyper_util",
];

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { sources(&path, files) } else { files.push(path) }
    }
}

#[test]
fn the_client_leaves_io_to_its_http_client() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/client"), &mut files);
    assert!(files.len() > 10, "the client was not found");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let used = FORBIDDEN.iter().find(|name| text.contains(*name));
        assert_eq!(used, None, "{}", file.display());
    }
}
