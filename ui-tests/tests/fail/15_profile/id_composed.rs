//! An id made of something, a picture of nothing, a name of a member that is not there.

use renamed_typegate::RawProfile;

#[derive(RawProfile)]
#[profile(crate = renamed_typegate, id = "{realm}/{id}", image = "https://acme.example/logo.png", name = "{frist} {id}")]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
