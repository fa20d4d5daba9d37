//! The host that is not one of the site's: why the header counts in which it came, and what to set.
//! An operator who reads only the name lists one that no visitor uses.

use http::HeaderMap;
use http::header::{FORWARDED, HOST};

use super::forwarded_element::forwarded_elements;
use super::forwarded_site::{ForwardedHeaders, ForwardedSite};
use super::host_refused::{HostHeader, HostRefused};
use crate::error::Quoted;

const FORWARDED_HOST: &str = "x-forwarded-host";

/// For a host that is not among those that were named.
pub(crate) fn unlisted(
    site: &ForwardedSite,
    headers: &HeaderMap,
    host: &str,
    header: HostHeader,
) -> HostRefused {
    let (because, instead) = reason(site, headers, header);
    let host = host.to_owned();
    let instead = format!(
        "{instead}; name `{host}` in `TrustedProxy::hosts` (`hosts` under `[trust_proxy]`) only if \
         visitors reach the site by it"
    );
    HostRefused::NotListed { host, header, because, instead }
}

/// Why the header counts, and what to set.
fn reason(site: &ForwardedSite, headers: &HeaderMap, header: HostHeader) -> (String, &'static str) {
    let ignored = || {
        let said = said(headers, FORWARDED_HOST);
        said.map_or_else(String::new, |said| {
            format!(", and `X-Forwarded-Host`, which is {said}, does not")
        })
    };
    match (site.headers, header) {
        (ForwardedHeaders::XForwarded, HostHeader::XForwardedHost) => {
            let lines = headers.get_all(FORWARDED_HOST).iter();
            let entries = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
            let count = entries.filter(|entry| !entry.trim_ascii().is_empty()).count();
            let beside = said(headers, HOST.as_str());
            let beside = beside.map(|host| format!(", which is {host}")).unwrap_or_default();
            (
                format!("{}it counts before `Host`{beside}", entry_of(count, site.proxies)),
                "let the proxy set `X-Forwarded-Host` to the host that the visitor asked for, or \
                 write `keeps_host` if it has that in `Host` and passes a visitor's \
                 `X-Forwarded-Host` on",
            )
        }
        (ForwardedHeaders::XForwarded, _) => {
            let unread = match headers.contains_key(FORWARDED) {
                true => ", and `Forwarded` is read only where `forwarded` is written",
                false => "",
            };
            (
                format!("it counts because `X-Forwarded-Host` is absent{unread}"),
                "let the proxy send the host that the visitor asked for in `X-Forwarded-Host`, or \
                 keep it in `Host`",
            )
        }
        (ForwardedHeaders::XForwardedProto, _) => (
            format!("it counts because `keeps_host` is written{}", ignored()),
            "let the proxy keep `Host` as the visitor sent it, or leave `keeps_host` out if it sets \
             `X-Forwarded-Host`",
        ),
        (ForwardedHeaders::Forwarded, HostHeader::Forwarded) => {
            let entry = entry_of(forwarded_elements(headers).count(), site.proxies);
            (
                format!("{entry}it counts because `forwarded` is written{}", ignored()),
                "let the proxy write the host that the visitor asked for as `host=` in `Forwarded`",
            )
        }
        (ForwardedHeaders::Forwarded, _) => {
            let missing = match headers.contains_key(FORWARDED) {
                true => "`Forwarded` names no host where it counts",
                false => "`Forwarded` is absent",
            };
            (
                format!("it counts because {missing}{}", ignored()),
                "let the proxy write the host that the visitor asked for as `host=` in `Forwarded`, \
                 or leave `forwarded` out if it sets `X-Forwarded-Host`",
            )
        }
    }
}

/// Which of so many entries counts, if there are several.
fn entry_of(count: usize, proxies: u8) -> String {
    match (count, usize::from(proxies)) {
        (0 | 1, _) => String::new(),
        (count, 1) => format!("of its {count} entries the last counts, and "),
        (count, proxies) => format!(
            "of its {count} entries number {} from the right counts, as `proxies` says, and ",
            proxies.min(count)
        ),
    }
}

/// The value of a header, unless it is absent.
fn said(headers: &HeaderMap, name: &str) -> Option<String> {
    let line = headers.get_all(name).iter().next_back()?;
    Some(Quoted(&String::from_utf8_lossy(line.as_bytes())).or_empty())
}
