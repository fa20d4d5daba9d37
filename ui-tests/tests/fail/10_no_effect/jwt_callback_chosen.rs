extern crate renamed_typegate as typegate;

use typegate::adapter::MemoryAdapter;
use typegate::hooks::Callbacks;
use typegate::provider::catalog::GitHub;
use typegate::{Auth, ConfigError, Database, Secret};

fn main() -> Result<(), ConfigError> {
    Auth::builder()
        .secret(Secret::from_env()?)
        .url("https://app.example.com".parse()?)
        .adapter(MemoryAdapter::new())
        .provider(GitHub::from_env()?)
        .callbacks(Callbacks::new().jwt(|request| async { Ok(request.token) }))
        .session(Database::default())
        .build()?;
    Ok(())
}
