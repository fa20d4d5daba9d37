//! A parameter that is a field's type.

extern crate renamed_typegate as typegate;

use typegate::{ClientSecret, OAuthProvider};

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme<T> {
    client_id: String,
    client_secret: ClientSecret,
    marker: std::marker::PhantomData<T>,
}

fn main() {}
