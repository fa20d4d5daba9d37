extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;
use typegate::{CallbackError, User};

async fn may_sign_in(user: User) -> Result<bool, CallbackError> {
    Ok(user.email.is_some())
}

fn main() {
    let _callbacks = Callbacks::new().sign_in(may_sign_in);
}
