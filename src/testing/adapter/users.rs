//! Conformance of users, and of the accounts they sign in with.

use std::sync::Arc;

use super::case::{
    Broken, Case, Outcome, cases, concurrently, ensure, ensure_duplicate, ensure_eq,
    ensure_unavailable, one_winner,
};
use super::fixture::{FOREIGN_TEXTS, account, ada, grace, link, new_user, time, update};
use super::values;
use crate::adapter::UserStore;
use crate::model::{NewUser, User};

pub(super) fn cases<A: UserStore>() -> Vec<Case<A>> {
    let mut cases = cases! {
        users_are_found_by_id_and_address:
            "`create_user` makes an id; `user` and `user_by_email` find what it returned";
        users_need_no_name_and_no_picture:
            "a sign-up by e-mail stores an address and when it was proved, nothing else";
        users_need_no_address [EmailRequired]:
            "users without an address are stored and do not collide";
        members_without_a_column_are_ignored:
            "members of a profile that the table has no column for disturb nothing";
        r061_addresses_are_unique [EmailNotUnique]:
            "a second user with the same address is refused as a duplicate";
        updates_change_the_given_members_only:
            "`update_user` keeps absent members, sets null where told, and returns the whole row";
        addresses_can_be_removed [EmailRequired]:
            "`update_user` sets the address to null and it is found no more";
        updates_of_unknown_users_fail:
            "`update_user` with an unknown id, of whatever form, is an error and adds no row";
        updates_respect_unique_addresses [EmailNotUnique]:
            "`update_user` refuses an address of somebody else; one's own is no duplicate";
        accounts_lead_to_their_owner [OneAccountPerUser]:
            "`user_by_account` compares both parts; a user has any number of accounts";
        r061_an_identity_belongs_to_its_provider:
            "the same id at two providers leads to two users";
        accounts_are_unique [AccountNotUnique]:
            "linking an account a second time is refused as a duplicate; the first link stands";
        unlinking_removes_one_account [OneAccountPerUser]:
            "`unlink_account` removes that account only, and may be repeated";
        accounts_of_unknown_users_are_refused [NoForeignKeys]:
            "`link_account` for a user that does not exist is an error and adds no row";
        r109_a_user_comes_with_the_account:
            "`create_user_with_account` stores both";
        r109_a_taken_account_leaves_no_user [AccountNotUnique]:
            "`create_user_with_account` stores no user if the account is taken, so that the address \
             stays free";
        r109_a_taken_address_leaves_no_account [EmailNotUnique]:
            "`create_user_with_account` stores no account if the address is taken";
        r065_concurrent_first_sign_ins_of_an_address_make_one_user [EmailNotUnique]:
            "of 50 calls of `create_user_with_account` for one address one succeeds, the others are \
             refused as duplicates";
        r065_concurrent_first_sign_ins_of_an_account_make_one_user
            [AccountNotUnique, EmailRequired]:
            "of 50 calls of `create_user_with_account` for one account and no address one succeeds, \
             the others are refused as duplicates and leave no user";
        concurrent_sign_ups_of_one_address_make_one_user [EmailNotUnique]:
            "of 20 calls of `create_user` for one address one succeeds, the others are refused as \
             duplicates";
        concurrent_links_of_one_account_make_one [AccountNotUnique]:
            "of 20 calls of `link_account` for one account one succeeds, the others are refused as \
             duplicates";
        deleting_a_user_frees_the_address_and_the_accounts:
            "`delete_user` removes the user with all accounts, nobody else's, and may be repeated";
        unknown_users_are_not_found:
            "look-ups with an unknown key, of whatever form, are `None`, and removals of it are no \
             errors";
        r061_users_are_looked_up_byte_by_byte:
            "look-ups tell letter case, spaces and Unicode forms apart";
        r061_identities_that_differ_in_a_byte_are_two [FoldedUniqueness, OneAccountPerUser]:
            "accounts and addresses that differ in letter case or spaces stand side by side";
    };
    cases.extend(values::user_cases());
    cases
}

async fn users_are_found_by_id_and_address<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let before = NewUser { email_verified: Some(time()), ..ada() };
    let ada = adapter.create_user(before).await?;
    let other = adapter.create_user(grace()).await?;

    ensure!(!ada.id.is_empty() && ada.id != other.id, "ids {:?} and {:?}", ada.id, other.id);
    ensure_eq!(ada.name.as_deref(), Some("Ada"), "name");
    ensure_eq!(ada.email.as_deref(), Some("ada@example.com"), "address");
    ensure_eq!(ada.image.as_deref(), Some("https://example.com/ada.png"), "picture");
    ensure_eq!(ada.email_verified, Some(time()), "proof of the address");
    ensure_eq!(other.email_verified, None, "no proof of the address");
    ensure_eq!(adapter.user(&ada.id).await?.as_ref(), Some(&ada), "by id");
    ensure_eq!(adapter.user(&other.id).await?.as_ref(), Some(&other), "by id");
    ensure_eq!(adapter.user_by_email("ada@example.com").await?, Some(ada), "by address");
    Ok(())
}

