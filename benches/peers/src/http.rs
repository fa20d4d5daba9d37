//! The client: single requests to sign in, and load on connections that are kept open.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use crate::Peer;

/// Whose session it is.
pub(crate) const EMAIL: &str = "ada@example.com";

const CONNECTIONS: usize = 32;

pub(crate) fn get(path: &str, cookies: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost:3000\r\ncookie: {cookies}\r\n\r\n")
}

pub(crate) fn post(path: &str, cookies: &str, form: &str) -> String {
    let length = form.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost:3000\r\ncookie: {cookies}\r\ncontent-type: \
         application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
    )
}

/// The answer to one request.
pub(crate) struct Answer(String);

impl Answer {
    /// Name and value of each cookie that it sets.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        let lines = self.0.lines().filter_map(|line| line.split_once(": "));
        let lines = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        lines.filter_map(|(_, line)| line.split(';').next()).collect()
    }

    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

pub(crate) fn ask(server: SocketAddr, request: &str) -> Result<Answer, Box<dyn Error>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(request.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(Answer(text))
}

/// The request of somebody who signs in with NextAuth's credentials; it may be sent as often as one
/// likes. And the cookies that it has.
fn credentials(server: SocketAddr) -> Result<(String, String), Box<dyn Error>> {
    let csrf = ask(server, &get("/api/auth/csrf", ""))?;
    let cookies = csrf.cookies().join("; ");
    let token = csrf.body().split('"').nth(3).ok_or("no CSRF token")?;
    let form = format!("csrfToken={token}&json=true");
    Ok((post("/api/auth/callback/credentials", &cookies, &form), cookies))
}

pub(crate) fn sign_in_again(server: SocketAddr) -> Result<String, Box<dyn Error>> {
    Ok(credentials(server)?.0)
}

/// The cookies of somebody who signed in.
pub(crate) fn sign_in(server: SocketAddr) -> Result<String, Box<dyn Error>> {
    let (request, mut cookies) = credentials(server)?;
    for cookie in ask(server, &request)?.cookies() {
        cookies.push_str("; ");
        cookies.push_str(cookie);
    }
    Ok(cookies)
}

/// Answers a second to a peer's request.
pub(crate) fn load(peer: &Peer, time: Duration) -> Result<f64, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let start = Instant::now();
    let (server, expected) = (peer.address, peer.expected);
    let answers: std::io::Result<u64> = runtime.block_on(async {
        let mut connections = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let request = peer.request.clone();
            connections.spawn(async move {
                let mut stream = tokio::net::TcpStream::connect(server).await?;
                stream.set_nodelay(true)?;
                let (mut buffer, mut answers) = (vec![0; 8192], 0);
                while start.elapsed() < time {
                    stream.write_all(request.as_bytes()).await?;
                    read_answer(&mut stream, &mut buffer, expected).await?;
                    answers += 1;
                }
                std::io::Result::Ok(answers)
            });
        }
        connections.join_all().await.into_iter().sum()
    });
    Ok(answers? as f64 / start.elapsed().as_secs_f64())
}

/// Reads one answer to its end and looks whether it is no failure.
async fn read_answer(
    stream: &mut tokio::net::TcpStream,
    buffer: &mut [u8],
    expected: &str,
) -> std::io::Result<()> {
    let mut length = 0;
    loop {
        let read = stream.read(&mut buffer[length..]).await?;
        length += read;
        let answer = String::from_utf8_lossy(&buffer[..length]);
        match (read, is_whole(&answer)) {
            (_, true) if answer.contains(expected) => return Ok(()),
            (0, _) | (_, true) => return Err(std::io::Error::other(answer.into_owned())),
            (_, false) => {}
        }
    }
}

fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return false };
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let mut lengths = headers.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next().and_then(|(_, length)| length.parse().ok());
    length.is_some_and(|length: usize| body.len() >= length)
}
