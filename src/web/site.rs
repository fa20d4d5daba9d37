//! The site's URL: its origin, and the base path of its auth routes.

use std::str::FromStr;

use url::Url;

use crate::error::ConfigError;
use crate::runtime::environment::address;
use crate::web::agreed_url::is_read_as;

/// Where the auth routes are mounted if the site's URL has no path of its own.
pub(crate) const DEFAULT_PATH: &str = "/api/auth";

/// The address of the site, with the path under which the auth routes live.
///
/// Read as NextAuth v4 reads `NEXTAUTH_URL`: without a scheme it is https, without a path the auth
/// routes are under `/api/auth`, query and fragment are dropped.
///
/// ```
/// use typegate::SiteUrl;
///
/// let site: SiteUrl = "https://app.example.com".parse().unwrap();
/// assert_eq!(site.origin(), "https://app.example.com");
/// assert_eq!(site.base(), "https://app.example.com/api/auth");
/// assert_eq!("example.com/login".parse::<SiteUrl>().unwrap().path(), "/login");
/// assert!("ftp://example.com".parse::<SiteUrl>().is_err());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SiteUrl {
    origin: String,
    base: String,
    host: String,
    /// The origin as people write it, where DNS has another form of the host.
    unicode_origin: Option<String>,
    url: Url,
    mount: Mount,
    /// What was written and is hardly meant.
    doubtful: Option<String>,
}

/// The path of the auth routes: as the browser has it, and as it is when something in front has
/// removed a prefix.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mount {
    path: String,
    /// How long the prefix is.
    prefix: usize,
}

impl Mount {
    /// Fails unless the prefix is whole segments of the path, and not all of them.
    pub(crate) fn new(path: &str, prefix: &str) -> Result<Self, ConfigError> {
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let rest = path.strip_prefix(prefix).filter(|rest| rest.starts_with('/'));
        if rest.is_none() {
            return Err(ConfigError::new(format!(
                "`{}` is no prefix of the path `{path}`, under which the browser has the auth \
                 routes: write whole segments of it, such as `/app` of `/app/api/auth`",
                prefix.escape_debug()
            )));
        }
        Ok(Self { path: path.to_owned(), prefix: prefix.len() })
    }

    /// As the browser has it.
    pub(crate) fn browser(&self) -> &str {
        &self.path
    }

    /// What is removed of it; mostly nothing.
    pub(crate) fn prefix(&self) -> &str {
        self.path.get(..self.prefix).unwrap_or_default()
    }

    /// As it gets here.
    pub(crate) fn served(&self) -> &str {
        self.path.get(self.prefix..).unwrap_or(&self.path)
    }
}

