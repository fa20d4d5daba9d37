//! Tables that other adapters made, with rows that those wrote.

use jiff::Timestamp;
use serde_json::json;

use super::{Place, Server, TestServer, on_each_server, options};
use crate::adapter::sqlite::tests::Folder;
use crate::adapter::tests::conform;
use crate::adapter::{
    AccountStore, MySql, Postgres, PostgresAdapter, SchemaProfile, SqlAdapter, SqlDatabase,
    SqliteAdapter, Table, UserStore,
};
use crate::model::{Account, AccountType, NewAccount, TokenSet, UserUpdate};
use crate::testing::adapter::Conformance;
use crate::testing::adapter::Limit::{self, *};
use crate::testing::adapter::fixture::{account, ada, new_user};

macro_rules! ddl {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/schemas/", $name, ".sql"))
    };
}

/// Tables, and a row of users and one of sessions as the adapter that made the tables writes
/// them: Ada with the session `kept`, which ends at [`END`].
struct Foreign {
    profile: fn() -> SchemaProfile,
    ddl: &'static str,
    rows: &'static str,
    id: &'static str,
    limits: &'static [Limit],
}

/// In whole seconds, because one of the schemas has no others.
const END: &str = "2026-10-25T01:30:00Z";
const UUID: &str = "8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a";

impl Foreign {
    fn clear(&self, quote: char) -> String {
        let profile = (self.profile)();
        [Table::Accounts, Table::Sessions, Table::Users, Table::VerificationTokens]
            .map(|table| format!("DELETE FROM {quote}{}{quote};", profile.table_name(table)))
            .concat()
    }

    async fn on_postgres(self) {
        Server::Postgres.run(async |place: Place| self.on_server::<Postgres>(&place).await).await;
    }

    async fn on_mysql(self) {
        Server::MySql.run(async |place: Place| self.on_server::<MySql>(&place).await).await;
    }

    async fn on_server<D: TestServer>(&self, place: &Place) {
        place.sql(self.ddl).await;
        place.sql(self.rows).await;
        let mut profile = (self.profile)();
        if profile.namespace_name().is_some() {
            profile = profile.namespace(place.name());
        }
        let adapter = place.connect::<D>(options().schema(profile)).await;
        self.reads_what_is_there(&adapter).await;
        assert!(adapter.migrate().await.is_err(), "the tables are somebody else's");
        if self.limits.contains(&ExpiresAt32Bit) {
            self.keeps_no_end_beyond_32_bits(&adapter).await;
        }
        let clear = self.clear(D::QUOTE);
        conform!(
            async || {
                place.sql(&clear).await;
                adapter.clone()
            },
            [self.limits, D::LIMITS].concat()
        );
        self.limits_are_warned_of(&adapter, async |sql: &str| place.sql(sql).await).await;
    }

    /// Of what the tables cannot do there is a warning, and none of what they can. What a warning
    /// says to run ends it.
    async fn limits_are_warned_of<D: SqlDatabase>(
        &self,
        adapter: &SqlAdapter<D>,
        run: impl AsyncFn(&str),
    ) {
        let before = adapter.check_schema().await.unwrap();
        assert_eq!(before.problems, Vec::<String>::new());
        for (limit, said) in [
            (EmailNotUnique, "no unique key on `email`"),
            (AccountNotUnique, "no unique key on `provider`"),
            (SessionTokenNotUnique, "no unique key on `sessionToken`"),
            (VerificationTokenNotUnique, "a link may be stored twice"),
            (EmailRequired, "people without an address cannot sign up"),
            (ExpiresAt32Bit, "has 32 bits"),
            (ShortTexts, "characters: a longer text is an error"),
        ] {
            let is_warned_of = before.warnings.iter().any(|warning| warning.contains(said));
            assert_eq!(is_warned_of, self.limits.contains(&limit), "{limit:?}: {before}");
        }
        for warning in &before.warnings {
            if let Some((_, statement)) = warning.split_once("run: ") {
                run(statement).await;
            }
        }
        let after = adapter.check_schema().await.unwrap().to_string();
        assert!(!after.contains("run: "), "{after}");
    }

