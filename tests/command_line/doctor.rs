//! `typegate doctor`: whether what a configuration names answers.

use std::io::{Read, Write};
use std::process::Command;

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};
use url::Url;

use crate::support::{Folder, TYPEGATE, environment, text};

/// Whatever is asked of this address, or nothing where the server speaks first, is answered with
/// that.
fn answering(answer: &'static str, speaks_first: bool) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut read = [0; 1024];
            if !speaks_first {
                let _ = stream.read(&mut read);
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn the_doctor_says_of_everything_that_is_named_whether_it_answers() {
    let folder = Folder::new("doctor");
    let database = folder.0.join("auth.db");
    // Its clock stands still.
    let issuer = answering(
        "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n",
        false,
    );
    let mail = answering("421 4.3.2 too busy\r\n", true);
    let content = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         adapter = {{ url = 'sqlite://{}', migrate = false }}\n\
         [[providers]]\ntype = 'oidc'\nid = 'acme'\nissuer = 'http://{issuer}'\n\
         client_id = 'a'\nclient_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n\
         [[providers]]\ntype = 'oauth2'\nid = 'plain'\nclient_id = 'a'\n\
         client_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n\
         authorization_endpoint = 'http://{issuer}/authorize'\n\
         token_endpoint = 'http://{issuer}/token'\nuserinfo_endpoint = 'http://{issuer}/me'\n\
         [[providers]]\ntype = 'email'\nserver = 'smtp://{mail}'\nfrom = 'a@acme.example'\n",
        database.display()
    );
    let file = folder.file("doctor.toml", &content);
    let run = |command: &str| {
        let mut process = Command::new(TYPEGATE);
        process.args([command, &file]).env_clear().envs(environment(&folder));
        process.output().unwrap()
    };
    std::fs::File::create(&database).unwrap();
    let output = run("doctor");
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    for line in [
        "problem  database: the table `users` is not there; `typegate migrate` makes",
        "ok       provider acme: register the callback URL \
         http://localhost:3000/api/auth/callback/acme there",
        "problem  provider acme: http://",
        "ok       provider plain: http://",
        "ahead of the provider's",
        "problem  provider email: the mail server 127.0.0.1:",
        "it answered 421 `4.3.2 too busy`",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("s3cr3t"), "{said}");
    let output = run("migrate");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("doctor.toml: the tables are up to date\n"));
    let said = text(&run("doctor").stdout);
    assert!(said.contains("ok       database: it answers, and the tables fit\n"), "{said}");
}

#[test]
fn the_doctor_asks_where_credentials_are_checked() {
    let folder = Folder::new("endpoints");
    let answer = |head: &'static str| answering(head, false);
    let takes_posts = answer("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
    let elsewhere = answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let broken = answer("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = nobody.to_string();
    let hosts = [&takes_posts, &elsewhere, &broken, &nobody];
    let mut content =
        "url = 'http://localhost:3000'\nsecret = { env = 'NEXTAUTH_SECRET' }\n".to_owned();
    for (number, host) in hosts.iter().enumerate() {
        content += &format!(
            "[[providers]]\ntype = 'credentials'\nid = 'p{number}'\n\
             endpoint = 'http://{host}/authorize?key=s3cr3t'\n\
             endpoint_secret = {{ env = 'AUTHORIZE_SECRET' }}\n"
        );
    }
    let file = folder.file("endpoints.toml", &content);
    let mut process = Command::new(TYPEGATE);
    process.args(["doctor", &file]).env_clear().envs(environment(&folder));
    let output = process.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    let asked = |host: &str| format!("OPTIONS http://{host}/authorize?key=…: ");
    for line in [
        format!("ok       provider p0: http://{takes_posts}/authorize"),
        format!("problem  provider p1: {}the provider answered 404", asked(&elsewhere)),
        format!("problem  provider p2: {}the provider answered 502", asked(&broken)),
        format!("problem  provider p3: {}", asked(&nobody)),
        "look at its `endpoint`".to_owned(),
    ] {
        assert!(said.contains(&line), "{line}: {said}");
    }
    assert!(!said.contains("s3cr3t"), "{said}");
}

/// What `doctor` says of a database, and whether `serve` starts on it.
fn examined(folder: &Folder, database: &str) -> (String, bool) {
    let content = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         server = {{ address = '127.0.0.1:0' }}\nadapter = {{ url = {database} }}\n\
         [[providers]]\ntype = 'github'\nclient_id = 'a'\n\
         client_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n"
    );
    let file = folder.file("examined.toml", &content);
    let run = |command: &str| {
        let mut process = Command::new(TYPEGATE);
        process.args([command, &file]).env_clear().envs(environment(folder));
        process.output().unwrap()
    };
    let said = text(&run("doctor").stdout);
    // As the start does.
    (said, run("migrate").status.success())
}

#[test]
fn the_doctor_makes_no_sqlite_file() {
    let folder = Folder::new("no-file");
    let database = folder.0.join("auth.db");
    let url = format!("sqlite://{}", database.display());
    let content = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         adapter = {{ url = '{url}' }}\n[[providers]]\ntype = 'github'\nclient_id = 'a'\n\
         client_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n"
    );
    let file = folder.file("no-file.toml", &content);
    let mut process = Command::new(TYPEGATE);
    process.args(["doctor", &file]).env_clear().envs(environment(&folder));
    let said = text(&process.output().unwrap().stdout);
    assert!(!database.exists(), "{said}");
    let line = "ok       database: there is no file ";
    assert!(said.contains(line) && said.contains("yet, and the start makes it"), "{said}");
}