impl SiteUrl {
    /// Reads `NEXTAUTH_URL`, or else `AUTH_URL`. An empty variable counts as not set; blanks, line
    /// breaks and quotation marks around the address are no part of it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if neither is set, or if the value is no http or https URL that visitors can
    /// have: it has a user or a password in it, or the port 0.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut names = ["NEXTAUTH_URL", "AUTH_URL"].into_iter();
        let found = names.find_map(|name| Some((name, address(name)?)));
        let (name, text) = found.ok_or_else(|| {
            let missing = ConfigError::missing_variable("NEXTAUTH_URL");
            ConfigError::new(format!(
                "{missing}: set it to the address that visitors see, such as http://localhost:3000"
            ))
        })?;
        Self::of_variable(name, &text)
    }

    fn of_variable(name: &str, text: &str) -> Result<Self, ConfigError> {
        let mut site: Self = text.parse().map_err(|error: ConfigError| error.in_variable(name))?;
        site.doubtful = site.doubtful.map(|doubtful| format!("{doubtful} (in {name})"));
        Ok(site)
    }

    /// Scheme, host and port, such as `https://app.example.com`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and, if it is not the scheme's own, port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path of the auth routes as the browser has it, without a slash at its end.
    #[must_use]
    pub fn path(&self) -> &str {
        self.base.strip_prefix(&self.origin).unwrap_or(DEFAULT_PATH)
    }

    /// Names the prefix of the path that something in front removes before a request gets here, such
    /// as a proxy that serves this application under `/app` and strips that.
    ///
    /// ```
    /// use typegate::SiteUrl;
    ///
    /// let site: SiteUrl = "https://example.com/app/api/auth".parse()?;
    /// // The routes answer under `/api/auth`, and all addresses are what the browser needs.
    /// let site = site.mounted_at("/app")?;
    /// assert_eq!(site.base(), "https://example.com/app/api/auth");
    /// assert!(site.mounted_at("/other").is_err());
    /// # Ok::<(), typegate::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the path does not begin with it.
    pub fn mounted_at(mut self, prefix: &str) -> Result<Self, ConfigError> {
        self.mount = Mount::new(self.path(), prefix)?;
        Ok(self)
    }

    /// What was written and is hardly meant.
    pub(crate) fn doubtful(&self) -> Option<&str> {
        self.doubtful.as_deref()
    }

    pub(crate) fn mount(&self) -> &Mount {
        &self.mount
    }

    /// Origin and path: what the addresses of the auth routes start with.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether browsers will send `Secure` cookies here.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The origin with its host in Unicode and lower case, if that differs from [`Self::origin`].
    pub(crate) fn unicode_origin(&self) -> Option<&str> {
        self.unicode_origin.as_deref()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

/// Whether the host is this machine, whatever resolves its name (RFC 6761 section 6.3).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl FromStr for SiteUrl {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        // v4 does: a scheme is there if the text starts with `http`. Here any `://` is one, so that
        // another scheme is refused and not taken for a host.
        let has_scheme = text.starts_with("http") || text.contains("://");
        let with_scheme = if has_scheme { text.to_owned() } else { format!("https://{text}") };
        // What stands before an at sign may be a password.
        let shown = text.rsplit_once('@').map_or(text, |(_, shown)| shown);
        let refused = || {
            ConfigError::new(format!(
                "the site URL `{shown}` is not an http or https URL such as https://app.example.com"
            ))
        };
        let mut url = Url::parse(&with_scheme).map_err(|error| refused().with_source(error))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(refused());
        }
        let unfit = |what: &str| ConfigError::new(format!("the site URL `{shown}` {what}"));
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unfit(
                "has a user or a password in front of it, which belong to nobody's \
                              address of the site: remove them",
            ));
        }
        if url.port() == Some(0) {
            return Err(unfit(
                "has the port 0, which is none: write the port that visitors see, or \
                              nothing",
            ));
        }
        let doubtful = doubtful(&url, shown, has_scheme);
        url.set_query(None);
        url.set_fragment(None);
        let origin = url.origin().ascii_serialization();
        let host = origin.split_once("://").map_or_else(String::new, |(_, host)| host.to_owned());
        let path = match url.path() {
            "/" => DEFAULT_PATH,
            path => path.strip_suffix('/').unwrap_or(path),
        };
        // What every redirect starts with must have one reading.
        if !is_read_as(&origin, &url) {
            return Err(refused());
        }
        let base = format!("{origin}{path}");
        let unicode_origin = unicode_origin(&url);
        let mount = Mount { path: path.to_owned(), prefix: 0 };
        Ok(Self { origin, base, host, unicode_origin, url, mount, doubtful })
    }
}

/// v4 does: query and fragment are dropped, and any host is one.
fn doubtful(url: &Url, shown: &str, has_scheme: bool) -> Option<String> {
    let is_unspecified = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => address.is_unspecified(),
        _ => false,
    };
    if is_unspecified {
        return Some(format!(
            "the site URL `{shown}` is an address to listen on, and visitors have another: write \
             that, or `localhost` on a developer's machine"
        ));
    }
    if !has_scheme && is_loopback(url) {
        return Some(format!(
            "the site URL `{shown}` has no scheme, which makes it https, and few developers have that on \
             their own machine: write `http://{shown}`"
        ));
    }
    let has_more = url.query().is_some() || url.fragment().is_some();
    has_more.then(|| {
        format!(
            "the site URL `{shown}` has a query or a fragment, and nothing reads them: remove it"
        )
    })
}

