//! The attribute of a field by another name.

extern crate renamed_typegate as typegate;

use serde::Deserialize;
use typegate::RawProfile;

#[derive(Deserialize, RawProfile)]
struct AcmeProfile {
    #[profile(id)]
    sub: String,
    #[profile(email)]
    mail: Option<String>,
    #[profiles(email_verified)]
    verified: bool,
}

fn main() {}
