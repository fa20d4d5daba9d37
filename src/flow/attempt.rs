//! May somebody try once more? The rate limit, asked and logged in one place.

use jiff::Timestamp;

use crate::config::Config;
use crate::error::ErrorCode;
use crate::rate_limit::{Attempt, CountedBy, LimitedAction};

/// Counts an attempt. Without anybody to count it for it is allowed.
pub(crate) async fn is_allowed(
    config: &Config,
    action: LimitedAction,
    by: Option<CountedBy>,
    now: Timestamp,
    provider: Option<&str>,
) -> bool {
    let Some(by) = by else { return true };
    match (config.rate_limit)(Attempt::new(action, by, now)).await {
        Ok(true) => true,
        Ok(false) => {
            config.log.note(ErrorCode::RateLimit, provider, "too many attempts");
            false
        }
        Err(error) => {
            config.log.failure(ErrorCode::RateLimitStore, provider, &error);
            false
        }
    }
}
