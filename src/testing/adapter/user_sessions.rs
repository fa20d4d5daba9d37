//! Conformance of one user's sessions: listed and ended.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};

use super::case::{Broken, Case, Outcome, cases, ensure, ensure_eq};
use super::fixture::{FOREIGN_TEXTS, ada, grace, session, time};
use crate::adapter::{UserSessionStore, UserStore};
use crate::crypto::secret::SessionToken;
use crate::model::User;

pub(super) fn cases<A: UserStore + UserSessionStore>() -> Vec<Case<A>> {
    cases! {
        sessions_of_a_user_are_listed:
            "a list has all sessions of the user, ended ones too, and nobody else's, the one that \
             ends last first";
        all_sessions_of_a_user_can_be_ended:
            "without an exception all sessions of the user end, nobody else's, and the answer is \
             how many there were";
        the_flows_end_all_sessions_of_a_user:
            "`end_sessions` ends all sessions of the user and nobody else's, unless it keeps its \
             default";
        all_sessions_but_one_can_be_ended:
            "the session of the excepted token stays, and that of another spelling does not";
        a_token_of_somebody_else_saves_nothing:
            "an excepted token that is unknown, or another user's, saves no session";
        unknown_users_have_no_sessions:
            "an unknown user, whatever the form of the id, has an empty list and nothing to end";
    }
}

/// Ada with three sessions, Grace with one.
async fn two_users<A: UserStore + UserSessionStore>(adapter: &A) -> Result<(User, User), Broken> {
    let ada = adapter.create_user(ada()).await?;
    let grace = adapter.create_user(grace()).await?;
    let ended = Timestamp::constant(946_684_800, 0);
    for (token, user, expires) in [
        ("ended", &ada, ended),
        ("last", &ada, time() + 2.hours()),
        ("Middle", &ada, time() + 1.hour()),
        ("g", &grace, time()),
    ] {
        adapter.create_session(session(token, &user.id, expires)).await?;
    }
    Ok((ada, grace))
}

async fn tokens<A: UserSessionStore>(adapter: &A, user_id: &str) -> Result<Vec<String>, Broken> {
    let sessions = adapter.sessions_of_user(user_id).await?;
    ensure!(
        sessions.iter().all(|session| session.user_id == user_id),
        "a session of somebody else"
    );
    Ok(sessions.iter().map(|session| session.session_token.expose().to_owned()).collect())
}

async fn sessions_of_a_user_are_listed<A: UserStore + UserSessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let (ada, grace) = two_users(&*adapter).await?;
    ensure_eq!(tokens(&*adapter, &ada.id).await?, ["last", "Middle", "ended"], "the sessions");
    ensure_eq!(tokens(&*adapter, &grace.id).await?, ["g"], "those of the other user");
    let first = adapter.sessions_of_user(&ada.id).await?.into_iter().next();
    let end = first.map(|session| session.expires);
    ensure_eq!(end, Some(time() + 2.hours()), "the end of the first");
    Ok(())
}

async fn the_flows_end_all_sessions_of_a_user<A: UserStore + UserSessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let (ada, grace) = two_users(&*adapter).await?;
    let Some(count) = adapter.end_sessions(&ada.id).await? else { return Ok(()) };
    ensure_eq!(count, 3, "the number of sessions ended");
    ensure_eq!(tokens(&*adapter, &ada.id).await?, Vec::<String>::new(), "what is left");
    ensure_eq!(tokens(&*adapter, &grace.id).await?, ["g"], "those of the other user");
    Ok(())
}

async fn all_sessions_of_a_user_can_be_ended<A: UserStore + UserSessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let (ada, grace) = two_users(&*adapter).await?;
    for ended in [3, 0] {
        let count = adapter.delete_sessions_of_user(&ada.id, None).await?;
        ensure_eq!(count, ended, "the number of sessions ended");
        ensure_eq!(tokens(&*adapter, &ada.id).await?, Vec::<String>::new(), "what is left");
        let found = adapter.session_and_user(&"last".into()).await?;
        ensure!(found.is_none(), "an ended session is still found");
    }
    ensure_eq!(tokens(&*adapter, &grace.id).await?, ["g"], "those of the other user");
    Ok(())
}

async fn all_sessions_but_one_can_be_ended<A: UserStore + UserSessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let (ada, grace) = two_users(&*adapter).await?;
    let kept = SessionToken::new("Middle");
    for ended in [2, 0] {
        let count = adapter.delete_sessions_of_user(&ada.id, Some(&kept)).await?;
        ensure_eq!(count, ended, "the number of sessions ended");
        ensure_eq!(tokens(&*adapter, &ada.id).await?, ["Middle"], "what is left");
    }
    let count = adapter.delete_sessions_of_user(&ada.id, Some(&"middle".into())).await?;
    ensure_eq!(count, 1, "the number of sessions that another spelling saves not");
    ensure_eq!(tokens(&*adapter, &grace.id).await?, ["g"], "those of the other user");
    Ok(())
}

async fn a_token_of_somebody_else_saves_nothing<A: UserStore + UserSessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    for except in ["g", "unknown", "", "\0"] {
        let (ada, grace) = two_users(&*adapter).await?;
        let count = adapter.delete_sessions_of_user(&ada.id, Some(&except.into())).await?;
        ensure_eq!(count, 3, "the number of sessions ended except {except:?}");
        ensure_eq!(tokens(&*adapter, &grace.id).await?, ["g"], "those of the other user");
        adapter.delete_user(&ada.id).await?;
        adapter.delete_user(&grace.id).await?;
    }
    Ok(())
}

async fn unknown_users_have_no_sessions<A: UserStore + UserSessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let (ada, _) = two_users(&*adapter).await?;
    for id in FOREIGN_TEXTS {
        ensure_eq!(tokens(&*adapter, id).await?, Vec::<String>::new(), "the user {id:?}");
        let count = adapter.delete_sessions_of_user(id, None).await?;
        ensure_eq!(count, 0, "the number of sessions of {id:?}");
    }
    ensure_eq!(tokens(&*adapter, &ada.id).await?.len(), 3, "those that are there");
    Ok(())
}
