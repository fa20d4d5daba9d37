extern crate renamed_typegate as typegate;

use typegate::guard::Guard;
use typegate::{Auth, ConfigError};

fn guard(auth: Auth) -> Result<(), ConfigError> {
    Guard::new(auth)
        .authorized(|session, _path| session.user.email.as_ref().map(|email| email == "ada@example.com"))
        .build()?;
    Ok(())
}

fn main() {
    let _ = guard;
}
