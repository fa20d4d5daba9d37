extern crate renamed_typegate as typegate;

use typegate::provider::{Adjust as _, Client, Check, Oidc};

fn main() {
    let _provider = Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example").client(Client::new("client", "s3cr3t")).build()
        .checks([Check::PkcePlain]);
}
