//! `Cookie` headers to which others have added cookies.

use axum::Router;
use bytes::Bytes;
use http::header::COOKIE;
use http::{HeaderMap, HeaderValue, Request};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use typegate::Auth;

use super::support::{Answer, Browser, NOW, SECRET, Sequence, World, credentials, seal, world};

const NAME: &str = "next-auth.session-token";

fn start() -> World {
    world!(site => site.provider(credentials()).build().unwrap())
}

fn token(name: &str) -> String {
    seal(&json!({ "name": name, "sub": "1", "iat": NOW, "exp": NOW + 3600 }), SECRET, "")
}

/// What a browser sees that sends these lines.
async fn session(auth: &Auth, lines: &[Vec<u8>]) -> Value {
    let mut request = Request::get("/api/auth/session");
    for line in lines {
        request = request.header(COOKIE, HeaderValue::from_bytes(line).unwrap());
    }
    Answer::new(auth.handle(request.body(Bytes::new()).unwrap()).await).json()
}

/// Pairs, and what is none, that browsers send and this site did not write.
const FOREIGN: [&[u8]; 26] = [
    "city=Zürich".as_bytes(),
    b"city=Z\xfcrich",
    "stadt=Zürich".as_bytes(),
    b"st\xe4dt=1",
    b"\xff=\xff",
    b"\x80\x81\xfe\xff",
    "\u{a0}next-auth.session-token=x".as_bytes(),
    "next-auth.session-token\u{2003}=x".as_bytes(),
    "next-auth.session-token=\u{2003}".as_bytes(),
    b"next-auth.session-token=\xff\xfe",
    b"next-auth.session-token=\"",
    b"next-auth.session-token=%",
    b"next-auth.session-token=%ff%fe",
    b"next-auth.session-token=",
    b"next-auth.session-token",
    b"next-auth.session-token.0=\xff",
    b"next-auth.session-token.\xff=1",
    b"no equals sign",
    b"=no name",
    b"=",
    b"",
    b"\t \t",
    b"a=\"b\\\" c",
    b"a=\"unfinished",
    b"a=b=c==",
    b"\tTab\t=\t\"1\"\t",
];

#[tokio::test]
async fn r184_a_cookie_that_is_not_ours_never_matters() {
    let world = start();
    let ours = format!("{NAME}={}", token("Ada")).into_bytes();
    for foreign in FOREIGN {
        for lines in [
            vec![[foreign, b"; ", &ours].concat()],
            vec![[&ours[..], b"; ", foreign].concat()],
            vec![[foreign, b";", &ours, b";", foreign].concat()],
            vec![foreign.to_vec(), ours.clone()],
            vec![ours.clone(), foreign.to_vec()],
        ] {
            let session = session(&world.auth, &lines).await;
            let sent = String::from_utf8_lossy(foreign).into_owned();
            assert_eq!(session["user"]["name"], "Ada", "{sent:?}");
        }
    }
}

#[tokio::test]
async fn r184_whoever_has_foreign_cookies_signs_in_and_stays() {
    for foreign in FOREIGN {
        // In a line of its own, as HTTP/2 may send it, and in front of ours.
        for in_one_line in [false, true] {
            let bring = |browser: &mut Browser| {
                if in_one_line {
                    browser.foreign = foreign.to_vec();
                } else {
                    browser.headers.push((COOKIE, HeaderValue::from_bytes(foreign).unwrap()));
                }
            };
            let mut world = start();
            bring(&mut world.browser);
            let answer = world.browser.sign_in_with_credentials().await;
            assert!(answer.outline().contains(&"session-token".to_owned()), "{foreign:?}");
            assert_eq!(world.browser.session().await["user"]["name"], "Ada Lovelace");

            let mut world = World::new();
            bring(&mut world.browser);
            world.sign_in("idp").await;
            assert_eq!(world.browser.session().await["user"]["name"], "Jane Doe", "{foreign:?}");
        }
        let mut world = start();
        world.browser.sign_in_with_credentials().await;
        let ours = world.browser.cookie_header();
        let one_line = [foreign, ours.as_bytes()].join(&b"; "[..]);
        for lines in [vec![foreign.to_vec(), ours.into_bytes()], vec![one_line]] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(COOKIE, HeaderValue::from_bytes(&line).unwrap());
            }
            assert!(world.auth.session(&headers).await.unwrap().is_some(), "{foreign:?}");
            assert!(world.auth.claims(&headers).is_some(), "{foreign:?}");
        }
    }
}

/// The bytes go through hyper and axum as they come.
#[tokio::test]
async fn r184_a_real_server_loses_no_cookie_beside_foreign_bytes() {
    let world = start();
    let app: Router = world.auth.routes();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let ours = format!("{NAME}={}", token("Ada")).into_bytes();
    for foreign in ["city=Z\u{fc}rich".as_bytes(), b"city=Z\xfcrich"] {
        let request = [
            b"GET /api/auth/session HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncookie: ",
            foreign,
            b"; ",
            &ours,
            b"\r\n\r\n",
        ];
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&request.concat()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"Ada\""), "{answer}");
    }
}

#[tokio::test]
async fn r184_a_long_line_costs_no_other() {
    let world = start();
    let ours = format!("{NAME}={}", token("Ada")).into_bytes();
    for length in [4096, 8192, 160 * 1024, 300_000] {
        let long = [b"x=".to_vec(), vec![b'y'; length]].concat();
        for lines in [
            vec![long.clone(), ours.clone()],
            vec![[&long[..], b"; ", &ours].concat()],
            vec![ours.clone(), long.clone(), long.clone(), long.clone()],
        ] {
            assert_eq!(session(&world.auth, &lines).await["user"]["name"], "Ada", "{length}");
        }
    }
}

/// Bytes of a header, with much in it that means something in cookies.
fn noise(random: &mut Sequence) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.below(12) {
        match random.below(4) {
            0 => bytes.extend(random.bytes(6)),
            1 => bytes.extend_from_slice(random.one_of(&FOREIGN)),
            _ => bytes.extend_from_slice(random.one_of(&[
                &b";"[..],
                b"; ",
                b"=",
                b"\"",
                b" ",
                b"\t",
                b"%",
                b"%20",
                b".0",
                b"next-auth",
                b"__Secure-",
            ])),
        }
    }
    bytes.retain(|byte| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7f));
    bytes
}

#[tokio::test]
async fn r184_our_session_is_found_in_any_bytes() {
    let world = start();
    let (ada, eve) = (token("Ada"), token("Eve"));
    let mut random = Sequence::new();
    for _ in 0..2000 {
        // A pair ends where the next begins; a line is one of several.
        let mut lines = vec![noise(&mut random)];
        for pair in [&ada, &eve] {
            if random.below(2) == 0 {
                lines.push(Vec::new());
            } else {
                lines.last_mut().unwrap().push(b';');
            }
            let line = lines.last_mut().unwrap();
            let blank = random.one_of(&["", " ", "\t", "  "]);
            line.extend(format!("{blank}{NAME}{blank}={blank}{pair}{blank};").bytes());
            line.extend(noise(&mut random));
        }
        let shown = session(&world.auth, &lines).await;
        assert_eq!(shown["user"]["name"], "Ada", "{:?}", lines[0]);
        // Without ours there is nobody.
        let lines: Vec<_> = (0..3).map(|_| noise(&mut random)).collect();
        assert_eq!(session(&world.auth, &lines).await, json!({}));
    }
}
