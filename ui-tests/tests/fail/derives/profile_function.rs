//! A function of another form.

extern crate renamed_typegate as typegate;

use typegate::RawProfile;

#[derive(RawProfile)]
#[profile(image = avatar, name = full_name)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn avatar(user: AcmeUser) -> String {
    user.id.to_string()
}

fn full_name() -> String {
    String::new()
}

fn main() {}
