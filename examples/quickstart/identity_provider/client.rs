//! The one registered client.

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{hmac, rand::SystemRandom};
use url::{Url, form_urlencoded};

use super::{SetupError, authorization, parameters::Parameters};

/// The application that signs people in here.
pub(crate) struct Client {
    /// `client_id`
    pub(crate) id: String,
    /// `client_secret`
    pub(crate) secret: String,
    /// Each is compared character by character (RFC 9700 section 4.1.3).
    pub(crate) redirect_uris: Vec<Url>,
}

/// A checked [`Client`], without its secret: to compare a secret that was presented,
/// its HMAC under a key of this process is enough, and that comparison takes constant
/// time.
pub(super) struct RegisteredClient {
    id: String,
    secret_key: hmac::Key,
    secret_tag: hmac::Tag,
    redirect_uris: Vec<Url>,
}

/// Why a client was not authenticated.
pub(super) enum ClientRefusal {
    InvalidClient(&'static str),
    InvalidRequest(&'static str),
}

impl RegisteredClient {
    pub(super) fn new(client: Client, random: &SystemRandom) -> Result<Self, SetupError> {
        if client.id.is_empty() {
            return Err(SetupError::Client("id"));
        }
        if client.secret.is_empty() {
            return Err(SetupError::Client("secret"));
        }
        if client.redirect_uris.is_empty() {
            return Err(SetupError::Client("redirect URI"));
        }
        // RFC 6749 section 3.1.2 forbids the fragment.
        if let Some(uri) = client
            .redirect_uris
            .iter()
            .find(|uri| !matches!(uri.scheme(), "http" | "https") || uri.fragment().is_some())
        {
            return Err(SetupError::RedirectUri(uri.clone()));
        }
        let secret_key =
            hmac::Key::generate(hmac::HMAC_SHA256, random).map_err(SetupError::Random)?;
        Ok(Self {
            id: client.id,
            secret_tag: hmac::sign(&secret_key, client.secret.as_bytes()),
            secret_key,
            redirect_uris: client.redirect_uris,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn redirect_uri(&self, requested: &str) -> Option<&Url> {
        self.redirect_uris.iter().find(|uri| uri.as_str() == requested)
    }

    /// `client_secret_basic` or `client_secret_post`, never both
    /// (RFC 6749 section 2.3).
    pub(super) fn authenticate(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<(), ClientRefusal> {
        let posted_id = parameters.value("client_id");
        let posted_secret = parameters.value("client_secret");

        let (id, secret) = if headers.contains_key(header::AUTHORIZATION) {
            if posted_secret.is_some() {
                return Err(ClientRefusal::InvalidRequest("the client authenticated in two ways"));
            }
            let (id, secret) = basic_credentials(headers)
                .ok_or(ClientRefusal::InvalidClient("the Authorization header is not Basic"))?;
            if posted_id.is_some_and(|posted_id| posted_id != id) {
                return Err(ClientRefusal::InvalidRequest(
                    "client_id differs from the Authorization header",
                ));
            }
            (id, secret)
        } else {
            let (Some(id), Some(secret)) = (posted_id, posted_secret) else {
                return Err(ClientRefusal::InvalidClient("the client did not authenticate"));
            };
            (id.to_owned(), secret.to_owned())
        };

        if id == self.id
            && hmac::verify(&self.secret_key, secret.as_bytes(), self.secret_tag.as_ref()).is_ok()
        {
            Ok(())
        } else {
            Err(ClientRefusal::InvalidClient("the client id or secret is wrong"))
        }
    }
}

/// RFC 6749 section 2.3.1: both parts are form-encoded before HTTP Basic joins them.
fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(authorization(headers, "Basic")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decode(id)?, form_decode(secret)?))
}

fn form_decode(text: &str) -> Option<String> {
    let form = format!("part={text}");
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    let (_, decoded) = pairs.next()?;
    // A raw `&` would have been encoded by a conforming client.
    pairs.next().is_none().then(|| decoded.into_owned())
}
