extern crate renamed_typegate as typegate;

use typegate::ClientSecret;

fn main() {
    let secret = ClientSecret::new("s3cr3t");
    println!("{secret}");
}
