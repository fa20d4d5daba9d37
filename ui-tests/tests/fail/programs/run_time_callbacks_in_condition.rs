extern crate renamed_typegate as typegate;

use serde::{Deserialize, Serialize};
use typegate::builder::AuthBuilder;
use typegate::hooks::Callbacks;
use typegate::{Auth, ConfigError};

#[derive(Clone, Serialize, Deserialize)]
struct AppSession {
    role: String,
}

fn finish(mut builder: AuthBuilder, roles: bool) -> Result<Auth, ConfigError> {
    if roles {
        builder = builder.callbacks(Callbacks::new().session(|_| async {
            Ok(AppSession { role: "reader".to_owned() })
        }));
    }
    builder.build()
}

fn main() {}
