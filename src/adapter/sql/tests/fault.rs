//! Faults at each statement of each method, below all that reacts to them: the connection is good
//! afterwards, or another one takes its place, for the very next call.

use std::sync::Mutex;
use std::time::Duration;

use sqlx::{AssertSqlSafe, SqlSafeStr as _};

use super::{Place, TestServer, on_each_server, options};
use crate::adapter::sql::pool::Protocol;
use crate::adapter::sql::{SqlAdapter, SqlDatabase};
use crate::adapter::tests::attempts::attempt;
use crate::adapter::{
    AccountStore as _, ExpiredRows as _, SessionStore as _, UserAccountStore as _,
    UserSessionStore as _, UserStore as _, VerificationTokenStore as _,
};
use crate::error::AdapterError;
use crate::model::{NewAccount, NewUser, TokenSet, User, UserUpdate};
use crate::rate_limit::{AttemptKey, AttemptStore as _};
use crate::testing::adapter::fixture::{account, ada, link_for, session, time};

on_each_server! {
    #[tokio::test] r106_a_statement_that_fails_leaves_a_good_connection
    #[tokio::test] r106_a_connection_that_is_lost_is_replaced
    #[tokio::test] what_a_deadlock_rolled_back_is_done_once
    #[tokio::test] r106_a_caller_who_goes_away_leaves_nothing_behind
}

