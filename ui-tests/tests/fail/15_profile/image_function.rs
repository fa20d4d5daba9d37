//! A function whose answer is no text.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate, image = has_avatar)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn has_avatar(user: &AcmeUser) -> bool {
    user.id > 0
}

fn main() {}
