extern crate renamed_typegate as typegate;

use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Jwt, Secret};
use typegate_ui_tests::UsersOnly;

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .provider(GitHub::from_env()?)
        .adapter(UsersOnly)
        .session(Jwt::default())
        .account_tokens()
        .build()?;
    Ok(())
}
