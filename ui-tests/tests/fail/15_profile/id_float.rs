//! An id that is no whole number, and an address that is a list.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: f64,
    #[profile(email)]
    emails: Vec<String>,
}

fn main() {}
