extern crate renamed_typegate as typegate;

use typegate::ClientSecret;
use typegate::provider::catalog::GitHub;
use typegate::provider::OAuthClient;

fn main() {
    let _ = GitHub::new(ClientSecret::new("client secret"), "client id");
    let _ = GitHub::new("client id", "client secret");
    let _ = OAuthClient::new("client id", "client secret");
}
