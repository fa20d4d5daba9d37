extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

struct AppSession {
    expires: String,
}

fn main() {
    let _callbacks = Callbacks::new()
        .session(|request| async move { Ok(AppSession { expires: request.session.expires }) });
}
