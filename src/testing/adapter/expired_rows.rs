//! Conformance of cleaning up expired rows.

use std::sync::Arc;

use jiff::ToSpan as _;

use super::case::{Case, Outcome, cases, ensure_eq};
use super::fixture::{ada, session, time};
use crate::adapter::{DeletedRows, ExpiredRows, SessionStore, UserStore, VerificationTokenStore};
use crate::model::VerificationToken;

pub(super) fn cases<A>() -> Vec<Case<A>>
where
    A: UserStore + SessionStore + VerificationTokenStore + ExpiredRows,
{
    cases! {
        expired_rows_are_deleted_and_counted:
            "`delete_expired` removes the sessions and links that ended before the time given, not \
             those that end then or later, and says how many of each";
    }
}

async fn expired_rows_are_deleted_and_counted<A>(adapter: Arc<A>) -> Outcome
where
    A: UserStore + SessionStore + VerificationTokenStore + ExpiredRows,
{
    let ada = adapter.create_user(ada()).await?;
    let rows = [
        ("long before", time() - 48.hours()),
        ("before", time() - 1.second()),
        ("now", time()),
        ("after", time() + 1.hour()),
    ];
    for (key, expires) in rows {
        adapter.create_session(session(key, &ada.id, expires)).await?;
        let link = VerificationToken::new("ada@example.com", key.into(), expires);
        adapter.create_verification_token(link).await?;
    }
    adapter.delete_session(&"long before".into()).await?;

    for expected in [DeletedRows::new(1, 2), DeletedRows::default()] {
        ensure_eq!(adapter.delete_expired(time()).await?, expected, "what was removed");
    }
    for (key, expires) in rows {
        let stays = expires >= time();
        let session = adapter.session_and_user(&key.into()).await?;
        ensure_eq!(session.is_some(), stays, "whether the session {key:?} is there");
        let used = adapter.use_verification_token("ada@example.com", &key.into()).await?;
        ensure_eq!(used.is_some(), stays, "whether the link {key:?} is there");
    }
    Ok(())
}
