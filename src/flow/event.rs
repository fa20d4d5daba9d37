//! Events: the application is told, and its failure changes nothing.

use std::future::Future;

use crate::config::Config;
use crate::error::{CallbackError, ErrorCode};

/// Awaits an event handler, if there is one, and logs its failure.
pub(crate) async fn fire<E, R>(
    config: &Config,
    handler: Option<impl Fn(E) -> R>,
    event: impl FnOnce() -> E,
    code: ErrorCode,
) where
    R: Future<Output = Result<(), CallbackError>>,
{
    if let Some(handler) = handler
        && let Err(error) = handler(event()).await
    {
        config.log.failure(code, None, error.as_error());
    }
}
