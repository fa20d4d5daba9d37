extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;

fn main() {
    let _ = GitHub::builder().client_secret("client secret").build();
}
