//! The table of rules: a row makes the attribute of the rule's trait, which the compiler quotes, and
//! the [`Rule`] that a configuration read at run time is told.

use std::fmt;

use crate::error::ErrorCode;

macro_rules! rules {
    (
        ($d:tt)
        traits {$(
            $(#[$docs:meta])*
            $name:ident $(<$($parameter:ident),+>)? = $row:ident {
                message: $message:literal,
                label: $label:literal,
                $(note: $note:literal,)+
                in_file: $in_file:literal,
            }
        )*}
        ports {$(
            $(#[$port_docs:meta])*
            $port:ident {
                message: $port_message:literal,
                label: $port_label:literal,
                $(note: $port_note:literal,)+
                in_file: $port_in_file:literal,
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

        /// Puts what is said about a rule on the trait that it asks for, in whatever room that is;
        /// with `filled`, words in the place of the names that the texts have in braces.
        macro_rules! explained {
            $(($port filled { $d($d words:tt)* } $d($d item:tt)*) => {
                typegate_macros::__filled! {
                    { $d($d words)* }
                    #[diagnostic::on_unimplemented(
                        message = $port_message,
                        label = $port_label,
                        $(note = $port_note,)+
                    )]
                    $d($d item)*
                }
            };
            ($port $d($d item:tt)*) => {
                #[diagnostic::on_unimplemented(
                    message = $port_message,
                    label = $port_label,
                    $(note = $port_note,)+
                )]
                $d($d item)*
            };)*
        }

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
                $(#[$port_docs])*
                pub const $port: Self = Self {
                    name: stringify!($port),
                    message: $port_message,
                    label: $port_label,
                    fixes: &[$($port_note),+],
                    fix_in_file: $port_in_file,
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
            pub const ALL: &'static [Self] = &[$(Self::$row,)* $(Self::$port,)* $(Self::$other,)*];
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

    /// What is wrong. `{Self}` stands for the adapter and `{Setting}` for the setting, where one is
    /// meant; `{Example}`, in [`fixes`](Self::fixes), for what may be written there.
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
    ($)
    traits {
        /// Rule 1: there is a secret.
        ///
        /// *Cause:* nothing seals the cookies. *Cure:* `.secret(Secret::from_env()?)`.
        SecretGiven = SECRET_GIVEN {
            message: "NO_SECRET: the configuration has no secret",
            label: "nothing seals the session and sign-in cookies",
            note: "write `.secret(Secret::from_env()?)`, which reads NEXTAUTH_SECRET or AUTH_SECRET",
            note: "each call returns a new builder, so keep that one: \
                   `let builder = builder.secret(secret);`",
            in_file: "write `secret = { env = \"NEXTAUTH_SECRET\" }`; `typegate secret` makes one",
        }

        /// Rule 7: the site knows its own address.
        ///
        /// *Cause:* callback URLs have to be made, and a `Host` header is whatever a visitor sends.
        /// *Cure:* `.url("https://app.example.com".parse()?)`, or
        /// `.trust_proxy(TrustedProxy::hosts([..]))` for several hosts, of which a proxy says which one
        /// a visitor asked for.
        SiteGiven = SITE_GIVEN {
            message: "NEXTAUTH_URL: the configuration does not say where the site is",
            label: "callback URLs cannot be made",
            note: "write `.url(\"https://app.example.com\".parse()?)`, or \
                   `.url(SiteUrl::from_env()?)`, which reads NEXTAUTH_URL",
            note: "for several hosts behind a proxy that passes the host on, write \
                   `.trust_proxy(TrustedProxy::hosts([\"app.example.com\"]))`",
            note: "each call returns a new builder, so keep that one: \
                   `let builder = builder.url(url);`",
            in_file: "write `url = \"https://app.example.com\"`, or for several hosts behind a proxy \
                      `trust_proxy = { hosts = [\"app.example.com\"] }`",
        }

        /// Rule 18: behind a trusted proxy, it is said where a visitor's address stands.
        ///
        /// *Cause:* the other end of each connection is the proxy, so nobody would be counted by
        /// client, and somebody could guess passwords of account after account. *Cure:*
        /// `.client_address(ClientAddressSource::forwarded_for(1))`.
        ClientAddressFits<ClientAddress> = CLIENT_ADDRESS_FITS {
            message: "the configuration trusts a proxy, and does not say in which header that \
                      passes on a visitor's address",
            label: "attempts could not be counted by address",
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
            message: "the configuration has no provider, so nobody can sign in",
            label: "no way to sign in",
            note: "write `.provider(GitHub::from_env()?)`, or any other provider",
            note: "each call returns a new builder, so keep that one; for providers from a loop or a \
                   condition, write `.providers(list)`",
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
                   `.session(Jwt::default())` to keep sessions in cookies, which rules out \
                   `.session_control()` and `.back_channel_logout()`",
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
            note: "write `.session(Jwt::default())`; the adapter keeps users and accounts of the other providers \
                   all the same",
            note: "an adapter makes database sessions the default where `.session(..)` is not called",
            note: "sessions in cookies cannot be listed or revoked: passwords and `.session_control()` do not \
                   go together",
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
            note: "leave `.session(Jwt::default())` out, and write \
                   `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)` where there is no adapter: \
                   sessions live in the database then",
            note: "to keep sessions in cookies, as `Credentials` needs them, leave `.back_channel_logout()` out",
            in_file: "write a table `[adapter]` and leave `strategy = \"jwt\"` out, or remove \
                      `back_channel_logout`",
        }

        /// Rule 16: sessions are listed and revoked where they live in a database.
        ///
        /// *Cause:* [`session_control`] where sessions are tokens in cookies. Such a token is good
        /// until it ends, wherever it is shown: the server stores nothing, so there is nothing to
        /// list, and nothing to remove. *Cure:* an adapter, which makes database sessions the
        /// default, or no list. An adapter that cannot list sessions is reported by
        /// [`UserSessionStore`](crate::adapter::UserSessionStore).
        ///
        /// [`session_control`]: crate::builder::AuthBuilder::session_control
        SessionControlFits<Strategy, Adapter> = SESSION_CONTROL_FITS {
            message: "sessions cannot be listed or revoked: here they are tokens in cookies, and \
                      the server stores none",
            label: "there is nothing to list or revoke",
            note: "leave `.session(Jwt::default())` out, and write \
                   `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)` where there is no adapter: \
                   sessions live in the database then",
            note: "to keep sessions in cookies, as `Credentials` needs them, leave `.session_control()` out",
            in_file: "write a table `[adapter]` and leave `strategy = \"jwt\"` out, or remove \
                      `session_control`",
        }

        /// Rule 19: the tokens of accounts are in a database.
        ///
        /// *Cause:* [`account_tokens`] without an adapter, so that no account is stored. *Cure:*
        /// `.adapter(..)`, or tokens in the claims of the `jwt` callback. An adapter that does not
        /// read accounts is reported by [`AccountStore`](crate::adapter::AccountStore).
        ///
        /// [`account_tokens`]: crate::builder::AuthBuilder::account_tokens
        AccountTokensFit<Adapter> = ACCOUNT_TOKENS_FIT {
            message: "account tokens are kept by an adapter, and the configuration has none",
            label: "no accounts are stored, and no tokens",
            note: "write `.adapter(SqliteAdapter::connect(\"sqlite://auth.db\").await?)`, or any \
                   other adapter that reads accounts",
            note: "without a database, keep the tokens in the `jwt` callback, leave \
                   `.account_tokens()` out, and refresh them by the callback's `refresher`",
            in_file: "write a table `[adapter]` with `url = \"sqlite://auth.db\"`, or remove \
                      `account_tokens`",
        }
    }

    // Their traits are declared where what they ask for is.
    ports {
        /// Rule 9: a setting is given once ([`once`](super::once)).
        GIVEN_ONCE {
            message: "`{Setting}` is given twice",
            label: "a second `{Setting}`",
            note: "remove one of the two calls",
            in_file: "remove one of the two",
        }

        /// Rule 17: what is built has all its parts ([`given`](super::given)).
        PART_GIVEN {
            message: "`{Setting}` is missing",
            label: "cannot be built without `{Setting}`",
            note: "write `.{Setting}({Example})` on this builder",
            in_file: "write `{Setting} = ..`",
        }

        /// Rule 6: an adapter that is to keep sessions is a
        /// [`SessionStore`](crate::adapter::SessionStore).
        SESSIONS_KEPT {
            message: "the adapter `{Self}` does not say that it keeps sessions, and sessions live in \
                      the database here",
            label: "needs an adapter that keeps sessions",
            note: "write `.session(Jwt::default())` to keep sessions in cookies, or give an adapter \
                   that implements `typegate::adapter::SessionStore`, as those for SQLite, \
                   PostgreSQL, MySQL and Redis do",
            note: "an adapter makes database sessions the default where `.session(..)` is not called",
            note: "a `DynamicAdapter` says at run time what it keeps: begin with \
                   `Auth::builder_at_run_time()`",
            in_file: "write `strategy = \"jwt\"` under `[session]` to keep sessions in cookies, or \
                      use an adapter that keeps sessions",
        }

        /// Rule 3: an adapter that is to keep sign-in links is a
        /// [`VerificationTokenStore`](crate::adapter::VerificationTokenStore).
        EMAIL_TOKENS_KEPT {
            message: "MISSING_ADAPTER_METHODS_ERROR: the e-mail provider needs an adapter that keeps \
                      verification tokens, and `{Self}` does not",
            label: "needs an adapter that keeps verification tokens",
            note: "give an adapter that implements `typegate::adapter::VerificationTokenStore`, as \
                   those for SQLite, PostgreSQL, MySQL and Redis do, or leave the e-mail provider out",
            note: "a `DynamicAdapter` says at run time what it keeps: begin with \
                   `Auth::builder_at_run_time()`",
            in_file: "use an adapter that keeps verification tokens, or leave the e-mail provider \
                      out",
        }

        /// Rule 16: an adapter whose sessions are listed, revoked or ended by providers is a
        /// [`UserSessionStore`](crate::adapter::UserSessionStore).
        USER_SESSIONS_KEPT {
            message: "the adapter `{Self}` cannot list the sessions of a user",
            label: "needs an adapter that lists sessions",
            note: "give an adapter that implements `typegate::adapter::UserSessionStore`, as those \
                   for SQLite, PostgreSQL, MySQL and Redis do",
            note: "only `.back_channel_logout()` and `.session_control()` need it: leave them out if \
                   the adapter cannot",
            in_file: "use an adapter that lists sessions, such as `url = \"sqlite://auth.db\"`, or \
                      remove `back_channel_logout` and `session_control`",
        }

        /// Rule 19: an adapter whose accounts are asked for their tokens is an
        /// [`AccountStore`](crate::adapter::AccountStore).
        ACCOUNTS_KEPT {
            message: "the adapter `{Self}` cannot read accounts",
            label: "needs an adapter that reads accounts and changes their tokens",
            note: "give an adapter that implements `typegate::adapter::AccountStore`, as those for \
                   SQLite, PostgreSQL and MySQL do",
            note: "only `.account_tokens()` needs it: without that, keep the tokens in the `jwt` \
                   callback, and refresh them by the callback's `refresher`",
            in_file: "use an adapter that reads accounts, such as `url = \"sqlite://auth.db\"`, \
                      or remove `account_tokens`",
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

        /// Rule 9: an e-mail provider has one sender
        /// ([`SenderOnce`](crate::provider::SenderOnce)).
        SENDER_ONCE {
            message: "the e-mail provider already has a sender",
            label: "a second sender",
            note: "remove one of the two calls; a provider that sends by a function of its own, \
                   `Email::new(..)`, names the sender there",
            in_file: "remove `from`",
        }

        /// Rule 10: `update_age` is used where sessions live in the database
        /// ([`UpdateAgeFits`](super::never::UpdateAgeFits)).
        UPDATE_AGE_FITS {
            message: "`update_age` has no effect: it belongs to sessions in the database, and here they \
                      are tokens in cookies",
            label: "would never be looked at",
            note: "leave it out, or write `Database::default().update_age(..)`",
            in_file: "remove it, or write `strategy = \"database\"`",
        }

        /// Rule 10: an end however busy a session is, where sessions are tokens
        /// ([`AbsoluteMaxAgeFits`](super::never::AbsoluteMaxAgeFits)).
        ABSOLUTE_MAX_AGE_FITS {
            message: "`absolute_max_age` has no effect: it belongs to sessions in cookies, and here \
                      they live in the database, whose tables do not say when one began",
            label: "would never be looked at",
            note: "leave it out, or write `Jwt::default().absolute_max_age(..)`",
            in_file: "remove it, or write `strategy = \"jwt\"` under `[session]`",
        }

        /// Rule 10: a limit of size where sessions are tokens
        /// ([`MaxSizeFits`](super::never::MaxSizeFits)).
        MAX_SIZE_FITS {
            message: "`max_size` has no effect: it belongs to sessions in cookies, and here they live \
                      in the database, where their length does not matter",
            label: "would never be looked at",
            note: "leave it out, or write `Jwt::default().max_size(..)`",
            in_file: "remove it, or write `strategy = \"jwt\"` under `[session]`",
        }

        /// Rule 10: signing keys are used where sessions are tokens
        /// ([`SigningKeyFits`](super::never::SigningKeyFits)).
        SIGNING_KEY_FITS {
            message: "a signing key has no effect: it belongs to sessions in cookies, and here they \
                      live in the database",
            label: "would never sign anything",
            note: "leave it out, or write `Jwt::default().signed(key)`",
            in_file: "remove it, or write `strategy = \"jwt\"`; an adapter makes database sessions \
                      the default",
        }

        /// Rule 17: an e-mail provider has a sender ([`HasSender`](crate::provider::HasSender)).
        SENDER_GIVEN {
            message: "the e-mail provider has no sender",
            label: "messages need a sender",
            note: "write `.from(\"Acme <no-reply@acme.example>\".parse()?)` after \
                   `Email::smtp(..)`",
            in_file: "write `from = \"Acme <no-reply@acme.example>\"`",
        }
    }

    // Nothing in code can break them, or no type sees it.
    others {
        /// Rule 16: there is a provider that sends logout tokens. Types cannot see it: `build()`
        /// refuses.
        LOGOUT_SENDER_GIVEN {
            message: "back-channel logout needs an OpenID Connect provider, and the configuration \
                      has none",
            label: "nobody would send a logout token",
            note: "write `.provider(Oidc::builder()..build())`, or leave `.back_channel_logout()` out",
            in_file: "write a table `[[providers]]` with `type = \"oidc\"`, or remove \
                      `back_channel_logout`",
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

pub(crate) use explained;

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
}
