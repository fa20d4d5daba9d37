//! `PgBouncer` between the adapter and the server, which lends a connection for one transaction.
//!
//! `TYPEGATE_TEST_PGBOUNCER` is the path of the program; `.ci/databases` prints it.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

use crate::adapter::sql::tests::{Server, options};
use crate::adapter::tests::{cleaned_up, conform, server_address};
use crate::adapter::{Postgres, SessionStore as _, SqlAdapter, UserStore as _};
use crate::crypto::random;
use crate::testing::adapter::fixture::{account, ada, session, time};
use crate::testing::adapter::{Conformance, Limit};

/// A pooler with two connections to the server, and a database of one's own behind it.
struct Pooler {
    process: Child,
    folder: std::path::PathBuf,
    url: String,
}

impl Pooler {
    /// `ignored` are the parameters of a new connection that it drops without a word.
    fn start(program: &str, server: &Url, database: &str, ignored: &str) -> Self {
        let folder = std::env::temp_dir().join(database);
        std::fs::create_dir(&folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let user = server.username();
        let password = server.password().map(|text| format!(" password={text}"));
        let settings = format!(
            "[databases]\n{database} = host={} port={} user={user}{}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n\
             unix_socket_dir =\npool_mode = transaction\ndefault_pool_size = 2\n\
             ignore_startup_parameters = {ignored}\n",
            server.host_str().unwrap(),
            server.port().unwrap_or(5432),
            password.unwrap_or_default(),
        );
        let file = folder.join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        allow_reading(&folder);
        let mut command = Command::new(program);
        // It does not run as the superuser.
        if std::fs::metadata("/proc/self").is_ok_and(|own| is_superusers(&own)) {
            command.args(["-u", "nobody"]);
        }
        let process = command.arg(&file).stderr(Stdio::null()).stdout(Stdio::null()).spawn();
        let mut process = process.unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert_eq!(process.try_wait().unwrap(), None, "it ended");
            std::thread::yield_now();
        }
        let url = format!("postgres://{user}@127.0.0.1:{port}/{database}");
        Self { process, folder, url }
    }

    async fn connection(&self) -> PgConnection {
        let options: PgConnectOptions = self.url.parse().unwrap();
        let options = options.extra_float_digits(None).statement_cache_capacity(0);
        PgConnection::connect_with(&options).await.unwrap()
    }
}

#[cfg(unix)]
fn allow_reading(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
fn is_superusers(file: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(file) == 0
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

async fn run(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

/// Runs a test at a pooler that refuses what it does not know, at one that drops it, at one that
/// drops it before a database with the adapter's own limit, and with an address that says what is
/// between.
async fn at_each_pooler(test: impl AsyncFn(&Pooler, String)) {
    let Some(program) = server_address("TYPEGATE_TEST_PGBOUNCER", "PgBouncer") else { return };
    let Some(outside) = Server::Postgres.url() else { return };
    let same_limit = format!("SET statement_timeout = {}", options().deadline.as_millis());
    for (ignored, parameter, setting) in [
        ("", "", None),
        ("options, extra_float_digits", "", None),
        ("options, extra_float_digits", "", Some(&same_limit)),
        ("extra_float_digits", "?statement-cache-capacity=0", None),
    ] {
        let name = format!("typegate_{}", random::uuid().unwrap().replace('-', ""));
        run(&outside, format!("CREATE DATABASE {name}")).await;
        if let Some(setting) = setting {
            run(&outside, format!("ALTER DATABASE {name} {setting}")).await;
        }
        let pooler = Pooler::start(&program, &outside.parse().unwrap(), &name, ignored);
        let url = format!("{}{parameter}", pooler.url);
        cleaned_up(test(&pooler, url), async {
            run(&outside, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_work_through_a_pooler_and_nothing_leaks() {
    at_each_pooler(async |pooler, url| {
        let adapters = [
            SqlAdapter::<Postgres>::connect_with(&url, options()).await.unwrap(),
            SqlAdapter::<Postgres>::connect_with(&url, options()).await.unwrap(),
        ];
        let [first, _] = &adapters;
        first.migrate().await.unwrap();
        let rounds: Vec<_> = (0..200)
            .map(|round| {
                let adapter = adapters.get(round % 2).unwrap().clone();
                tokio::spawn(async move {
                    let mut user = ada();
                    user.email = None;
                    let account = account("github", &round.to_string());
                    let user = adapter.create_user_with_account(user, account).await?;
                    let token = round.to_string();
                    adapter.create_session(session(&token, &user.id, time())).await?;
                    adapter.session_and_user(&token.as_str().into()).await
                })
            })
            .collect();
        for round in rounds {
            assert!(round.await.unwrap().unwrap().is_some(), "{url}");
        }
        // Whoever comes next finds the server's connections as they were: all of them, by keeping
        // the first one.
        let (mut one, mut other) = (pooler.connection().await, pooler.connection().await);
        let mut one = one.begin().await.unwrap();
        let mut other = other.begin().await.unwrap();
        for connection in [&mut *one, &mut *other] {
            let left = sqlx::raw_sql(
                "SELECT source || ' ' || (SELECT count(*) FROM pg_prepared_statements) \
                 FROM pg_settings WHERE name = 'statement_timeout'",
            );
            let left: String = sqlx::Row::get(&left.fetch_one(connection).await.unwrap(), 0);
            let is_as_it_was = ["default 0", "database 0"].contains(&left.as_str());
            assert!(is_as_it_was, "{left} at {url}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_adapter_conforms_through_a_pooler() {
    at_each_pooler(async |pooler, url| {
        let adapter = SqlAdapter::<Postgres>::connect_with(&url, options()).await.unwrap();
        adapter.migrate().await.unwrap();
        conform!(
            async || {
                let mut connection = pooler.connection().await;
                let all = "DELETE FROM users; DELETE FROM verification_tokens";
                sqlx::raw_sql(all).execute(&mut connection).await.unwrap();
                adapter.clone()
            },
            [Limit::NoNul]
        );
    })
    .await;
}

/// What the address says of the connection belongs into the server, or it would be other tables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_of_the_address_that_a_pooler_takes_away_is_told() {
    at_each_pooler(async |pooler, url| {
        // The role is everybody's here, and the database this test's own.
        let mut server: Url = Server::Postgres.url().unwrap().parse().unwrap();
        let name = pooler.folder.file_name().unwrap().to_str().unwrap();
        server.set_path(name);
        let setting = format!("CREATE SCHEMA auth; ALTER DATABASE {name} SET search_path = auth");
        run(server.as_str(), setting).await;
        let adapter = SqlAdapter::<Postgres>::connect_with(&url, options()).await.unwrap();
        adapter.migrate().await.unwrap();
        run(server.as_str(), "TABLE auth.users".into()).await;

        let mut elsewhere: Url = url.parse().unwrap();
        elsewhere.query_pairs_mut().append_pair("options[search_path]", "elsewhere");
        let refused = SqlAdapter::<Postgres>::connect_with(elsewhere.as_str(), options()).await;
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("`ALTER ROLE app SET search_path = auth`"), "{said}");
    })
    .await;
}
