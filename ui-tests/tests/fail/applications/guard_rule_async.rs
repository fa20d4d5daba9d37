extern crate renamed_typegate as typegate;

use typegate::guard::Guard;
use typegate::{Auth, ConfigError};

async fn is_admin(_email: Option<String>) -> bool {
    false
}

fn guard(auth: Auth) -> Result<(), ConfigError> {
    Guard::new(auth)
        .authorized(|session, _path| {
            let email = session.user.email.clone();
            async move { is_admin(email).await }
        })
        .build()?;
    Ok(())
}

fn main() {
    let _ = guard;
}
