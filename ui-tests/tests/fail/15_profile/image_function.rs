//! A function with another answer.

use renamed_typegate::Profile;

#[derive(Profile)]
#[profile(crate = renamed_typegate, image = avatar)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn avatar(user: &AcmeUser) -> String {
    user.id.to_string()
}

fn main() {}
