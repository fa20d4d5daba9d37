extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

fn main() {
    let _callbacks = Callbacks::new().jwt(|mut request| async move {
        request.token.insert("role", "admin");
    });
}
