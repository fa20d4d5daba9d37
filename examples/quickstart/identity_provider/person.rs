//! The person at the login page, with accounts that need no typing.

use std::fmt;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::html;
use serde_json::{Map, Value, json};

use super::{encoding::sha256_base64url, scope::Scope};

/// RFC 5321 section 4.5.3.1.3 leaves room for this much.
pub(super) const MAX_EMAIL_LENGTH: usize = 254;
pub(super) const MAX_NAME_LENGTH: usize = 100;

/// An account that needs no typing.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) initials: &'static str,
    pub(super) colour: &'static str,
}

/// The first fills the form, the others are buttons.
pub(super) const SAMPLES: [Sample; 4] = [
    Sample { name: "Ada Lovelace", email: "ada@example.com", initials: "AL", colour: "#6d3fc0" },
    Sample { name: "Grace Hopper", email: "grace@example.com", initials: "GH", colour: "#0b6e99" },
    Sample { name: "Alan Turing", email: "alan@example.com", initials: "AT", colour: "#9a5b00" },
    Sample {
        name: "Katherine Johnson",
        email: "katherine@example.com",
        initials: "KJ",
        colour: "#1d7a46",
    },
];

/// Somebody who signed in: name and address are of bounded length and free of control
/// characters.
#[derive(Clone)]
pub(super) struct Person {
    name: String,
    email: String,
}

impl Person {
    pub(super) fn sample(email: &str) -> Option<Self> {
        sample(email)
            .map(|sample| Self { name: sample.name.to_owned(), email: sample.email.to_owned() })
    }

    /// # Errors
    ///
    /// What to tell the person who typed it.
    pub(super) fn from_input(name: &str, email: &str) -> Result<Self, &'static str> {
        let name = name.trim();
        let email = email.trim();
        if name.is_empty()
            || name.chars().count() > MAX_NAME_LENGTH
            || name.contains(char::is_control)
        {
            return Err("Enter a name of at most 100 characters.");
        }
        let is_address = email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@')
        });
        if !is_address
            || email.len() > MAX_EMAIL_LENGTH
            || email.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            return Err("Enter an e-mail address such as ada@example.com.");
        }
        Ok(Self { name: name.to_owned(), email: email.to_owned() })
    }

    /// The claims that `scope` asks for (OIDC Core section 5.4).
    pub(super) fn claims(&self, issuer: &str, scope: Scope) -> Map<String, Value> {
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), json!(self.subject()));
        if scope.profile {
            claims.insert("name".to_owned(), json!(self.name));
            if let Some(sample) = sample(&self.email) {
                let picture = format!("{issuer}/picture/{}", sample.email);
                claims.insert("picture".to_owned(), json!(picture));
            }
        }
        if scope.email {
            claims.insert("email".to_owned(), json!(self.email));
            claims.insert("email_verified".to_owned(), json!(true));
        }
        claims
    }

    /// A hash of the address, so that one address is one account, today and after a
    /// restart.
    fn subject(&self) -> String {
        sha256_base64url(&self.email.to_lowercase())
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

pub(super) fn sample(email: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.email.eq_ignore_ascii_case(email))
}

/// The picture of a sample account: its initials.
pub(super) async fn picture(Path(account): Path<String>) -> Response {
    let Some(sample) = sample(&account) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96" {
            rect width="96" height="96" fill=(sample.colour) {}
            text x="48" y="60" fill="#fff" text-anchor="middle" font-family="sans-serif"
                font-size="36" font-weight="600" { (sample.initials) }
        }
    };
    ([(header::CONTENT_TYPE, "image/svg+xml")], svg.into_string()).into_response()
}