    /// A token of twenty years costs nobody the sign-in.
    async fn keeps_no_end_beyond_32_bits<A: UserStore + AccountStore>(&self, adapter: &A) {
        let account = |end: i64| {
            let members = json!({ "access_token": "at", "expires_at": end });
            let mut account = Account::new(AccountType::OAuth, "acme", "7");
            account.tokens = TokenSet::from_members(members.as_object().cloned().unwrap());
            account
        };
        let (last, beyond) = (i64::from(i32::MAX), i64::from(i32::MAX) + 1);
        adapter.link_account(NewAccount::new(self.id, account(beyond))).await.unwrap();
        let stored = async || adapter.account("acme", "7").await.unwrap().unwrap().tokens;
        assert_eq!(
            (stored().await.expires_at(), stored().await.access_token()),
            (None, Some("at"))
        );
        for (end, kept) in [(last, Some(last)), (beyond, None), (i64::MAX, None)] {
            adapter.update_account_tokens("acme", "7", &account(end).tokens).await.unwrap();
            assert_eq!(stored().await.expires_at(), kept);
        }
    }

    async fn on_sqlite(self) {
        let folder = Folder::new();
        let url = folder.url();
        folder.sql(self.ddl).await;
        folder.sql(self.rows).await;
        let options = options().schema((self.profile)());
        let adapter = SqliteAdapter::connect_with(&url, options).await.unwrap();
        self.reads_what_is_there(&adapter).await;
        let clear = self.clear('"');
        conform!(
            async || {
                folder.sql(&clear).await;
                adapter.clone()
            },
            self.limits.iter().copied()
        );
        self.limits_are_warned_of(&adapter, async |sql: &str| folder.sql(sql).await).await;
    }

    async fn reads_what_is_there<A>(&self, adapter: &A)
    where
        A: UserStore + crate::adapter::SessionStore,
    {
        let end: Timestamp = END.parse().unwrap();
        let (session, ada) = adapter.session_and_user(&"kept".into()).await.unwrap().unwrap();
        assert_eq!(session.expires, end);
        assert_eq!((&*ada.id, ada.name.as_deref()), (self.id, Some("Ada")));
        assert_eq!(ada.email_verified, Some(end));
        assert_eq!(adapter.user(self.id).await.unwrap(), Some(ada));
    }
}

/// A test for each schema, named after it.
macro_rules! foreign {
    ($($test:ident: $on:ident $ddl:literal $profile:ident [$($limit:ident),*] $id:ident $rows:literal)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            Foreign {
                profile: SchemaProfile::$profile,
                ddl: ddl!($ddl),
                rows: $rows,
                id: $id,
                limits: &[$($limit),*],
            }
            .$on()
            .await;
        })*

        const TESTED: &[(&str, &str)] = &[$((stringify!($profile), stringify!($on))),*];
    };
}

const CUID: &str = "ckx1zq2yb0000qzrmn831i7rn";
const ONE: &str = "1";

