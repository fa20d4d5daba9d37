//! Conformance of values that a careless database returns changed.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};

use super::case::{Broken, Case, Outcome, cases, ensure, ensure_eq, present};
use super::fixture::{DIFFICULT_TEXTS, STATEMENTS, account, ada, grace, new_user, session, update};
use crate::adapter::{SessionStore, UserStore, VerificationTokenStore};
use crate::crypto::secret::SessionToken;
use crate::model::{NewUser, VerificationToken};

pub(super) fn user_cases<A: UserStore>() -> Vec<Case<A>> {
    cases! {
        users_keep_difficult_texts:
            "accents, other scripts, emoji, quotes, wildcards and spaces come back as they were \
             given, without normalisation, and are found";
        r108_no_text_of_a_user_is_a_statement:
            "whatever is in a text, it is stored and looked for as it is, and nothing else happens";
        users_keep_nul [NoNul]:
            "a text with the character U+0000 comes back whole";
        users_keep_long_texts [ShortTexts]:
            "a picture of 4000 characters, such as a data URL, comes back whole";
        user_times_keep_milliseconds [WholeSeconds]:
            "times come back to the millisecond, whatever the zone of server and connection; finer \
             digits are dropped, and the answer says so";
        user_times_may_be_long_ago_or_far_off [Times32Bit]:
            "times of 1970 and of 2100 come back";
    }
}

pub(super) fn session_cases<A: UserStore + SessionStore>() -> Vec<Case<A>> {
    cases! {
        sessions_keep_difficult_texts:
            "session tokens come back as they were given, whatever the characters";
        r108_no_session_token_is_a_statement:
            "whatever is in a session token, it finds, moves and ends its own session only";
        session_times_keep_milliseconds [WholeSeconds]:
            "times come back to the millisecond, whatever the zone of server and connection";
        session_times_may_be_long_ago_or_far_off [Times32Bit]:
            "times of 1970 and of 2100 come back";
    }
}

pub(super) fn verification_token_cases<A: VerificationTokenStore>() -> Vec<Case<A>> {
    cases! {
        links_keep_difficult_texts:
            "addresses come back as they were given, whatever the characters";
        r108_no_text_of_a_link_is_a_statement:
            "whatever is in an address or a token, it takes its own link only";
        link_times_keep_milliseconds [WholeSeconds]:
            "times come back to the millisecond, whatever the zone of server and connection";
        link_times_may_be_long_ago_or_far_off [Times32Bit]:
            "times of 1970 and of 2100 come back";
    }
}

/// Hours in which clocks are put forward or back somewhere, and fractions that do not survive
/// rounding.
const FRACTIONS: [&str; 4] = [
    "2026-10-25T01:30:00.123Z",
    "2026-03-29T01:30:00.001Z",
    "2026-03-08T07:30:00.999Z",
    "2033-05-18T03:33:20.500Z",
];

const FAR: [&str; 3] = ["1970-01-02T00:00:00Z", "2038-01-19T03:14:08Z", "2100-12-31T23:59:59Z"];

fn parsed(text: &str) -> Result<Timestamp, Broken> {
    text.parse().map_err(|error| Broken(format!("{error}")))
}

async fn users_keep_difficult_texts<A: UserStore>(adapter: Arc<A>) -> Outcome {
    for text in DIFFICULT_TEXTS {
        let user =
            NewUser { name: Some(text.to_owned()), image: Some(text.to_owned()), ..new_user(text) };
        let user = adapter.create_user_with_account(user, account("github", text)).await?;
        ensure_eq!(user.name.as_deref(), Some(text), "the name");
        ensure_eq!(adapter.user_by_email(text).await?.as_ref(), Some(&user), "by address {text:?}");
        let owner = adapter.user_by_account("github", text).await?;
        ensure_eq!(owner.as_ref(), Some(&user), "by account {text:?}");
        let mut change = update(&user.id);
        change.name = Some(Some(text.to_owned()));
        ensure_eq!(adapter.update_user(change).await?, user, "the updated user");
    }
    Ok(())
}