fn unicode_origin(url: &Url) -> Option<String> {
    let domain = url.domain().filter(|domain| domain.contains("xn--"))?;
    let (domain, errors) = idna::domain_to_unicode(domain);
    let is_other = errors.is_ok() && !domain.is_ascii();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    is_other.then(|| format!("{}://{domain}{port}", url.scheme()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn r181_a_site_has_one_reading() {
        for text in
            ["https://a{b", "https://a\"b", "https://a`b.example", "https://a%00b", "https://"]
        {
            assert!(text.parse::<SiteUrl>().is_err(), "{text}");
        }
        let site: SiteUrl = "https://BÜCHER.example:8443".parse().unwrap();
        assert_eq!(site.origin(), "https://xn--bcher-kva.example:8443");
        assert_eq!(site.unicode_origin(), Some("https://bücher.example:8443"));
        for text in ["http://[::1]:3000", "http://127.0.0.1", "http://my_app:80", "a.example."] {
            assert_eq!(text.parse::<SiteUrl>().unwrap().unicode_origin(), None, "{text}");
        }
    }

    #[test]
    fn r213_a_site_that_no_visitor_can_have_is_refused_or_doubted_by_the_variables_name() {
        for (text, what) in [
            ("https://ada:s3cr3t@app.example.com", "a user or a password"),
            ("https://ada@app.example.com", "a user or a password"),
            ("http://localhost:0", "port 0"),
            ("ftp://ada:s3cr3t@app.example.com", "not an http or https URL"),
        ] {
            let error = SiteUrl::of_variable("NEXTAUTH_URL", text).unwrap_err().to_string();
            assert!(error.contains("NEXTAUTH_URL") && error.contains(what), "{error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
        for (text, what) in [
            ("http://0.0.0.0:3000", Some("an address to listen on")),
            ("https://[::]", Some("an address to listen on")),
            ("https://app.example.com?a=b", Some("a query or a fragment")),
            ("https://app.example.com/api/auth#a", Some("a query or a fragment")),
            ("https://app.example.com/api/auth", None),
            ("http://localhost:3000", None),
            ("https://localhost:3000", None),
            ("localhost:3000", Some("write `http://localhost:3000`")),
            ("127.0.0.1:3000", Some("write `http://127.0.0.1:3000`")),
            ("app.example.com", None),
        ] {
            let site = SiteUrl::of_variable("AUTH_URL", text).unwrap();
            let is_said = |said: &str| what.is_some_and(|what| said.contains(what));
            assert_eq!(site.doubtful().is_some(), what.is_some(), "{text}");
            assert!(site.doubtful().is_none_or(|said| is_said(said) && said.contains("AUTH_URL")));
        }
    }

    #[test]
    fn site_urls_are_read_as_next_auth_reads_them() {
        let cases: Value =
            serde_json::from_str(include_str!("../../tests/data/urls.json")).unwrap();
        let cases = cases["site_url"].as_array().unwrap();
        assert!(!cases.is_empty());
        for case in cases {
            let parsed = case["input"].as_str().unwrap().parse::<SiteUrl>();
            match case["base"].as_str() {
                Some(base) => {
                    let site = parsed.unwrap();
                    assert_eq!(site.base(), base, "{case}");
                    assert_eq!(site.origin(), case["origin"], "{case}");
                    assert_eq!(site.path(), case["path"], "{case}");
                    assert_eq!(site.host(), case["host"], "{case}");
                }
                None => assert!(parsed.is_err(), "{case}"),
            }
        }
    }
}
