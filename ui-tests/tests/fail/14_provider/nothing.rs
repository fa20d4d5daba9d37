//! A provider that says nothing: everything that is missing, at once, and its uses are no errors.

use renamed_typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn main() {
    let _ = Acme::new("client id", "client secret".into());
    let _ = renamed_typegate::Auth::builder().provider(Acme::from_env().unwrap());
}
