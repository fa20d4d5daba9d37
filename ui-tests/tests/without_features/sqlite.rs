extern crate renamed_typegate as typegate;

use typegate::AdapterError;
use typegate::adapter::SqliteAdapter;

async fn adapter() -> Result<SqliteAdapter, AdapterError> {
    SqliteAdapter::connect("sqlite://auth.db").await
}

fn main() {}
