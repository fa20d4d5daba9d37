extern crate renamed_typegate as typegate;

use typegate::Jwt;

fn main() {
    let _sessions = Jwt::default().issue_auth_js_v5();
}
