extern crate renamed_typegate as typegate;

use typegate::provider::{Endpoints, OAuthDefinition};

fn main() {
    let _ = OAuthDefinition::builder().id("acme").client("client id");
    let _ = OAuthDefinition::builder().id("acme").endpoints("https://id.acme.example");
    let _ = OAuthDefinition::builder().id(7);
    let _ = Endpoints::oauth2().token_endpoint(7);
}
