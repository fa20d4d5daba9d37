//! Vouching: whose word proves an address, for which address it counts, and what is stored of it.

use serde_json::json;
use typegate::adapter::{MemoryAdapter, UserAccountStore as _, UserStore};
use typegate::provider::{
    Adjust as _, Adjusted, EmailVouching, OAuthDefinition, Oidc, Provider as _,
};
use typegate::{Account, AccountType, NewUser, TokenSet};

use super::site::{ALL, BOTH, Proof, Strategy, VICTIM, is_signed_in, owner, sqlite, start};

#[tokio::test]
async fn r192_only_an_address_that_the_provider_vouches_for_links() {
    type Change = fn(Adjusted<Oidc>) -> OAuthDefinition;
    let always: Change = |oidc| oidc.email_vouching(EmailVouching::Always).into_definition();
    let by_claim: Change = Adjusted::into_definition;
    for (change, verified, links) in [
        (by_claim, Some(json!(true)), true),
        (by_claim, Some(json!("true")), true),
        (by_claim, Some(json!(false)), false),
        (by_claim, Some(json!("false")), false),
        (by_claim, Some(json!(1)), false),
        (by_claim, None, false),
        (always, None, true),
        (always, Some(json!(true)), true),
        (always, Some(json!(false)), false),
        (always, Some(json!("false")), false),
    ] {
        for strategy in BOTH {
            let rows = MemoryAdapter::new();
            let mut site = start!(rows, strategy, change);
            site.by_link(VICTIM).await;
            let victim = owner(&rows).await;
            site.leave();
            let answer = site.by_idp("somebody", VICTIM, verified.clone()).await;
            assert_eq!(is_signed_in(&answer), links, "{verified:?}");
            let linked = rows.user_by_account("idp", "somebody").await.unwrap();
            assert_eq!(linked.map(|user| user.id), links.then_some(victim.id), "{verified:?}");
        }
    }
}

#[tokio::test]
async fn r192_github_vouches_for_the_addresses_that_its_list_says_are_verified() {
    for (public, verified, links) in
        [(false, true, true), (false, false, false), (true, true, true), (true, false, false)]
    {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, Strategy::Tokens);
        site.by_link(VICTIM).await;
        site.leave();
        if public {
            site.world.github.change(|github| github.user_info["email"] = VICTIM.into());
        }
        let answer = site.by_github(1, VICTIM, verified).await;
        assert_eq!(is_signed_in(&answer), links, "public {public}, verified {verified}");
    }
}

/// v4 never stored a proof for OAuth, so its databases are full of people without one. They keep
/// their user, their accounts and their sessions.
#[tokio::test]
async fn r192_honest_people_of_a_v4_database_keep_what_is_theirs() {
    let id_token = |email: &str, verified: bool| {
        let claims = json!({ "email": email, "email_verified": verified }).to_string();
        use base64::Engine as _;
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims);
        format!("e30.{payload}.c2lnbmF0dXJl")
    };
    let always: fn(Adjusted<Oidc>) -> OAuthDefinition =
        |oidc| oidc.email_vouching(EmailVouching::Always).into_definition();
    let by_claim: fn(Adjusted<Oidc>) -> OAuthDefinition = Adjusted::into_definition;
    for (change, token, stays) in [
        (by_claim, Some(id_token("Victim@example.com", true)), true),
        (by_claim, Some(id_token(VICTIM, false)), false),
        (by_claim, Some(id_token("eve@evil.test", true)), false),
        (by_claim, None, false),
        (always, None, true),
    ] {
        for strategy in BOTH {
            let rows = sqlite().await;
            let mut new = NewUser::default();
            new.email = Some(VICTIM.into());
            let mut account = Account::new(AccountType::OAuth, "idp", "the-victim");
            if let Some(token) = &token {
                let members = json!({ "id_token": token }).as_object().cloned().unwrap();
                account.tokens = TokenSet::from_members(members);
            }
            let user = rows.create_user_with_account(new, account).await.unwrap();
            let mut site = start!(rows, strategy, change);
            site.by_link(VICTIM).await;
            let after = owner(&rows).await;
            assert!(after.email_verified.is_some());
            let accounts = rows.accounts_of_user(&after.id).await.unwrap().len();
            assert_eq!(accounts, usize::from(stays), "{token:?} {strategy:?}");
            let is_same = stays || strategy == Strategy::Rows;
            assert_eq!(after.id == user.id, is_same, "{token:?} {strategy:?}");
        }
    }
}

