//! Where the site is, and with what it seals its cookies.

use std::str::FromStr;

use super::Reader;
use crate::config::{CONTRADICTION, SiteSettings, TrustedProxy, has_callback};
use crate::crypto::secret::{MINIMUM_SECRET_BYTES, Secret};
use crate::dynamic::key;
use crate::dynamic::problem::Spot;
use crate::dynamic::reader::Table;
use crate::error::{ConfigError, ErrorCode};
use crate::rule::Rule;
use crate::session::SessionCodec;
use crate::web::client_address::no_proxies;
use crate::web::cookie::{self, Circumstances, Cookies};
use crate::web::site::{DEFAULT_PATH, Mount, SiteUrl};
use crate::web::site_hosts::SiteHosts;

impl<D: 'static> Reader<'_, D> {
    pub(super) fn secrets(&mut self, root: &Table<'_>) {
        let registered = &self.registry.secrets;
        // A secret that is there and cannot be read has been reported: it is not missing.
        self.facts.has_secret = root.get("secret").is_some();
        let secret = root.secret("secret", registered, self.problems);
        let previous = root.secrets("previous_secrets", registered, self.problems);
        for (given, is_previous) in secret
            .into_iter()
            .map(|given| (given, false))
            .chain(previous.into_iter().map(|given| (given, true)))
        {
            let length = given.value.expose().len();
            match Secret::new(given.value.expose()) {
                Ok(secret) if is_previous => self.settings.previous_secrets.push(secret),
                Ok(secret) => self.settings.secrets.push(secret),
                Err(_) => {
                    let needed = format!("{MINIMUM_SECRET_BYTES} are needed");
                    let cause = format!("the secret has {length} bytes, and at least {needed}");
                    let error = ConfigError::new(cause).with_code(ErrorCode::NoSecret);
                    self.problems.refused(
                        given.spot,
                        &error,
                        "use the output of `typegate secret`",
                    );
                }
            }
        }
    }

    /// The path of the auth routes.
    pub(super) fn site(&mut self, root: &Table<'_>) -> String {
        let (url, proxy) = (root.get("url"), root.get("trust_proxy"));
        self.facts.has_site = url.is_some();
        self.facts.has_client_address = root.get("client_address").is_some();
        let mut path = DEFAULT_PATH.to_owned();
        if let Some(url) = root.text("url", self.problems) {
            match SiteUrl::from_str(&url.value) {
                Ok(site) => {
                    path = site.path().to_owned();
                    self.settings.site = SiteSettings::Fixed(site);
                }
                Err(error) => {
                    let error = error.with_code(ErrorCode::NextAuthUrl);
                    let fix = "write `url = \"https://app.example.com\"`";
                    self.problems.refused(url.spot, &error, fix);
                }
            }
        }
        let mounted = root.text("mounted_at", self.problems);
        let Some(proxy) = proxy else {
            if let (Some(mounted), SiteSettings::Fixed(site)) = (mounted, &self.settings.site) {
                match site.clone().mounted_at(&mounted.value) {
                    Ok(site) => self.settings.site = SiteSettings::Fixed(site),
                    Err(error) => self.no_mount(mounted.spot, &error),
                }
            }
            return path;
        };
        self.facts.has_site = true;
        let Some(table) = proxy.table(&key::TRUST_PROXY, self.problems) else { return path };
        if url.is_some() {
            self.problems.rule(Rule::GIVEN_ONCE, proxy.key_spot, Some("url` or `trust_proxy"));
            return path;
        }
        self.facts.trusts_proxy = true;
        self.spots.proxy = Some(proxy.key_spot);
        let (trusted, path) = self.trusted_proxy(&table);
        let trusted = match mounted {
            Some(mounted) => match Mount::new(&path, &mounted.value) {
                Ok(_) => trusted.mounted_at(mounted.value),
                Err(error) => {
                    self.no_mount(mounted.spot, &error);
                    trusted
                }
            },
            None => trusted,
        };
        self.settings.site = SiteSettings::Proxy(trusted);
        path
    }

    fn no_mount(&mut self, spot: Spot, error: &ConfigError) {
        self.problems.refused(
            spot,
            error,
            "write the part of the path that is removed, or nothing",
        );
    }

    /// With the path of the auth routes.
    fn trusted_proxy(&mut self, table: &Table<'_>) -> (TrustedProxy, String) {
        if table.get("hosts").is_none() {
            table.report_missing("hosts", self.problems);
        }
        let mut hosts = Vec::new();
        for host in table.texts("hosts", self.problems) {
            match SiteHosts::new(std::slice::from_ref(&host.value)) {
                Ok(_) => hosts.push(host.value),
                Err(error) => {
                    let fix = "write a host such as `\"app.example.com\"`";
                    self.problems.refused(host.spot, &error, fix);
                }
            }
        }
        let mut trusted = TrustedProxy::hosts(hosts);
        let mut path = DEFAULT_PATH.to_owned();
        if let Some(given) = table.text("path", self.problems) {
            match TrustedProxy::checked_path(&given.value) {
                Ok(checked) => path = checked,
                Err(error) => {
                    let fix = "write `path = \"/auth\"`";
                    self.problems.refused(given.spot, &error, fix);
                }
            }
            trusted = trusted.path(given.value);
        }
        let keeps_host = table.boolean("keeps_host", self.problems).filter(|given| given.value);
        let forwarded = table.boolean("forwarded", self.problems).filter(|given| given.value);
        match (keeps_host, forwarded) {
            (Some(_), Some(forwarded)) => {
                self.problems.value(forwarded.spot, CONTRADICTION, "remove one of the two");
            }
            (Some(_), None) => trusted = trusted.keeps_host(),
            (None, Some(_)) => trusted = trusted.forwarded(),
            (None, None) => {}
        }
        if let Some(count) = table.count("proxies", self.problems) {
            match u8::try_from(count.value) {
                Ok(count) if count > 0 => trusted = trusted.proxies(count),
                _ => self.problems.value(
                    count.spot,
                    no_proxies("proxies"),
                    "write `proxies = 1` for one proxy",
                ),
            }
        }
        (trusted, path)
    }

    pub(super) fn cookies(&mut self, root: &Table<'_>, base_path: &str, codec: &SessionCodec) {
        let Some(table) = root.table("cookies", &key::COOKIES, self.problems) else { return };
        let Some(secure) = table.boolean("secure", self.problems) else { return };
        self.settings.cookies = Cookies::new().use_secure_cookies(secure.value);
        let site = match &self.settings.site {
            SiteSettings::Fixed(url) => Some(url),
            SiteSettings::Proxy(_) | SiteSettings::Missing => None,
        };
        let of = Circumstances {
            site,
            base_path,
            has_callbacks: self.settings.providers.iter().any(has_callback),
            second_session: codec.second_session(),
        };
        for error in cookie::refused(&self.settings.cookies, &of) {
            let fix = "write what the message says, or leave `secure` out";
            self.problems.refused(secure.spot.clone(), &error, fix);
        }
    }
}
