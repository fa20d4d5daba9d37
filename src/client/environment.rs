//! The site's URL from environment variables.

use crate::error::ConfigError;
use crate::web::site::SiteUrl;

/// v4's order: the address for calls between servers comes before the public one.
pub(super) fn site(variable: impl Fn(&str) -> Option<String>) -> Result<SiteUrl, ConfigError> {
    ["NEXTAUTH_URL_INTERNAL", "NEXTAUTH_URL", "AUTH_URL"]
        .into_iter()
        .find_map(&variable)
        .or_else(|| variable("VERCEL_URL").map(|host| format!("https://{host}")))
        .unwrap_or_else(|| "http://localhost:3000".to_owned())
        .parse()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(variables: &[(&str, &str)]) -> String {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        site(lookup).unwrap().base().to_owned()
    }

    #[test]
    fn the_internal_address_comes_first() {
        assert_eq!(base(&[]), "http://localhost:3000/api/auth");
        assert_eq!(base(&[("VERCEL_URL", "a.example")]), "https://a.example/api/auth");
        let public = ("NEXTAUTH_URL", "https://b.example/login/");
        assert_eq!(base(&[("VERCEL_URL", "a.example"), public]), "https://b.example/login");
        let internal = ("NEXTAUTH_URL_INTERNAL", "http://10.0.0.1:3000");
        assert_eq!(base(&[public, internal]), "http://10.0.0.1:3000/api/auth");
    }
}
