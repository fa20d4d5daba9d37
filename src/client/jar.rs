//! The cookie jar of one site.
//!
//! It need not decide which cookie goes where, because every request of a client goes to the same
//! site.

use std::fmt;

use http::header::HeaderValue;
use http::{HeaderMap, header};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Host;

use crate::runtime::clock::after;
use crate::web::cookie::RequestCookies;
use crate::web::site::SiteUrl;

/// More than a session in 32 pieces with everything around it; a site cannot fill the memory.
const MAXIMUM_COOKIES: usize = 64;

/// The cookies of one site. **Whoever has them is signed in**: store them like a password.
///
/// ```
/// use typegate::client::CookieJar;
///
/// let jar: CookieJar = serde_json::from_str("[]")?;
/// assert_eq!(format!("{jar:?}"), "CookieJar(0 cookies)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub struct CookieJar(Vec<Kept>);

#[derive(Clone, Deserialize, Serialize)]
struct Kept {
    name: String,
    value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
}

impl CookieJar {
    /// The cookies of a request, in its order, with their values as they are. One that is no text
    /// is none of the site's.
    pub(super) fn from_request(headers: &HeaderMap) -> Self {
        let pairs = RequestCookies::new(headers).iter().filter_map(|(name, value)| {
            let text = |bytes| str::from_utf8(bytes).ok().map(ToOwned::to_owned);
            Some(Kept { name: text(name)?, value: text(value)?, expires: None })
        });
        Self(pairs.collect())
    }

    /// The `Cookie` header of a request, if there is a cookie to send.
    pub(super) fn header(&mut self, now: Timestamp) -> Option<HeaderValue> {
        self.0.retain(|kept| kept.expires.is_none_or(|expires| expires > now));
        let pairs: Vec<_> =
            self.0.iter().map(|kept| format!("{}={}", kept.name, kept.value)).collect();
        let mut header = HeaderValue::from_bytes(pairs.join("; ").as_bytes()).ok()?;
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }

    /// Does what the `Set-Cookie` lines of an answer say.
    pub(super) fn take(
        &mut self,
        lines: header::GetAll<'_, HeaderValue>,
        site: &SiteUrl,
        now: Timestamp,
    ) {
        for line in lines.into_iter().filter_map(|line| line.to_str().ok()) {
            let Some(cookie) = read(line, site, now) else { continue };
            if cookie.expires.is_some_and(|expires| expires <= now) {
                self.0.retain(|kept| kept.name != cookie.name);
            } else if let Some(kept) = self.0.iter_mut().find(|kept| kept.name == cookie.name) {
                *kept = cookie;
            } else if self.0.len() < MAXIMUM_COOKIES {
                self.0.push(cookie);
            }
        }
    }
}

/// RFC 6265 section 5.2 and 5.3, for a cookie that is to come back to the auth routes of this
/// site; one that is not is `None`.
fn read(line: &str, site: &SiteUrl, now: Timestamp) -> Option<Kept> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let (mut secure, mut maximum_age, mut expires, mut has_domain, mut path) =
        (false, None, None, false, "/");
    for attribute in parts {
        let (key, text) = attribute.split_once('=').unwrap_or((attribute, ""));
        match key.to_ascii_lowercase().as_str() {
            "secure" => secure = true,
            "max-age" => maximum_age = text.parse::<i64>().ok(),
            "expires" => expires = jiff::fmt::rfc2822::parse(text).ok().map(|t| t.timestamp()),
            "domain" if !text.is_empty() => {
                has_domain = true;
                if !is_domain_of(text.trim_start_matches('.'), site) {
                    return None;
                }
            }
            "path" if text.starts_with('/') => path = text,
            _ => {}
        }
    }
    if secure && !site.is_https() && !is_loopback(site) {
        return None;
    }
    // RFC 6265bis section 4.1.3: the prefixes are promises.
    let is_host_locked = secure && !has_domain && path == "/";
    if (name.starts_with("__Secure-") && !secure)
        || (name.starts_with("__Host-") && !is_host_locked)
    {
        return None;
    }
    if name.is_empty() || !is_path_of(path, site.path()) {
        return None;
    }
    let expires = maximum_age.map(|seconds| after(now, seconds)).or(expires);
    Some(Kept { name: name.to_owned(), value: value.to_owned(), expires })
}

