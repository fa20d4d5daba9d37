extern crate renamed_typegate as typegate;

use typegate::SignatureAlgorithm;
use typegate::provider::{OAuthClient, Oidc};

fn main() {
    let _provider = Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example").client(OAuthClient::new("client", "s3cr3t".into()))
        .id_token_algorithm(SignatureAlgorithm::None).build();
}
