extern crate renamed_typegate as typegate;

use typegate::CallbackError;
use typegate::hooks::{Callbacks, SignInAttempt};

async fn may_sign_in(attempt: SignInAttempt) -> Result<String, CallbackError> {
    Ok(format!("/welcome/{}", attempt.user.id))
}

fn main() {
    let _callbacks = Callbacks::new().sign_in(may_sign_in);
}
