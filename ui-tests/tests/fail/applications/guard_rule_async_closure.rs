extern crate renamed_typegate as typegate;

use typegate::guard::Guard;
use typegate::{Auth, ConfigError};

fn guard(auth: Auth) -> Result<(), ConfigError> {
    Guard::new(auth).authorized(async |session, _path| session.user.email.is_some()).build()?;
    Ok(())
}

fn main() {
    let _ = guard;
}
