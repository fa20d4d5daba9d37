//! A member looks like the id and is not marked.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    sub: String,
    #[profile(name)]
    name: Option<String>,
}

fn main() {}
