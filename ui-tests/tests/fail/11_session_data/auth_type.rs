extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Secret};

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct AppSession {
    expires: String,
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Claims {
    roles: Vec<String>,
}

fn main() -> Result<(), ConfigError> {
    let _auth: Auth<Claims> =
        Auth::builder()
            .secret(Secret::from_env()?)
            .url("https://app.example.com".parse()?)
            .provider(GitHub::from_env()?)
            .callbacks(Callbacks::new().session(|request| async move {
                Ok(AppSession { expires: request.session.expires })
            }))
            .build()?;
    Ok(())
}
