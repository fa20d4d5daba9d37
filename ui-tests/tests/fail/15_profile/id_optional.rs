//! An id that may be missing.

use renamed_typegate::Profile;

#[derive(Profile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: Option<String>,
}

fn main() {}
