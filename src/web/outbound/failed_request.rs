//! Failed requests: which one it was, why it led nowhere, and what to do about it.

use std::error::Error;
use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use http::{Method, Request, Response, Uri};

use super::advice::of_connection;
use super::refusal::without_sent;
use super::{AnswerError, ErasedHttpClient, NoAnswer};
use crate::error::{BoxError, causes, chain};

type Answered<'a, T> = Pin<Box<dyn Future<Output = Result<T, FailedRequest>> + Send + 'a>>;

/// Sends a request and reads the answer. What is said of a failure holds nothing of `sent`, of which no
/// copy is made.
///
/// Boxed, because the futures of a sign-in nest deep, and a debug build has copies of each on every
/// level of its stack.
pub(crate) fn ask<'a, T>(
    client: &'a dyn ErasedHttpClient,
    request: Request<Bytes>,
    sent: &'a [&'a str],
    read: impl FnOnce(&Response<Bytes>) -> Result<T, AnswerError> + Send + 'a,
) -> Answered<'a, T> {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    Box::pin(async move {
        let failed = |reason| FailedRequest::new(method, &uri, sent, reason);
        match client.send(request).await {
            Ok(answer) => read(&answer).map_err(|error| failed(error.into())),
            Err(error) => Err(failed(error)),
        }
    })
}

/// A request that led nowhere. It tells its causes itself, because what to do stands behind them.
#[derive(Debug)]
pub(crate) struct FailedRequest {
    method: Method,
    address: String,
    /// The reason and its causes, without what was sent.
    said: String,
    reason: BoxError,
    advice: Option<String>,
}

impl FailedRequest {
    pub(crate) fn new(method: Method, uri: &Uri, sent: &[&str], reason: BoxError) -> Self {
        let advice = of_connection(&*reason).map(ToOwned::to_owned);
        let told = chain(&*reason);
        // What is wrong with an answer is told without it already. An application's client may name the
        // whole address, and whoever reads the causes would find it there.
        let (said, reason) = match reason.is::<AnswerError>() {
            true => (told, reason),
            false => match without_sent(&told, sent) {
                said if said == told => (told, reason),
                said => (said.clone(), NoAnswer(said.into()).into()),
            },
        };
        Self { method, address: address(uri, sent), said, reason, advice }
    }

    /// Says what to do, unless that is known already.
    pub(crate) fn advised(mut self, advise: impl FnOnce(&AnswerError) -> Option<String>) -> Self {
        if self.advice.is_none() {
            self.advice = self.answer().and_then(advise);
        }
        self
    }

    /// What is wrong with the answer, if there was one.
    pub(crate) fn answer(&self) -> Option<&AnswerError> {
        causes(self).find_map(|cause| cause.downcast_ref())
    }
}

impl fmt::Display for FailedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.method, self.address, self.said)?;
        match &self.advice {
            Some(advice) => write!(f, " ({advice})"),
            None => Ok(()),
        }
    }
}

impl Error for FailedRequest {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.reason)
    }
}

/// An address as a log may have it: the names of its parameters and not their values, no user name,
/// and in its path nothing that was sent.
pub(crate) fn address(address: &Uri, sent: &[&str]) -> String {
    let authority = address.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let scheme = address.scheme_str().unwrap_or("https");
    let path = without_sent(address.path(), sent);
    let names = address.query().into_iter().flat_map(|query| query.split('&'));
    let names = names.map(|pair| pair.split('=').next().unwrap_or_default());
    let names: Vec<String> = names.map(|name| format!("{}=…", without_sent(name, sent))).collect();
    let query = if names.is_empty() { String::new() } else { format!("?{}", names.join("&")) };
    format!("{scheme}://{host}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r205_an_address_in_a_message_holds_nothing_that_was_sent() {
        let said = |uri: &str| address(&uri.parse().unwrap(), &["at/of+ada", "s3cr3t"]);
        for (uri, expected) in [
            ("https://id.example/me", "https://id.example/me"),
            ("https://id.example:8443/", "https://id.example:8443/"),
            ("https://ada:pw@id.example/me", "https://id.example/me"),
            ("https://id.example/t/at%2Fof%2Bada/me", "https://id.example/t/…/me"),
            ("https://id.example/t/s3cr3t", "https://id.example/t/…"),
            (
                "https://id.example/?a=b&token=at%2Fof%2Bada&c",
                "https://id.example/?a=…&token=…&c=…",
            ),
            ("https://id.example/?s3cr3t", "https://id.example/?…=…"),
        ] {
            assert_eq!(said(uri), expected);
        }
    }
}
