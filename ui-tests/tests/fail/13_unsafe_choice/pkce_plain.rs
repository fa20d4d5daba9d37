extern crate renamed_typegate as typegate;

use typegate::provider::{Check, OAuthClient, Oidc};

fn main() {
    let _provider = Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example").client(OAuthClient::new("client", "s3cr3t".into()))
        .checks([Check::PkcePlain]).build();
}