foreign! {
    pg_on_postgresql: on_postgres "pg.postgres" pg
        [EmailNotUnique, AccountNotUnique, SessionTokenNotUnique, NoForeignKeys, NoOAuth1Tokens]
        ONE
        r#"INSERT INTO users (name, email, "emailVerified")
               VALUES ('Ada', 'ada@example.com', '2026-10-25 03:30:00+02');
           INSERT INTO sessions ("userId", expires, "sessionToken")
               VALUES (1, '2026-10-25 01:30:00Z', 'kept')"#
    prisma_on_postgresql: on_postgres "prisma.postgres" prisma
        [EmailRequired, ExpiresAt32Bit, NoOAuth1Tokens]
        CUID
        r#"INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00', now());
           INSERT INTO "Session" ("sessionToken", "userId", expires, "updatedAt") VALUES
               ('kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00', now())"#
    prisma_on_mysql: on_mysql "prisma.mysql" prisma
        [EmailRequired, ExpiresAt32Bit, NoOAuth1Tokens, FoldedUniqueness, ShortTexts, ShortKeys]
        CUID
        r#"INSERT INTO `User` (id, name, email, `emailVerified`, `updatedAt`) VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00',
                '2026-01-01');
           INSERT INTO `Session` (`sessionToken`, `userId`, expires, `updatedAt`) VALUES
               ('kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00', '2026-01-01')"#
    prisma_on_sqlite: on_sqlite "prisma.sqlite" prisma [EmailRequired, NoOAuth1Tokens]
        CUID
        r#"INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', 1792891800000, 0);
           INSERT INTO "Session" ("sessionToken", "userId", expires, "updatedAt") VALUES
               ('kept', 'ckx1zq2yb0000qzrmn831i7rn', 1792891800000, 0)"#
    prisma_with_ids_and_dates_on_postgresql: on_postgres "prisma_with_ids_and_dates.postgres"
        prisma_with_ids_and_dates [ExpiresAt32Bit, NoOAuth1Tokens]
        CUID
        r#"INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00', now());
           INSERT INTO "Session" (id, "sessionToken", "userId", expires, "updatedAt") VALUES
               ('cky', 'kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00', now())"#
    prisma_with_ids_and_dates_on_mysql: on_mysql "prisma_with_ids_and_dates.mysql" prisma_with_ids_and_dates
        [ExpiresAt32Bit, NoForeignKeys, NoOAuth1Tokens, OneAccountPerUser, FoldedUniqueness,
         ShortTexts, ShortKeys]
        CUID
        r#"INSERT INTO `User` (id, name, email, `emailVerified`, `updatedAt`) VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00',
                '2026-01-01');
           INSERT INTO `Session` (id, `sessionToken`, `userId`, expires, `updatedAt`) VALUES
               ('cky', 'kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00',
                '2026-01-01')"#
    prisma_with_ids_and_dates_on_sqlite: on_sqlite "prisma_with_ids_and_dates.sqlite"
        prisma_with_ids_and_dates [NoOAuth1Tokens]
        CUID
        r#"INSERT INTO "User" (id, name, email, "emailVerified", "updatedAt") VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', 1792891800000, 0);
           INSERT INTO "Session" (id, "sessionToken", "userId", expires, "updatedAt") VALUES
               ('cky', 'kept', 'ckx1zq2yb0000qzrmn831i7rn', 1792891800000, 0)"#
    prisma_with_ids_on_postgresql: on_postgres "prisma_with_ids.postgres" prisma_with_ids
        [ExpiresAt32Bit, NoOAuth1Tokens, VerificationTokenUniqueAlone]
        CUID
        r#"INSERT INTO "User" VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00');
           INSERT INTO "Session" VALUES
               ('cky', 'kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00')"#
    prisma_with_ids_on_mysql: on_mysql "prisma_with_ids.mysql" prisma_with_ids
        [OneAccountPerUser, ExpiresAt32Bit, NoOAuth1Tokens, VerificationTokenUniqueAlone,
         FoldedUniqueness, ShortTexts, ShortKeys, NoForeignKeys]
        CUID
        r#"INSERT INTO `User` (id, name, email, emailVerified) VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00');
           INSERT INTO `Session` VALUES
               ('cky', 'kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00')"#
    prisma_with_ids_on_sqlite: on_sqlite "prisma_with_ids.sqlite" prisma_with_ids
        [NoOAuth1Tokens, VerificationTokenUniqueAlone]
        CUID
        r#"INSERT INTO "User" VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', 1792891800000, NULL);
           INSERT INTO "Session" VALUES
               ('cky', 'kept', 'ckx1zq2yb0000qzrmn831i7rn', 1792891800000)"#
    prisma_v4_on_postgresql: on_postgres "prisma_v4.postgres" prisma_v4
        [EmailRequired, ExpiresAt32Bit, NoOAuth1Tokens, VerificationTokenUniqueAlone]
        CUID
        r#"INSERT INTO "User" VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00');
           INSERT INTO "Session" VALUES
               ('kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00')"#
    prisma_v4_on_mysql: on_mysql "prisma_v4.mysql" prisma_v4
        [EmailRequired, ExpiresAt32Bit, NoOAuth1Tokens, VerificationTokenUniqueAlone,
         FoldedUniqueness, ShortTexts, ShortKeys]
        CUID
        r#"INSERT INTO `User` VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00', NULL);
           INSERT INTO `Session` VALUES
               ('kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25 01:30:00')"#
    prisma_v4_on_sqlite_with_numbers: on_sqlite "prisma_v4.sqlite" prisma_v4 [NoOAuth1Tokens]
        CUID
        r#"INSERT INTO "User" VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', 1792891800000, NULL);
           INSERT INTO "Session" VALUES ('kept', 'ckx1zq2yb0000qzrmn831i7rn', 1792891800000)"#
    prisma_v4_on_sqlite_with_texts: on_sqlite "prisma_v4.sqlite" prisma_v4 [NoOAuth1Tokens]
        CUID
        r#"INSERT INTO "User" VALUES
               ('ckx1zq2yb0000qzrmn831i7rn', 'Ada', 'ada@example.com', '2026-10-25 01:30:00', NULL);
           INSERT INTO "Session" VALUES
               ('kept', 'ckx1zq2yb0000qzrmn831i7rn', '2026-10-25T01:30:00.000Z')"#
    drizzle_on_postgresql: on_postgres "drizzle.postgres" drizzle
        [AccountNotUnique, VerificationTokenNotUnique, ExpiresAt32Bit, NoOAuth1Tokens]
        UUID
        r#"INSERT INTO "user" VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25 01:30:00');
           INSERT INTO "session" VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25 01:30:00')"#
    drizzle_on_mysql: on_mysql "drizzle.mysql" drizzle
        [ExpiresAt32Bit, NoOAuth1Tokens, FoldedUniqueness, ShortTexts, WholeSeconds, Times32Bit]
        UUID
        r#"SET time_zone = '+02:00';
           INSERT INTO `user` VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25 03:30:00', NULL);
           INSERT INTO `session` VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25 03:30:00')"#
    drizzle_on_sqlite: on_sqlite "drizzle.sqlite" drizzle [NoOAuth1Tokens]
        UUID
        r#"INSERT INTO "user" VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', 1792891800000, NULL);
           INSERT INTO "session" VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 1792891800000)"#
    kysely_on_postgresql: on_postgres "kysely.postgres" kysely
        [AccountNotUnique, NoOAuth1Tokens, VerificationTokenUniqueAlone]
        UUID
        r#"INSERT INTO "User" VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25 01:30:00Z');
           INSERT INTO "Session" ("sessionToken", "userId", expires) VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25 01:30:00Z')"#
    kysely_on_mysql: on_mysql "kysely.mysql" kysely
        [AccountNotUnique, NoOAuth1Tokens, VerificationTokenUniqueAlone, FoldedUniqueness,
         ShortTexts]
        UUID
        r#"INSERT INTO `User` VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25 01:30:00', NULL);
           INSERT INTO `Session` (sessionToken, userId, expires) VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25 01:30:00')"#
    kysely_on_sqlite: on_sqlite "kysely.sqlite" kysely
        [AccountNotUnique, NoOAuth1Tokens, VerificationTokenUniqueAlone]
        UUID
        r#"INSERT INTO "User" VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25T01:30:00.000Z', NULL);
           INSERT INTO "Session" ("sessionToken", "userId", expires) VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25T01:30:00.000Z')"#
    typeorm_on_postgresql: on_postgres "typeorm.postgres" typeorm
        [AccountNotUnique, NoOAuth1Tokens, VerificationTokenNotUnique]
        UUID
        r#"INSERT INTO users VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '1792891800000');
           INSERT INTO sessions ("sessionToken", "userId", expires) VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '1792891800000')"#
    typeorm_on_mysql: on_mysql "typeorm.mysql" typeorm
        [AccountNotUnique, NoOAuth1Tokens, VerificationTokenNotUnique, FoldedUniqueness,
         ShortTexts]
        UUID
        r#"INSERT INTO users VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '1792891800000', NULL);
           INSERT INTO sessions VALUES
               ('x', 'kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '1792891800000')"#
    d1_on_sqlite: on_sqlite "d1.sqlite" d1
        [EmailNotUnique, AccountNotUnique, NoForeignKeys, VerificationTokenUniqueAlone]
        UUID
        r#"INSERT INTO users VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25T01:30:00.000Z', NULL);
           INSERT INTO sessions VALUES
               ('x', 'kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25T01:30:00.000Z')"#
    supabase_on_postgresql: on_postgres "supabase.postgres" supabase
        [VerificationTokenUniqueAlone]
        UUID
        r#"INSERT INTO users VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25 01:30:00Z');
           INSERT INTO sessions ("sessionToken", "userId", expires) VALUES
               ('kept', '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25 01:30:00Z')"#
    sequelize_on_postgresql: on_postgres "sequelize.postgres" sequelize
        [AccountNotUnique, NoOAuth1Tokens, ExpiresAt32Bit, VerificationTokenUniqueAlone,
         ShortTexts]
        UUID
        r#"INSERT INTO users VALUES ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', 'Ada',
               'ada@example.com', '2026-10-25 01:30:00Z');
           INSERT INTO sessions (id, session_token, user_id, expires) VALUES
               ('8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4b', 'kept',
                '8b9f9ff6-6ab5-4f4b-9d0c-9cc9cbf5bd4a', '2026-10-25 01:30:00Z')"#
}

