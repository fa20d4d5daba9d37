//! OAuth 1.0a: everything at once.

use renamed_typegate::OAuth1Provider;

#[derive(OAuth1Provider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    request_token_url = "http://acme.example/request",
    signature = "HMAC-SHA2",
)]
struct Acme {
    client_key: String,
    token: String,
}

fn main() {}
