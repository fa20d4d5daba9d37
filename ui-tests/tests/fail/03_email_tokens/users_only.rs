extern crate renamed_typegate as typegate;

use typegate::provider::Email;
use typegate::{Auth, ConfigError, Jwt, Secret};
use typegate_ui_tests::UsersOnly;

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .adapter(UsersOnly)
        .provider(Email::new(|_message| async { Ok(()) }))
        .session(Jwt::default())
        .build()?;
    Ok(())
}
