//! Conformance of database sessions.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};

use super::case::{
    Broken, Case, Outcome, cases, concurrently, ensure, ensure_duplicate, ensure_eq,
    ensure_unavailable, present,
};
use super::fixture::{FOREIGN_TEXTS, account, ada, grace, session, time};
use super::values;
use crate::adapter::{SessionStore, UserStore};
use crate::crypto::secret::SessionToken;

pub(super) fn cases<A: UserStore + SessionStore>() -> Vec<Case<A>> {
    let mut cases = cases! {
        sessions_are_found_with_their_user:
            "`session_and_user` returns the session of the token and the whole user";
        session_tokens_are_unique [SessionTokenNotUnique]:
            "a second session with the same token is refused as a duplicate; the first stands";
        sessions_of_unknown_users_are_refused [NoForeignKeys]:
            "`create_session` for a user that does not exist is an error and adds no row";
        session_updates_move_the_end_only:
            "`update_session` moves the end of that session and changes nothing else";
        session_updates_bring_nothing_back:
            "`update_session` of an unknown or deleted session is no error and adds no row, also \
             when it races `delete_session`";
        deleting_a_session_returns_it_once:
            "`delete_session` returns the session, then `None`; unknown tokens are no error";
        r103_concurrent_sign_outs_have_one_winner:
            "of 20 calls of `delete_session` one returns the session, the others `None`";
        expired_sessions_are_returned:
            "`session_and_user` does not judge expiry: the flows delete what has ended";
        r066_sessions_end_with_their_user:
            "`delete_user` removes the sessions of that user and nobody else's";
        r078_blank_session_tokens_match_no_row:
            "a blank token is unknown, even if a row has it";
        unknown_sessions_are_not_found:
            "an unknown token, of whatever form, is `None`";
        sessions_are_looked_up_byte_by_byte:
            "a token of other letter case, with a space more or a wildcard is unknown, and neither \
             moves nor ends the session";
        session_tokens_that_differ_in_a_byte_are_two [FoldedUniqueness]:
            "sessions whose tokens differ in letter case or spaces stand side by side";
        session_tokens_have_255_characters [ShortKeys]:
            "tokens may have up to 255 characters";
    };
    cases.extend(values::session_cases());
    cases
}

async fn sessions_are_found_with_their_user<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let grace = adapter.create_user(grace()).await?;
    let later = time() + 1.hour();
    let rows = [("a1", &ada, time()), ("a2", &ada, later), ("g", &grace, time())];
    for (token, user, expires) in rows {
        adapter.create_session(session(token, &user.id, expires)).await?;
    }
    for (token, user, expires) in rows {
        let found = adapter.session_and_user(&token.into()).await?;
        let (session, owner) = present(found, "the session")?;
        ensure_eq!(session.session_token.expose(), token, "the token");
        ensure_eq!(session.user_id, user.id, "the owner's id");
        ensure_eq!(session.expires, expires, "the end");
        ensure_eq!(owner, *user, "the owner");
    }
    Ok(())
}

async fn session_tokens_are_unique<A: UserStore + SessionStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let grace = adapter.create_user(grace()).await?;
    adapter.create_session(session("s", &ada.id, time())).await?;
    let again = adapter.create_session(session("s", &grace.id, time() + 1.hour())).await;
    ensure_duplicate(again, "a token that is taken")?;
    let (session, _) = present(adapter.session_and_user(&"s".into()).await?, "the first session")?;
    ensure_eq!((session.user_id, session.expires), (ada.id, time()), "the first session");
    Ok(())
}

async fn sessions_of_unknown_users_are_refused<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    for id in ["nobody", "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a", "2147483647", ""] {
        let answer = adapter.create_session(session("s", id, time())).await;
        ensure_unavailable(answer, &format!("a session of the user {id:?}"))?;
        ensure!(
            adapter.delete_session(&"s".into()).await?.is_none(),
            "a session of {id:?} is there"
        );
    }
    Ok(())
}

async fn session_updates_move_the_end_only<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    for token in ["moved", "other"] {
        adapter.create_session(session(token, &ada.id, time())).await?;
    }
    let later = time() + 720.hours();
    adapter.update_session(&"moved".into(), later).await?;
    for (token, expires) in [("moved", later), ("other", time())] {
        let (session, owner) =
            present(adapter.session_and_user(&token.into()).await?, "the session")?;
        ensure_eq!((&session.user_id, session.expires), (&ada.id, expires), "the session {token}");
        ensure_eq!(owner, ada, "the owner");
    }
    Ok(())
}

async fn session_updates_bring_nothing_back<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    for token in FOREIGN_TEXTS {
        adapter.update_session(&token.into(), time()).await?;
        let found = adapter.session_and_user(&token.into()).await?;
        ensure!(found.is_none(), "an update made the session {token:?}");
    }
    for round in 0..20 {
        adapter.create_session(session("s", &ada.id, time())).await?;
        let here = Arc::clone(&adapter);
        let deletion = tokio::spawn(async move { here.delete_session(&"s".into()).await });
        let updates = concurrently(4, &adapter, |adapter| async move {
            adapter.update_session(&"s".into(), time()).await
        });
        let updates = updates.await?;
        let deleted = deletion.await.map_err(|error| Broken(error.to_string()))?;
        present(deleted?, "the session that was to be deleted")?;
        for update in updates {
            update?;
        }
        let found = adapter.session_and_user(&"s".into()).await?;
        ensure!(found.is_none(), "the session is back in round {round}");
    }
    Ok(())
}