fn is_domain_of(domain: &str, site: &SiteUrl) -> bool {
    let host = site.url().host_str().unwrap_or_default();
    let domain = domain.to_ascii_lowercase();
    host == domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
}

/// RFC 6265 section 5.1.4.
fn is_path_of(path: &str, request: &str) -> bool {
    request
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
}

fn is_loopback(site: &SiteUrl) -> bool {
    match site.url().host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CookieJar({} cookies)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use http::header::{COOKIE, SET_COOKIE};

    use super::*;

    const NOW: i64 = 1_700_000_000;

    #[test]
    fn r184_a_visitors_other_cookies_do_not_keep_the_session_back() {
        let mut headers = HeaderMap::new();
        for line in ["city=Zürich; s=1".as_bytes(), b"city=Z\xfcrich; t=2", b"\xff; u=3"] {
            headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        let sent = CookieJar::from_request(&headers).header(Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(sent.as_bytes(), "city=Zürich; s=1; t=2; u=3".as_bytes());
    }

    fn after_lines(site: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(SET_COOKIE, line.parse().unwrap());
        }
        let mut jar = CookieJar::default();
        let now = Timestamp::from_second(NOW).unwrap();
        jar.take(headers.get_all(SET_COOKIE), &site.parse().unwrap(), now);
        let header = jar.header(now);
        header.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn cookies_come_and_go_as_the_site_says() {
        let here = "https://app.example.com";
        for (lines, header) in [
            (&["a=1; Path=/; HttpOnly", "b=2"][..], "a=1; b=2"),
            (&["a=1", "a=2"], "a=2"),
            (&["a=1", "a=; Max-Age=0"], ""),
            (&["a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], ""),
            (&["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"], "a=1"),
            (&["a=1; Expires=Wed, 15 Nov 2023 00:00:00 GMT"], "a=1"),
            (&["a=1; Max-Age=x"], "a=1"),
            (&["a=b=c%7C\"d\""], "a=b=c%7C\"d\""),
            (&["a=1; Path=/api"], "a=1"),
            (&["a=1; Path=/api/auth"], "a=1"),
            (&["a=1; Path=/ap"], ""),
            (&["a=1; Path=/other"], ""),
            (&["a=1; Domain=example.com"], "a=1"),
            (&["a=1; Domain=ample.com"], ""),
            (&["a=1; Domain=evil.example"], ""),
            (&["__Host-a=1; Secure; Path=/", "__Secure-b=2; Secure"], "__Host-a=1; __Secure-b=2"),
            (&["__Host-a=1; Path=/", "__Secure-b=2", "__Host-c=3; Secure; Domain=example.com"], ""),
            (&["nothing", "=x"], ""),
        ] {
            assert_eq!(after_lines(here, lines), header, "{lines:?}");
        }
    }

    #[test]
    fn secure_cookies_are_not_taken_from_plain_http_save_on_this_machine() {
        assert_eq!(after_lines("http://app.example.com", &["a=1; Secure"]), "");
        assert_eq!(after_lines("http://localhost:3000", &["a=1; Secure"]), "a=1");
        assert_eq!(after_lines("http://[::1]:3000", &["a=1; Secure"]), "a=1");
    }

    #[test]
    fn a_site_cannot_fill_the_memory() {
        let lines: Vec<_> = (0..5_000).map(|n| format!("a{n}=1")).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let header = after_lines("https://app.example.com", &lines);
        assert_eq!(header.split("; ").count(), MAXIMUM_COOKIES);
    }

    #[test]
    fn cookies_expire() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, "a=1; Max-Age=60".parse().unwrap());
        let mut jar = CookieJar::default();
        let now = Timestamp::from_second(NOW).unwrap();
        let site = "https://app.example.com".parse().unwrap();
        jar.take(headers.get_all(SET_COOKIE), &site, now);
        assert!(jar.header(after(now, 59)).is_some());
        assert!(jar.header(after(now, 60)).is_none());
    }

    #[test]
    fn r110_cookies_do_not_print_and_can_be_kept() {
        let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_static("s=canary; t=2"))]);
        let jar = CookieJar::from_request(&headers);
        assert!(!format!("{jar:?}").contains("canary"));
        let text = serde_json::to_string(&jar).unwrap();
        let mut kept: CookieJar = serde_json::from_str(&text).unwrap();
        assert_eq!(kept.header(Timestamp::UNIX_EPOCH).unwrap(), "s=canary; t=2");
    }
}