async fn users_need_no_name_and_no_picture<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let user = NewUser { email_verified: Some(time()), ..new_user("ada@example.com") };
    let user = adapter.create_user(user).await?;
    ensure_eq!((&user.name, &user.image), (&None, &None), "name and picture");
    ensure_eq!(user.email_verified, Some(time()), "proof of the address");
    ensure_eq!(adapter.user_by_email("ada@example.com").await?, Some(user), "by address");
    Ok(())
}

async fn users_need_no_address<A: UserStore>(adapter: Arc<A>) -> Outcome {
    for _ in 0..3 {
        let user = adapter.create_user(NewUser::default()).await?;
        ensure_eq!(user.email, None, "address");
        ensure_eq!(adapter.user(&user.id).await?, Some(user), "by id");
    }
    ensure_eq!(adapter.user_by_email("").await?, None, "by an empty address");
    Ok(())
}

async fn members_without_a_column_are_ignored<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let mut github = account("github", "1");
    github.tokens.insert("typegate_no_such_column", "x");
    github.tokens.insert("not-before-policy", 0);
    let ada = adapter.create_user_with_account(ada(), github).await?;
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "by account");
    Ok(())
}

async fn r061_addresses_are_unique<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let first = adapter.create_user(ada()).await?;
    ensure_duplicate(adapter.create_user(ada()).await, "a second user with the address")?;
    ensure_eq!(adapter.user_by_email("ada@example.com").await?, Some(first), "by address");
    Ok(())
}

async fn updates_change_the_given_members_only<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let untouched = adapter.create_user(grace()).await?;

    let verified = adapter.update_user(update(&ada.id).email_verified(time())).await?;
    ensure_eq!(verified, User { email_verified: Some(time()), ..ada.clone() }, "proved");

    let mut change = update(&ada.id);
    change.name = Some(Some("Countess".to_owned()));
    change.image = Some(None);
    let renamed = adapter.update_user(change).await?;
    let expected = User { name: Some("Countess".to_owned()), image: None, ..verified };
    ensure_eq!(renamed, expected, "renamed, without a picture");

    let mut change = update(&ada.id);
    change.name = Some(None);
    change.email = Some(Some("countess@example.com".to_owned()));
    change.email_verified = Some(None);
    let moved = adapter.update_user(change).await?;
    ensure_eq!(moved, User::new(&ada.id).email("countess@example.com"), "moved");
    ensure_eq!(adapter.user_by_email("ada@example.com").await?, None, "the address of before");

    let unchanged = adapter.update_user(update(&ada.id)).await?;
    ensure_eq!(unchanged, moved, "a change of nothing");
    ensure_eq!(adapter.user(&ada.id).await?, Some(moved), "what is kept");
    ensure_eq!(adapter.user(&untouched.id).await?, Some(untouched), "another user");
    Ok(())
}

async fn addresses_can_be_removed<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let mut change = update(&ada.id);
    change.email = Some(None);
    let removed = adapter.update_user(change).await?;
    ensure_eq!(removed, User { email: None, ..ada.clone() }, "without an address");
    ensure_eq!(adapter.user(&ada.id).await?, Some(removed), "what is kept");
    ensure_eq!(adapter.user_by_email("ada@example.com").await?, None, "by the address of before");
    Ok(())
}

async fn updates_of_unknown_users_fail<A: UserStore>(adapter: Arc<A>) -> Outcome {
    for id in FOREIGN_TEXTS {
        let answer = adapter.update_user(update(id).email_verified(time())).await;
        ensure_unavailable(answer, &format!("an update of the user {id:?}"))?;
        ensure_eq!(adapter.user(id).await?, None, "the user {id:?}");
    }
    Ok(())
}

async fn updates_respect_unique_addresses<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let grace = adapter.create_user(grace()).await?;
    let to_ada = |id: &str| {
        let mut change = update(id);
        change.email = Some(Some("ada@example.com".to_owned()));
        change
    };
    ensure_duplicate(adapter.update_user(to_ada(&grace.id)).await, "an address of somebody else")?;
    ensure_eq!(adapter.user(&grace.id).await?, Some(grace), "the refused one");
    ensure_eq!(adapter.update_user(to_ada(&ada.id)).await?, ada, "one's own address");
    Ok(())
}

