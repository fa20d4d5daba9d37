//! A browser that follows no redirect and reports what it got.

use std::collections::HashMap;

use bytes::Bytes;
use http::header::{COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The name of a check cookie as v4 spells it: typegate adds the key of the attempt, sixteen
/// hexadecimal digits after a full stop (R186, docs/differences-from-nextauth-v4.md, "check cookies
/// of one attempt"). It is taken off wherever names are compared, so that all else of such a line
/// is held against v4's.
pub(crate) fn without_attempt(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((check, key)) if key.len() == 16 && key.bytes().all(|b| b.is_ascii_hexdigit()) => {
            check
        }
        _ => name,
    }
}

/// One browser's cookies, in the order in which it got them.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    jar: Vec<(String, String)>,
}

impl Browser {
    /// The value of a cookie; of a check cookie, that of the last attempt.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let found = self.jar.iter().rev().find(|(known, _)| without_attempt(known) == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Changes a cookie by hand, or takes it away; of check cookies, that of the last attempt.
    pub(crate) fn change_cookie(&mut self, name: &str, value: Option<&str>) {
        let found = self.jar.iter().rev().find(|(known, _)| without_attempt(known) == name);
        let name = found.map_or(name, |(known, _)| known).to_owned();
        self.set_cookie(&name, value);
    }

    /// `None` takes a cookie away.
    fn set_cookie(&mut self, name: &str, value: Option<&str>) {
        match (self.jar.iter().position(|(known, _)| known == name), value) {
            (Some(index), Some(value)) => self.jar[index].1 = value.to_owned(),
            (Some(index), None) => drop(self.jar.remove(index)),
            (None, Some(value)) => self.jar.push((name.to_owned(), value.to_owned())),
            (None, None) => {}
        }
    }

    /// Asks the server at that origin and takes the cookies of its answer.
    pub(crate) async fn ask(
        &mut self,
        origin: &str,
        method: &Method,
        path: &str,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Response<Bytes> {
        if !self.jar.is_empty() {
            let pairs: Vec<_> =
                self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(COOKIE, pairs.join("; ").parse().unwrap());
        }
        let response = send(origin, method, path, headers, body).await;
        for line in response.headers().get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let is_gone = value.is_empty() || rest.split("; ").any(|part| part == "Max-Age=0");
            self.set_cookie(name, (!is_gone).then_some(value));
        }
        response
    }
}

/// One request on a connection of its own. An origin's port is what counts of it.
pub(crate) async fn send(
    origin: &str,
    method: &Method,
    path: &str,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response<Bytes> {
    let (_, port) = origin.rsplit_once(':').unwrap();
    let stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    headers.insert(HOST, origin.strip_prefix("http://").unwrap().parse().unwrap());
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = method.clone();
    *request.uri_mut() = path.parse().unwrap();
    *request.headers_mut() = headers;
    let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

/// Browsers by name.
pub(crate) type Browsers = HashMap<String, Browser>;
