extern crate renamed_typegate as typegate;

use typegate::AdapterError;
use typegate::adapter::DynamicAdapter;

async fn adapter(url: &str) -> Result<DynamicAdapter, AdapterError> {
    DynamicAdapter::connect(url, ()).await
}

fn main() {}