async fn r108_no_text_of_a_user_is_a_statement<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let grace = adapter.create_user_with_account(grace(), account("github", "1")).await?;
    for text in STATEMENTS {
        let given = Some(text.to_owned());
        let user = NewUser { name: given.clone(), image: given.clone(), ..new_user(text) };
        let user = adapter.create_user_with_account(user, account(text, text)).await?;
        ensure_eq!((&user.name, &user.image), (&given, &given), "name and picture");
        ensure_eq!(adapter.user(&user.id).await?.as_ref(), Some(&user), "by id");
        ensure_eq!(adapter.user_by_email(text).await?.as_ref(), Some(&user), "by address {text:?}");
        let owner = adapter.user_by_account(text, text).await?;
        ensure_eq!(owner.as_ref(), Some(&user), "by account {text:?}");
        for (provider, id) in [("github", text), (text, "1")] {
            let owner = adapter.user_by_account(provider, id).await?;
            ensure_eq!(owner, None, "the owner of {id:?} at {provider:?}");
            adapter.unlink_account(provider, id).await?;
        }
        ensure_eq!(adapter.user(text).await?, None, "the user {text:?}");
        adapter.delete_user(text).await?;
        let mut change = update(&user.id);
        (change.name, change.image) = (Some(given.clone()), Some(given.clone()));
        change.email = Some(given);
        ensure_eq!(adapter.update_user(change).await?, user, "the updated user");
        adapter.unlink_account(text, text).await?;
        ensure_eq!(adapter.user_by_account(text, text).await?, None, "after unlinking {text:?}");
        ensure_eq!(adapter.user(&user.id).await?, Some(user), "a user who was not deleted");
    }
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(grace), "somebody else");
    Ok(())
}

async fn users_keep_nul<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let user = NewUser { name: Some("nul \0 inside".to_owned()), ..ada() };
    let user = adapter.create_user(user).await?;
    ensure_eq!(user.name.as_deref(), Some("nul \0 inside"), "the name");
    ensure_eq!(adapter.user(&user.id).await?, Some(user), "what is kept");
    Ok(())
}

async fn users_keep_long_texts<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let user = NewUser { image: Some("x".repeat(4000)), ..ada() };
    let user = adapter.create_user(user).await?;
    ensure_eq!(user.image.as_ref().map(String::len), Some(4000), "the length of the picture");
    ensure_eq!(adapter.user(&user.id).await?, Some(user), "what is kept");
    Ok(())
}

async fn user_time<A: UserStore>(adapter: &A, given: Timestamp, expected: Timestamp) -> Outcome {
    let user = NewUser { email_verified: Some(given), ..ada() };
    let user = adapter.create_user(user).await?;
    ensure_eq!(user.email_verified, Some(expected), "the time in the answer");
    ensure_eq!(adapter.user(&user.id).await?.as_ref(), Some(&user), "what is kept");
    let updated = adapter.update_user(update(&user.id).email_verified(given)).await?;
    ensure_eq!(updated, user, "the updated user");
    adapter.delete_user(&user.id).await?;
    Ok(())
}

async fn user_times_keep_milliseconds<A: UserStore>(adapter: Arc<A>) -> Outcome {
    for text in FRACTIONS {
        let time = parsed(text)?;
        user_time(&*adapter, time, time).await?;
        user_time(&*adapter, time + 456.microseconds(), time).await?;
    }
    Ok(())
}

async fn user_times_may_be_long_ago_or_far_off<A: UserStore>(adapter: Arc<A>) -> Outcome {
    for text in FAR {
        let time = parsed(text)?;
        user_time(&*adapter, time, time).await?;
    }
    Ok(())
}

async fn sessions_keep_difficult_texts<A: UserStore + SessionStore>(adapter: Arc<A>) -> Outcome {
    let time = parsed("2026-10-25T01:00:00Z")?;
    let user = adapter.create_user(ada()).await?;
    for text in DIFFICULT_TEXTS {
        adapter.create_session(session(text, &user.id, time)).await?;
        let (_, owner) = present(adapter.session_and_user(&text.into()).await?, "the session")?;
        ensure_eq!(owner, user, "the owner of the session {text:?}");
    }
    Ok(())
}