/// The documentation's table says "yes" where there is a test, and nowhere else.
#[test]
fn every_yes_of_the_documentation_is_tested() {
    let page = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/databases.md"));
    let (_, table) =
        page.split_once("| profile | tables of | PostgreSQL | MySQL | SQLite |").unwrap();
    let mut promised = Vec::new();
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [_, profile, _, postgres, mysql, sqlite, _] = cells[..] else { panic!("{row}") };
        for (cell, on) in [(postgres, "on_postgres"), (mysql, "on_mysql"), (sqlite, "on_sqlite")] {
            assert!(["", "yes"].contains(&cell), "{row}");
            promised.extend((cell == "yes").then_some((profile.trim_matches('`'), on)));
        }
    }
    let mut tested = TESTED.to_vec();
    tested.sort();
    tested.dedup();
    promised.sort();
    assert_eq!(promised, tested);
    let known = SchemaProfile::FOREIGN.map(|(name, _)| name);
    assert!(known.iter().all(|name| tested.iter().any(|(profile, _)| profile == name)));
}

#[tokio::test]
async fn members_of_the_application_are_kept() {
    let folder = Folder::new();
    folder.sql(ddl!("drizzle.sqlite")).await;
    folder.sql("ALTER TABLE \"user\" ADD COLUMN role TEXT").await;
    let options = options().schema(SchemaProfile::drizzle().user_member("role"));
    let adapter = SqliteAdapter::connect_with(&folder.url(), options).await.unwrap();

    let mut ada = ada();
    ada.extra.insert("role".to_owned(), "engineer".into());
    let ada = adapter.create_user(ada).await.unwrap();
    assert_eq!(ada.extra.get("role"), Some(&"engineer".into()));
    assert_eq!(ada.extra.len(), 1, "the member without a column is not there");
    assert_eq!(adapter.user(&ada.id).await.unwrap(), Some(ada));
}