async fn deleting_a_session_returns_it_once<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    for token in ["ended", "kept"] {
        adapter.create_session(session(token, &ada.id, time())).await?;
    }
    let ended = present(adapter.delete_session(&"ended".into()).await?, "the deleted session")?;
    ensure_eq!(ended.session_token.expose(), "ended", "the token");
    ensure_eq!((ended.user_id, ended.expires), (ada.id, time()), "the deleted session");
    ensure!(adapter.session_and_user(&"ended".into()).await?.is_none(), "it is still there");
    ensure!(adapter.delete_session(&"ended".into()).await?.is_none(), "it was returned twice");
    present(adapter.session_and_user(&"kept".into()).await?, "the other session")?;
    Ok(())
}

async fn r103_concurrent_sign_outs_have_one_winner<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    adapter.create_session(session("s", &ada.id, time())).await?;
    let calls =
        concurrently(
            20,
            &adapter,
            |adapter| async move { adapter.delete_session(&"s".into()).await },
        );
    let mut winners = 0;
    for answer in calls.await? {
        winners += usize::from(answer?.is_some());
    }
    ensure_eq!(winners, 1, "the number of callers that got it");
    Ok(())
}

async fn expired_sessions_are_returned<A: UserStore + SessionStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let ended = Timestamp::constant(946_684_800, 0);
    adapter.create_session(session("s", &ada.id, ended)).await?;
    let found = adapter.session_and_user(&"s".into()).await?;
    let (session, _) = present(found, "a session that has ended")?;
    ensure_eq!(session.expires, ended, "its end");
    Ok(())
}

async fn r066_sessions_end_with_their_user<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let first = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    let grace = adapter.create_user(grace()).await?;
    for (token, user) in [("a1", &first), ("a2", &first), ("g", &grace)] {
        adapter.create_session(session(token, &user.id, time())).await?;
    }
    adapter.delete_user(&first.id).await?;
    for token in ["a1", "a2"] {
        let found = adapter.session_and_user(&token.into()).await?;
        ensure!(found.is_none(), "the session {token} is still there");
        let found = adapter.delete_session(&token.into()).await?;
        ensure!(found.is_none(), "the row of the session {token} is still there");
    }
    present(adapter.session_and_user(&"g".into()).await?, "the session of somebody else")?;
    adapter.create_user_with_account(ada(), account("github", "1")).await?;
    ensure!(
        adapter.session_and_user(&"a1".into()).await?.is_none(),
        "a new user with the same address got a session of before"
    );
    Ok(())
}

async fn r078_blank_session_tokens_match_no_row<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    for blank in ["", " ", "\t\n"] {
        // Whether such a row can be stored is the adapter's business.
        drop(adapter.create_session(session(blank, &ada.id, time())).await);
        let found = adapter.session_and_user(&blank.into()).await?;
        ensure!(found.is_none(), "{blank:?} is a session");
        adapter.update_session(&blank.into(), time()).await?;
        ensure!(adapter.delete_session(&blank.into()).await?.is_none(), "{blank:?} was deleted");
    }
    Ok(())
}

async fn unknown_sessions_are_not_found<A: UserStore + SessionStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    adapter.create_session(session("s", &ada.id, time())).await?;
    for token in FOREIGN_TEXTS {
        let found = adapter.session_and_user(&token.into()).await?;
        ensure!(found.is_none(), "{token:?} is a session");
        ensure!(adapter.delete_session(&token.into()).await?.is_none(), "{token:?} was deleted");
    }
    present(adapter.session_and_user(&"s".into()).await?, "the one that is there")?;
    Ok(())
}

async fn sessions_are_looked_up_byte_by_byte<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    adapter.create_session(session("Token", &ada.id, time())).await?;
    let others = ["token", "TOKEN", "Token ", " Token", "Token\0", "Toke_", "Tok%", "Tókèn"];
    for token in others {
        let found = adapter.session_and_user(&token.into()).await?;
        ensure!(found.is_none(), "{token:?} is a session");
        adapter.update_session(&token.into(), time() + 1.hour()).await?;
        ensure!(adapter.delete_session(&token.into()).await?.is_none(), "{token:?} was deleted");
    }
    let (session, _) = present(adapter.session_and_user(&"Token".into()).await?, "the session")?;
    ensure_eq!(session.expires, time(), "the end of the session");
    Ok(())
}

async fn session_tokens_that_differ_in_a_byte_are_two<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let tokens = ["Token", "token", "Token ", "Tókèn"];
    let ada = adapter.create_user(ada()).await?;
    let end = |index: usize| Timestamp::from_second(time().as_second() + index as i64);
    for (index, token) in tokens.into_iter().enumerate() {
        let expires = end(index).unwrap_or(Timestamp::MAX);
        adapter.create_session(session(token, &ada.id, expires)).await?;
    }
    for (index, token) in tokens.into_iter().enumerate() {
        let found = adapter.session_and_user(&token.into()).await?;
        let (session, _) = present(found, "the session")?;
        ensure_eq!(Some(session.expires), end(index).ok(), "the end of the session {token:?}");
    }
    Ok(())
}

async fn session_tokens_have_255_characters<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let token = SessionToken::new("s".repeat(255));
    adapter.create_session(session(token.expose(), &ada.id, time())).await?;
    let (session, _) = present(adapter.session_and_user(&token).await?, "the session")?;
    ensure_eq!(session.session_token.expose().len(), 255, "the length of the token");
    Ok(())
}
