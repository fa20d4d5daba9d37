//! An id that may be missing.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: Option<String>,
}

fn main() {}
