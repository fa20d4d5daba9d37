extern crate renamed_typegate as typegate;

use typegate::provider::{Client, Endpoints, OAuthDefinition};

fn main() {
    let _definition = OAuthDefinition::builder()
        .id("acme")
        .name("Acme")
        .client(Client::public("client"))
        .endpoints(Endpoints::discovered("https://id.acme.example"))
        .build();
}
