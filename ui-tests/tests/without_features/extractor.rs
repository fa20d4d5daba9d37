extern crate renamed_typegate as typegate;

use typegate::Session;

async fn home(session: Option<Session>) -> &'static str {
    if session.is_some() { "somebody" } else { "nobody" }
}

fn main() {}
