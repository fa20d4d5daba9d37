//! The setting of a trusted proxy: which hosts it may name, and how it says them.

use crate::error::{ConfigError, ConfigErrors};
use crate::web::client_address::{ProxyNetwork, no_proxies};
use crate::web::forwarded_site::{ForwardedHeaders, ForwardedSite};
use crate::web::site::{DEFAULT_PATH, Mount, SiteUrl};
use crate::web::site_hosts::SiteHosts;

/// A reverse proxy that says under which of the site's hosts a visitor asked.
///
/// The hosts are named here, because a header is whatever somebody sends: one that is not among them
/// is refused with 400. By default the proxy says them in `X-Forwarded-Host` and
/// `X-Forwarded-Proto`; where it does not, `Host` counts, or `:authority` of HTTP/2. A site with one
/// host says it by [`AuthBuilder::url`](crate::builder::AuthBuilder::url) and needs none of this.
///
/// ```
/// use typegate::TrustedProxy;
///
/// let one = TrustedProxy::hosts(["app.example.com", "app.example.org"]);
/// // Any one label; `*.com` is refused, because anybody can have a name there.
/// let tenants = TrustedProxy::hosts(["*.tenants.example.com"])
///     .path("/app/api/auth")
///     .mounted_at("/app") // which the proxy removes
///     .proxies(2) // a load balancer before it appends to the headers as well
///     .sent_by(["10.0.0.0/8".parse()?]);
/// // A proxy that writes `Forwarded` (RFC 7239).
/// let standard = TrustedProxy::hosts(["app.example.com"]).forwarded();
/// # Ok::<(), typegate::ConfigError>(())
/// ```
///
/// # Who is believed
///
/// Requests are answered if they come from one's own proxies: those that
/// [`sent_by`](Self::sent_by) names, or else all addresses that nobody on the internet has, as for
/// [`ClientAddressSource`](crate::ClientAddressSource#who-is-believed). Others get 400. Where the
/// server does not tell who connects, `sent_by` refuses everybody; without it the list of hosts is
/// all that protects.
#[derive(Clone, Debug)]
#[must_use = "a trusted proxy is given to `AuthBuilder::trust_proxy`"]
pub struct TrustedProxy {
    hosts: Vec<String>,
    path: String,
    mounted: Option<String>,
    forwarded: ForwardedSite,
    /// Whether it was said in two ways where the host stands.
    contradicts_itself: bool,
}

/// The hosts of a [`TrustedProxy`]: an array, a list, or anything else that gives texts.
#[diagnostic::on_unimplemented(
    message = "the hosts of a trusted proxy are a list, and `{Self}` is none",
    label = "not a list of hosts",
    note = "write `TrustedProxy::hosts([\"app.example.com\"])`; a site with one host says it by `.url(..)` and \
            trusts no proxy"
)]
pub trait IntoHosts: IntoIterator<Item: Into<String>> {}

#[diagnostic::do_not_recommend]
impl<H: IntoIterator<Item: Into<String>>> IntoHosts for H {}

/// Two settings of which one is meant.
pub(crate) const CONTRADICTION: &str =
    "both `keeps_host` and `forwarded` say where the host stands";

/// A trusted proxy that was checked.
#[derive(Debug)]
pub(crate) struct ResolvedProxy {
    pub(crate) hosts: SiteHosts,
    pub(crate) mount: Mount,
    pub(crate) forwarded: ForwardedSite,
}

#[typegate_macros::__unquoted]
impl TrustedProxy {
    /// The hosts under which visitors reach the site: `app.example.com`, with a port that is not the
    /// scheme's own `localhost:3000`, or `*.example.com` for any one label. The auth routes are under
    /// `/api/auth`.
    pub fn hosts(hosts: impl IntoHosts) -> Self {
        Self {
            hosts: hosts.into_iter().map(Into::into).collect(),
            path: DEFAULT_PATH.into(),
            mounted: None,
            forwarded: ForwardedSite::default(),
            contradicts_itself: false,
        }
    }

    /// Where the auth routes are, as the browser has it.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The prefix of [`path`](Self::path) that the proxy removes before the request gets here, as
    /// [`SiteUrl::mounted_at`].
    pub fn mounted_at(mut self, prefix: impl Into<String>) -> Self {
        self.mounted = Some(prefix.into());
        self
    }

    /// How many proxies of one's own append to the headers: of the list `app.example.com,
    /// inner.example.com` the last entry counts with one, with two the last but one. Where there are
    /// fewer entries, the first counts. One by default; none is a `ConfigError` of `build()`.
    pub fn proxies(mut self, count: u8) -> Self {
        self.forwarded.proxies = count;
        self
    }

    /// The proxy keeps `Host` as the visitor sent it and sets `X-Forwarded-Proto` only, as load
    /// balancers of clouds do: `X-Forwarded-Host` is a visitor's then, and does not count.
    pub fn keeps_host(self) -> Self {
        self.say(ForwardedHeaders::XForwardedProto)
    }

    /// The proxy writes `Forwarded` (RFC 7239), `host` and `proto` in it, and no other header
    /// counts.
    pub fn forwarded(self) -> Self {
        self.say(ForwardedHeaders::Forwarded)
    }

    fn say(mut self, headers: ForwardedHeaders) -> Self {
        let before = std::mem::replace(&mut self.forwarded.headers, headers);
        self.contradicts_itself |= ![ForwardedHeaders::default(), headers].contains(&before);
        self
    }

    /// Names one's own proxies by the addresses from which they connect: nobody else gets an
    /// answer. They count for a visitor's address, too, unless `client_address` names others.
    pub fn sent_by(mut self, networks: impl IntoIterator<Item = ProxyNetwork>) -> Self {
        self.forwarded.sent_by(networks.into_iter().collect());
        self
    }

    /// The networks that were named, if any were.
    pub(crate) fn networks(&self) -> Option<&[ProxyNetwork]> {
        self.forwarded.networks()
    }

    /// Everything that is wrong, at once.
    pub(crate) fn resolve(&self) -> Result<ResolvedProxy, ConfigError> {
        let mut refused = ConfigErrors::default();
        if self.contradicts_itself {
            refused.extend([ConfigError::new(format!("{CONTRADICTION}: remove one of the two"))]);
        }
        if self.forwarded.proxies == 0 {
            let fix = "write `.proxies(1)` for one proxy";
            refused.extend([ConfigError::new(format!("{}: {fix}", no_proxies("proxies")))]);
        }
        let hosts = refused.keep(SiteHosts::new(&self.hosts));
        let path = refused.keep(Self::checked_path(&self.path));
        let mount = path.and_then(|path| {
            let mounted = self.mounted.as_deref().unwrap_or_default();
            refused.keep(Mount::new(&path, mounted))
        });
        match (hosts, mount) {
            (Some(hosts), Some(mount)) if refused.is_empty() => {
                Ok(ResolvedProxy { hosts, mount, forwarded: self.forwarded.clone() })
            }
            _ => Err(refused.into_error()),
        }
    }

    /// The path of the auth routes as the browser has it, whatever is wrong besides.
    pub(crate) fn browser_path(&self) -> Option<String> {
        Self::checked_path(&self.path).ok()
    }

    /// The path without a slash at its end, if it is one.
    pub(crate) fn checked_path(path: &str) -> Result<String, ConfigError> {
        let site = format!("https://localhost{path}").parse::<SiteUrl>().ok();
        site.filter(|_| path.starts_with('/'))
            .map(|site| site.path().to_owned())
            .ok_or_else(|| ConfigError::new(format!("`{path}` is not a path such as /api/auth")))
    }
}
