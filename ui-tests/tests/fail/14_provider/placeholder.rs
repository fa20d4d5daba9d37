//! Names that nothing has, here or at all.

use renamed_typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "{base}/authorize",
    token_endpoint(url = "{base_url}/token", form(key = "{access_token}")),
    userinfo_endpoint = "{base_url}/me",
    profile = AcmeUser,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
    base_url: String,
}

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
