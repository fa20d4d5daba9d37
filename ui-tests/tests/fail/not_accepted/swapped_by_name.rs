extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::provider::{OAuth1Client, OAuthClient};
use typegate::{ClientSecret, Secret};

fn swapped(id: String, secret: ClientSecret) {
    let _ = GitHub::builder().client_secret(id).client_id(secret);
}

fn of_the_application(secret: Secret) {
    let _ = GitHub::builder().client_id("client id").client_secret(secret);
}

fn main() {
    let _ = OAuth1Client::new(ClientSecret::new("secret"), ClientSecret::new("secret"));
    let _ = OAuthClient::public(7);
}
