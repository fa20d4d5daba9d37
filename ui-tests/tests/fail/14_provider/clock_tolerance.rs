//! A tolerance that is too much, one that is a text, one of plain OAuth 2.0, and a comparison that
//! there is not.

use renamed_typegate::{ClientSecret, OAuthProvider, RawProfile};

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    issuer = "https://id.acme.example",
    issuer_comparison = "ignoring_slash",
    clock_tolerance = 3600,
)]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "beta",
    name = "Beta",
    issuer = "https://id.beta.example",
    clock_tolerance = "a minute",
)]
struct Beta {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "gamma",
    name = "Gamma",
    authorization_endpoint = "https://gamma.example/authorize",
    token_endpoint = "https://gamma.example/token",
    userinfo_endpoint = "https://gamma.example/me",
    issuer_comparison = "ignoring_final_slash",
    clock_tolerance = 60,
    profile = Person,
)]
struct Gamma {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(crate = renamed_typegate)]
struct Person {
    #[profile(id)]
    id: String,
}

fn main() {}
