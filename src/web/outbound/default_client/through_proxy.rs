//! Requests through a proxy that the environment names, and a proxy that does not do its part.

use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::hostile_tls::{certificate, server_configuration};
use super::*;
use crate::error::chain;
use crate::web::outbound::proxies::Proxies;

const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";

/// What a proxy does with each request.
#[derive(Clone)]
enum Conduct {
    /// Connects a tunnel to that port of this machine.
    Tunnel(u16),
    /// Says this and then nothing.
    Says(&'static [u8]),
    /// Says the first once and the second again and again.
    SaysWithoutEnd(&'static [u8], &'static [u8]),
    /// Ends the connection.
    HangsUp,
}

/// The heads of requests that came.
type Heads = Arc<Mutex<Vec<String>>>;

async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(head).unwrap()
}

async fn serve_proxy<S>(mut stream: S, conduct: Conduct, heads: Heads) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let head = head(&mut stream).await;
    heads.lock().unwrap().push(head);
    match conduct {
        Conduct::Tunnel(port) => {
            let mut destination = TcpStream::connect(("127.0.0.1", port)).await?;
            stream.write_all(ESTABLISHED).await?;
            copy_bidirectional(&mut stream, &mut destination).await?;
        }
        Conduct::Says(text) => {
            stream.write_all(text).await?;
            let _ = stream.read(&mut [0; 1]).await;
        }
        Conduct::SaysWithoutEnd(first, then) => {
            stream.write_all(first).await?;
            loop {
                stream.write_all(then).await?;
            }
        }
        Conduct::HangsUp => {}
    }
    Ok(())
}

/// A proxy: its port, and the heads that it read.
async fn proxy(conduct: Conduct, tls: Option<TlsAcceptor>) -> (u16, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heads = Heads::default();
    let read = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (conduct, heads, tls) = (conduct.clone(), Arc::clone(&read), tls.clone());
            tokio::spawn(async move {
                match tls {
                    Some(tls) => serve_proxy(tls.accept(stream).await?, conduct, heads).await,
                    None => serve_proxy(stream, conduct, heads).await,
                }
            });
        }
    });
    (port, heads)
}

/// `https://provider.example`, somewhere on this machine: its port, and the heads that it read.
async fn provider() -> (u16, Heads) {
    proxy(Conduct::Says(ANSWER), Some(server_configuration("provider_example.pem").into())).await
}

