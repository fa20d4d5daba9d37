extern crate renamed_typegate as typegate;

use typegate::Jwt;

fn main() {
    let _strategy = Jwt::default().max_age(3600).max_size(7500).max_age(60);
}
