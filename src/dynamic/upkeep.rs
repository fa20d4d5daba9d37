//! The upkeep of a database that nobody but the configuration knows: what has ended is removed, and
//! somebody asks whether it answers.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use crate::adapter::DeletedRows;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::adapter::{ExpiredRows as _, SessionStore as _, SqlAdapter, SqlDatabase};
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::crypto::secret::SessionToken;
use crate::error::AdapterError;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, AdapterError>> + Send>>;

/// What is done with an open database beside serving requests.
#[derive(Clone)]
pub(super) struct Upkeep {
    delete_expired: Arc<dyn Fn(Timestamp) -> Answer<DeletedRows> + Send + Sync>,
    ask: Arc<dyn Fn() -> Answer<()> + Send + Sync>,
    close: Arc<dyn Fn() -> Answer<()> + Send + Sync>,
}

impl Upkeep {
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    pub(super) fn of<D: SqlDatabase>(store: SqlAdapter<D>) -> Self {
        let (asked, closed) = (store.clone(), store.clone());
        Self {
            delete_expired: Arc::new(move |now| {
                let store = store.clone();
                Box::pin(async move { store.delete_expired(now).await })
            }),
            ask: Arc::new(move || {
                let store = asked.clone();
                Box::pin(async move {
                    // Nobody's, and looked for by an index.
                    let token = SessionToken::from("readiness");
                    store.session_and_user(&token).await.map(drop)
                })
            }),
            close: Arc::new(move || {
                let store = closed.clone();
                Box::pin(async move { store.close().await })
            }),
        }
    }

    pub(super) async fn delete_expired(&self, now: Timestamp) -> Result<DeletedRows, AdapterError> {
        (self.delete_expired)(now).await
    }

    /// Fails unless the database answers a query.
    pub(super) async fn ask(&self) -> Result<(), AdapterError> {
        (self.ask)().await
    }

    pub(super) async fn close(&self) -> Result<(), AdapterError> {
        (self.close)().await
    }
}

impl fmt::Debug for Upkeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Upkeep")
    }
}