async fn accounts_lead_to_their_owner<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let grace = adapter.create_user(grace()).await?;
    for (user, provider, id) in
        [(&ada, "github", "1"), (&ada, "github", "2"), (&grace, "google", "1")]
    {
        adapter.link_account(link(&user.id, provider, id)).await?;
    }
    for (provider, id, owner) in [
        ("github", "1", Some(&ada)),
        ("github", "2", Some(&ada)),
        ("google", "1", Some(&grace)),
        ("google", "2", None),
        ("gitlab", "1", None),
    ] {
        let found = adapter.user_by_account(provider, id).await?;
        ensure_eq!(found.as_ref(), owner, "the owner of {id} at {provider}");
    }
    Ok(())
}

async fn r061_an_identity_belongs_to_its_provider<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    let grace = adapter.create_user_with_account(grace(), account("google", "1")).await?;
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "at the one");
    ensure_eq!(adapter.user_by_account("google", "1").await?, Some(grace), "at the other");
    Ok(())
}

async fn accounts_are_unique<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    let grace = adapter.create_user(grace()).await?;
    for user in [&ada, &grace] {
        let again = adapter.link_account(link(&user.id, "github", "1")).await;
        ensure_duplicate(again, "an account that is linked")?;
    }
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "the owner");
    Ok(())
}

async fn unlinking_removes_one_account<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    adapter.link_account(link(&ada.id, "github", "2")).await?;
    adapter.link_account(link(&ada.id, "google", "1")).await?;
    for _ in 0..2 {
        adapter.unlink_account("github", "1").await?;
        ensure_eq!(adapter.user_by_account("github", "1").await?, None, "the removed account");
        for (provider, id) in [("github", "2"), ("google", "1")] {
            let owner = adapter.user_by_account(provider, id).await?;
            ensure_eq!(owner.as_ref(), Some(&ada), "the owner of {id} at {provider}");
        }
    }
    adapter.link_account(link(&ada.id, "github", "1")).await?;
    Ok(())
}

async fn accounts_of_unknown_users_are_refused<A: UserStore>(adapter: Arc<A>) -> Outcome {
    for id in ["nobody", "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a", "2147483647", ""] {
        let answer = adapter.link_account(link(id, "github", "1")).await;
        ensure_unavailable(answer, &format!("an account of the user {id:?}"))?;
        ensure_eq!(adapter.user_by_account("github", "1").await?, None, "its owner");
    }
    Ok(())
}

async fn r109_a_user_comes_with_the_account<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    ensure_eq!(adapter.user(&ada.id).await?.as_ref(), Some(&ada), "by id");
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "by account");
    Ok(())
}

async fn r109_a_taken_account_leaves_no_user<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    let taken = adapter.create_user_with_account(grace(), account("github", "1")).await;
    ensure_duplicate(taken, "an account that is linked")?;
    ensure_eq!(adapter.user_by_email("grace@example.com").await?, None, "the user without one");
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "the owner");

    let retried = adapter.create_user_with_account(grace(), account("github", "2")).await?;
    ensure_eq!(adapter.user_by_account("github", "2").await?, Some(retried), "the next attempt");
    Ok(())
}

async fn r109_a_taken_address_leaves_no_account<A: UserStore>(adapter: Arc<A>) -> Outcome {
    adapter.create_user_with_account(ada(), account("github", "1")).await?;
    let taken = adapter.create_user_with_account(ada(), account("github", "2")).await;
    ensure_duplicate(taken, "an address that is taken")?;
    ensure_eq!(adapter.user_by_account("github", "2").await?, None, "the account");
    Ok(())
}

async fn r065_concurrent_first_sign_ins_of_an_address_make_one_user<A: UserStore>(
    adapter: Arc<A>,
) -> Outcome {
    sign_up_concurrently(&adapter, ada(), "1").await?;
    Ok(())
}

async fn r065_concurrent_first_sign_ins_of_an_account_make_one_user<A: UserStore>(
    adapter: Arc<A>,
) -> Outcome {
    sign_up_concurrently(&adapter, NewUser::default(), "1").await?;
    Ok(())
}

async fn sign_up_concurrently<A: UserStore>(
    adapter: &Arc<A>,
    user: NewUser,
    id: &'static str,
) -> Result<User, Broken> {
    let attempts = concurrently(50, adapter, move |adapter| {
        let user = user.clone();
        async move { adapter.create_user_with_account(user, account("github", id)).await }
    });
    let user = one_winner(attempts.await?)?;
    ensure_eq!(adapter.user_by_account("github", id).await?.as_ref(), Some(&user), "the owner");
    Ok(user)
}

