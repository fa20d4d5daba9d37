//! `/healthz` and `/readyz` of `typegate serve`.

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use url::Url;

use crate::support::{Folder, Server, TYPEGATE, environment, log_of, sample};

#[test]
fn health_is_the_process_and_readiness_its_database() {
    let folder = Folder::new("health");
    let server = Server::start(&sample(), environment(&folder));
    for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/api/auth/healthz", 400)] {
        let answer = server.get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answer}");
    }
    assert!(server.send("POST /healthz HTTP/1.1", "", "").starts_with("HTTP/1.1 404 "));
    let head = server.send("HEAD /healthz HTTP/1.1", "", "");
    assert!(head.starts_with("HTTP/1.1 200 ") && head.ends_with("\r\n\r\n"), "{head}");
    drop(server);
    // A database without tables is found at the start, until they are there.
    let text_of_file = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         server = {{ address = '127.0.0.1:0' }}\n\
         adapter = {{ url = 'sqlite://{}', migrate = false }}\n\
         [[providers]]\ntype = 'github'\nclient_id = 'a'\n\
         client_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n",
        folder.0.join("empty.db").display()
    );
    let file = folder.file("empty.toml", &text_of_file);
    std::fs::File::create(folder.0.join("empty.db")).unwrap();
    let mut serve = Command::new(TYPEGATE);
    serve.args(["serve", "--config", &file]).env_clear().envs(environment(&folder));
    let refused = serve.output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the table `users` is not there"));
    let mut migrate = Command::new(TYPEGATE);
    migrate.args(["migrate", &file]).env_clear().envs(environment(&folder));
    assert!(migrate.output().unwrap().status.success());
    let server = Server::start(Path::new(&file), environment(&folder));
    assert!(server.get("/readyz").starts_with("HTTP/1.1 200 "));
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
}

/// Asks until the answer is that one, because what the database said counts for a while.
fn becomes(server: &Server, status: u16) -> String {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let answer = server.get("/readyz");
        if answer.starts_with(&format!("HTTP/1.1 {status} ")) {
            return answer;
        }
        assert!(Instant::now() < deadline, "{answer}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn ready_file(folder: &Folder, database: &str) -> String {
    let text = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         server = {{ address = '127.0.0.1:0' }}\nadapter = {{ url = '{database}' }}\n\
         [[providers]]\ntype = 'github'\nclient_id = 'a'\n\
         client_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n"
    );
    folder.file("ready.toml", &text)
}

/// Not for as long as the process lives, either way.
#[tokio::test]
async fn readiness_goes_and_comes_with_the_tables() {
    let folder = Folder::new("tables");
    let database = format!("sqlite://{}", folder.0.join("ready.db").display());
    let file = ready_file(&folder, &database);
    let server = Server::start(Path::new(&file), environment(&folder));
    becomes(&server, 200);
    let mut rows = SqliteConnection::connect(&database).await.unwrap();
    rows.execute("ALTER TABLE sessions RENAME TO away").await.unwrap();
    let answer = becomes(&server, 503);
    assert!(answer.ends_with("\r\n\r\nnot ready\n"), "why is for the log: {answer}");
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "), "the process is not helped");
    rows.execute("ALTER TABLE away RENAME TO sessions").await.unwrap();
    becomes(&server, 200);
    let log = log_of(server);
    let said: Vec<_> = log.lines().filter(|line| line.contains("not ready: ")).collect();
    assert_eq!(said.len(), 1, "{log}");
    assert!(said[0].contains(" WARN ") && said[0].contains("sessions"), "{log}");
}

/// What stands between the server and its database, and can be taken away.
struct Network {
    address: SocketAddr,
    open: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Network {
    /// Listens at the address, or anywhere, and passes on what comes.
    fn before(server: String, address: &str) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let open = Arc::new(Mutex::new(Some(Vec::new())));
        let streams = Arc::clone(&open);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                let mut open = streams.lock().unwrap();
                // The connection that ended it.
                let Some(open) = &mut *open else { return };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                open.extend([client, server]);
            }
        });
        Self { address, open }
    }

    fn end(self) {
        let open = self.open.lock().unwrap().take();
        for stream in open.unwrap() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Whoever listens goes when somebody comes.
        let _ = TcpStream::connect(self.address);
    }
}

#[tokio::test]
async fn readiness_goes_and_comes_with_the_database() {
    let Ok(outside) = std::env::var("TYPEGATE_TEST_POSTGRES") else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "TYPEGATE_TEST_POSTGRES is missing");
        eprintln!("not tested, because TYPEGATE_TEST_POSTGRES is not set");
        return;
    };
    let folder = Folder::new("outage");
    let schema = format!("typegate_ready_{}", std::process::id());
    let mut rows = PgConnection::connect(&outside).await.unwrap();
    let sql = |sql: String| sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
    rows.execute(sql(format!("CREATE SCHEMA {schema}"))).await.unwrap();
    let mut url: Url = outside.parse().unwrap();
    let real = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let network = Network::before(real.clone(), "127.0.0.1:0");
    let address = network.address.to_string();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(network.address.port())).unwrap();
    url.query_pairs_mut().append_pair("options[search_path]", &schema);
    let file = ready_file(&folder, url.as_str());
    let server = Server::start(Path::new(&file), environment(&folder));
    becomes(&server, 200);
    network.end();
    becomes(&server, 503);
    // Its port is free as soon as nobody listens there any more.
    let free = || TcpListener::bind(&address).is_ok();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !free() {
        assert!(Instant::now() < deadline, "{address}");
    }
    let network = Network::before(real, &address);
    becomes(&server, 200);
    let log = log_of(server);
    assert_eq!(log.matches("not ready: ").count(), 1, "{log}");
    network.end();
    rows.execute(sql(format!("DROP SCHEMA {schema} CASCADE"))).await.unwrap();
}