fn client(matcher: Matcher, deadline: Duration) -> DefaultHttpClient {
    let mut roots = RootCertStore::empty();
    for name in ["ca.pem", "provider_example.pem"] {
        roots.add(certificate(name)).unwrap();
    }
    let tls = ClientConfig::builder_with_provider(tls_provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    DefaultHttpClient::with_tls(tls, deadline, Proxies::of(matcher))
}

const LONG: Duration = Duration::from_secs(30);

fn through(port: u16) -> DefaultHttpClient {
    client(Matcher::builder().all(format!("http://127.0.0.1:{port}")).build(), LONG)
}

async fn get(client: &DefaultHttpClient, url: &str) -> Result<Response<Bytes>, BoxError> {
    HttpClient::send(client, Request::get(url).body(Bytes::new()).unwrap()).await
}

const TOKENS: &str = "https://provider.example/token?code=c0de";

#[tokio::test]
async fn r026_a_proxy_is_a_way_and_reads_nothing_of_what_is_for_the_provider() {
    let (provider, received) = provider().await;
    let password = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZTpA";
    let variable = |scheme: &str, host: &str, port: u16| {
        Matcher::builder().https(format!("{scheme}://Aladdin:open%20sesame:%40@{host}:{port}"))
    };
    let to_proxy = TlsAcceptor::from(server_configuration("good.pem"));
    let (plain, plain_heads) = proxy(Conduct::Tunnel(provider), None).await;
    let (secure, secure_heads) = proxy(Conduct::Tunnel(provider), Some(to_proxy)).await;
    for (matcher, heads) in [
        (variable("http", "127.0.0.1", plain), plain_heads),
        (variable("https", "localhost", secure), secure_heads),
    ] {
        let client = client(matcher.build(), LONG);
        assert_eq!(get(&client, TOKENS).await.unwrap().body(), "{}");
        let head = heads.lock().unwrap().join("");
        let expected = format!(
            "CONNECT provider.example:443 HTTP/1.1\r\nHost: provider.example:443\r\n\
             Proxy-Authorization: {password}\r\n\r\n"
        );
        assert_eq!(head, expected);
        let request = received.lock().unwrap().pop().unwrap();
        assert!(request.starts_with("GET /token?code=c0de HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("\r\nhost: provider.example\r\n"), "{request}");
        assert!(!request.to_ascii_lowercase().contains("authorization"), "{request}");
    }
    // A proxy that pretends to be the provider has no certificate for it.
    let (other, seen) =
        proxy(Conduct::Says(ANSWER), Some(server_configuration("good.pem").into())).await;
    let (liar, _) = proxy(Conduct::Tunnel(other), None).await;
    let error = get(&through(liar), TOKENS).await.unwrap_err();
    assert!(chain(&*error).contains("certificate"), "{}", chain(&*error));
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn r026_a_proxy_is_told_the_whole_address_where_nothing_is_secret() {
    let (port, heads) = proxy(Conduct::Says(ANSWER), None).await;
    let matcher = Matcher::builder().http(format!("ada:1815@127.0.0.1:{port}")).build();
    let client = client(matcher, LONG);
    let answer = get(&client, "http://site.example:8080/api/auth/session?a=b").await.unwrap();
    assert_eq!(answer.body(), "{}");
    let head = heads.lock().unwrap().join("");
    assert!(
        head.starts_with("GET http://site.example:8080/api/auth/session?a=b HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("\r\nproxy-authorization: Basic YWRhOjE4MTU=\r\n"), "{head}");
    assert!(head.contains("\r\nhost: site.example:8080\r\n"), "{head}");
    // A refusal is an answer like any other.
    let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let (port, _) = proxy(Conduct::Says(refusal), None).await;
    assert_eq!(get(&through(port), "http://site.example/").await.unwrap().status(), 407);
}

/// Plain http is allowed to this machine, because nobody else reads it there.
#[tokio::test]
async fn r022_what_is_for_this_machine_goes_through_no_proxy() {
    let (port, seen) = proxy(Conduct::Says(ANSWER), None).await;
    let (here, received) = proxy(Conduct::Says(ANSWER), None).await;
    let client = through(port);
    for host in ["127.0.0.1", "localhost", "LOCALHOST"] {
        let url = format!("http://{host}:{here}/authorize");
        assert_eq!(get(&client, &url).await.unwrap().status(), 200, "{host}");
        let request = received.lock().unwrap().pop().unwrap();
        assert!(request.starts_with("GET /authorize HTTP/1.1\r\n"), "{request}");
        assert!(!request.contains("proxy-authorization"), "{request}");
    }
    // What answers there does not matter.
    for url in
        ["http://[::1]:1/", "https://127.8.8.8:1/", "https://[::1]:1/", "http://app.localhost:1/"]
    {
        let _ = get(&client, url).await;
    }
    assert_eq!(*seen.lock().unwrap(), Vec::<String>::new());
    // Neighbours of this machine are somewhere else.
    for url in ["http://localhost.example/", "http://128.0.0.1/", "http://[::2]/"] {
        assert_eq!(get(&client, url).await.unwrap().status(), 200, "{url}");
    }
    assert_eq!(seen.lock().unwrap().len(), 3);
}

#[test]
fn what_is_said_to_need_no_proxy_gets_none() {
    let list =
        "internal.example, .dotted.example,10.0.0.0/8 ,192.0.2.7,2001:db8::/32, ::2,,x.y:8443";
    let proxies = Proxies::of(Matcher::builder().all("http://proxy.example:3128").no(list).build());
    let is_direct = |url: &str| proxies.on_the_way_to(&url.parse().unwrap()).is_none();
    for direct in [
        "https://internal.example/",
        "https://INTERNAL.example:8443/",
        "https://a.b.internal.example/",
        "https://dotted.example/",
        "https://a.dotted.example/",
        "https://10.255.0.1/",
        "http://192.0.2.7:9000/",
        "https://[2001:db8:1::1]/",
        "https://[::2]:8443/",
    ] {
        assert!(is_direct(direct), "{direct}");
    }
    for proxied in [
        "https://notinternal.example/",
        "https://internal.example.org/",
        "https://11.0.0.1/",
        "https://192.0.2.70/",
        "https://[2001:db9::1]/",
        // An entry has no port, as in curl.
        "https://x.y:8443/",
        "https://x.y/",
    ] {
        assert!(!is_direct(proxied), "{proxied}");
    }
    let all = Proxies::of(Matcher::builder().all("http://proxy.example:3128").no("*").build());
    assert!(all.on_the_way_to(&"https://provider.example/".parse().unwrap()).is_none());
}

/// Whatever a proxy says, the call ends, says which proxy it was, and nothing was sent on.
#[tokio::test]
async fn r197_no_answer_of_a_proxy_holds_others_up() {
    let cases = [
        (
            Conduct::Says(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n",
            ),
            "proxy authorization required",
        ),
        (Conduct::Says(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"), "unsuccessful"),
        (
            Conduct::Says(b"HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\n\r\n"),
            "unsuccessful",
        ),
        (Conduct::Says(b"SSH-2.0-OpenSSH_9.6\r\n"), "unsuccessful"),
        (Conduct::Says(b"\x15\x03\x03\0\x02\x02\x28"), "unsuccessful"),
        (Conduct::HangsUp, "unexpected end of file"),
        (Conduct::SaysWithoutEnd(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"), "unsuccessful"),
        (Conduct::SaysWithoutEnd(b"HTTP/1.1 200 OK\r\na: ", b"b"), "headers too long"),
        (Conduct::SaysWithoutEnd(b"", b"\r\n"), "headers too long"),
        (Conduct::SaysWithoutEnd(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "unsuccessful"),
        // After the tunnel stands, whatever comes is no TLS.
        (Conduct::SaysWithoutEnd(ESTABLISHED, b"HTTP/1.1 200 OK\r\n\r\n"), "corrupt message"),
    ];
    for (conduct, expected) in cases {
        let (port, heads) = proxy(conduct, None).await;
        let client = {
            let variable = format!("http://ada:s3cr3t@127.0.0.1:{port}");
            client(Matcher::builder().all(variable).build(), LONG)
        };
        let call = tokio::spawn(async move { get(&client, TOKENS).await });
        let start = Instant::now();
        while !call.is_finished() {
            assert!(start.elapsed() < LONG, "{expected}");
            tokio::task::yield_now().await;
        }
        let said = chain(&*call.await.unwrap().unwrap_err());
        assert!(said.contains(expected), "{expected}: {said}");
        // What comes through a tunnel is not the proxy's word.
        let is_named = said.contains(&format!("127.0.0.1:{port}"));
        assert!(is_named || expected == "corrupt message", "{said}");
        assert!(!said.contains("s3cr3t") && !said.contains("ada"), "{said}");
        assert_eq!(heads.lock().unwrap().len(), 1, "{said}");
        assert!(heads.lock().unwrap().iter().all(|head| !head.contains("c0de")));
    }
}

#[tokio::test]
async fn r027_a_silent_proxy_ends_at_the_deadline() {
    for text in [&b""[..], b"HTTP/1.1 200 OK\r\n", ESTABLISHED] {
        for url in [TOKENS, "http://site.example/"] {
            let (port, _) = proxy(Conduct::Says(text), None).await;
            let matcher = Matcher::builder().all(format!("http://127.0.0.1:{port}")).build();
            let start = Instant::now();
            let outcome = get(&client(matcher, Duration::from_millis(300)), url).await;
            // An established tunnel is to a reader of plain requests an answer without an end.
            assert!(outcome.is_err(), "{url}: {text:?}");
            assert!(start.elapsed() < Duration::from_secs(5), "{url}: {text:?}");
        }
    }
}

#[tokio::test]
async fn r160_a_proxy_that_cannot_be_used_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for variable in [format!("http://ada:s3cr3t@{closed}"), format!("socks5://ada:s3cr3t@{closed}")]
    {
        for url in [TOKENS, "http://site.example/"] {
            let client = client(Matcher::builder().all(variable.clone()).build(), LONG);
            let said = chain(&*get(&client, url).await.unwrap_err());
            assert!(said.contains(&closed.to_string()) && !said.contains("s3cr3t"), "{said}");
        }
    }
}

const CHILD: &str = "TYPEGATE_PROXY_CHILD";
const REFUSED: &str = "refused: ";

/// A process whose environment has these proxies and no others.
fn child(variables: &[(&str, &str)], urls: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let (_, here) = module_path!().split_once("::").unwrap();
    command.args(["--exact", &format!("{here}::child_of_the_environment")]);
    for name in ["HTTP", "HTTPS", "ALL", "NO"] {
        command.env_remove(format!("{name}_PROXY"));
        command.env_remove(format!("{}_proxy", name.to_lowercase()));
    }
    command.arg("--nocapture").envs(variables.iter().copied()).env(CHILD, urls);
    command
}

/// The other half of the next one, in a process whose environment is its own.
#[tokio::test]
async fn child_of_the_environment() {
    let Ok(urls) = std::env::var(CHILD) else { return };
    let client = match DefaultHttpClient::with_deadline(LONG) {
        Ok(client) => client,
        Err(error) => return println!("{REFUSED}{error}"),
    };
    for url in urls.split(' ') {
        let _ = get(&client, url).await;
    }
}

#[tokio::test]
async fn proxies_are_those_of_the_environment() {
    let (port, heads) = proxy(Conduct::Says(ANSWER), None).await;
    let address = format!("http://127.0.0.1:{port}");
    let asked = |variables: &[(&str, &str)], urls: &str| {
        let mut command = child(variables, urls);
        let heads = Arc::clone(&heads);
        async move {
            let output = tokio::task::spawn_blocking(move || command.output().unwrap());
            assert!(output.await.unwrap().status.success());
            let heads = std::mem::take(&mut *heads.lock().unwrap());
            heads.iter().map(|head| head.lines().next().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    let urls = "http://a.example/ https://b.example/";
    let (get, connect) = ("GET http://a.example/ HTTP/1.1", "CONNECT b.example:443 HTTP/1.1");
    assert_eq!(asked(&[("HTTP_PROXY", &address)], "http://a.example/").await, [get]);
    assert_eq!(asked(&[("https_proxy", &address)], "https://b.example/").await, [connect]);
    assert_eq!(asked(&[("ALL_PROXY", &address)], urls).await, [get, connect]);
    let some = [("all_proxy", &*address), ("no_proxy", "a.example")];
    let direct = "http://a.example:1/ https://b.example/";
    assert_eq!(asked(&some, direct).await, [connect]);
}

/// The requests would go out without it, and nobody would be told.
#[test]
fn r160_a_variable_that_names_no_proxy_is_refused() {
    let said = |variables: &[(&str, &str)]| {
        let output = child(variables, "").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        said.lines().find_map(|line| Some(line.split_once(REFUSED)?.1.to_owned()))
    };
    let junk =
        ["http//proxy.example:3128", "ftp://ada:s3cr3t@proxy.example", "http://", "a b", ":3128"];
    for value in junk {
        for name in ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"] {
            let said = said(&[(name, value)]).unwrap_or_else(|| panic!("{name}={value} is taken"));
            assert!(said.contains(name) && !said.contains("s3cr3t"), "{said}");
        }
    }
    for value in ["", "proxy.example", "proxy.example:3128", "http://[::1]:3128/", "socks5h://a:1"]
    {
        assert_eq!(said(&[("HTTPS_PROXY", value)]), None, "{value}");
    }
    // That one is a visitor's header.
    assert_eq!(said(&[("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "junk//")]), None);
}
