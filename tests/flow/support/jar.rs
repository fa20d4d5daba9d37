//! Cookies as a strict browser keeps them (RFC 6265bis section 5).

use jiff::fmt::rfc2822;

/// One line of `Set-Cookie`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    /// As it was sent, percent-encoded.
    pub(crate) value: String,
    pub(crate) max_age: Option<i64>,
    pub(crate) domain: Option<String>,
    pub(crate) path: String,
    pub(crate) expires: Option<i64>,
    pub(crate) http_only: bool,
    pub(crate) secure: bool,
    pub(crate) same_site: String,
}

impl Cookie {
    /// Reads a line; panics at whatever a browser would refuse or guess about.
    pub(crate) fn parse(line: &str) -> Self {
        assert!(line.len() <= 4096, "{} bytes", line.len());
        assert!(line.bytes().all(|b| (0x20..0x7f).contains(&b)), "{line}");
        let mut parts = line.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        assert!(!name.is_empty() && name.bytes().all(is_token), "{line}");
        let is_value = |b: u8| b > b' ' && !b"\",;\\".contains(&b);
        assert!(value.bytes().all(is_value), "{line}");
        let mut cookie = Self {
            name: name.into(),
            value: value.into(),
            max_age: None,
            domain: None,
            path: String::new(),
            expires: None,
            http_only: false,
            secure: false,
            same_site: String::new(),
        };
        let mut seen = Vec::new();
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            assert!(!seen.contains(&attribute), "{line}");
            seen.push(attribute);
            match attribute {
                "Max-Age" => cookie.max_age = Some(value.parse().unwrap()),
                "Domain" => cookie.domain = Some(value.into()),
                "Path" => cookie.path = value.into(),
                "Expires" => {
                    let date = rfc2822::parse(value).unwrap();
                    cookie.expires = Some(date.timestamp().as_second());
                }
                "HttpOnly" => cookie.http_only = true,
                "Secure" => cookie.secure = true,
                "SameSite" => cookie.same_site = value.into(),
                _ => panic!("an attribute that nobody asked for: {line}"),
            }
        }
        if name.starts_with("__Secure-") || name.starts_with("__Host-") {
            assert!(cookie.secure, "{line}");
        }
        if name.starts_with("__Host-") {
            assert!(cookie.path == "/" && cookie.domain.is_none(), "{line}");
        }
        assert!(cookie.same_site != "None" || cookie.secure, "{line}");
        cookie
    }

    /// Whether it has that name, or is a check cookie of that name of whichever attempt.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name == name || without_attempt(&self.name) == name
    }

    pub(crate) fn is_deletion(&self) -> bool {
        self.max_age == Some(0)
    }

    fn is_at_the_place_of(&self, other: &Self) -> bool {
        (&self.name, &self.domain, &self.path) == (&other.name, &other.domain, &other.path)
    }
}

/// The name of a check cookie without the key of the attempt that it belongs to.
pub(crate) fn without_attempt(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((check, key)) if key.len() == 16 && key.bytes().all(|b| b.is_ascii_hexdigit()) => {
            check
        }
        _ => name,
    }
}

/// The cookies of one browser profile for one site.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jar(Vec<(Cookie, i64)>);

impl Jar {
    /// Takes a line that came over `https` or not at `now`.
    pub(crate) fn take(&mut self, cookie: Cookie, https: bool, now: i64) {
        // On localhost they take it without https, which only `SameSite=None` has a need for.
        let is_taken = https || !cookie.secure || cookie.same_site == "None";
        assert!(is_taken, "browsers refuse {} without https", cookie.name);
        if cookie.is_deletion() {
            let found = self.0.iter().find(|(kept, _)| kept.name == cookie.name);
            if let Some((kept, _)) = found {
                let place = cookie.is_at_the_place_of(kept) && cookie.secure == kept.secure;
                assert!(place, "a deletion of {} that misses it", cookie.name);
            }
        }
        self.0.retain(|(kept, _)| !kept.is_at_the_place_of(&cookie));
        if !cookie.is_deletion() {
            self.0.push((cookie, now));
        }
    }

    /// The `Cookie` header at `now`.
    pub(crate) fn header(&self, now: i64) -> String {
        self.header_of(now, |_| true)
    }

    /// The `Cookie` header of a form that a page of another site posts.
    pub(crate) fn cross_site_post_header(&self, now: i64) -> String {
        self.header_of(now, |cookie| cookie.same_site == "None")
    }

    fn header_of(&self, now: i64, is_sent: fn(&Cookie) -> bool) -> String {
        let pairs: Vec<_> = self
            .0
            .iter()
            .filter(|(cookie, _)| is_sent(cookie))
            .filter(|(cookie, taken)| {
                let end = cookie.max_age.map(|age| taken + age).or(cookie.expires);
                end.is_none_or(|end| end > now)
            })
            .map(|(cookie, _)| format!("{}={}", cookie.name, cookie.value))
            .collect();
        pairs.join("; ")
    }

    /// The value as it was sent; of a check cookie, that of the last attempt.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.last(name).map(|cookie| &*cookie.value)
    }

    fn last(&self, name: &str) -> Option<&Cookie> {
        self.0.iter().rev().map(|(cookie, _)| cookie).find(|cookie| cookie.is_named(name))
    }

    /// The names, those of check cookies without the attempt's key.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(cookie, _)| without_attempt(&cookie.name)).collect()
    }

    /// The names as they are.
    pub(crate) fn whole_names(&self) -> Vec<&str> {
        self.0.iter().map(|(cookie, _)| &*cookie.name).collect()
    }

    /// Puts a cookie in by hand, as a sibling host or a visitor can; a check cookie takes the place
    /// of the last attempt's.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        let name = self.last(name).map_or(name, |cookie| &cookie.name).to_owned();
        self.0.retain(|(cookie, _)| cookie.name != name);
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
        let secure = if name.starts_with("__") { "; Secure" } else { "" };
        self.0.push((Cookie::parse(&format!("{line}{secure}")), 0));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.retain(|(cookie, _)| !cookie.is_named(name));
    }
}
