extern crate renamed_typegate as typegate;

use typegate::provider::{Check, Oidc};

fn main() {
    let _provider = Oidc::new("acme", "Acme", "https://id.acme.example", "client", "s3cr3t")
        .checks([Check::PkcePlain]);
}