#[tokio::test]
async fn r192_a_vouched_sign_in_with_a_known_account_stores_the_proof() {
    for strategy in BOTH {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy);
        site.by_idp("the-victim", VICTIM, None).await;
        assert_eq!(owner(&rows).await.email_verified, None);
        // Of another address nothing is stored.
        site.leave();
        site.by_idp("the-victim", "other@example.com", Some(json!(true))).await;
        assert_eq!(owner(&rows).await.email_verified, None);
        site.leave();
        site.by_idp("the-victim", "Victim@Example.com ", Some(json!(true))).await;
        let proved = owner(&rows).await;
        assert!(proved.email_verified.is_some());
        // From then on the link leads to the same user, and the account stays.
        site.leave();
        site.by_link(VICTIM).await;
        assert_eq!(owner(&rows).await.id, proved.id);
        assert_eq!(rows.accounts(&proved.id).len(), 1);
    }
}

/// Users whom the application made itself are its own word.
#[tokio::test]
async fn r192_a_user_without_accounts_is_the_owners() {
    for strategy in BOTH {
        for proof in ALL {
            let rows = MemoryAdapter::new();
            let mut new = NewUser::default();
            new.email = Some(VICTIM.into());
            let user = rows.create_user(new).await.unwrap();
            let mut site = start!(rows, strategy);
            assert!(is_signed_in(&site.prove(proof).await));
            let after = owner(&rows).await;
            assert_eq!(after.id, user.id, "{strategy:?} {proof:?}");
            assert!(after.email_verified.is_some());
        }
    }
}

/// What the ID token and the userinfo answer say of an address is about their own.
#[tokio::test]
async fn r192_a_word_about_one_address_is_none_about_another() {
    let (mine, verified) = (json!("eve@evil.test"), json!(true));
    let victims = json!(VICTIM);
    let spelled = json!("Victim@Example.com");
    let (listed, my_list) = (json!([VICTIM]), json!(["eve@evil.test"]));
    let several = json!([VICTIM, "eve@evil.test"]);
    for (token, info, links) in [
        ([Some(&victims), None], [Some(&mine), Some(&verified)], false),
        ([Some(&victims), None], [None, Some(&verified)], false),
        ([None, Some(&verified)], [Some(&victims), None], false),
        ([Some(&mine), Some(&verified)], [Some(&victims), None], false),
        ([Some(&victims), None], [Some(&victims), Some(&verified)], true),
        ([Some(&victims), None], [Some(&spelled), Some(&verified)], true),
        ([None, None], [Some(&victims), Some(&verified)], true),
        ([Some(&victims), Some(&verified)], [None, None], true),
        ([Some(&victims), Some(&verified)], [Some(&mine), None], true),
        // The only entry of a list is the address, and one of several is none.
        ([Some(&listed), None], [Some(&my_list), Some(&verified)], false),
        ([Some(&listed), None], [Some(&mine), Some(&verified)], false),
        ([Some(&listed), None], [None, Some(&verified)], false),
        ([None, Some(&verified)], [Some(&listed), None], false),
        ([Some(&my_list), Some(&verified)], [Some(&listed), None], false),
        ([Some(&several), None], [Some(&my_list), Some(&verified)], false),
        ([Some(&listed), None], [Some(&spelled), Some(&verified)], true),
        ([Some(&victims), None], [Some(&listed), Some(&verified)], true),
        ([Some(&listed), Some(&verified)], [Some(&my_list), None], true),
    ] {
        let rows = MemoryAdapter::new();
        let mut site =
            start!(rows, Strategy::Tokens, |oidc| oidc.fetch_user_info(true).into_definition());
        site.by_link(VICTIM).await;
        let victim = owner(&rows).await;
        site.leave();
        site.world.idp.change(|idp| {
            for (name, (said, informed)) in
                ["email", "email_verified"].into_iter().zip(token.into_iter().zip(info))
            {
                idp.claims.insert(name, said.cloned());
                if let Some(value) = informed {
                    idp.user_info[name] = value.clone();
                }
            }
        });
        site.world.sign_in("idp").await;
        let accounts = rows.accounts(&victim.id);
        assert_eq!(!accounts.is_empty(), links, "{token:?} {info:?}");
    }
}

