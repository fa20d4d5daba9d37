extern crate renamed_typegate as typegate;

use typegate::Session;

async fn me(session: Session) -> String {
    format!("you are {}", session.user.id)
}

fn main() {
    let _ = me;
}
