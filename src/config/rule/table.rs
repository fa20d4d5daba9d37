//! What is said about each rule, once: to the compiler, by the attribute of the rule's trait, and
//! to whoever reads a configuration at run time, by [`Rule`].

use std::fmt;

use crate::error::ErrorCode;

macro_rules! rules {
    (
        traits {$(
            $(#[$docs:meta])*
            $name:ident $(<$($parameter:ident),+>)? = $row:ident {
                message: $message:literal,
                label: $label:literal,
                $(note: $note:literal,)+
                in_file: $in_file:literal,
            }
        )*}
        others {$(
            $(#[$other_docs:meta])*
            $other:ident {
                message: $other_message:literal,
                label: $other_label:literal,
                $(note: $other_note:literal,)*
                in_file: $other_in_file:literal,
            }
        )*}
    ) => {
        $(
            $(#[$docs])*
            #[diagnostic::on_unimplemented(
                message = $message,
                label = $label,
                $(note = $note,)+
            )]
            pub trait $name $(<$($parameter),+>)? {}
        )*

        impl Rule {
            $(
                $(#[$docs])*
                pub const $row: Self = Self {
                    name: stringify!($row),
                    message: $message,
                    label: $label,
                    fixes: &[$($note),+],
                    fix_in_file: $in_file,
                };
            )*
            $(
                $(#[$other_docs])*
                pub const $other: Self = Self {
                    name: stringify!($other),
                    message: $other_message,
                    label: $other_label,
                    fixes: &[$($other_note),*],
                    fix_in_file: $other_in_file,
                };
            )*

            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$row,)* $(Self::$other,)*];
        }
    };
}

/// A rule that a configuration can violate, with everything that is said about it.
///
/// ```
/// use typegate::ErrorCode;
/// use typegate::rule::Rule;
///
/// let rule = Rule::EMAIL_FITS;
/// assert_eq!(rule.code(), Some(ErrorCode::EmailRequiresAdapter));
/// assert!(rule.cause().starts_with("the e-mail provider needs an adapter"));
/// assert!(rule.fixes()[0].contains(".adapter("));
/// assert!(rule.fix_in_file().contains("[adapter]"));
/// ```
// Constants, because variants with the names of the traits would make the compiler print the
// traits with their whole paths.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Rule {
    name: &'static str,
    message: &'static str,
    label: &'static str,
    fixes: &'static [&'static str],
    fix_in_file: &'static str,
}

impl Rule {
    /// The name of its constant.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// What the compiler writes at the user's own call: the consequence.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.label
    }

    /// What to write in code, the likeliest first.
    #[must_use]
    pub fn fixes(self) -> &'static [&'static str] {
        self.fixes
    }

    /// What to write in a configuration file.
    #[must_use]
    pub fn fix_in_file(self) -> &'static str {
        self.fix_in_file
    }

    fn split(self) -> (Option<ErrorCode>, &'static str) {
        let found = self.message.split_once(": ").and_then(|(name, cause)| {
            let code = ErrorCode::ALL.iter().find(|code| code.as_str() == name)?;
            Some((Some(*code), cause))
        });
        found.unwrap_or((None, self.message))
    }

    /// The documented code, where NextAuth has one.
    #[must_use]
    pub fn code(self) -> Option<ErrorCode> {
        self.split().0
    }

    /// What is wrong. `{Self}` stands for the adapter, where one is meant.
    #[must_use]
    pub fn cause(self) -> &'static str {
        self.split().1
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

