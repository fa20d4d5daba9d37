//! Paths that name nothing, and an extra member that every user has.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id, path = "data..id", or = "list[x]")]
    id: u64,
    #[profile(extra = "email")]
    mail: Option<String>,
}

fn main() {}