/// `role String @default("member")`: who has none gets it from the database, and it can be changed.
#[tokio::test]
async fn members_of_the_application_have_the_databases_default() {
    let profile = || SchemaProfile::prisma_with_ids_and_dates().user_member("role");
    let folder = Folder::new();
    folder.sql(ddl!("prisma_with_ids_and_dates.sqlite")).await;
    let role = "ADD COLUMN role VARCHAR(191) NOT NULL DEFAULT 'member'";
    folder.sql(&format!("ALTER TABLE \"User\" {role}")).await;
    let adapter = SqliteAdapter::connect_with(&folder.url(), options().schema(profile())).await;
    has_default_role(&adapter.unwrap()).await;
    Server::MySql
        .run(async |place: Place| {
            place.sql(ddl!("prisma_with_ids_and_dates.mysql")).await;
            place.sql(&format!("ALTER TABLE `User` {role}")).await;
            has_default_role(&place.connect::<MySql>(options().schema(profile())).await).await;
        })
        .await;
    Server::Postgres
        .run(async |place: Place| {
            let profile = SchemaProfile::prisma().user_member("role");
            place.sql(ddl!("prisma.postgres")).await;
            place.sql(&format!("ALTER TABLE \"User\" {role}")).await;
            has_default_role(&place.connect::<Postgres>(options().schema(profile)).await).await;
        })
        .await;
}

