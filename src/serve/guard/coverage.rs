//! Whether a guard covers anything. A layer of a router covers the routes that are there when it is
//! given, and all that are added later are open to everybody: neither types nor `build()` see that, but
//! such a guard meets only requests that match no route.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use http::{Extensions, StatusCode};

/// How many requests a guard meets before it says so. A browser that asks for an icon first is no sign.
const MANY: u8 = 8;
/// The same of requests that it refused, of which nobody knows what would have answered them.
const VERY_MANY: u8 = 64;

#[derive(Default)]
pub(super) struct Coverage {
    unmatched: AtomicU8,
    /// It covers something, or the log has it that it does not.
    is_settled: AtomicBool,
    /// The log has it that it refused nothing but unknown paths.
    is_suspected: AtomicBool,
}

impl Coverage {
    /// Whether this request is one more sign that nothing is covered.
    pub(super) fn doubts(&self, extensions: &Extensions) -> bool {
        if self.is_settled.load(Ordering::Relaxed) {
            return false;
        }
        let is_unmatched = is_unmatched(extensions);
        if is_unmatched == Some(false) {
            self.is_settled.store(true, Ordering::Relaxed);
        }
        let is_sign = is_unmatched == Some(true);
        if is_sign && self.unmatched.load(Ordering::Relaxed) < VERY_MANY {
            self.unmatched.fetch_add(1, Ordering::Relaxed);
        }
        is_sign
    }

    /// Something is covered, whatever requests look like.
    #[cfg(feature = "axum")]
    pub(super) fn settle(&self) {
        self.is_settled.store(true, Ordering::Relaxed);
    }

    /// Whether to say it now that such a request was refused.
    pub(super) fn is_missing_at_refusal(&self) -> bool {
        self.unmatched.load(Ordering::Relaxed) >= VERY_MANY
            && !self.is_suspected.swap(true, Ordering::Relaxed)
    }

    /// Whether to say it now that such a request was answered from within. What answers with anything
    /// but 404 is a fallback, which is covered.
    pub(super) fn is_missing(&self, answer: StatusCode) -> bool {
        let is_served = answer != StatusCode::NOT_FOUND;
        let is_time = is_served || self.unmatched.load(Ordering::Relaxed) >= MANY;
        is_time && !self.is_settled.swap(true, Ordering::Relaxed) && !is_served
    }
}

/// Whether a router looked for a route and found none; `None` where no router did.
#[cfg(feature = "axum")]
fn is_unmatched(extensions: &Extensions) -> Option<bool> {
    extensions.get::<axum::extract::OriginalUri>()?;
    Some(extensions.get::<axum::extract::MatchedPath>().is_none())
}

#[cfg(not(feature = "axum"))]
fn is_unmatched(_: &Extensions) -> Option<bool> {
    None
}
