extern crate renamed_typegate as typegate;

use typegate::provider::OAuthDefinition;

fn main() {
    let _ = OAuthDefinition::builder().scope("openid").build();
}
