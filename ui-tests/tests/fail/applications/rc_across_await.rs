extern crate renamed_typegate as typegate;

use std::rc::Rc;

use typegate::CallbackError;
use typegate::hooks::{Callbacks, SignInAttempt};

async fn is_known(_id: &str) -> bool {
    true
}

async fn may_sign_in(attempt: SignInAttempt) -> Result<bool, CallbackError> {
    let id = Rc::new(attempt.user.id);
    let known = is_known(&id).await;
    Ok(known && !id.is_empty())
}

fn main() {
    let _callbacks = Callbacks::new().sign_in(may_sign_in);
}
