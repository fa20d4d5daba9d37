extern crate renamed_typegate as typegate;

use typegate::AdapterError;
use typegate::adapter::{DatabaseOptions, DynamicAdapter};

async fn adapter(url: &str) -> Result<DynamicAdapter, AdapterError> {
    DynamicAdapter::connect(url, DatabaseOptions::default())
        .await?
        .with_redis("redis://localhost", ())
        .await
}

fn main() {}