pub(super) async fn has_default_role<D: SqlDatabase>(adapter: &SqlAdapter<D>) {
    let first = adapter.create_user(ada()).await.unwrap();
    assert_eq!(first.extra.get("role"), Some(&"member".into()));
    assert_eq!(adapter.user(&first.id).await.unwrap().as_ref(), Some(&first));
    let second = new_user("grace@example.com");
    let second = adapter.create_user_with_account(second, account("github", "1")).await.unwrap();
    assert_eq!(second.extra.get("role"), Some(&"member".into()));
    let mut third = new_user("mary@example.com");
    third.extra.insert("role".to_owned(), "owner".into());
    let third = adapter.create_user(third).await.unwrap();
    assert_eq!(third.extra.get("role"), Some(&"owner".into()));

    let mut update = UserUpdate::new(&first.id);
    update.extra.insert("role".to_owned(), "editor".into());
    update.extra.insert("unknown".to_owned(), "ignored".into());
    let changed = adapter.update_user(update).await.unwrap();
    assert_eq!(changed.extra.get("role"), Some(&"editor".into()));
    assert_eq!(adapter.user(&first.id).await.unwrap(), Some(changed));
    let same = adapter.update_user(UserUpdate::new(&third.id)).await.unwrap();
    assert_eq!(same, third);
}

#[tokio::test]
async fn migrate_makes_the_columns_of_members() {
    let profile = || options().schema(SchemaProfile::typegate().user_member("role"));
    let folder = Folder::new();
    drop(folder.migrated().await);
    let adapter = SqliteAdapter::connect_with(&folder.url(), profile()).await.unwrap();
    gets_a_role(&adapter).await;
    Server::Postgres
        .run(async |place: Place| {
            gets_a_role(&place.connect::<Postgres>(profile()).await).await;
        })
        .await;
    Server::MySql
        .run(async |place: Place| gets_a_role(&place.connect::<MySql>(profile()).await).await)
        .await;
}

async fn gets_a_role<D: SqlDatabase>(adapter: &SqlAdapter<D>) {
    for _ in 0..2 {
        adapter.migrate().await.unwrap();
    }
    let mut ada = ada();
    ada.extra.insert("role".to_owned(), "engineer".into());
    let ada = adapter.create_user(ada).await.unwrap();
    let mut update = UserUpdate::new(&ada.id);
    update.extra.insert("role".to_owned(), serde_json::Value::Null);
    assert_eq!(adapter.update_user(update).await.unwrap().extra.len(), 0);
}