async fn concurrent_sign_ups_of_one_address_make_one_user<A: UserStore>(
    adapter: Arc<A>,
) -> Outcome {
    let attempts =
        concurrently(20, &adapter, |adapter| async move { adapter.create_user(ada()).await });
    let user = one_winner(attempts.await?)?;
    ensure_eq!(adapter.user_by_email("ada@example.com").await?, Some(user), "by address");
    Ok(())
}

async fn concurrent_links_of_one_account_make_one<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user(ada()).await?;
    let id = ada.id.clone();
    let attempts = concurrently(20, &adapter, move |adapter| {
        let account = link(&id, "github", "1");
        async move { adapter.link_account(account).await }
    });
    one_winner(attempts.await?)?;
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "the owner");
    Ok(())
}

async fn deleting_a_user_frees_the_address_and_the_accounts<A: UserStore>(
    adapter: Arc<A>,
) -> Outcome {
    let first = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    let grace = adapter.create_user_with_account(grace(), account("github", "2")).await?;
    for _ in 0..2 {
        adapter.delete_user(&first.id).await?;
        ensure_eq!(adapter.user(&first.id).await?, None, "by id");
        ensure_eq!(adapter.user_by_email("ada@example.com").await?, None, "by address");
        ensure_eq!(adapter.user_by_account("github", "1").await?, None, "by account");
    }
    ensure_eq!(adapter.user(&grace.id).await?.as_ref(), Some(&grace), "another user");
    ensure_eq!(adapter.user_by_account("github", "2").await?, Some(grace), "another account");

    let second = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(second), "the new owner");
    Ok(())
}

async fn unknown_users_are_not_found<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let ada = adapter.create_user_with_account(ada(), account("github", "1")).await?;
    for key in FOREIGN_TEXTS {
        ensure_eq!(adapter.user(key).await?, None, "the user {key:?}");
        ensure_eq!(adapter.user_by_email(key).await?, None, "the address {key:?}");
        ensure_eq!(adapter.user_by_account("github", key).await?, None, "the account {key:?}");
        ensure_eq!(adapter.user_by_account(key, "1").await?, None, "the provider {key:?}");
        adapter.delete_user(key).await?;
        adapter.unlink_account("github", key).await?;
        adapter.unlink_account(key, "1").await?;
    }
    ensure_eq!(adapter.user_by_account("github", "1").await?, Some(ada), "the one that is there");
    Ok(())
}

async fn r061_users_are_looked_up_byte_by_byte<A: UserStore>(adapter: Arc<A>) -> Outcome {
    adapter.create_user_with_account(new_user("åda@example.com"), account("github", "Ab1")).await?;
    for id in ["ab1", "AB1", "Ab1 ", " Ab1", "Ab", "Ab_", "Ab%", "Ａb1"] {
        ensure_eq!(adapter.user_by_account("github", id).await?, None, "the account {id:?}");
        adapter.unlink_account("github", id).await?;
    }
    for provider in ["GitHub", "github ", "git%"] {
        ensure_eq!(adapter.user_by_account(provider, "Ab1").await?, None, "at {provider:?}");
    }
    for email in
        ["Åda@example.com", "ada@example.com", "a\u{30a}da@example.com", "åda@example.com "]
    {
        ensure_eq!(adapter.user_by_email(email).await?, None, "the address {email:?}");
    }
    let owner = adapter.user_by_account("github", "Ab1").await?;
    ensure!(owner.is_some(), "an account of another spelling was removed");
    Ok(())
}

async fn r061_identities_that_differ_in_a_byte_are_two<A: UserStore>(adapter: Arc<A>) -> Outcome {
    let mut users = Vec::new();
    for (email, id) in [
        ("ada@example.com", "Ab1"),
        ("Ada@example.com", "ab1"),
        ("ada@example.com ", "Ab1 "),
        ("åda@example.com", "Åb1"),
        ("a\u{30a}da@example.com", "A\u{30a}b1"),
    ] {
        let user = adapter.create_user_with_account(new_user(email), account("github", id)).await?;
        users.push((email, id, user));
    }
    for (email, id, user) in &users {
        let found = adapter.user_by_email(email).await?;
        ensure_eq!(found.as_ref(), Some(user), "the address {email:?}");
        let found = adapter.user_by_account("github", id).await?;
        ensure_eq!(found.as_ref(), Some(user), "the account {id:?}");
    }
    Ok(())
}
