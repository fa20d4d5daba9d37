//! Rows that Prisma and Drizzle write and typegate reads, and the other way round, through NextAuth's
//! own adapters for them, in every database that both know.

use std::process::Command;

use serde_json::{Value, json};
use typegate::adapter::{
    AccountStore, DatabaseOptions, MySqlAdapter, PostgresAdapter, SchemaProfile, SessionStore,
    SqliteAdapter, UserAccountStore, UserStore, VerificationTokenStore,
};
use typegate::{
    Account, AccountType, NewSession, NewUser, Profile, Timestamp, TokenSet, VerificationToken,
};

use crate::node::{Answers, folder, node, variable};

const WHAT: &str = "the interchange of rows with Prisma and Drizzle";

/// A time with milliseconds, and one for columns that keep none and end in the year 2038.
const PROVED: i64 = 1_792_890_000_123;
const ENDS: i64 = 2_000_000_000_000;

/// An object mapper with tables of its own.
struct Mapper {
    answers: Answers,
    schema: SchemaProfile,
}

impl Mapper {
    /// Makes tables in a schema, a database or a file of that name.
    fn open(mapper: &str, database: &str, server: &str, name: &str, profile: &str) -> Option<Self> {
        let node = node(WHAT)?;
        let tables = format!("tests/data/schemas/{profile}.{database}.sql");
        let tables = std::fs::read_to_string(folder().join("../..").join(tables)).unwrap();
        let mut command = Command::new(node);
        let mut answers = Answers::of(command.arg("rows.mjs").current_dir(folder().join("orm")));
        answers.ask(&json!({
            "open": mapper, "database": database, "server": server, "name": name, "tables": tables,
        }));
        let schema = match profile {
            "prisma" => SchemaProfile::prisma(),
            "prisma_v4" => SchemaProfile::prisma_v4(),
            "prisma_with_ids" => SchemaProfile::prisma_with_ids(),
            _ => SchemaProfile::drizzle(),
        };
        Some(Self { answers, schema })
    }

    fn options(&self) -> DatabaseOptions {
        DatabaseOptions::default().schema(self.schema.clone())
    }

    fn call(&mut self, method: &str, with: &[Value]) -> Value {
        self.answers.ask(&json!({ "call": method, "with": with }))
    }
}

impl Drop for Mapper {
    /// The tables go, whatever came of the test.
    fn drop(&mut self) {
        self.answers.tell(&json!({ "close": true }));
    }
}

fn name() -> String {
    let random: [u8; 8] = std::array::from_fn(|_| rand_byte());
    random.iter().fold("typegate_".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// Of a hasher's random keys.
fn rand_byte() -> u8 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::hash::RandomState::new().build_hasher().finish() as u8
}

fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap()
}

#[tokio::test]
async fn rows_of_prisma_and_drizzle_in_postgresql() {
    let Some(server) = server("TYPEGATE_TEST_POSTGRES") else { return };
    for (mapper, profile) in [("prisma", "prisma"), ("drizzle", "drizzle")] {
        let name = name();
        let Some(mapper) = Mapper::open(mapper, "postgres", &server, &name, profile) else {
            return;
        };
        let url = format!("{server}?options[search_path]={name}");
        let adapter = PostgresAdapter::connect_with(&url, mapper.options()).await.unwrap();
        exchange(&adapter, mapper).await;
    }
}

#[tokio::test]
async fn rows_of_prisma_and_drizzle_in_mysql() {
    let Some(server) = server("TYPEGATE_TEST_MYSQL") else { return };
    for (mapper, profile) in [("prisma", "prisma_with_ids"), ("drizzle", "drizzle")] {
        let name = name();
        let Some(mapper) = Mapper::open(mapper, "mysql", &server, &name, profile) else { return };
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let adapter = MySqlAdapter::connect_with(&url, mapper.options()).await.unwrap();
        exchange(&adapter, mapper).await;
    }
}

#[tokio::test]
async fn rows_of_prisma_and_drizzle_in_sqlite() {
    for (mapper, profile) in [("prisma", "prisma_v4"), ("drizzle", "drizzle")] {
        let file = std::env::temp_dir().join(format!("{}.db", name()));
        let file = file.to_str().unwrap();
        let Some(mapper) = Mapper::open(mapper, "sqlite", "", file, profile) else { return };
        let url = format!("sqlite://{file}");
        let adapter = SqliteAdapter::connect_with(&url, mapper.options()).await.unwrap();
        exchange(&adapter, mapper).await;
        for end in ["", "-shm", "-wal"] {
            let _ = std::fs::remove_file(format!("{file}{end}"));
        }
    }
}

fn server(name: &str) -> Option<String> {
    let how = format!("set {name}, which .ci/databases prints");
    variable(name, WHAT, &how).map(|url| url.into_string().unwrap())
}

async fn exchange<A>(adapter: &A, mut mapper: Mapper)
where
    A: UserStore + AccountStore + SessionStore + VerificationTokenStore + UserAccountStore,
{
    reads_theirs(adapter, &mut mapper).await;
    is_read_by_them(adapter, &mut mapper).await;
}

fn tokens() -> Value {
    json!({
        "access_token": "an access token", "refresh_token": "a refresh token",
        "expires_at": 1_792_890_000, "token_type": "bearer", "scope": "openid email",
        "id_token": "e30.e30.e30", "session_state": "a state",
    })
}