/// A provider that is said to vouch for all of its addresses denies one of them in one of two
/// documents. Whether that is the one with the address does not matter.
#[tokio::test]
async fn r192_a_denial_in_either_document_stays() {
    let address = || Some(json!(VICTIM));
    let no = |word: serde_json::Value| Some(word);
    for word in [json!(false), json!("false"), json!("no"), json!(0), json!([true])] {
        for (token, info) in [
            ([address(), None], [None, no(word.clone())]),
            ([None, no(word.clone())], [address(), None]),
            ([address(), Some(json!(null))], [address(), no(word.clone())]),
            ([address(), no(word.clone())], [address(), Some(json!(true))]),
            ([address(), Some(json!(true))], [None, no(word.clone())]),
            ([Some(json!([VICTIM])), None], [None, no(word.clone())]),
            ([None, no(word.clone())], [Some(json!([VICTIM])), Some(json!(true))]),
            ([address(), None], [Some(json!("eve@evil.test")), no(word.clone())]),
        ] {
            let rows = MemoryAdapter::new();
            let mut site = start!(rows, Strategy::Tokens, |oidc| {
                oidc.fetch_user_info(true).email_vouching(EmailVouching::Always).into_definition()
            });
            site.by_link(VICTIM).await;
            let victim = owner(&rows).await;
            site.leave();
            site.world.idp.change(|idp| {
                for (name, (said, informed)) in ["email", "email_verified"]
                    .into_iter()
                    .zip(token.clone().into_iter().zip(info.clone()))
                {
                    idp.claims.insert(name, said);
                    if let Some(value) = informed {
                        idp.user_info[name] = value;
                    }
                }
            });
            let answer = site.world.sign_in("idp").await;
            assert!(!is_signed_in(&answer), "{token:?} {info:?}");
            assert!(rows.accounts(&victim.id).is_empty(), "{token:?} {info:?}");
        }
    }
}

/// What an ID token says of an address counts for more than what is said of the provider, also of
/// an account that was there before.
#[tokio::test]
async fn r192_a_provider_that_vouches_for_all_vouches_for_none_that_it_denies() {
    let always: fn(Adjusted<Oidc>) -> OAuthDefinition =
        |oidc| oidc.email_vouching(EmailVouching::Always).into_definition();
    for (strategy, proof) in
        BOTH.into_iter().flat_map(|one| [(one, Proof::Link), (one, Proof::Catalogue)])
    {
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy, always);
        site.by_idp("of-the-attacker", VICTIM, Some(json!(false))).await;
        assert_eq!(owner(&rows).await.email_verified, None);
        let mut attacker = site.leave();
        assert!(is_signed_in(&site.prove(proof).await));
        let victim = owner(&rows).await;
        let account = rows.user_by_account("idp", "of-the-attacker").await.unwrap();
        assert!(account.is_none_or(|user| user.id != victim.id), "{strategy:?} {proof:?}");
        if strategy == Strategy::Rows {
            assert_eq!(attacker.session().await, json!({}), "{proof:?}");
        }

        // Nor is it the owner's for an address that its token does not name, once the account that
        // brought the address is gone.
        let rows = MemoryAdapter::new();
        let mut site = start!(rows, strategy, always);
        site.by_github(666, VICTIM, false).await;
        site.by_idp("of-the-attacker", "eve@evil.test", Some(json!(true))).await;
        UserStore::unlink_account(&rows, "github", "666").await.unwrap();
        site.leave();
        assert!(is_signed_in(&site.prove(proof).await));
        let victim = owner(&rows).await;
        let account = rows.user_by_account("idp", "of-the-attacker").await.unwrap();
        assert!(account.is_none_or(|user| user.id != victim.id), "{strategy:?} {proof:?}");
    }
}
