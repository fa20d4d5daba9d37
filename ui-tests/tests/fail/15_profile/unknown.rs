//! Attributes that do not exist, or take no value.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id, pathh = "a.b")]
    id: u64,
    #[profile(mail)]
    mail: Option<String>,
    #[profile(name = "display_name")]
    name: Option<String>,
}

fn main() {}