async fn reads_theirs<A>(adapter: &A, mapper: &mut Mapper)
where
    A: UserStore + AccountStore + SessionStore + VerificationTokenStore,
{
    let ada = json!({
        "name": "Ada ✓", "email": "ada@example.com", "emailVerified": PROVED, "image": null,
    });
    let made = mapper.call("createUser", &[ada]);
    let id = made["id"].as_str().unwrap().to_owned();
    let mut account = json!({
        "userId": id, "type": "oauth", "provider": "github", "providerAccountId": "1",
    });
    account.as_object_mut().unwrap().extend(tokens().as_object().unwrap().clone());
    mapper.call("linkAccount", &[account]);
    let session = json!({ "sessionToken": "theirs", "userId": id, "expires": ENDS });
    mapper.call("createSession", &[session]);
    let link = json!({ "identifier": "ada@example.com", "token": "hash", "expires": ENDS });
    mapper.call("createVerificationToken", &[link]);

    let user = adapter.user_by_email("ada@example.com").await.unwrap().unwrap();
    assert_eq!((user.id.as_str(), user.name.as_deref()), (id.as_str(), Some("Ada ✓")));
    assert_eq!((user.email_verified, user.image.clone()), (Some(time(PROVED)), None));
    assert_eq!(adapter.user(&id).await.unwrap().as_ref(), Some(&user));
    assert_eq!(adapter.user_by_account("github", "1").await.unwrap().as_ref(), Some(&user));
    let account = adapter.account("github", "1").await.unwrap().unwrap();
    assert_eq!(account.account_type, AccountType::OAuth);
    assert_eq!(json!(account.tokens), tokens());
    let (session, owner) = adapter.session_and_user(&"theirs".into()).await.unwrap().unwrap();
    assert_eq!((session.expires, owner), (time(ENDS), user));

    let later = ENDS + 86_400_000;
    adapter.update_session(&"theirs".into(), time(later)).await.unwrap();
    let found = mapper.call("getSessionAndUser", &[json!("theirs")]);
    assert_eq!(found["session"]["expires"], json!(later));
    mapper.call("updateSession", &[json!({ "sessionToken": "theirs", "expires": ENDS })]);
    let (session, _) = adapter.session_and_user(&"theirs".into()).await.unwrap().unwrap();
    assert_eq!(session.expires, time(ENDS));
    mapper.call("deleteSession", &[json!("theirs")]);
    assert!(adapter.session_and_user(&"theirs".into()).await.unwrap().is_none());

    let used = adapter.use_verification_token("ada@example.com", &"hash".into()).await.unwrap();
    assert_eq!(used.unwrap().expires, time(ENDS));
    let link = json!({ "identifier": "ada@example.com", "token": "hash" });
    assert_eq!(mapper.call("useVerificationToken", &[link]), Value::Null);

    mapper.call("deleteUser", &[json!(id)]);
    assert_eq!(adapter.user(&id).await.unwrap(), None);
    assert!(adapter.account("github", "1").await.unwrap().is_none());
}

async fn is_read_by_them<A>(adapter: &A, mapper: &mut Mapper)
where
    A: UserStore + SessionStore + VerificationTokenStore + UserAccountStore,
{
    let profile = Profile::new("2").name("Grace".to_owned()).email("grace@example.com".to_owned());
    let mut user = NewUser::from(profile.image("https://example.com/grace.png".to_owned()));
    user.email_verified = Some(time(PROVED));
    let mut account = Account::new(AccountType::OAuth, "gitlab", "2");
    account.tokens = TokenSet::from_members(tokens().as_object().unwrap().clone());
    let grace = adapter.create_user_with_account(user, account).await.unwrap();
    let session = NewSession::new("ours".into(), &grace.id, time(ENDS));
    adapter.create_session(session).await.unwrap();
    let link = VerificationToken::new("grace@example.com", "hash".into(), time(ENDS));
    adapter.create_verification_token(link).await.unwrap();

    let found = mapper.call("getUserByEmail", &[json!("grace@example.com")]);
    for (member, value) in [
        ("id", json!(grace.id)),
        ("name", json!("Grace")),
        ("emailVerified", json!(PROVED)),
        ("image", json!("https://example.com/grace.png")),
    ] {
        assert_eq!(found[member], value, "{member}");
    }
    let key = json!({ "provider": "gitlab", "providerAccountId": "2" });
    assert_eq!(mapper.call("getUserByAccount", &[key]), found);
    let account = mapper.call("getAccount", &[json!("2"), json!("gitlab")]);
    for (member, value) in tokens().as_object().unwrap() {
        assert_eq!(account[member], *value, "{member}");
    }
    let both = mapper.call("getSessionAndUser", &[json!("ours")]);
    assert_eq!((&both["session"]["expires"], &both["user"]), (&json!(ENDS), &found));

    mapper.call("updateUser", &[json!({ "id": grace.id, "name": "Grace Hopper" })]);
    let user = adapter.user(&grace.id).await.unwrap().unwrap();
    assert_eq!(user.name.as_deref(), Some("Grace Hopper"));
    let link = json!({ "identifier": "grace@example.com", "token": "hash" });
    let used = mapper.call("useVerificationToken", &[link]);
    assert_eq!(used["expires"], json!(ENDS));
    let again = adapter.use_verification_token("grace@example.com", &"hash".into()).await.unwrap();
    assert!(again.is_none());

    adapter.delete_session(&"ours".into()).await.unwrap().unwrap();
    assert_eq!(mapper.call("getSessionAndUser", &[json!("ours")]), Value::Null);
    assert_eq!(adapter.accounts_of_user(&grace.id).await.unwrap().len(), 1);
    adapter.delete_user(&grace.id).await.unwrap();
    assert_eq!(mapper.call("getUser", &[json!(grace.id)]), Value::Null);
}
