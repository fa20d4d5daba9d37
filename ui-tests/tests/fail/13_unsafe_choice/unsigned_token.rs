extern crate renamed_typegate as typegate;

use typegate::SignatureAlgorithm;
use typegate::provider::Oidc;

fn main() {
    let _provider = Oidc::new("acme", "Acme", "https://id.acme.example", "client", "s3cr3t")
        .id_token_algorithm(SignatureAlgorithm::None);
}
