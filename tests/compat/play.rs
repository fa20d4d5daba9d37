//! The player of scenarios: runs them against a server and writes down its answers.

use std::mem;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, Method, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use url::Url;

use crate::browser::{Browser, Browsers, send};
use crate::identity_provider::IdentityProvider;
use crate::scenario::{Ask, Link, Scenario, SignIn, Step};
use crate::transcript::{Entry, Origins};

/// When every scenario starts.
const START: &str = "2030-01-01T00:00:00Z";
const BASE: &str = "/api/auth";

/// All scenarios of a profile.
pub(crate) async fn play(
    site: &str,
    provider: &IdentityProvider,
    profile: &str,
    scenarios: &[Scenario],
) -> Vec<Entry> {
    let mut player = Player {
        site,
        provider,
        browser: Browser::default(),
        browser_name: "new".to_owned(),
        others: Browsers::new(),
        scenario: String::new(),
        entries: Vec::new(),
    };
    for scenario in scenarios {
        if scenario.profiles.is_empty() || scenario.profiles.iter().any(|name| name == profile) {
            scenario.name.clone_into(&mut player.scenario);
            player.switch("new");
            player.others.clear();
            player.reset().await;
            for step in &scenario.steps {
                player.step(step).await;
            }
        }
    }
    player.entries
}

struct Player<'a> {
    site: &'a str,
    provider: &'a IdentityProvider,
    browser: Browser,
    browser_name: String,
    others: Browsers,
    scenario: String,
    entries: Vec<Entry>,
}

/// What is sent besides method and path.
#[derive(Default)]
struct Content {
    headers: HeaderMap,
    body: Bytes,
}

impl Content {
    fn of(content_type: &'static str, body: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        Self { headers, body: body.into() }
    }

    fn form(members: &Map<String, Value>) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in members {
            form.append_pair(name, value.as_str().unwrap());
        }
        Self::of("application/x-www-form-urlencoded", form.finish())
    }
}

