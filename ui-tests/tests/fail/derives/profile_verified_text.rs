//! A proof that is a text.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
    #[profile(email)]
    email: String,
    #[profile(email_verified)]
    confirmed_at: Option<String>,
}

fn main() {}
