extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::provider::{OAuthDefinition, Oidc};

fn main() {
    let _ = OAuthDefinition::builder().id("acme").clinet("client id");
    let _ = Oidc::builder().id("acme").isuer("https://id.acme.example");
    let _ = GitHub::builder().client_id("client id").clientsecret("client secret");
}
