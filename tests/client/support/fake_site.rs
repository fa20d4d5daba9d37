//! A fake site, which answers what a test tells it to, when the test tells it to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::sync::watch;
use typegate::client::{Client, SessionChannel};
use typegate::{BoxError, HttpClient};

use super::{BASE, ORIGIN, Seen};

/// What a path answers.
#[derive(Clone)]
enum Reply {
    Down,
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
}

/// Cloning it is cloning a handle.
#[derive(Clone)]
pub(crate) struct FakeSite {
    replies: Arc<Mutex<HashMap<String, Vec<Reply>>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    held: watch::Sender<Option<&'static str>>,
}

impl FakeSite {
    pub(crate) fn new() -> Self {
        let site =
            Self { replies: Arc::default(), seen: Arc::default(), held: watch::Sender::new(None) };
        site.json("GET /csrf", &json!({ "csrfToken": "the token" }));
        site
    }

    /// Where somebody of that name is signed in.
    pub(crate) fn with_session(name: &str) -> Self {
        let site = Self::new();
        site.session(name);
        site
    }

    pub(crate) fn session(&self, name: &str) {
        self.json(
            "GET /session",
            &json!({ "user": { "name": name }, "expires": "2030-01-01T00:00:00.000Z" }),
        );
    }

    pub(crate) fn signed_out(&self) {
        self.json("GET /session", &json!({}));
    }

    pub(crate) fn json(&self, line: &str, body: &Value) {
        self.answer(line, 200, &[], &body.to_string());
    }

    pub(crate) fn answer(
        &self,
        line: &str,
        status: u16,
        headers: &[(&'static str, &str)],
        body: &str,
    ) {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let reply = Reply::Answer { status, headers, body: body.to_owned() };
        self.replies.lock().unwrap().insert(line.to_owned(), vec![reply]);
    }

    /// What that path answers after the answer it has.
    pub(crate) fn then_json(&self, line: &str, body: &Value) {
        let reply = Reply::Answer { status: 200, headers: Vec::new(), body: body.to_string() };
        self.replies.lock().unwrap().get_mut(line).unwrap().push(reply);
    }

    pub(crate) fn down(&self, line: &str) {
        self.replies.lock().unwrap().insert(line.to_owned(), vec![Reply::Down]);
    }

    /// Answers to requests that begin so wait until they are released.
    pub(crate) fn hold(&self, line: &'static str) {
        self.held.send_replace(Some(line));
    }

    pub(crate) fn release(&self) {
        self.held.send_replace(None);
    }

    pub(crate) fn client(&self) -> Client {
        self.client_on(SessionChannel::new())
    }

    pub(crate) fn client_on(&self, channel: SessionChannel) -> Client {
        Client::builder(ORIGIN.parse().unwrap())
            .http_client(self.clone())
            .channel(channel)
            .build()
            .unwrap()
    }

    pub(crate) fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    pub(crate) fn take_lines(&self) -> Vec<String> {
        self.take_seen().iter().map(|seen| seen.line(BASE)).collect()
    }

    /// How many answers are being waited for.
    pub(crate) fn waiting(&self) -> usize {
        self.held.receiver_count()
    }

    fn reply(&self, line: &str) -> Reply {
        let mut replies = self.replies.lock().unwrap();
        let queue = replies.get_mut(line).unwrap();
        if queue.len() > 1 { queue.remove(0) } else { queue[0].clone() }
    }
}

impl HttpClient for FakeSite {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let seen = Seen::new(&request);
        let line = seen.line(BASE);
        // The answer is what is true when the question arrives.
        let reply = self.reply(line.split('?').next().unwrap());
        self.seen.lock().unwrap().push(seen);
        let is_free = |held: &Option<&str>| held.is_none_or(|held| !line.starts_with(held));
        self.held.subscribe().wait_for(is_free).await.unwrap();
        match reply {
            Reply::Down => Err("connection refused".into()),
            Reply::Answer { status, headers, body } => {
                let mut response = Response::builder().status(status);
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                Ok(response.body(body.into()).unwrap())
            }
        }
    }
}
