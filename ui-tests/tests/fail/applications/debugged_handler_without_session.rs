extern crate renamed_typegate as typegate;

use typegate::{Auth, User};

#[axum::debug_handler(state = Auth)]
async fn home(user: User) -> String {
    user.name.unwrap_or_default()
}

fn main() {}