#[tokio::test]
async fn the_doctor_promises_what_the_start_does() {
    for (name, tables, is_mended) in [
        ("empty", "", true),
        ("foreign", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)", false),
        ("one", "CREATE TABLE sessions (id INTEGER PRIMARY KEY)", false),
    ] {
        let folder = Folder::new(&format!("promise-{name}"));
        let url = format!("sqlite://{}", folder.0.join("auth.db").display());
        let mut rows = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
        rows.execute(sqlx::raw_sql(tables)).await.unwrap();
        rows.close().await.unwrap();
        let (said, starts) = examined(&folder, &format!("'{url}'"));
        assert_eq!(starts, is_mended, "{name}");
        assert_eq!(said.contains("problem  database"), !is_mended, "{name}: {said}");
        assert_eq!(said.contains("the start mends it"), is_mended, "{name}: {said}");
    }
}

#[test]
fn keys_that_are_none_are_a_problem() {
    let folder = Folder::new("no-keys");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let metadata = format!(
        "{{\"issuer\":\"{issuer}\",\"authorization_endpoint\":\"{issuer}/authorize\",\
         \"token_endpoint\":\"{issuer}/token\",\"jwks_uri\":\"{issuer}/keys\"}}"
    );
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut read = [0; 4096];
            let taken = stream.read(&mut read).unwrap_or_default();
            let is_keys = read[..taken].starts_with(b"GET /keys");
            let body = if is_keys { "{\"keys\":[]}" } else { &metadata };
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    let content = format!(
        "url = 'http://localhost:3000'\nsecret = {{ env = 'NEXTAUTH_SECRET' }}\n\
         [[providers]]\ntype = 'oidc'\nid = 'acme'\nissuer = '{issuer}'\n\
         client_id = 'a'\nclient_secret = {{ env = 'OIDC_CLIENT_SECRET' }}\n"
    );
    let file = folder.file("no-keys.toml", &content);
    let mut process = Command::new(TYPEGATE);
    process.args(["doctor", &file]).env_clear().envs(environment(&folder));
    let output = process.output().unwrap();
    let said = text(&output.stdout);
    assert!(said.contains("problem  provider acme: its key set is empty"), "{said}");
}

/// Rights are other people's to give: what is printed is what the start asks for.
#[tokio::test]
async fn the_doctor_says_which_rights_a_start_is_refused_for() {
    let Ok(outside) = std::env::var("TYPEGATE_TEST_POSTGRES") else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "TYPEGATE_TEST_POSTGRES is missing");
        eprintln!("not tested, because TYPEGATE_TEST_POSTGRES is not set");
        return;
    };
    let folder = Folder::new("rights");
    let name = format!("typegate_rights_{}", std::process::id());
    let mut rows = PgConnection::connect(&outside).await.unwrap();
    let sql = |sql: String| sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
    let made = format!("CREATE SCHEMA {name}; CREATE ROLE {name} LOGIN PASSWORD 'pw'");
    rows.execute(sql(made)).await.unwrap();
    rows.execute(sql(format!("GRANT USAGE ON SCHEMA {name} TO {name}"))).await.unwrap();
    let mut all: Url = outside.parse().unwrap();
    all.query_pairs_mut().append_pair("options[search_path]", &name);
    let mut few = all.clone();
    few.set_username(&name).unwrap();
    few.set_password(Some("pw")).unwrap();
    // The address has a password, so it comes from elsewhere.
    let file = folder.0.join("url");
    let examined = |url: &Url| {
        std::fs::write(&file, url.as_str()).unwrap();
        examined(&folder, &format!("{{ file = '{}' }}", file.display()))
    };
    let (said, starts) = examined(&few);
    assert!(!starts && said.contains("problem  database: there are tables to make"), "{said}");
    let (said, starts) = examined(&all);
    assert!(starts && said.contains("the start mends it"), "{said}");
    let (said, starts) = examined(&few);
    assert!(!starts && !said.contains("the start mends it"), "{said}");
    // As they are printed.
    let grants = said.split("runs: GRANT ").skip(1).map(|rest| rest.split('…').next().unwrap());
    for grant in grants {
        let grant = format!("SET search_path TO {name}; GRANT {grant} {name}");
        rows.execute(sql(grant)).await.unwrap();
    }
    let (said, starts) = examined(&few);
    assert!(starts && said.contains("ok       database: it answers, and the tables fit"), "{said}");
    let gone = format!("DROP SCHEMA {name} CASCADE; DROP ROLE {name}");
    rows.execute(sql(gone)).await.unwrap();
}