rules! {
    traits {
        /// Rule 1: there is a secret.
        ///
        /// *Cause:* nothing seals the cookies. *Cure:* `.secret(Secret::from_env()?)`.
        SecretGiven = SECRET_GIVEN {
            message: "NO_SECRET: the configuration has no secret",
            label: "nothing seals the session and sign-in cookies",
            note: "write `.secret(Secret::from_env()?)`, which reads NEXTAUTH_SECRET or AUTH_SECRET",
            in_file: "write `secret = { env = \"NEXTAUTH_SECRET\" }`; `typegate secret` makes one",
        }

        /// Rule 7: the site knows its own address.
        ///
        /// *Cause:* callback URLs have to be made, and a `Host` header is whatever a visitor sends.
        /// *Cure:* `.url("https://app.example.com".parse()?)`, or
        /// `.trust_proxy(TrustedProxy::new())` behind a proxy that sets `X-Forwarded-Host` itself.
        SiteGiven = SITE_GIVEN {
            message: "NEXTAUTH_URL: the configuration does not say where the site is",
            label: "callback URLs cannot be made",
            note: "write `.url(\"https://app.example.com\".parse()?)`, or \
                   `.url(SiteUrl::from_env()?)`, which reads NEXTAUTH_URL",
            note: "behind a proxy that sets X-Forwarded-Host itself: \
                   `.trust_proxy(TrustedProxy::new())`",
            in_file: "write `url = \"https://app.example.com\"`, or `trust_proxy = true` behind a \
                      proxy that sets X-Forwarded-Host itself",
        }

        /// Rule 18: behind a trusted proxy, it is said where a visitor's address stands.
        ///
        /// *Cause:* the other end of each connection is the proxy, so nobody would be counted by
        /// client, and somebody could guess passwords of account after account. *Cure:*
        /// `.client_address(ClientAddressSource::forwarded_for(1))`.
        ClientAddressFits<ClientAddress> = CLIENT_ADDRESS_FITS {
            message: "the configuration trusts a proxy, and does not say where that puts a \
                      visitor's address",
            label: "nobody could be counted by address",
            note: "write `.client_address(ClientAddressSource::forwarded_for(1))`, if the proxy \
                   appends the address to X-Forwarded-For",
            note: "or `.client_address(ClientAddressSource::header(name))`, if it sets a header of \
                   its own",
            in_file: "write `client_address = { forwarded_for = 1 }`, if the proxy appends the \
                      address to X-Forwarded-For",
        }

        /// Rule 8: there is a provider.
        ///
        /// *Cause:* nobody could sign in. *Cure:* `.provider(..)`.
        ProviderGiven = PROVIDER_GIVEN {
            message: "the configuration has no provider, so nobody could sign in",
            label: "no way to sign in",
            note: "write `.provider(GitHub::from_env()?)`, or any other provider",
            in_file: "write a table `[[providers]]`, for example with `type = \"github\"`",
        }

        /// Rule 6: database sessions have an adapter.
        ///
        /// *Cause:* `.session(Database::default())` without an adapter. *Cure:* `.adapter(..)`, or
        /// `.session(Jwt::default())`. An adapter that cannot keep sessions is reported by
        /// [`SessionStore`](crate::adapter::SessionStore).
        SessionsFit<Adapter> = SESSIONS_FIT {
            message: "database sessions need an adapter, and the configuration has none",
            label: "there is no database to keep sessions in",
            note: "write `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)`, or \
                   `.session(Jwt::default())` to keep sessions in cookies",
            in_file: "write a table `[adapter]` with `url = \"sqlite://auth.db\"`, or `strategy = \"jwt\"` to keep sessions in cookies",
        }

        /// Rule 2: an e-mail provider has an adapter.
        ///
        /// *Cause:* a sign-in link has to be remembered until it is used, once. *Cure:*
        /// `.adapter(..)`. An adapter that cannot keep verification tokens is reported by
        /// [`VerificationTokenStore`](crate::adapter::VerificationTokenStore).
        EmailFits<Adapter> = EMAIL_FITS {
            message: "EMAIL_REQUIRES_ADAPTER_ERROR: the e-mail provider needs an adapter, and the \
                      configuration has none",
            label: "sign-in links cannot be remembered",
            note: "write `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)`, or any \
                   other adapter that keeps verification tokens",
            in_file: "write a table `[adapter]` with `url = \"sqlite://auth.db\"`, or any other adapter \
                      that keeps verification tokens",
        }

        /// Rule 4: credentials are used where sessions are tokens.
        ///
        /// *Cause:* a credentials provider with database sessions, chosen or by default because an
        /// adapter is there: NextAuth keeps no database session for such users, so the next read
        /// would sign them out. *Cure:* `.session(Jwt::default())`; the adapter stays for the other
        /// providers.
        CredentialsFit<Strategy, Adapter> = CREDENTIALS_FIT {
            message: "CALLBACK_CREDENTIALS_JWT_ERROR: the credentials provider needs sessions in \
                      cookies, and here they live in the database",
            label: "credentials cannot be used with database sessions",
            note: "write `.session(Jwt::default())`; the adapter keeps users and accounts all the \
                   same",
            note: "an adapter makes database sessions the default where `.session(..)` is not called",
            in_file: "write `strategy = \"jwt\"` under `[session]`; an adapter makes database \
                      sessions the default",
        }

        /// Rule 10: the `jwt` callback is used where sessions are tokens.
        ///
        /// *Cause:* with database sessions there is no token, so the callback would never be
        /// called. *Cure:* `.session(Jwt::default())`, or the `session` callback.
        JwtCallbackFits<Strategy, Adapter> = JWT_CALLBACK_FITS {
            message: "the `jwt` callback has no effect: it belongs to sessions in cookies, and here \
                      they live in the database",
            label: "this callback would never be called",
            note: "write `.session(Jwt::default())`, or use the `session` callback, which is called \
                   for both",
            note: "an adapter makes database sessions the default where `.session(..)` is not called",
            in_file: "write `strategy = \"jwt\"` under `[session]`, or register callbacks without a \
                      `jwt` callback",
        }

        /// Rule 16: providers end sessions where sessions live in a database.
        ///
        /// *Cause:* [`back_channel_logout`] where sessions are tokens in cookies. Such a token is
        /// good until it ends, and the server cannot take it back. *Cure:* an adapter, which makes
        /// database sessions the default, or no back-channel logout. An adapter that cannot list
        /// sessions is reported by [`UserSessionStore`](crate::adapter::UserSessionStore).
        ///
        /// [`back_channel_logout`]: crate::builder::AuthBuilder::back_channel_logout
        BackChannelLogoutFits<Strategy, Adapter> = BACK_CHANNEL_LOGOUT_FITS {
            message: "back-channel logout needs sessions in a database, and here they are tokens \
                      in cookies",
            label: "there is no session that a provider could end",
            note: "give an adapter and leave `.session(Jwt::default())` out, or write \
                   `.session(Database::default())`, to keep sessions in the database",
            note: "to keep sessions in cookies, leave `.back_channel_logout()` out",
            in_file: "write a table `[adapter]` and leave `strategy = \"jwt\"` out, or remove \
                      `back_channel_logout`",
        }

        /// Rule 9: the secret is given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        SecretOnce = SECRET_ONCE {
            message: "the secret is given twice",
            label: "a second secret",
            note: "remove one of the two calls",
            note: "for a secret that was in use before, write `.previous_secret(..)`",
            in_file: "remove one of the two; a secret that was in use before goes to \
                      `previous_secrets`",
        }

        /// Rule 9: the site's URL is given once. *Cause:* the later value would silently replace
        /// the earlier. *Cure:* remove one of the two calls.
        SiteOnce = SITE_ONCE {
            message: "the site's URL is given twice",
            label: "a second `url` or `trust_proxy`",
            note: "remove one of the two calls",
            in_file: "remove `url` or `trust_proxy`",
        }

        /// Rule 9: the adapter is given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        AdapterOnce = ADAPTER_ONCE {
            message: "the adapter is given twice",
            label: "a second adapter",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the strategy is given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        StrategyOnce = STRATEGY_ONCE {
            message: "the session strategy is given twice",
            label: "a second strategy",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the callbacks are given once. *Cause:* the later value would silently replace
        /// the earlier. *Cure:* remove one of the two calls.
        CallbacksOnce = CALLBACKS_ONCE {
            message: "the callbacks are given twice",
            label: "a second set of callbacks",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the events are given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        EventsOnce = EVENTS_ONCE {
            message: "the events are given twice",
            label: "a second set of events",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the pages are given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        PagesOnce = PAGES_ONCE {
            message: "the pages are given twice",
            label: "a second set of pages",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the theme is given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        ThemeOnce = THEME_ONCE {
            message: "the theme is given twice",
            label: "a second theme",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the cookies are given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        CookiesOnce = COOKIES_ONCE {
            message: "the cookies are given twice",
            label: "a second set of cookies",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the logger is given once. *Cause:* the later value would silently replace the
        /// earlier. *Cure:* remove one of the two calls.
        LoggerOnce = LOGGER_ONCE {
            message: "the logger is given twice",
            label: "a second logger",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the clock is given once. *Cause:* the later value would silently replace the earlier.
        /// *Cure:* remove one of the two calls.
        ClockOnce = CLOCK_ONCE {
            message: "the clock is given twice",
            label: "a second clock",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the HTTP client is given once. *Cause:* the later value would silently replace the earlier.
        /// *Cure:* remove one of the two calls.
        HttpClientOnce = HTTP_CLIENT_ONCE {
            message: "the HTTP client is given twice",
            label: "a second HTTP client",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the lifetime of providers' metadata is given once. *Cause:* the later value would silently replace the earlier.
        /// *Cure:* remove one of the two calls.
        MetadataLifetimeOnce = METADATA_LIFETIME_ONCE {
            message: "the lifetime of providers' metadata is given twice",
            label: "a second lifetime",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the rate limit is given once. *Cause:* the later value would silently replace the earlier.
        /// *Cure:* remove one of the two calls.
        RateLimitOnce = RATE_LIMIT_ONCE {
            message: "the rate limit is given twice",
            label: "a second rate limit",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the source of a visitor's address is given once. *Cause:* the later value would silently replace the earlier.
        /// *Cure:* remove one of the two calls.
        ClientAddressOnce = CLIENT_ADDRESS_ONCE {
            message: "the source of a visitor's address is given twice",
            label: "a second source",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 9: the diagnostics are given once. *Cause:* the later value would silently replace the earlier.
        /// *Cure:* remove one of the two calls.
        DiagnosticsOnce = DIAGNOSTICS_ONCE {
            message: "the diagnostics are given twice",
            label: "a second set of diagnostics",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }
    }

    // The compiler's half of four stands on traits of their own layers, which a test
    // holds against this table; the others cannot be written in code.
    others {
        /// Rule 6: an adapter that is to keep sessions is a
        /// [`SessionStore`](crate::adapter::SessionStore).
        SESSIONS_KEPT {
            message: "the adapter `{Self}` cannot keep sessions, and sessions live in the database \
                      here",
            label: "needs an adapter that keeps sessions",
            note: "write `.session(Jwt::default())` to keep sessions in cookies, or give an adapter \
                   that implements `typegate::adapter::SessionStore`",
            note: "an adapter makes database sessions the default where `.session(..)` is not called",
            in_file: "write `strategy = \"jwt\"` under `[session]` to keep sessions in cookies, or \
                      use an adapter that keeps sessions",
        }

        /// Rule 3: an adapter that is to keep sign-in links is a
        /// [`VerificationTokenStore`](crate::adapter::VerificationTokenStore).
        EMAIL_TOKENS_KEPT {
            message: "MISSING_ADAPTER_METHODS_ERROR: the e-mail provider needs an adapter that keeps \
                      verification tokens, and `{Self}` does not",
            label: "needs an adapter that keeps verification tokens",
            note: "give an adapter that implements `typegate::adapter::VerificationTokenStore`, or \
                   leave the e-mail provider out",
            in_file: "use an adapter that keeps verification tokens, or leave the e-mail provider \
                      out",
        }

        /// Rule 16: an adapter whose sessions providers end is a
        /// [`UserSessionStore`](crate::adapter::UserSessionStore).
        SESSIONS_ENDABLE {
            message: "the adapter `{Self}` cannot list the sessions of a user",
            label: "needs an adapter that lists sessions",
            note: "give an adapter that implements `typegate::adapter::UserSessionStore`, as those \
                   for SQLite, PostgreSQL, MySQL and Redis do",
            note: "`.back_channel_logout()` and `.build_with_session_control()` ask for it",
            in_file: "use an adapter that lists sessions, such as `url = \"sqlite://auth.db\"`, or \
                      remove `back_channel_logout`",
        }

        /// Rule 16: there is a provider that sends logout tokens. Types cannot see it: `build()`
        /// refuses.
        LOGOUT_SENDER_GIVEN {
            message: "back-channel logout needs an OpenID Connect provider, and the configuration \
                      has none",
            label: "nobody would send a logout token",
            note: "write `.provider(Oidc::new(..))`, or leave `.back_channel_logout()` out",
            in_file: "write a table `[[providers]]` with `type = \"oidc\"`, or remove \
                      `back_channel_logout`",
        }

        /// Rule 5: a credentials provider has something to ask
        /// ([`HasAuthorize`](crate::provider::HasAuthorize)).
        AUTHORIZE_GIVEN {
            message: "CALLBACK_CREDENTIALS_HANDLER_ERROR: this credentials provider has no \
                      `authorize`",
            label: "nothing checks the credentials",
            note: "write `Credentials::new(authorize)`, with an async function that takes what the \
                   visitor typed and returns `Result<Option<User>, AuthorizeError>`",
            in_file: "write `endpoint = \"http://127.0.0.1:8081/authorize\"`, or `authorize` with \
                      the name of a registered function",
        }

        /// Rule 10: `update_age` is used where sessions live in the database. In code,
        /// [`Jwt`](crate::Jwt) has no such method.
        UPDATE_AGE_FITS {
            message: "`update_age` has no effect: it belongs to database sessions, and here they \
                      are tokens in cookies",
            label: "would never be looked at",
            in_file: "remove it, or write `strategy = \"database\"`",
        }

        /// Rule 10: signing keys are used where sessions are tokens. In code,
        /// [`Database`](crate::Database) has no such method.
        SIGNING_KEY_FITS {
            message: "`signing_key` has no effect: it belongs to sessions in cookies, and here they \
                      live in the database",
            label: "would never sign anything",
            in_file: "remove it, or write `strategy = \"jwt\"`; an adapter makes database sessions \
                      the default",
        }

        /// Rule 11: the session data type is what the `session` callback returns. In code, the
        /// callbacks set the type.
        SESSION_DATA_FITS {
            message: "the application's session data type needs a `session` callback that returns it",
            label: "the session is not of the application's type",
            in_file: "name callbacks with a `session` callback under `callbacks`",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn texts_are_complete() {
        for rule in Rule::ALL {
            assert!(!rule.cause().is_empty() && !rule.label().is_empty(), "{rule:?}");
            assert!(!rule.fix_in_file().is_empty(), "{rule:?}");
            let shouts =
                |word: &&str| word.len() > 6 && word.chars().all(|c| c == '_' || c.is_uppercase());
            assert!(rule.cause().split([':', ' ']).next().filter(shouts).is_none(), "{rule:?}");
        }
    }

    /// The attribute's text as the compiler joins it.
    fn attribute(source: &str, name: &str) -> String {
        let before = source.split(&format!("pub trait {name}")).next().unwrap();
        let attribute = before.rsplit("#[diagnostic::on_unimplemented(").next().unwrap();
        let mut text = String::new();
        for line in attribute.lines() {
            let line = line.trim_start();
            text.push_str(line.strip_suffix('\\').unwrap_or(line));
        }
        text
    }

    #[test]
    fn the_traits_of_lower_layers_say_the_same() {
        let adapter = include_str!("../../adapter/mod.rs");
        let listing = include_str!("../../adapter/listing.rs");
        let credentials = include_str!("../../provider/credentials.rs");
        for (rule, source, name) in [
            (Rule::SESSIONS_KEPT, adapter, "SessionStore"),
            (Rule::EMAIL_TOKENS_KEPT, adapter, "VerificationTokenStore"),
            (Rule::SESSIONS_ENDABLE, listing, "UserSessionStore"),
            (Rule::AUTHORIZE_GIVEN, credentials, "HasAuthorize"),
        ] {
            let notes: Vec<_> =
                rule.fixes().iter().map(|note| format!("note = \"{note}\"")).collect();
            let expected = format!(
                "message = \"{}\",label = \"{}\",{})]",
                rule.message,
                rule.label,
                notes.join(",")
            );
            assert_eq!(attribute(source, name), expected);
        }
    }
}
