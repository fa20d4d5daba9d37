//! Cookies that cannot work: those that browsers drop, that never come back, or that get in each
//! other's way. Each is one rule, for the builder, the configuration file and a host that a request
//! names.

use url::Host;

use super::policy::{
    Cookies, KINDS, LAST_ATTEMPT, MAXIMUM_OWN_LENGTH, PROVIDER_SESSION, Plan, resolved_name,
};
use super::same_site::SameSite;
use crate::error::ConfigError;
use crate::web::public_suffix::{is_public_suffix, registrable};
use crate::web::site::{SiteUrl, is_loopback};

/// The shortest time in which a person gets through a sign-in, in seconds.
const SHORTEST_CHECK: i64 = 30;
/// A day: what is sealed for a sign-in is good for whoever finds it as long as this.
const LONGEST_CHECK: i64 = 24 * 60 * 60;

/// Of a name, in characters, in a message.
const LONGEST_SHOWN: usize = 64;

/// What cookies are judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances<'a> {
    /// The site, where it is fixed.
    pub(crate) site: Option<&'a SiteUrl>,
    /// The path of the auth routes.
    pub(crate) base_path: &'a str,
    /// Whether visitors come back from a provider's site.
    pub(crate) has_callbacks: bool,
    /// The name of a second session cookie, less its prefix.
    pub(crate) second_session: Option<&'static str>,
}

/// Everything that is wrong with the cookies, as far as the circumstances are known.
pub(crate) fn refused(cookies: &Cookies, of: &Circumstances<'_>) -> Vec<ConfigError> {
    let mut refused = Vec::new();
    let secure = cookies.uses_secure(of.site.is_none_or(SiteUrl::is_https));
    for (plan, kind) in cookies.plans().iter().zip(&KINDS) {
        let Some(name) = plan.full_name() else { continue };
        let cookie = Named { what: kind.what, name: &name, plan };
        refused.extend(cookie.form(secure));
        refused.extend(cookie.path(of.base_path));
        refused.extend(cookie.lifetime(kind.is_check));
        let is_needed = kind.is_check || kind.is_of_callback && of.has_callbacks;
        refused.extend(cookie.same_site(is_needed));
        refused.extend(cookie.public_domain(of.site));
    }
    if let Some(site) = of.site {
        refused.extend(refused_of_host(cookies, site));
    }
    refused.extend(repeated(cookies, secure, of.second_session));
    refused
}

/// What is wrong with the cookies on this very host.
pub(crate) fn refused_of_host(cookies: &Cookies, site: &SiteUrl) -> Vec<ConfigError> {
    let drops_secure = !site.is_https() && !is_loopback(site.url());
    let mut refused = Vec::new();
    if drops_secure && cookies.uses_secure(false) {
        refused.push(ConfigError::new(format!(
            "cookies are to be `Secure`, and browsers take no such cookie from {}: leave \
             `use_secure_cookies(true)` (`secure` under `[cookies]`) out, or serve the site by https",
            site.origin()
        )));
    }
    for (plan, kind) in cookies.plans().iter().zip(&KINDS) {
        let Some(name) = plan.full_name() else { continue };
        let cookie = Named { what: kind.what, name: &name, plan };
        if drops_secure && plan.secure {
            refused.push(cookie.refused(format_args!(
                "is `Secure` (as SameSite=None and __Host- are), and browsers take no such cookie \
                 from {}: serve the site by https, or leave that out",
                site.origin()
            )));
        }
        refused.extend(cookie.domain_of(site));
    }
    refused
}

/// What cannot be written into a header, or is a lie by its name, whatever the site.
pub(super) fn form(
    what: &str,
    name: &str,
    plan: &Plan,
    site_is_secure: bool,
) -> Option<ConfigError> {
    Named { what, name, plan }.form(site_is_secure).into_iter().next()
}

/// A cookie and what messages call it.
struct Named<'a> {
    what: &'a str,
    name: &'a str,
    plan: &'a Plan,
}

