extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

fn main() {
    let _callbacks = Callbacks::new().jwt(|mut token, user| async move {
        token.insert("name", user.name);
        Ok(token)
    });
}