async fn r108_no_session_token_is_a_statement<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    let time = parsed("2026-10-25T01:00:00Z")?;
    let user = adapter.create_user(ada()).await?;
    adapter.create_session(session("kept", &user.id, time)).await?;
    for text in STATEMENTS {
        let token = SessionToken::new(text);
        ensure!(adapter.session_and_user(&token).await?.is_none(), "{text:?} found a session");
        ensure!(adapter.delete_session(&token).await?.is_none(), "{text:?} ended a session");
        adapter.update_session(&token, time + 1.second()).await?;
        adapter.create_session(session(text, &user.id, time)).await?;
        adapter.update_session(&token, time + 2.seconds()).await?;
        let ended = present(adapter.delete_session(&token).await?, "the session")?;
        ensure_eq!(ended.expires, time + 2.seconds(), "the moved end");
    }
    let (kept, _) = present(adapter.session_and_user(&"kept".into()).await?, "the other session")?;
    ensure_eq!(kept.expires, time, "the end of another session");
    Ok(())
}

async fn session_times<A: UserStore + SessionStore>(adapter: &A, times: &[&str]) -> Outcome {
    let user = adapter.create_user(ada()).await?;
    for text in times {
        let time = parsed(text)?;
        let token = SessionToken::new(*text);
        adapter.create_session(session(text, &user.id, time)).await?;
        let (stored, _) = present(adapter.session_and_user(&token).await?, "the session")?;
        ensure_eq!(stored.expires, time, "the end");
        let later = time + 1001.milliseconds();
        let later = if time.subsec_nanosecond() == 0 { time + 1.second() } else { later };
        adapter.update_session(&token, later).await?;
        let ended = present(adapter.delete_session(&token).await?, "the deleted session")?;
        ensure_eq!(ended.expires, later, "the moved end");
    }
    Ok(())
}

async fn session_times_keep_milliseconds<A: UserStore + SessionStore>(adapter: Arc<A>) -> Outcome {
    session_times(&*adapter, &FRACTIONS).await
}

async fn session_times_may_be_long_ago_or_far_off<A: UserStore + SessionStore>(
    adapter: Arc<A>,
) -> Outcome {
    session_times(&*adapter, &FAR).await
}

async fn links_keep_difficult_texts<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    let time = parsed("2026-10-25T01:00:00Z")?;
    for (index, text) in DIFFICULT_TEXTS.into_iter().enumerate() {
        let token = format!("{index}");
        let link = VerificationToken::new(text, token.as_str().into(), time);
        adapter.create_verification_token(link).await?;
        let used = adapter.use_verification_token(text, &token.as_str().into()).await?;
        ensure_eq!(present(used, "the link")?.identifier, text, "the address");
    }
    Ok(())
}

async fn r108_no_text_of_a_link_is_a_statement<A: VerificationTokenStore>(
    adapter: Arc<A>,
) -> Outcome {
    let time = parsed("2026-10-25T01:00:00Z")?;
    adapter.create_verification_token(VerificationToken::new("a", "t".into(), time)).await?;
    for text in STATEMENTS {
        adapter.create_verification_token(VerificationToken::new(text, text.into(), time)).await?;
        for (identifier, token) in [(text, "t"), ("a", text)] {
            let used = adapter.use_verification_token(identifier, &token.into()).await?;
            ensure!(used.is_none(), "{identifier:?} with {token:?} took a link");
        }
        let used = adapter.use_verification_token(text, &text.into()).await?;
        ensure_eq!(present(used, "the link")?.identifier, text, "the address");
    }
    present(adapter.use_verification_token("a", &"t".into()).await?, "the other link")?;
    Ok(())
}

async fn link_times<A: VerificationTokenStore>(adapter: &A, times: &[&str]) -> Outcome {
    for text in times {
        let time = parsed(text)?;
        let link = VerificationToken::new("ada@example.com", "t".into(), time);
        adapter.create_verification_token(link).await?;
        let used = adapter.use_verification_token("ada@example.com", &"t".into()).await?;
        ensure_eq!(present(used, "the link")?.expires, time, "the end");
    }
    Ok(())
}

async fn link_times_keep_milliseconds<A: VerificationTokenStore>(adapter: Arc<A>) -> Outcome {
    link_times(&*adapter, &FRACTIONS).await
}

async fn link_times_may_be_long_ago_or_far_off<A: VerificationTokenStore>(
    adapter: Arc<A>,
) -> Outcome {
    link_times(&*adapter, &FAR).await
}
