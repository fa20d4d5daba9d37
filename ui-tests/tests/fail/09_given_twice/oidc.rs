extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::{Endpoints, OAuth1Client, OAuth1Definition, OAuthClient, Oidc};

fn main() {
    let _ = Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.acme.example")
        .issuer("https://login.acme.example")
        .scope("openid")
        .scope("email")
        .client(OAuthClient::new("client id", ClientSecret::new("client secret")))
        .build();

    let _ = Endpoints::oauth2()
        .token_endpoint("https://acme.example/token")
        .token_endpoint("https://acme.example/oauth/token");

    let _ = OAuth1Definition::builder()
        .client(OAuth1Client::new("consumer key", ClientSecret::new("consumer secret")))
        .client(OAuth1Client::new("consumer key", ClientSecret::new("another secret")));
}
