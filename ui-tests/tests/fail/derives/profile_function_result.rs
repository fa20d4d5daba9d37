//! A function that may fail.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
#[profile(image = avatar)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn avatar(user: &AcmeUser) -> Result<String, std::fmt::Error> {
    Ok(user.id.to_string())
}

fn main() {}
