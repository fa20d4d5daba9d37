extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

fn main() {
    let _callbacks = Callbacks::new().jwt(|request| async move {
        let mut token = request.token;
        token.role = "admin".to_owned();
        Ok(token)
    });
}
