//! A hook that is not async.

extern crate renamed_typegate as typegate;

use typegate::provider::UserInfoRequest;
use typegate::{BoxError, ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    id = "acme",
    name = "Acme",
    authorization_endpoint = "https://acme.example/authorize",
    token_endpoint = "https://acme.example/token",
    userinfo_endpoint(url = "https://acme.example/me", hook = with_email),
    profile = AcmeUser,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

fn with_email(request: UserInfoRequest<'_>) -> Result<u64, BoxError> {
    drop(request);
    Ok(7)
}

#[derive(RawProfile)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
}

fn main() {}
