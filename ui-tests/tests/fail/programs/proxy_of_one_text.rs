extern crate renamed_typegate as typegate;

use typegate::TrustedProxy;

fn main() {
    let _proxy = TrustedProxy::hosts("app.example.com");
}
