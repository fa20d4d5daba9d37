extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::hooks::Callbacks;
use typegate::{Auth, ConfigError};

fn finish(mut builder: AuthBuilder, strict: bool) -> Result<Auth, ConfigError> {
    if strict {
        builder = builder.callbacks(Callbacks::new().sign_in(|attempt| async move {
            Ok(attempt.user.email.is_some())
        }));
    }
    builder.build()
}

fn main() {}
