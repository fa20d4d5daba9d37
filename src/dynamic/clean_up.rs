//! Who removes what has ended from a database that nobody but the configuration knows?

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use crate::adapter::DeletedRows;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::adapter::ExpiredRows;
use crate::error::AdapterError;

type Deletion = Pin<Box<dyn Future<Output = Result<DeletedRows, AdapterError>> + Send>>;

/// Removes it.
#[derive(Clone)]
pub(super) struct CleanUp(Arc<dyn Fn(Timestamp) -> Deletion + Send + Sync>);

impl CleanUp {
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    pub(super) fn of(store: impl ExpiredRows + Clone) -> Self {
        Self(Arc::new(move |now| {
            let store = store.clone();
            Box::pin(async move { store.delete_expired(now).await })
        }))
    }

    pub(super) async fn run(&self, now: Timestamp) -> Result<DeletedRows, AdapterError> {
        (self.0)(now).await
    }
}

impl fmt::Debug for CleanUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CleanUp")
    }
}