impl Named<'_> {
    fn refused(&self, reason: std::fmt::Arguments<'_>) -> ConfigError {
        let name: String = self.name.chars().take(LONGEST_SHOWN).collect();
        ConfigError::new(format!("the {} cookie `{name}` {reason}", self.what))
    }

    fn form(&self, site_is_secure: bool) -> Vec<ConfigError> {
        let mut refused = Vec::new();
        let plan = self.plan;
        if plan.own_length(self.name) > MAXIMUM_OWN_LENGTH {
            refused.push(self.refused(format_args!(
                "has a name, domain and path that are together longer than {MAXIMUM_OWN_LENGTH} \
                 characters, which leaves too little room for a value: shorten them"
            )));
        }
        let is_named_secure = self.name.to_ascii_lowercase().starts_with("__secure-");
        if is_named_secure && !(plan.secure || site_is_secure) {
            refused.push(self.refused(format_args!(
                "is named __Secure- on a site without https, and browsers refuse it: add \
                 `.secure()`, or take another name"
            )));
        }
        if let Some(domain) = plan.domain.as_deref()
            && let Err(reason) = host_name(domain)
        {
            let domain = domain.escape_debug();
            refused.push(self.refused(format_args!("has the domain `{domain}`, {reason}")));
        }
        if let Some(path) = plan.path.as_deref() {
            let breaks = |c: char| c.is_control() || c == ';' || !c.is_ascii() || c == ' ';
            if !path.starts_with('/') || path.contains(breaks) {
                refused.push(self.refused(format_args!(
                    "has the path `{}`, which is no path: write one such as `/`, with other \
                     characters than letters, digits and signs percent-encoded",
                    path.escape_debug()
                )));
            }
        }
        refused
    }

    /// RFC 6265 section 5.1.4.
    fn path(&self, base_path: &str) -> Option<ConfigError> {
        let path = self.plan.path.as_deref().filter(|path| path.starts_with('/'))?;
        let rest = base_path.strip_prefix(path.trim_end_matches('/'));
        let is_sent = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (!is_sent).then(|| {
            self.refused(format_args!(
                "has the path `{}`, so browsers do not send it to the auth routes at `{base_path}`: \
                 write `.path(\"/\")`, or leave it out",
                path.escape_debug()
            ))
        })
    }

    fn lifetime(&self, is_check: bool) -> Option<ConfigError> {
        let seconds = self.plan.maximum_age?;
        if !is_check {
            return Some(self.refused(format_args!(
                "has a `max_age`, which has no effect: a session's is that of the strategy \
                 (`Jwt::default().max_age(..)`, `Database::default().max_age(..)`); leave it out"
            )));
        }
        (!(SHORTEST_CHECK..=LONGEST_CHECK).contains(&seconds)).then(|| {
            self.refused(format_args!(
                "has a `max_age` of {seconds} seconds, and a sign-in may take from \
                 {SHORTEST_CHECK} to {LONGEST_CHECK}: write `.max_age(900)`, or leave it out"
            ))
        })
    }

    fn same_site(&self, is_needed: bool) -> Option<ConfigError> {
        (is_needed && self.plan.same_site == Some(SameSite::Strict)).then(|| {
            self.refused(format_args!(
                "is SameSite=Strict, and browsers do not send such a cookie when they come back \
                 from a provider's site: write `.same_site(SameSite::Lax)`, or leave it out"
            ))
        })
    }

    /// The host names of a domain that no site may set cookies for.
    fn public_domain(&self, site: Option<&SiteUrl>) -> Option<ConfigError> {
        let written = self.plan.domain.as_deref()?;
        let domain = host_name(written).ok().filter(|domain| is_public_suffix(domain))?;
        let own = site.and_then(|site| site.url().host_str()).and_then(registrable);
        let own = own.filter(|own| own.ends_with(&format!(".{domain}")));
        let fix = match own {
            Some(own) => format!("write `{own}`, or leave the domain out"),
            None => "leave the domain out".to_owned(),
        };
        Some(self.refused(format_args!(
            "has the domain `{}`, which is a public suffix, below which anybody can have a site: \
             browsers refuse it; {fix}",
            written.escape_debug()
        )))
    }

    /// RFC 6265 section 5.1.3, for a domain that is somebody's.
    fn domain_of(&self, site: &SiteUrl) -> Option<ConfigError> {
        let written = self.plan.domain.as_deref()?;
        let domain = host_name(written).ok().filter(|domain| !is_public_suffix(domain))?;
        let written = written.escape_debug();
        let host = match site.url().host()? {
            Host::Domain(host) => host.trim_end_matches('.').to_owned(),
            Host::Ipv4(_) | Host::Ipv6(_) => {
                return Some(self.refused(format_args!(
                    "has the domain `{written}`, and the site is at an IP address, {}, which is \
                     below no domain: leave the domain out",
                    site.host()
                )));
            }
        };
        if host == domain || host.ends_with(&format!(".{domain}")) {
            return None;
        }
        let reason = match domain.ends_with(&format!(".{host}")) {
            true => format!("which is below `{host}`, the site's host"),
            false => format!("which is another site than `{host}`"),
        };
        Some(self.refused(format_args!(
            "has the domain `{written}`, {reason}: browsers refuse it; write `{host}` or a domain \
             that it is below, or leave the domain out"
        )))
    }
}

