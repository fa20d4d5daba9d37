extern crate renamed_typegate as typegate;

use typegate::Session;

#[axum::debug_handler(state = typegate::Auth)]
async fn save(text: String, _session: Session) -> String {
    text
}

fn main() {}
