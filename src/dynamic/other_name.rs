//! What settings are called elsewhere: what a file written from memory of NextAuth.js, of a standard
//! or of another library has in the place of ours.

use crate::error::spelling::plain;

/// A name and ours.
type Row = (&'static str, &'static str);

/// What NextAuth calls settings that are no option of a provider, or more than one. Of one name
/// several rows may be meant; that counts whose key the table has.
const SETTINGS: &[Row] = &[
    ("client", "client_authentication"),
    ("sendVerificationRequest", "send"),
    ("credentials", "fields"),
    ("database", "adapter"),
    ("jwt", "session"),
    ("useSecureCookies", "cookies"),
    ("NEXTAUTH_URL", "url"),
    ("baseUrl", "url"),
    ("basePath", "url"),
    ("trustHost", "trust_proxy"),
    ("NEXTAUTH_SECRET", "secret"),
];

/// The options of a provider, of which derives know the same. The names are written without their
/// case and separators.
const OPTIONS: &[Row] = typegate_macros::__other_names!();

/// What else there is to know in the place of a name.
const NOTES: &[(&str, &str, &str)] = &[
    (
        "authorization",
        "authorization_endpoint",
        "what its `params` hold is `scope` and `authorization_parameters`",
    ),
    ("token", "token_endpoint", "what its `params` hold is `token_form`"),
    (
        "wellKnown",
        "issuer",
        "without `/.well-known/openid-configuration`; an address of another form is \
         `discovery_document`",
    ),
    ("client", "client_authentication", "beside `clock_tolerance` and `id_token_algorithm`"),
    ("sendVerificationRequest", "send", "the name of a registered function"),
    ("credentials", "fields", "a list with a `key` for each"),
    ("jwt", "session", "its `maxAge` is `max_age` there"),
    ("useSecureCookies", "cookies", "with `secure = true`"),
    ("basePath", "url", "the path of the auth routes is a part of it"),
    ("trustHost", "trust_proxy", "with the `hosts` under which visitors reach the site"),
    ("NEXTAUTH_SECRET", "secret", "as `{ env = \"NEXTAUTH_SECRET\" }`"),
];

/// What to write in the place of another name, where that is a key of the table. Names that differ
/// from the key in case and separators only (`clientId`) are merely misspelt.
pub(super) fn advice(name: &str, is_key: impl Fn(&str) -> bool) -> Option<String> {
    let written = plain(name);
    let mut rows = SETTINGS.iter().chain(OPTIONS);
    let (_, key) =
        rows.find(|(other, key)| plain(other) == written && is_key(key) && plain(key) != written)?;
    let is_noted = |(other, of, _): &&(&str, &str, &str)| plain(other) == written && of == key;
    let note = NOTES.iter().find(is_noted);
    let note = note.map(|(_, _, note)| format!(" ({note})")).unwrap_or_default();
    Some(format!("`{name}` is `{key}` here{note}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamic::key;

    #[test]
    fn every_row_leads_to_a_key_and_is_none_itself() {
        let sections =
            [&*key::OIDC, &*key::OAUTH2, &*key::OAUTH1, &key::ROOT, &key::EMAIL, &key::CREDENTIALS];
        for (other, key) in SETTINGS {
            let with = sections.iter().filter(|section| section.key(key).is_some());
            let with: Vec<_> = with.collect();
            assert!(!with.is_empty(), "{key}");
            assert!(with.iter().all(|section| section.key(other).is_none()), "{other}");
        }
    }

    #[test]
    fn every_note_is_seen() {
        for (other, key, note) in NOTES {
            let advice = advice(other, |name| name == *key).unwrap();
            assert!(advice.contains(note), "{advice}");
        }
    }

    #[test]
    fn the_same_name_leads_to_what_the_table_has() {
        let suggestion = |section: &key::Section, name| section.suggestion(name).unwrap();
        for (section, name, expected) in [
            (&*key::OAUTH2, "authorization", "`authorization_endpoint`"),
            (&*key::OAUTH1, "authorization", "`authorization_url`"),
            (&*key::OAUTH2, "token", "`token_endpoint`"),
            (&*key::OAUTH2, "userinfo", "`userinfo_endpoint`"),
            (&*key::OAUTH2, "accessTokenUrl", "`token_endpoint`"),
            (&*key::OIDC, "wellKnown", "`issuer`"),
            (&*key::OIDC, "well_known", "`issuer`"),
            (&*key::OIDC, "jwks_endpoint", "`jwks_uri`"),
            (&*key::OIDC, "openid_configuration", "`issuer`"),
            (&*key::OIDC, "authority", "`authority` is `issuer` here"),
            (&*key::OIDC, "leeway", "`clock_tolerance`"),
            (&*key::OIDC, "permissions", "`scope`"),
            (&*key::OIDC, "usePKCE", "`checks`"),
            (&*key::OIDC, "app_id", "`client_id`"),
            (&*key::OAUTH2, "token_url", "`token_endpoint`"),
            (&*key::OAUTH2, "app-secret", "`client_secret`"),
            (&*key::OAUTH1, "consumer_key", "`client_key`"),
            (&*key::OIDC, "clientId", "did you mean `client_id`?"),
            (&*key::OAUTH1, "clientId", "`client_key`"),
            (&key::CREDENTIALS, "credentials", "`fields`"),
            (&key::EMAIL, "sendVerificationRequest", "`send`"),
            (&key::ROOT, "basePath", "`url`"),
        ] {
            let advice = suggestion(section, name);
            assert!(advice.contains(expected), "{name}: {advice}");
        }
    }
}