/// The domain as browsers compare it, or what is wrong with it. A dot in front is ignored (RFC
/// 6265 section 5.2.3).
fn host_name(written: &str) -> Result<String, String> {
    let domain = written.strip_prefix('.').unwrap_or(written).to_lowercase();
    let is_name = |text: &str| {
        let is_label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        text.split('.').all(is_label)
    };
    match Host::parse(&domain) {
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => {
            Err("which is an IP address, below which no host is: leave the domain out".to_owned())
        }
        Ok(Host::Domain(ascii)) if ascii != domain && is_name(&ascii) && !domain.is_ascii() => {
            Err(format!("which is not in ASCII: write `{ascii}`"))
        }
        Ok(Host::Domain(ascii)) if ascii == domain && is_name(&domain) => Ok(domain),
        _ => Err("which is no host name: write one such as `example.com`".to_owned()),
    }
}

/// Cookies of one name, or of names that a reader takes for one: their case and their prefix are
/// not told apart everywhere, and `name.0`, `name.1` are the parts of a long `name`.
fn repeated(
    cookies: &Cookies,
    secure: bool,
    second_session: Option<&'static str>,
) -> Vec<ConfigError> {
    let plans = cookies.plans().iter().zip(&KINDS);
    let mut names: Vec<(&str, String)> =
        plans.map(|(plan, kind)| (kind.what, resolved_name(plan, kind, secure))).collect();
    let prefix = if secure { "__Secure-" } else { "" };
    names.push(("provider session", format!("{prefix}{PROVIDER_SESSION}")));
    names.push(("last attempt", format!("{prefix}{LAST_ATTEMPT}")));
    names.extend(second_session.map(|name| ("second session", format!("{prefix}{name}"))));
    let mut refused = Vec::new();
    for (index, (what, name)) in names.iter().enumerate() {
        for (earlier_what, earlier) in names.iter().take(index) {
            if is_one(earlier, name) {
                refused.push(ConfigError::new(format!(
                    "the {earlier_what} cookie `{earlier}` and the {what} cookie `{name}` have one \
                     name, for a reader who ignores case, the prefixes __Secure- and __Host-, and \
                     the numbers of the parts of a long cookie: give one of them another name"
                )));
            }
        }
    }
    refused
}

fn is_one(one: &str, other: &str) -> bool {
    let (one, other) = (base_name(one), base_name(other));
    let is_part = |part: &str, whole: &str| {
        let number = part.strip_prefix(whole).and_then(|rest| rest.strip_prefix('.'));
        // As the reader of parts has it: without zeros in front.
        number.is_some_and(|number| {
            number == "0"
                || !number.is_empty()
                    && !number.starts_with('0')
                    && number.bytes().all(|b| b.is_ascii_digit())
        })
    };
    one == other || is_part(&one, &other) || is_part(&other, &one)
}

fn base_name(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let less = name.strip_prefix("__secure-").or_else(|| name.strip_prefix("__host-"));
    less.map_or(name.clone(), ToOwned::to_owned)
}
