//! The place of an id behind its role.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id = "data.user_id")]
    id: String,
    #[profile(name = display_name)]
    name: Option<String>,
}

fn main() {}
