//! The relying parties alone, without a flow: the provider is a list of answers, and whole requests
//! are compared.

mod oauth1;
mod oauth2;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};

use crate::runtime::clock::Clock;
use crate::testing::{FakeHttpClient, FrozenClock};
use crate::web::Fields;
use crate::web::outbound::ErasedHttpClient;

const NOW: i64 = 1_700_000_000;
const CALLBACK: &str = "https://app.example.com/callback/acme";

/// Answers by address, and what was asked.
#[derive(Clone, Default)]
struct Provider {
    answers: Arc<Mutex<HashMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    fn answers(&self, url: &str, body: &impl ToString) {
        self.answers.lock().unwrap().insert(url.to_owned(), body.to_string());
    }

    /// The requests since the last call, as they would stand on the wire, line by line.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    fn client(&self) -> Arc<dyn ErasedHttpClient> {
        let provider = self.clone();
        Arc::new(FakeHttpClient::new(move |request| {
            provider.asked.lock().unwrap().push(text(request));
            let url = request.uri().to_string();
            let answer = provider.answers.lock().unwrap().get(&url).cloned();
            let answer = answer.ok_or_else(|| format!("nobody should ask for {url}"))?;
            Ok(Response::new(answer.into()))
        }))
    }
}

fn text(request: &Request<Bytes>) -> String {
    let mut lines = vec![format!("{} {}", request.method(), request.uri())];
    let headers = request.headers().iter();
    lines.extend(headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
    if !request.body().is_empty() {
        lines.push(String::from_utf8(request.body().to_vec()).unwrap());
    }
    lines.join("\n")
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(FrozenClock::at(NOW))
}

fn form(pairs: &[(&str, &str)]) -> Fields {
    let mut form = form_urlencoded::Serializer::new(String::new());
    Fields::from_form(form.extend_pairs(pairs).finish().as_bytes())
}
