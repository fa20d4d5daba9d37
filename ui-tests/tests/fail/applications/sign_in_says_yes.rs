extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;

fn main() {
    let _callbacks = Callbacks::new().sign_in(|attempt| async move { attempt.user.email.is_some() });
}
