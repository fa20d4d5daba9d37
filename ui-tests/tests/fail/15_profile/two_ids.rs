//! Two members are the id.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
    #[profile(id)]
    sub: String,
}

fn main() {}
