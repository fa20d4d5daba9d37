extern crate renamed_typegate as typegate;

use typegate::provider::OAuthDefinition;

fn main() {
    let _ = OAuthDefinition::builder().id("acme").scope("openid").name("Acme").scope("email");
}