#[tokio::test]
async fn mistakes_of_a_profile_are_named() {
    let prisma = SchemaProfile::prisma;
    for (profile, said) in [
        (prisma().column(Table::Users, "emial", "mail"), "did you mean `email`?"),
        (prisma().column(Table::Sessions, "provider", "p"), "there are `sessionToken`"),
        (prisma().user_member("email"), "the column `email` of Users for two members"),
        (prisma().user_member("Name"), "the column `name` of Users for two members"),
        (prisma().user_member("role").user_member("role"), "the column `role` of Users"),
        (prisma().column(Table::Users, "image", "name"), "the column `name` of Users"),
    ] {
        let refused = SqliteAdapter::connect_with("sqlite::memory:", options().schema(profile));
        let refused = refused.await.unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
}

#[tokio::test]
async fn the_profile_that_fits_is_named() {
    let folder = Folder::new();
    folder.sql(ddl!("prisma_with_ids_and_dates.sqlite")).await;
    for (profile, said) in [
        (SchemaProfile::prisma(), "fit the profile `SchemaProfile::prisma_with_ids_and_dates`"),
        (
            SchemaProfile::prisma().table(Table::Users, "people"),
            "fit the profile `SchemaProfile::prisma_with_ids_and_dates`",
        ),
        (
            SchemaProfile::prisma_with_ids_and_dates().column(Table::Users, "email", "emial"),
            "the column `User.emial` is not there; did you mean `email`?",
        ),
    ] {
        let options = options().schema(profile);
        let refused = SqliteAdapter::connect_with(&folder.url(), options).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
        assert_eq!(
            refused.contains("fit the profile"),
            said.contains("fit the profile"),
            "{refused}"
        );
    }

    // By the names that the application gave to the tables, too.
    folder.sql("ALTER TABLE User RENAME TO people").await;
    let profile = SchemaProfile::prisma().table(Table::Users, "people");
    let refused = SqliteAdapter::connect_with(&folder.url(), options().schema(profile)).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("`SchemaProfile::prisma_with_ids_and_dates`"), "{refused}");
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let folder = Folder::new();
    folder.sql(&ddl!("drizzle.sqlite").replace("\"image\" text", "\"age\" integer NOT NULL")).await;
    folder.sql("DROP TABLE session").await;
    let options = options().schema(SchemaProfile::drizzle());
    let refused = SqliteAdapter::connect_with(&folder.url(), options).await.unwrap_err();
    let said = std::error::Error::source(&refused).unwrap().to_string();
    for sentence in [
        "the column `user.image` is not there",
        "the column `user.age` must not be null, has no default, and nothing is written to it",
        "the table `session` is not there",
    ] {
        assert!(said.contains(sentence), "{said}");
    }
}

#[tokio::test]
async fn what_is_less_safe_is_named() {
    Server::Postgres
        .run(async |place: Place| {
            place.sql(ddl!("pg.postgres")).await;
            let options = options().schema(SchemaProfile::pg());
            let adapter = PostgresAdapter::connect_with(&place.url, options).await.unwrap();
            let report = adapter.check_schema().await.unwrap();
            assert_eq!(report.problems, Vec::<String>::new());
            let keys = report.warnings.iter().filter(|warning| warning.contains("no unique key"));
            assert_eq!(keys.count(), 3, "{report}");

            let options = super::options().schema(SchemaProfile::kysely());
            let refused = PostgresAdapter::connect_with(&place.url, options).await;
            assert!(refused.is_err(), "the tables of another profile");
            let options =
                super::options().schema(SchemaProfile::pg().ids(crate::adapter::IdKind::Uuid));
            let refused = PostgresAdapter::connect_with(&place.url, options).await.unwrap_err();
            let said = std::error::Error::source(&refused).unwrap().to_string();
            assert!(said.contains("`users.id` is `integer`, where a UUID is expected"), "{said}");
        })
        .await;
}

#[tokio::test]
async fn typegates_own_tables_have_nothing_to_report() {
    let sqlite = crate::adapter::sqlite::tests::in_memory().await;
    assert_eq!(sqlite.check_schema().await.unwrap().to_string(), "");
}

on_each_server! {
    #[tokio::test] typegates_own_tables_on_a_server_have_nothing_to_report
}

async fn typegates_own_tables_on_a_server_have_nothing_to_report<D: TestServer>(place: Place) {
    let adapter = place.adapter::<D>().await;
    assert!(!adapter.check_schema().await.unwrap().problems.is_empty(), "no tables");
    adapter.migrate().await.unwrap();
    assert_eq!(adapter.check_schema().await.unwrap().to_string(), "");
}
