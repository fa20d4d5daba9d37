//! The CSRF token, which every POST has to carry.

use std::fmt;

use serde_json::Value;

use super::exchange::Call;
use super::{ClientError, Shared};

/// The value of `csrfToken`, good together with the cookie that came with it.
pub struct CsrfToken(String);

impl CsrfToken {
    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(redacted)")
    }
}

pub(super) async fn fetch(shared: &Shared) -> Result<CsrfToken, ClientError> {
    let answer = shared.send(Call::get(shared.page("csrf"))).await?;
    let missing = answer.unexpected("the answer has no csrfToken");
    match answer.into_json()?.get_mut("csrfToken").map(Value::take) {
        Some(Value::String(token)) => Ok(CsrfToken(token)),
        _ => Err(missing),
    }
}
