//! No member is the id.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    login: String,
    #[profile(name)]
    name: Option<String>,
}

fn main() {
    let _ = renamed_typegate::provider::ProfileMapper::of::<AcmeUser>();
}
