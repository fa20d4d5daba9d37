//! URLs, which are https. `build()` parses them again with the crate `url`; building that crate for
//! the compiler as well would cost everybody more than these lines do.

use std::net::{IpAddr, Ipv6Addr};

use syn::LitStr;

use crate::errors::Errors;

/// By what a provider may be asked.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Transport {
    /// https, and http on this machine.
    Protected,
    /// The same, as long as nobody takes the danger.
    ByChoice,
    /// http as well.
    Any,
}

/// An absolute URL with `https`, or `http` for a loopback host (RFC 6749 section 3.1), or one that
/// a field of the provider starts.
pub(crate) fn check_url(
    what: &str,
    url: &LitStr,
    fields: &[String],
    transport: Transport,
    errors: &mut Errors,
) {
    let text = url.value();
    if let Some(problem) = problem(&text, fields, transport) {
        errors.add(url.span(), format!("the {what} `{text}` {problem}"));
    }
}

fn problem(text: &str, fields: &[String], transport: Transport) -> Option<String> {
    if text.is_empty() {
        return Some("is empty: write `https://..`".into());
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Some(unclean(text));
    }
    if text.contains('#') {
        return Some(
            "has a fragment, which neither an endpoint nor an issuer may have: remove `#` and what \
             follows (RFC 6749 section 3.1)"
                .into(),
        );
    }
    // Of a field that there is not, the check of placeholders says so.
    if !fields.is_empty() && text.starts_with('{') && text.contains('}') {
        return None;
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some("is not an absolute URL: it needs `https://` in front".into());
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("has a user name or a password in it: remove what stands before `@`".into());
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if host.is_empty() {
        return Some("has no host: write it behind `https://`".into());
    }
    if !is_host(host) {
        return Some(format!("has the host `{host}`, which cannot be one"));
    }
    let is_field = |port: &str| port.starts_with('{') && port.ends_with('}');
    if port.is_some_and(|port| !is_field(port) && port.parse::<u16>().is_err()) {
        return Some("has a port that is not a number up to 65535".into());
    }
    if let Some(name) = routed(rest) {
        return Some(format!(
            "has the placeholder of a router, `:{name}`: write `{{{name}}}`, and give the struct a \
             field `{name}: String`"
        ));
    }
    match scheme {
        "https" => None,
        "http" if transport == Transport::Any || is_loopback(host) => None,
        "http" => {
            let danger = match transport {
                Transport::ByChoice => {
                    ", and for other hosts in development with `dangerously_allow_http`"
                }
                _ => "",
            };
            Some(format!(
                "is not https: anyone on the network could read the tokens. Write `https://..` \
                 (http is accepted for loopback hosts{danger})"
            ))
        }
        _ => Some(format!("has the scheme `{scheme}`: write `https://..`")),
    }
}

/// What no URL has in it.
fn unclean(text: &str) -> String {
    let found = text.chars().find(|c| c.is_whitespace() || c.is_control() || *c == '\\');
    match found {
        Some(' ') => "has a space in it: remove it".into(),
        Some('\\') => "has a backslash in it: write `/`".into(),
        Some(other) => format!("has the character `{}` in it: remove it", other.escape_debug()),
        None => String::new(),
    }
}

/// The name in a segment such as `:tenant`.
fn routed(rest: &str) -> Option<&str> {
    let mut segments = rest.split(['/', '?']).skip(1);
    segments.find_map(|segment| segment.strip_prefix(':')).filter(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    host.split('.').all(|label| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '{' | '}'))
    })
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare.ends_with(".localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
