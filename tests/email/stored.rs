//! The stored verification token: a copy of the database is no way in.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use typegate::adapter::{MemoryAdapter, SqliteAdapter};
use typegate::provider::{Email, EmailMessage};
use typegate::testing::FrozenClock;
use typegate::{Auth, Secret};

use super::world::{Lines, NOW, SECRET, World, error, location, parameter, with};

/// A folder of one's own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let mut random = [0; 16];
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut random).unwrap();
        let name = format!("typegate-{:032x}", u128::from_be_bytes(random));
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir(&folder.0).unwrap();
        folder
    }

    /// Every byte of every file: table, indices, what was deleted, the write-ahead log.
    fn dump(&self) -> Vec<u8> {
        let files = std::fs::read_dir(&self.0).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

fn contains(dump: &[u8], text: &str) -> bool {
    dump.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn r074_no_byte_of_the_database_makes_a_link() {
    let folder = Folder::new();
    let url = format!("sqlite://{}", folder.0.join("auth.db").display());
    let adapter = SqliteAdapter::connect(&url).await.unwrap();
    adapter.migrate().await.unwrap();
    let mailbox: Arc<Mutex<Vec<EmailMessage>>> = Arc::default();
    let sent = Arc::clone(&mailbox);
    let (clock, lines) = (FrozenClock::at(NOW), Lines::default());
    let auth = Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url("http://localhost:3000".parse().unwrap())
        .adapter(adapter)
        .clock(clock.clone())
        .logger(lines.clone())
        .provider(Email::new(move |message| {
            sent.lock().unwrap().push(message);
            async { Ok(()) }
        }))
        .build()
        .unwrap();
    let mut world = World::of(auth, MemoryAdapter::new(), clock, lines);
    world.ask("ada@example.com").await;
    let link = mailbox.lock().unwrap().pop().unwrap().url;
    let token = parameter(&link, "token");
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{token}{SECRET}").as_bytes());
    let hash: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();

    let dump = folder.dump();
    assert!(contains(&dump, "ada@example.com") && contains(&dump, &hash), "the row is there");
    assert!(!contains(&dump, &token));
    let stolen = with(&link, "token", Some(&hash));
    assert_eq!(location(&world.get(&stolen).await), error("Verification"));
    world.get(&link).await;
    assert_eq!(world.session().await["user"]["email"], "ada@example.com");
    assert!(!contains(&folder.dump(), &token));
}
