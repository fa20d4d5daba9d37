//! The hosts of a site: under which names visitors may reach it, where a request says which of them
//! it was.

use url::{Host, Url};

use crate::error::{ConfigError, ConfigErrors, ErrorCode};
use crate::web::public_suffix::is_public_suffix;
use crate::web::site::SiteUrl;

/// The hosts that were named.
#[derive(Clone, Debug)]
pub(crate) struct SiteHosts(Vec<SiteHost>);

/// `app.example.com`, `localhost:3000`, or `*.example.com` for any one label.
#[derive(Clone, Debug)]
struct SiteHost {
    has_any_label: bool,
    host: Host<String>,
    /// None for the scheme's own.
    port: Option<u16>,
}

impl SiteHosts {
    /// All entries that are none, at once.
    pub(crate) fn new(entries: &[String]) -> Result<Self, ConfigError> {
        let mut refused = ConfigErrors::default();
        if entries.is_empty() {
            let message = "the trusted proxy names no hosts, so that its headers decide nothing: \
                           write `TrustedProxy::hosts([\"app.example.com\"])` with the hosts under \
                           which visitors reach the site";
            refused.extend([ConfigError::new(message).with_code(ErrorCode::NextAuthUrl)]);
        }
        let hosts = entries.iter().filter_map(|entry| refused.keep(SiteHost::new(entry))).collect();
        refused.or(Self(hosts))
    }

    /// Whether this is one of them.
    pub(crate) fn has(&self, site: &SiteUrl) -> bool {
        self.0.iter().any(|host| host.is(site.url()))
    }

    /// The first that is a whole name, and how many entries there are besides.
    pub(crate) fn example(&self) -> Option<(String, usize)> {
        let named = self.0.iter().find(|host| !host.has_any_label)?;
        let port = named.port.map(|port| format!(":{port}")).unwrap_or_default();
        Some((format!("{}{port}", named.host), self.0.len().saturating_sub(1)))
    }
}

impl SiteHost {
    fn new(entry: &str) -> Result<Self, ConfigError> {
        let shown = entry.escape_debug();
        let refused = |why: &str| ConfigError::new(format!("the site's host `{shown}` {why}"));
        let no_host = "is not a host with an optional port, such as `app.example.com`, \
                       `localhost:3000` or `*.example.com`";
        let (has_any_label, rest) = match entry.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, entry),
        };
        let is_plain =
            !rest.is_empty() && !rest.contains(['*', '/', '?', '#', '@', '\\', ' ', '%']);
        let url = Url::parse(&format!("https://{rest}")).ok().filter(|_| is_plain);
        let Some(host) = url.as_ref().and_then(Url::host).map(|host| host.to_owned()) else {
            return Err(refused(no_host));
        };
        if has_any_label {
            let Host::Domain(domain) = &host else { return Err(refused(no_host)) };
            if is_public_suffix(domain) {
                let why = "stands for hosts of other people: anybody can have a name there";
                return Err(refused(why));
            }
        }
        // Written out, a port is one even if it is a scheme's own.
        let written = rest.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let port = url.as_ref().and_then(Url::port).or(written.filter(|_| !rest.ends_with(']')));
        Ok(Self { has_any_label, host, port })
    }

    fn is(&self, site: &Url) -> bool {
        let is_at_port = match self.port {
            Some(port) => site.port_or_known_default() == Some(port),
            None => site.port().is_none(),
        };
        let Some(host) = site.host().filter(|_| is_at_port) else { return false };
        match (&self.host, &host, self.has_any_label) {
            (Host::Domain(domain), Host::Domain(host), true) => {
                let label = host.strip_suffix(domain.as_str()).and_then(|l| l.strip_suffix('.'));
                label.is_some_and(|label| !label.is_empty() && !label.contains('.'))
            }
            (named, host, _) => named.to_string() == host.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r137_a_host_is_one_that_was_named_or_none() {
        let named = ["app.example.com", "localhost:3000", "*.tenants.example.com", "[::1]:3000"];
        let named = named.map(str::to_owned).into_iter().chain(["b\u{fc}cher.example".to_owned()]);
        let hosts = SiteHosts::new(&named.collect::<Vec<_>>()).unwrap();
        for (url, is_one) in [
            ("https://app.example.com", true),
            ("http://app.example.com", true),
            ("https://APP.example.com:443", true),
            ("https://app.example.com:8443", false),
            ("http://app.example.com:443", false),
            ("https://app.example.com.", false),
            ("https://app.example.com.evil.example", false),
            ("https://xapp.example.com", false),
            ("http://localhost:3000", true),
            ("http://localhost", false),
            ("http://[::1]:3000", true),
            ("https://a.tenants.example.com", true),
            ("https://a.b.tenants.example.com", false),
            ("https://tenants.example.com", false),
            ("https://.tenants.example.com", false),
            ("https://atenants.example.com", false),
            ("https://b\u{fc}cher.example", true),
            ("https://xn--bcher-kva.example", true),
        ] {
            let site = url.parse::<SiteUrl>();
            assert_eq!(site.is_ok_and(|site| hosts.has(&site)), is_one, "{url}");
        }
        assert_eq!(hosts.example(), Some(("app.example.com".into(), 4)));
    }

    #[test]
    fn r137_what_names_no_host_of_ones_own_is_refused() {
        for entry in [
            "",
            "*",
            "*.",
            "*.com",
            "*.co.uk",
            "*.github.io",
            "*.localhost",
            "a.*.example.com",
            "https://a.example",
            "a.example/x",
            "a@b.example",
            "a b",
            "*.127.0.0.1",
            "*.[::1]",
            "a.example:99999",
            "a%2eexample",
            "[::1",
        ] {
            let error = SiteHosts::new(&[entry.to_owned()]).unwrap_err().to_string();
            assert!(error.contains("the site's host `"), "{entry}: {error}");
        }
        let none = SiteHosts::new(&[]).unwrap_err();
        assert_eq!(none.code(), Some(ErrorCode::NextAuthUrl));
        let two = SiteHosts::new(&["a b".into(), "c d".into()]).unwrap_err();
        assert_eq!(two.all().count(), 2);
    }
}
