extern crate renamed_typegate as typegate;

use typegate::hooks::{Callbacks, SignInAttempt};

async fn may_sign_in(attempt: SignInAttempt) -> Result<bool, std::num::ParseIntError> {
    Ok(attempt.user.id.parse::<u32>()? > 0)
}

fn main() {
    let _callbacks = Callbacks::new().sign_in(may_sign_in);
}