impl Player<'_> {
    async fn step(&mut self, step: &Step) {
        match step {
            Step::Browser(name) => self.switch(name),
            Step::Cookies(cookies) => self.set_cookies(cookies),
            Step::Behaviour(behaviour) => self.control("behaviour", behaviour).await,
            Step::Provider(behaviour) => {
                self.provider.behave(serde_json::from_value(behaviour.clone()).unwrap());
            }
            Step::Clock(seconds) => self.set_clock(*seconds).await,
            Step::Seed(rows) => self.control("seed", &self.filled(rows)).await,
            Step::Reset(_) => self.reset().await,
            Step::Ask(ask) => self.ask(ask).await,
            Step::SignIn(sign_in) => self.sign_in(sign_in).await,
            Step::Link(link) => self.link(link).await,
        }
    }

    async fn reset(&mut self) {
        self.control("reset", &json!({})).await;
        self.provider.reset();
        self.set_clock(0).await;
    }

    async fn set_clock(&mut self, seconds: i64) {
        let now = after_start(seconds);
        self.control("clock", &json!({ "now": now })).await;
        self.provider.set_time(now.as_second());
    }

    fn switch(&mut self, name: &str) {
        let before = mem::replace(&mut self.browser_name, name.to_owned());
        self.others.insert(before, mem::take(&mut self.browser));
        self.others.remove("new");
        self.browser = self.others.remove(name).unwrap_or_default();
    }

    fn set_cookies(&mut self, cookies: &Map<String, Value>) {
        for (name, value) in cookies {
            let value = value.as_str().map(|value| self.filled_text(value));
            self.browser.change_cookie(name, value.as_deref());
        }
    }

    async fn control(&self, name: &str, body: &Value) {
        let path = format!("/__oracle/{name}");
        let Content { headers, body } = Content::of("application/json", body.to_string());
        let answer = send(self.site, &Method::POST, &path, headers, body).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}: {:?}", answer.body());
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, name: &str) -> T {
        let (path, none) = (format!("/__oracle/{name}"), HeaderMap::new());
        let answer = send(self.site, &Method::GET, &path, none, Bytes::new()).await;
        serde_json::from_slice(answer.body()).unwrap()
    }

    async fn send(&mut self, method: Method, path: &str, content: Content) -> Response<Bytes> {
        let Content { headers, body } = content;
        self.browser.ask(self.site, &method, path, headers, body).await
    }

    /// Writes down an answer, and what happened since the last one.
    async fn note(&mut self, label: &str, response: &Response<Bytes>) {
        let calls: Vec<_> = self.read("records").await;
        let origins = Origins { site: self.site, provider: &self.provider.origin };
        let lines = origins.lines(response, &calls, &self.provider.take_requests());
        let name = format!("{} / {label}", self.scenario);
        assert!(!self.entries.iter().any(|entry| entry.name == name), "twice: {name}");
        self.entries.push(Entry { name, lines });
        self.forget().await;
    }

    async fn forget(&self) {
        self.control("clear", &json!({})).await;
        self.provider.take_requests();
    }

    /// A value in which every text is filled.
    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.filled_text(text).into(),
            Value::Array(values) => values.iter().map(|value| self.filled(value)).collect(),
            Value::Object(members) => Value::Object(self.filled_members(members)),
            other => other.clone(),
        }
    }

    fn filled_members(&self, members: &Map<String, Value>) -> Map<String, Value> {
        members.iter().map(|(name, value)| (name.clone(), self.filled(value))).collect()
    }

    /// `{site}`, `{host}`, `{csrf}`, `{now+60}`, `{9 times a}` and `{name of a cookie}` replaced by
    /// what they stand for.
    fn filled_text(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
        let (name, after) = rest.split_once('}').unwrap();
        if let Some((count, repeated)) = name.split_once(" times ") {
            let value = repeated.repeat(count.parse().unwrap());
            return format!("{before}{value}{}", self.filled_text(after));
        }
        let value = match (name, name.strip_prefix("now")) {
            ("site", _) => self.site.to_owned(),
            ("host", _) => self.site.trim_start_matches("http://").to_owned(),
            ("csrf", _) => {
                let names = ["next-auth.csrf-token", "__Host-next-auth.csrf-token", "csrf"];
                let cookie = names.into_iter().find_map(|name| self.browser.cookie(name));
                cookie.unwrap_or_default().split('%').next().unwrap().to_owned()
            }
            (_, Some(seconds)) => after_start(seconds.parse().unwrap()).to_string(),
            _ => self.browser.cookie(name).unwrap().to_owned(),
        };
        format!("{before}{value}{}", self.filled_text(after))
    }

    /// Gets the browser a token, which it keeps if it has one.
    async fn fetch_csrf_token(&mut self) {
        self.send(Method::GET, &format!("{BASE}/csrf"), Content::default()).await;
        self.forget().await;
    }

    async fn ask(&mut self, ask: &Ask) {
        let form = ask.form.as_ref();
        let asks_for_token = ask.request.contains("{csrf}")
            || form.is_some_and(|form| json!(form).to_string().contains("{csrf}"))
            || ask.json.as_ref().is_some_and(|json| json.to_string().contains("{csrf}"))
            || ask.text.as_ref().is_some_and(|text| text.contains("{csrf}"));
        if asks_for_token {
            self.fetch_csrf_token().await;
        }
        let mut content = if let Some(form) = form {
            Content::form(&self.filled_members(form))
        } else if let Some(json) = &ask.json {
            Content::of("application/json", self.filled(json).to_string())
        } else if let Some(text) = &ask.text {
            Content::of("text/plain", self.filled_text(text))
        } else {
            Content::default()
        };
        for (name, value) in self.filled_members(&ask.headers) {
            let name = HeaderName::try_from(name).unwrap();
            content.headers.insert(name, value.as_str().unwrap().parse().unwrap());
        }
        let (method, path) = ask.request.split_once(' ').unwrap();
        let base = ask.base.as_deref().unwrap_or(BASE);
        let path = format!("{base}{}", self.filled_text(path));
        let response = self.send(method.parse().unwrap(), &path, content).await;
        self.note(ask.label.as_ref().unwrap_or(&ask.request), &response).await;
    }

    async fn sign_in(&mut self, sign_in: &SignIn) {
        self.fetch_csrf_token().await;
        let mut form = Map::from_iter([("csrfToken".to_owned(), json!("{csrf}"))]);
        form.extend(sign_in.form.clone());
        form.insert("json".into(), json!("true"));
        let content = Content::form(&self.filled_members(&form));
        let path = format!("{BASE}/signin/{}", sign_in.at);
        let started = self.send(Method::POST, &path, content).await;
        let body: Value = serde_json::from_slice(started.body()).unwrap_or_default();
        let target = body["url"].as_str().unwrap_or_default();
        let at_provider = target.strip_prefix(self.provider.origin.as_str());
        if sign_in.shown || at_provider.is_none() {
            self.note(&format!("{}: sign in", sign_in.label), &started).await;
        }
        let Some(at_provider) = at_provider else { return };
        let origin = &self.provider.origin;
        let none = HeaderMap::new();
        let answer = send(origin, &Method::GET, at_provider, none, Bytes::new()).await;
        let callback = answer.headers()[LOCATION].to_str().unwrap().parse().unwrap();
        let callback = with_parameters(callback, &sign_in.callback);
        self.set_cookies(&sign_in.cookies);
        if sign_in.delay != 0 {
            self.set_clock(sign_in.delay).await;
        }
        self.forget().await;
        let response = if sign_in.form_post {
            let members = callback.query_pairs().map(|(name, value)| (name.into(), json!(value)));
            let content = Content::form(&members.collect());
            self.send(Method::POST, callback.path(), content).await
        } else {
            self.send(Method::GET, &path_and_query(&callback), Content::default()).await
        };
        self.note(&format!("{}: callback", sign_in.label), &response).await;
        if sign_in.delay != 0 {
            self.set_clock(0).await;
        }
    }

    async fn link(&mut self, link: &Link) {
        self.fetch_csrf_token().await;
        let form = json!({
            "csrfToken": self.filled_text("{csrf}"), "email": link.to, "callbackUrl": "/welcome",
            "json": "true",
        });
        let content = Content::form(form.as_object().unwrap());
        self.send(Method::POST, &format!("{BASE}/signin/email"), content).await;
        let mails: Vec<Value> = self.read("mails").await;
        let url: Url = mails[0]["url"].as_str().unwrap().parse().unwrap();
        let url = with_parameters(url, &link.parameters);
        if let Some(behaviour) = &link.behaviour {
            self.control("behaviour", behaviour).await;
        }
        self.set_clock(link.clock).await;
        self.forget().await;
        let method = link.method.as_deref().unwrap_or("GET").parse().unwrap();
        let response = self.send(method, &path_and_query(&url), Content::default()).await;
        self.note(&link.label, &response).await;
        self.control("behaviour", &json!({})).await;
        self.set_clock(0).await;
    }
}

fn after_start(seconds: i64) -> Timestamp {
    START.parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

fn path_and_query(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// The same address with parameters that differ; null takes one away.
fn with_parameters(url: Url, differences: &Map<String, Value>) -> Url {
    let mut parameters: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in differences {
        match (parameters.iter().position(|(known, _)| known == name), value.as_str()) {
            (Some(index), Some(value)) => parameters[index].1 = value.to_owned(),
            (Some(index), None) => drop(parameters.remove(index)),
            (None, Some(value)) => parameters.push((name.clone(), value.to_owned())),
            (None, None) => panic!("there is no parameter {name} to take away"),
        }
    }
    let mut url = url;
    url.query_pairs_mut().clear().extend_pairs(parameters);
    url
}
