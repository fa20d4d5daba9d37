extern crate renamed_typegate as typegate;

use typegate::provider::Endpoints;

fn main() {
    let _ = Endpoints::oauth2()
        .authorization_endpoint("https://acme.example/authorize")
        .token_endpoint("https://acme.example/token")
        .build();
}
