//! May somebody try once more? The rate limit, asked and logged in one place.

use http::StatusCode;
use jiff::Timestamp;

use crate::config::Config;
use crate::error::ErrorCode;
use crate::message::Reply;
use crate::rate_limit::{Attempt, CountedBy, LimitedAction, Verdict};

/// It may not, for now.
pub(crate) struct Limited {
    retry_after: Option<u32>,
}

impl Limited {
    /// The answer of an attempt that failed, with the status of one too many (RFC 6585 section 4).
    pub(crate) fn reply(self, reply: Reply) -> Reply {
        reply.status(StatusCode::TOO_MANY_REQUESTS).retry_after(self.retry_after)
    }
}

/// Counts an attempt. Without anybody to count it for it is allowed.
pub(crate) async fn count_attempt(
    config: &Config,
    action: LimitedAction,
    by: Option<CountedBy>,
    now: Timestamp,
    provider: Option<&str>,
) -> Result<(), Limited> {
    let Some(by) = by else { return Ok(()) };
    match (config.rate_limit)(Attempt::new(action, by, now)).await {
        Ok(Verdict::Allowed) => Ok(()),
        Ok(Verdict::Refused { retry_after }) => {
            config.log.note(ErrorCode::RateLimit, provider, "too many attempts");
            Err(Limited { retry_after })
        }
        Err(error) => {
            config.log.failure(ErrorCode::RateLimitStore, provider, &error);
            Err(Limited { retry_after: None })
        }
    }
}
