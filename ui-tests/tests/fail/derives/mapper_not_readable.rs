//! A mapper of a type that serde cannot read.

extern crate renamed_typegate as typegate;

use typegate::Profile;
use typegate::provider::ProfileMapper;

struct AcmeUser {
    sub: String,
}

fn main() {
    let _ = ProfileMapper::new(|user: AcmeUser, _tokens| Ok(Profile::new(user.sub)));
}
