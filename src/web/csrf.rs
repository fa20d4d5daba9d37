//! CSRF protection by double submit of a signed token: the form has to come from a page of this
//! site.

use crate::crypto::secret::Secret;
use crate::crypto::{hash, random};

/// Hexadecimal digits of a browser's key.
const KEY_LENGTH: usize = 32;

/// The CSRF token of a browser, and whether its cookie has to be sent.
pub(crate) struct CsrfToken {
    text: String,
    /// The new cookie's value; `None` if the browser has a good one, which is never sent again.
    pub(crate) new_cookie: Option<String>,
}

/// Proof that a POST carried the browser's own token. Only [`CsrfToken::verify`] makes one.
#[derive(Clone, Copy)]
pub(crate) struct CsrfVerified(());

impl CsrfToken {
    /// Accepts the first good cookie of the browser (`token|hash`; further parts are ignored, as in
    /// v4), or makes a new token.
    pub(crate) fn from_cookies(
        mut cookies: impl Iterator<Item = impl AsRef<str> + Into<String>>,
        secrets: &[Secret],
    ) -> Result<Self, random::RandomError> {
        if let Some(text) = cookies.find_map(|cookie| accepted(cookie, secrets)) {
            return Ok(Self { text, new_cookie: None });
        }
        let text = random::hexadecimal_token()?;
        let signing = secrets.first().map_or(&[] as &[u8], Secret::expose);
        let hash = hash::sha256_hexadecimal(&[text.as_bytes(), signing]);
        let new_cookie = Some(format!("{text}|{hash}"));
        Ok(Self { text, new_cookie })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What a browser is known by while it is elsewhere: a hash of its token. `None` if the browser
    /// has not sent one. On an https site no other host can set the token's cookie (`__Host-`, RFC
    /// 6265bis section 4.1.3.2), so none can make a browser pass for another one.
    pub(crate) fn browser_key(&self) -> Option<String> {
        if self.new_cookie.is_some() {
            return None;
        }
        let mut key = hash::sha256_hexadecimal(&[self.text.as_bytes()]);
        key.truncate(KEY_LENGTH);
        Some(key)
    }

    /// The token of the form must equal the one of an accepted cookie. A cookie that is only
    /// about to be set proves nothing.
    pub(crate) fn verify(&self, submitted: Option<&str>) -> Option<CsrfVerified> {
        let submitted = submitted?;
        (self.new_cookie.is_none() && hash::equal(submitted.as_bytes(), self.text.as_bytes()))
            .then_some(CsrfVerified(()))
    }
}

fn accepted(cookie: impl AsRef<str> + Into<String>, secrets: &[Secret]) -> Option<String> {
    let mut parts = cookie.as_ref().split('|');
    let (token, signature) = (parts.next()?, parts.next()?);
    let is_signed = |secret: &Secret| {
        hash::is_sha256_hexadecimal(signature.as_bytes(), &[token.as_bytes(), secret.expose()])
    };
    if !secrets.iter().any(is_signed) {
        return None;
    }
    // A cookie that was decoded is a text of its own already.
    let length = token.len();
    let mut text = cookie.into();
    text.truncate(length);
    Some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Every case was recorded on next-auth 4.24.15.
    #[test]
    fn r121_cookies_of_next_auth_are_accepted_and_refused_alike() {
        let cases: Value =
            serde_json::from_str(include_str!("../../tests/data/csrf.json")).unwrap();
        for case in cases["create"].as_array().unwrap() {
            let text = |name: &str| case[name].as_str().unwrap();
            let hash =
                hash::sha256_hexadecimal(&[text("token").as_bytes(), text("secret").as_bytes()]);
            assert_eq!(hash, text("hash"));
        }
        for case in cases["verify"].as_array().unwrap() {
            let secrets = [Secret::dangerously_short(case["secret"].as_str().unwrap()).unwrap()];
            let token =
                CsrfToken::from_cookies(case["cookie"].as_str().into_iter(), &secrets).unwrap();
            assert_eq!(token.new_cookie.is_none(), case["accepted"], "{case}");
            let is_post = case["method"] == "POST";
            let verified = is_post && token.verify(case["submitted"].as_str()).is_some();
            assert_eq!(verified, case["verified"], "{case}");
        }
    }

    #[test]
    fn a_new_token_is_64_hexadecimal_characters_and_good_at_the_next_request() {
        let secrets = [Secret::dangerously_short("secret").unwrap()];
        let first = CsrfToken::from_cookies(None::<&str>.into_iter(), &secrets).unwrap();
        assert_eq!(first.text().len(), 64);
        assert!(first.verify(Some(first.text())).is_none());
        let second =
            CsrfToken::from_cookies(first.new_cookie.as_deref().into_iter(), &secrets).unwrap();
        assert_eq!(second.text(), first.text());
        assert!(second.verify(Some(first.text())).is_some());
    }
}
