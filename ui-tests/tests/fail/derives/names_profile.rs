//! The claims and members by their own names.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(sub)]
    sub: String,
    #[profile(username)]
    login: String,
    #[profile(avatar)]
    avatar_url: Option<String>,
    #[profile(emailVerified)]
    verified: Option<bool>,
    #[profile(rename = "displayName")]
    display_name: Option<String>,
    #[profile(optional)]
    bio: Option<String>,
}

fn main() {}
