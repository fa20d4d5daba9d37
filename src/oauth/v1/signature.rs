//! The signature of OAuth 1.0a (RFC 5849 section 3), for requests whose parameters are in the URL
//! and in the `Authorization` header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;
use url::Url;

use crate::crypto::hash::hexadecimal;
use crate::crypto::random::{self, RandomError};
use crate::crypto::secret::ClientSecret;
use crate::oauth::definition::word::words;

/// All but the unreserved characters are encoded, with capital digits (RFC 5849 section 3.6).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How OAuth 1.0a requests are signed (RFC 5849 section 3.4).
///
/// `RSA-SHA1` does not exist here: the crate's one cryptographic back end, `ring`, does not sign
/// with SHA-1.
///
/// ```
/// use typegate::provider::SignatureMethod;
///
/// assert_eq!(SignatureMethod::default().as_str(), "HMAC-SHA1");
/// assert_eq!(SignatureMethod::Plaintext.as_str(), "PLAINTEXT");
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// The request is signed with both secrets, which stay here. What is known against SHA-1
    /// does not break its HMAC.
    #[default]
    HmacSha1,
    /// The secrets themselves are sent: only https protects them. As everywhere, http is accepted
    /// for loopback hosts.
    Plaintext,
}

words! { SignatureMethod { "HMAC-SHA1" => HmacSha1, "PLAINTEXT" => Plaintext } }

impl SignatureMethod {
    /// The text of `oauth_signature_method`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::Plaintext => "PLAINTEXT",
        }
    }
}

/// Everything that requests are signed with.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) method: SignatureMethod,
    pub(crate) version: &'a str,
    pub(crate) client_key: &'a str,
    pub(crate) client_secret: &'a ClientSecret,
    /// Token and token secret, once there are some.
    pub(crate) token: Option<(&'a str, &'a str)>,
}

impl Signer<'_> {
    /// The `Authorization` header of a request (RFC 5849 section 3.5.1), with a nonce of its own.
    /// `further` holds protocol parameters such as `oauth_callback`.
    pub(crate) fn authorization(
        &self,
        method: &Method,
        url: &Url,
        further: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<String, RandomError> {
        // 128 bits, in letters and digits: some servers take nothing else.
        let nonce = hexadecimal(&random::bytes::<16>()?);
        Ok(self.authorization_with(method, url, further, &nonce, now.as_second()))
    }

    fn authorization_with(
        &self,
        method: &Method,
        url: &Url,
        further: &[(&str, &str)],
        nonce: &str,
        timestamp: i64,
    ) -> String {
        let timestamp = timestamp.to_string();
        let mut parameters = vec![
            ("oauth_consumer_key", self.client_key),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", self.method.as_str()),
            ("oauth_timestamp", &timestamp),
            ("oauth_version", self.version),
        ];
        parameters.extend(self.token.map(|(token, _)| ("oauth_token", token)));
        parameters.extend_from_slice(further);
        let signature = self.sign(method, url, &parameters);
        parameters.push(("oauth_signature", &signature));
        let encoded: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value)))
            .collect();
        format!("OAuth {}", encoded.join(", "))
    }

    /// The value of `oauth_signature` (RFC 5849 sections 3.4.2 and 3.4.4).
    fn sign(&self, method: &Method, url: &Url, parameters: &[(&str, &str)]) -> String {
        let token_secret = self.token.map(|(_, secret)| secret).unwrap_or_default();
        let key = format!("{}&{}", encode(self.client_secret.expose()), encode(token_secret));
        match self.method {
            SignatureMethod::Plaintext => key,
            SignatureMethod::HmacSha1 => {
                let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
                let text = base_string(method, url, parameters);
                STANDARD.encode(hmac::sign(&key, text.as_bytes()))
            }
        }
    }
}

/// The signature base string (RFC 5849 section 3.4.1).
fn base_string(method: &Method, url: &Url, parameters: &[(&str, &str)]) -> String {
    // Section 3.4.1.3.2: names and values are encoded first and then sorted, by bytes.
    let mut pairs: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (encode(&name), encode(&value))).collect();
    pairs.extend(parameters.iter().map(|(name, value)| (encode(name), encode(value))));
    pairs.sort();
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let parts = [method.as_str(), &base_string_url(url), &pairs.join("&")];
    parts.map(encode).join("&")
}

/// Section 3.4.1.2: scheme and host in lower case and no default port, which parsing has seen to;
/// neither query nor fragment, nor a user, who is not part of the `Host` header.
fn base_string_url(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{host}{port}{}", url.scheme(), url.path())
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests;
