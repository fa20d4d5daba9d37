//! A type that no JSON value becomes.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
    seen: std::time::Duration,
}

fn main() {}
