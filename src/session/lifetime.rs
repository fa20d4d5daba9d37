//! The absolute lifetime of a session: when it ends even if it is used all the time.

use jiff::Timestamp;

use crate::jose::Claims;
use crate::jose::TokenRefused;
use crate::runtime::clock::after;

/// The claim that says when somebody signed in, in seconds since 1970. Only sites that limit how
/// long a session lasts have it.
const STARTED: &str = "session_started_at";

/// For how many seconds a session lasts at most, if that is limited.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SessionLifetime(Option<i64>);

impl SessionLifetime {
    pub(crate) fn seconds(seconds: u32) -> Self {
        Self(Some(i64::from(seconds)))
    }

    /// Whether a session is over when it begins.
    pub(crate) fn is_nothing(self) -> bool {
        self.0 == Some(0)
    }

    /// A session begins, whatever the application's callback says about that.
    pub(crate) fn begin(self, claims: &mut Claims, now: Timestamp) {
        if self.0.is_some() {
            claims.insert(STARTED, now.as_second());
        }
    }

    /// When a session began, if that is limited.
    pub(crate) fn started(self, claims: &Claims) -> Option<i64> {
        self.0.and_then(|_| claims.get(STARTED))
    }

    /// A session goes on as it began, whatever the application's callback made of its claims.
    pub(crate) fn go_on(started: Option<i64>, claims: &mut Claims) {
        if let Some(started) = started {
            claims.insert(STARTED, started);
        }
    }

    /// The claims of a good token if the session has not lasted too long. One that began before
    /// there was a limit counts from its last token; so does one that says it began after that,
    /// as a claim of that name may that the application had before.
    pub(crate) fn checked(
        self,
        mut claims: Claims,
        now: Timestamp,
    ) -> Result<Claims, TokenRefused> {
        let Some(lifetime) = self.0 else { return Ok(claims) };
        let times = [claims.get(STARTED), claims.get("iat")];
        let started: i64 = times.into_iter().flatten().min().ok_or(TokenRefused::Claim("iat"))?;
        if now.as_second() >= started.saturating_add(lifetime) {
            return Err(TokenRefused::Expired);
        }
        claims.insert(STARTED, started);
        Ok(claims)
    }

    /// When a session with these claims ends if it is not used again.
    pub(crate) fn end(self, claims: &Claims, now: Timestamp, maximum_age: i64) -> Timestamp {
        let unused = after(now, maximum_age);
        let last = self
            .0
            .zip(self.started(claims))
            .map(|(lifetime, started)| started.saturating_add(lifetime));
        match last.and_then(|second| Timestamp::from_second(second).ok()) {
            Some(last) => unused.min(last),
            None => unused,
        }
    }
}