/// What happens when a connection is about to run its next statement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::adapter) enum Fault {
    /// This runs first.
    Before(&'static str),
    /// This runs in its place, and fails.
    Instead(&'static str),
    /// Nobody answers, ever.
    Silence,
}

/// A fault that is due after so many statements.
#[derive(Debug, Default)]
pub(in crate::adapter) struct Injection(Mutex<Option<(usize, Fault)>>);

impl Injection {
    pub(in crate::adapter) fn after(&self, statements: usize, fault: Fault) {
        *self.0.lock().unwrap() = Some((statements, fault));
    }

    /// Whether it has yet to happen. It does not any more.
    pub(in crate::adapter) fn is_left(&self) -> bool {
        self.0.lock().unwrap().take().is_some()
    }

    pub(in crate::adapter) async fn strike<P: Protocol>(
        &self,
        connection: &mut P::Connection,
    ) -> sqlx::Result<()> {
        let due = {
            let mut due = self.0.lock().unwrap();
            match &mut *due {
                Some((0, _)) => due.take(),
                Some((statements, _)) => {
                    *statements -= 1;
                    None
                }
                None => None,
            }
        };
        match due {
            Some((_, Fault::Before(sql))) => {
                drop(P::command(connection, AssertSqlSafe(sql).into_sql_str()).await);
            }
            Some((_, Fault::Instead(sql))) => {
                P::command(connection, AssertSqlSafe(sql).into_sql_str()).await?;
                panic!("`{sql}` did not fail");
            }
            Some((_, Fault::Silence)) => std::future::pending().await,
            None => {}
        }
        Ok(())
    }
}

const METHODS: [&str; 22] = [
    "create_user",
    "create_user_with_account",
    "user",
    "user_by_email",
    "user_by_account",
    "update_user",
    "delete_user",
    "link_account",
    "unlink_account",
    "account",
    "accounts_of_user",
    "update_account_tokens",
    "create_session",
    "session_and_user",
    "update_session",
    "delete_session",
    "sessions_of_user",
    "delete_sessions_of_user",
    "create_verification_token",
    "use_verification_token",
    "count",
    "delete_expired",
];

async fn call<D: SqlDatabase>(
    adapter: &SqlAdapter<D>,
    method: &str,
    owner: &User,
) -> Result<(), AdapterError> {
    let (id, token) = (&owner.id, "t".into());
    match method {
        "create_user" => adapter.create_user(NewUser::default()).await.map(drop),
        "create_user_with_account" => {
            adapter.create_user_with_account(ada(), account("github", "1")).await.map(drop)
        }
        "user" => adapter.user(id).await.map(drop),
        "user_by_email" => adapter.user_by_email("ada@example.com").await.map(drop),
        "user_by_account" => adapter.user_by_account("github", "1").await.map(drop),
        "update_user" => {
            let update = UserUpdate { name: Some(None), ..UserUpdate::new(id) };
            adapter.update_user(update).await.map(drop)
        }
        "delete_user" => adapter.delete_user("nobody").await,
        "link_account" => adapter.link_account(NewAccount::new(id, account("x", "1"))).await,
        "unlink_account" => adapter.unlink_account("x", "1").await,
        "account" => adapter.account("github", "1").await.map(drop),
        "accounts_of_user" => adapter.accounts_of_user(id).await.map(drop),
        "update_account_tokens" => {
            adapter.update_account_tokens("github", "1", &TokenSet::default()).await
        }
        "create_session" => adapter.create_session(session("s", id, time())).await,
        "session_and_user" => adapter.session_and_user(&"s".into()).await.map(drop),
        "update_session" => adapter.update_session(&"s".into(), time()).await,
        "delete_session" => adapter.delete_session(&"s".into()).await.map(drop),
        "sessions_of_user" => adapter.sessions_of_user(id).await.map(drop),
        "delete_sessions_of_user" => adapter.delete_sessions_of_user(id, None).await.map(drop),
        "create_verification_token" => {
            adapter.create_verification_token(link_for("ada@example.com", "t")).await
        }
        "use_verification_token" => {
            adapter.use_verification_token("ada@example.com", &token).await.map(drop)
        }
        "count" => {
            let attempt = attempt("fault", None, time());
            let key = AttemptKey::of_strangers(&attempt, "fault");
            adapter.count(key, time(), 60).await.map(drop)
        }
        "delete_expired" => adapter.delete_expired(time()).await.map(drop),
        other => panic!("{other}"),
    }
}

/// Goes on until no statement of a method is left to strike at. The adapter has one connection.
pub(in crate::adapter) async fn withstands<D: SqlDatabase>(
    adapter: &SqlAdapter<D>,
    injections: &[&Injection],
    fault: Fault,
) {
    let owner = adapter.create_user(NewUser::default()).await.unwrap();
    for method in METHODS {
        for (number, injection) in (0..10).flat_map(|n| injections.iter().map(move |i| (n, i))) {
            injection.after(number, fault);
            let patience = match fault {
                Fault::Silence => Duration::from_millis(5),
                _ => Duration::from_secs(60),
            };
            let answer = tokio::time::timeout(patience, call(adapter, method, &owner)).await;
            let is_left = injection.is_left();
            let when = format!("{fault:?} at statement {number} of {method}: {answer:?}");
            if !is_left {
                assert!(answer.is_err() || answer.unwrap().is_err(), "{when}");
            }
            works(adapter, &when).await;
        }
    }
    adapter.delete_user(&owner.id).await.unwrap();
}

/// All that a sign-in needs, and nothing is there by half.
async fn works<D: SqlDatabase>(adapter: &SqlAdapter<D>, when: &str) {
    let user = adapter.user_by_email("ada@example.com").await.expect(when);
    let owner = adapter.user_by_account("github", "1").await.expect(when);
    assert_eq!(user, owner, "both or neither: {when}");
    if let Some(user) = user {
        adapter.delete_user(&user.id).await.expect(when);
    }
    let user = adapter.create_user_with_account(ada(), account("github", "1")).await.expect(when);
    adapter.create_session(session("w", &user.id, time())).await.expect(when);
    assert!(adapter.session_and_user(&"w".into()).await.expect(when).is_some(), "{when}");
    adapter.delete_user(&user.id).await.expect(when);
    for token in ["s", "w"] {
        adapter.delete_session(&token.into()).await.expect(when);
    }
    adapter.use_verification_token("ada@example.com", &"t".into()).await.expect(when);
    adapter.unlink_account("x", "1").await.expect(when);
}

async fn one_connection<D: TestServer>(place: &Place) -> SqlAdapter<D> {
    drop(place.migrated::<D>().await);
    place.connect(options().max_connections(1)).await
}

async fn r106_a_statement_that_fails_leaves_a_good_connection<D: TestServer>(place: Place) {
    let adapter = one_connection::<D>(&place).await;
    let injection = &adapter.store.driver.pool.fault;
    withstands(&adapter, &[injection], Fault::Instead("SELEC")).await;
}

async fn r106_a_connection_that_is_lost_is_replaced<D: TestServer>(place: Place) {
    let adapter = one_connection::<D>(&place).await;
    let injection = &adapter.store.driver.pool.fault;
    withstands(&adapter, &[injection], Fault::Before(D::END_OF_CONNECTION)).await;
}

async fn r106_a_caller_who_goes_away_leaves_nothing_behind<D: TestServer>(place: Place) {
    let adapter = one_connection::<D>(&place).await;
    let injection = &adapter.store.driver.pool.fault;
    withstands(&adapter, &[injection], Fault::Silence).await;
}

/// Whichever statement it hits.
async fn what_a_deadlock_rolled_back_is_done_once<D: TestServer>(place: Place) {
    let adapter = one_connection::<D>(&place).await;
    let injection = &adapter.store.driver.pool.fault;
    for statement in 0.. {
        injection.after(statement, Fault::Instead(D::DEADLOCK));
        let made = adapter.create_user_with_account(ada(), account("github", "1")).await;
        let made = made.unwrap_or_else(|error| panic!("{statement}: {error}"));
        let is_over = injection.is_left();
        assert_eq!(adapter.user_by_account("github", "1").await.unwrap(), Some(made.clone()));
        assert_eq!(adapter.accounts_of_user(&made.id).await.unwrap().len(), 1, "{statement}");
        adapter.delete_user(&made.id).await.unwrap();
        assert_eq!(adapter.user_by_email("ada@example.com").await.unwrap(), None, "{statement}");
        if is_over {
            assert!(statement > 2);
            break;
        }
    }
}
