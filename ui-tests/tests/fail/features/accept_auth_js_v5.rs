extern crate renamed_typegate as typegate;

use typegate::Jwt;

fn main() {
    let _sessions = Jwt::default().accept_auth_js_v5().max_age(3600);
}
