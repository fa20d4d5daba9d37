extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct AppSession {
    user_id: String,
}

fn main() {
    let _callbacks = Callbacks::new()
        .session(|request| Ok(AppSession { user_id: request.session.expires }));
}
