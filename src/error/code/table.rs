//! The table of error codes: one row each, in alphabetical order within each part.
//!
//! The comment of a row is its cause, as documentation and log help show it. `step`, `shown` and
//! `remedy` have to be given, the rest has the values of [`Entry::PLAIN`]. NextAuth v4's spelling
//! is kept: people search their logs for it.

use super::entry::{CausedBy, Entry, Flow, Level, Origin, Retired, Shown};
use crate::error::PageError;

/// What to do about a method of the adapter.
const DATABASE: &str = "Do what the message says at its end. Where it says nothing: is the database \
    there, is the schema the adapter's, may the account write?";

macro_rules! codes {
    ($($(#[doc = $cause:literal])+ $variant:ident = $text:literal {
        $($field:ident: $value:expr,)*
    })*) => {
        /// A documented code, as it stands in the log.
        ///
        /// ```
        /// use typegate::error::Level;
        /// use typegate::ErrorCode;
        ///
        /// assert_eq!(ErrorCode::NoSecret.as_str(), "NO_SECRET");
        /// assert_eq!(ErrorCode::NoSecret.level(), Level::Error);
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $cause])+ $variant,)*
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as NextAuth v4 writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Why it is raised.
            #[must_use]
            pub fn cause(self) -> &'static str {
                match self { $(Self::$variant => concat!($($cause,)+).trim_ascii_start(),)* }
            }

            pub(super) fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$variant => {
                        const ENTRY: Entry = Entry { $($field: $value,)* ..Entry::PLAIN };
                        &ENTRY
                    })*
                }
            }
        }
    };
}

codes! {
    // The configuration, before any flow.

    /// The application's error page asks for a sign-in itself, so a browser sent there would go in
    /// circles.
    AuthOnErrorPage = "AUTH_ON_ERROR_PAGE_ERROR" {
        caused_by: CausedBy::Strangers,
        origin: Origin::Undocumented,
        flow: Flow::Configuration,
        step: "the error page of the application is about to be used",
        shown: &[Shown::ServerError],
        diagnosis: "The line before it says why an error page was needed. Open the page of \
            `Pages::error` in a private window: it must answer without a redirect.",
        remedy: "Let everybody see the page that `Pages::error` names; with a guard, add it to the \
            public paths.",
    }
    /// A credentials provider has no `authorize`, so nobody can check what is typed in.
    CallbackCredentialsHandler = "CALLBACK_CREDENTIALS_HANDLER_ERROR" {
        flow: Flow::Configuration,
        step: "`build()`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The message of `build()`, or of the compiler, names what is missing.",
        remedy: "Write `Credentials::new(authorize)` with an async function that takes the form \
            and returns the user, or `None`.",
        rule: Some(5),
    }
    /// A credentials provider is used where sessions live in the database: chosen, or by default
    /// because there is an adapter.
    CallbackCredentialsJwt = "CALLBACK_CREDENTIALS_JWT_ERROR" {
        flow: Flow::Configuration,
        step: "`build()`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The message of `build()`, or of the compiler, names what is missing.",
        remedy: "Write `.session(Jwt::default())`; the adapter keeps users and accounts of the \
            other providers all the same.",
        rule: Some(4),
    }
    /// The setting is on by which the built-in pages explain errors to visitors on this machine.
    DebugEnabled = "DEBUG_ENABLED" {
        level: Level::Warn,
        origin: Origin::Undocumented,
        flow: Flow::Configuration,
        step: "`build()`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "It is logged once for each configuration that is built so.",
        remedy: "For production leave `Diagnostics::explain_errors_on_loopback` out; release \
            builds ignore it.",
    }
    /// A setting works and does not do what it seems to: a page where its form cannot work, cookies
    /// that are less safe than they could be, or, behind a trusted proxy, a host whose browsers
    /// refuse the cookies. Or a provider's metadata name an endpoint that no sign-in needs and that
    /// cannot be used.
    DoubtfulSetting = "DOUBTFUL_SETTING" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Configuration,
        step: "`build()`, the first request for such a host or path, the first requests that a \
            guard meets, a discovery document that is read, or `Auth::oauth2_client`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The message names the setting and what to write. About a host or a path it is \
            logged once, for the first one that a request named.",
        remedy: "Write what the message says; where a request names a host that is not the \
            site's, let the proxy refuse it; what a proxy does to paths stands in [behind a \
            proxy](behind-a-proxy.md). An endpoint can be set on the client that \
            `Auth::oauth2_client` gave.",
    }
    /// An e-mail provider has no adapter, so its links cannot be remembered until they are used.
    EmailRequiresAdapter = "EMAIL_REQUIRES_ADAPTER_ERROR" {
        flow: Flow::Configuration,
        step: "`build()`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The message of `build()`, or of the compiler, names what is missing.",
        remedy: "Write `.adapter(..)` with an adapter that keeps verification tokens, or leave the \
            provider out.",
        rule: Some(2),
    }
    /// The `callbackUrl` in a request's query is neither a path nor an http or https URL, or it is
    /// given twice.
    InvalidCallbackUrl = "INVALID_CALLBACK_URL_ERROR" {
        caused_by: CausedBy::Strangers,
        origin: Origin::Undocumented,
        flow: Flow::Configuration,
        step: "the query is read",
        shown: &[Shown::ServerError],
        diagnosis: "Look at the links to the sign-in page: one has a `callbackUrl` that is no \
            address. A stranger can send such a request too.",
        remedy: "Encode the whole address: `callbackUrl=` and the percent-encoded path or URL.",
    }
    /// An e-mail provider has an adapter that does not keep verification tokens.
    MissingAdapterMethods = "MISSING_ADAPTER_METHODS_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Configuration,
        step: "`build()`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The message of `build()`, or of the compiler, names what is missing.",
        remedy: "Implement `VerificationTokenStore` for the adapter, take another one, or leave \
            the provider out.",
        rule: Some(3),
    }
    /// A request is for the base path itself and names no action.
    MissingApiRoute = "MISSING_NEXTAUTH_API_ROUTE_ERROR" {
        caused_by: CausedBy::Strangers,
        flow: Flow::Configuration,
        step: "the path is read",
        shown: &[Shown::ServerError],
        diagnosis: "Compare the path of the request with `Auth::base_path`. A proxy that cuts \
            paths is the usual reason.",
        remedy: "Route everything below the base path to the handler, with its whole path: \
            `auth.routes()` does.",
    }
    /// The site's own address is not known: none is configured, or the trusted proxy names a host
    /// that is not the site's.
    NextAuthUrl = "NEXTAUTH_URL" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Undocumented,
        flow: Flow::Configuration,
        step: "`build()`, or the headers of the proxy are read",
        shown: &[Shown::NotInAnswer, Shown::Status(400)],
        diagnosis: "The message names the header in which the host came, and why that one counts; \
            or look from which address the proxy connects.",
        remedy: "Write `.url(..)`, or set NEXTAUTH_URL and use `SiteUrl::from_env()`; behind a \
            proxy name the site's hosts by `TrustedProxy::hosts` and the proxy by `sent_by`: see \
            [behind a proxy](behind-a-proxy.md).",
        rule: Some(7),
    }
    /// There is no secret, or one too short to seal anything.
    NoSecret = "NO_SECRET" {
        flow: Flow::Configuration,
        step: "`build()`, or the secret is read",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The message names what was read, and never the secret.",
        remedy: "Set NEXTAUTH_SECRET to the output of `openssl rand -base64 32` and write \
            `.secret(Secret::from_env()?)`.",
        rule: Some(1),
    }
    /// The provider `twitter` is used with OAuth 2.0, which NextAuth v4 calls a beta.
    TwitterOAuth2Beta = "TWITTER_OAUTH_2_BETA" {
        level: Level::Warn,
        origin: Origin::Undocumented,
        flow: Flow::Configuration,
        step: "`build()`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "It is about the provider's choice, not about a failure.",
        remedy: "Nothing has to be done; OAuth 1.0a gives the e-mail address, OAuth 2.0 does not.",
    }

    // Any request.

    /// The application's `redirect` callback failed; the default rule decided in its place.
    CallbackRedirect = "CALLBACK_REDIRECT_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "the callback URL is decided",
        shown: &[Shown::GoesOn],
        remedy: "Let the callback return `request.default` for what it does not know, and otherwise a \
            path such as /welcome or an absolute URL.",
    }
    /// A form came without the CSRF token of this browser, as one from another site would.
    CsrfToken = "CSRF_TOKEN_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "the CSRF token is compared",
        shown: &[Shown::FormAgain],
        diagnosis: "Does the browser keep the csrf cookie? A page kept longer than the cookie, \
            cookies switched off, or http in the place of https lose it.",
        remedy: "Put the token of `GET csrf` into the field `csrfToken` of every form that is \
            posted.",
    }
    /// The operating system gave no random bytes, so no token can be made.
    RandomGenerator = "RANDOM_GENERATOR_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "the CSRF token is made",
        shown: &[Shown::ServerError],
        diagnosis: "See whether the process may call `getrandom` or open `/dev/urandom`: a sandbox \
            may forbid both.",
        remedy: "Allow the process to use the system's random generator.",
    }
    /// The body of a POST is longer than 64 KiB, broke off before its end, says it is JSON and is
    /// not, or is nested too deep.
    RequestBody = "REQUEST_BODY_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "the body is read",
        shown: &[Shown::Status(400), Shown::Status(413)],
        diagnosis: "Send the request by hand: the `Content-Type` and the body have to agree.",
        remedy: "Send a form, or a JSON object with `Content-Type: application/json`, of at most \
            64 KiB.",
    }
    /// Code of the application's panicked where nothing awaits it: in an adapter, a clock.
    Panic = "PANIC_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "anywhere",
        shown: &[Shown::Status(500), Shown::Error(PageError::Callback)],
        diagnosis: "The panic's own message, with file and line, is on standard error.",
        remedy: "Mend the function that panicked, or let it return an error.",
    }
    /// Somebody tried too often. Logged for the first refusal of a window.
    RateLimit = "RATE_LIMIT_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "an attempt is counted",
        shown: &[
            Shown::Error(PageError::EmailSignin),
            Shown::Error(PageError::CredentialsSignin),
            Shown::Status(429),
        ],
        diagnosis: "The message says whose allowance was used up. Many visitors behind one address \
            count as one: behind a proxy, `client_address` must name the header that the proxy \
            sets.",
        remedy: "Nothing, if somebody guesses. The limits are those of `Allowances`, or of the \
            application's own `rate_limit`.",
    }
    /// Attempts cannot be counted as they should: who asks is not known, or which account is meant.
    /// Logged once.
    RateLimitIncomplete = "RATE_LIMIT_INCOMPLETE" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "an attempt is counted",
        shown: &[Shown::GoesOn],
        diagnosis: "The message says what is missing.",
        remedy: "Write the line that the message names: \
            `into_make_service_with_connect_info::<SocketAddr>()` where axum serves, \
            `client_address` behind a proxy that writes the visitor's address, `account_field` for a \
            form of one's own. Behind nothing but a rewrite of Next.js, which passes on what a visitor \
            wrote, there is nothing to write.",
    }
    /// The application's rate limit failed, so the attempt was refused.
    RateLimitStore = "RATE_LIMIT_STORE_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "an attempt is counted",
        shown: &[
            Shown::Error(PageError::EmailSignin),
            Shown::Error(PageError::CredentialsSignin),
            Shown::Status(429),
        ],
        diagnosis: "The causes are the words of the store that `rate_limit` asks, or of the \
            application's own rule. While it fails, nobody signs in with credentials or asks for a \
            link.",
        remedy: "Mend the store; `Unlimited` does without one. Its table `typegate_attempts` is made \
            by `migrate`, or by hand beside the tables of another adapter.",
    }
    /// A request asks for an action, a method or a provider that there is not.
    UnsupportedAction = "UNSUPPORTED_ACTION_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        origin: Origin::Typegate,
        flow: Flow::Request,
        step: "the action is chosen",
        shown: &[Shown::Status(400), Shown::FormAgain, Shown::Status(500)],
        diagnosis: "`GET providers` lists the ids of the configured providers.",
        remedy: "Correct the address; ids are compared to the letter.",
    }

    // Sign-in with an identity provider.

    /// What came back from the provider is no sign-in: a check, the token request, the ID token or
    /// userinfo failed.
    CallbackOAuth = "CALLBACK_OAUTH_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        flow: Flow::OAuth,
        step: "the callback, up to the profile",
        shown: &[Shown::Error(PageError::OAuthCallback)],
        remedy: "See OAUTH_CALLBACK_ERROR.",
        retired: Some(Retired::new("until v4.10.3", &[ErrorCode::OAuthCallback])),
    }
    /// The address of the provider's own sign-in could not be made.
    GetAuthorizationUrl = "GET_AUTHORIZATION_URL_ERROR" {
        level: Level::Debug,
        flow: Flow::OAuth,
        step: "the sign-in is started",
        shown: &[Shown::Error(PageError::OAuthSignin)],
        remedy: "See SIGNIN_OAUTH_ERROR.",
        retired: Some(Retired::new("until v4.10.1", &[ErrorCode::SignInOAuth])),
    }
    /// The account, or its e-mail address, belongs to another user already.
    OAuthAccountNotLinked = "OAUTH_ACCOUNT_NOT_LINKED" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "the account is linked",
        shown: &[Shown::Error(PageError::OAuthAccountNotLinked)],
        diagnosis: "Find the user with that address and the accounts linked to it.",
        remedy: "Let the person sign in as before and link the account from there. Linking by \
            address hands the user to whoever controls that address at the provider: if you know \
            that it gives no address without proof, say so by `email_vouching`.",
    }
    /// The provider publishes a key with its private part, so that anybody can sign as the provider.
    /// The key is left out. Told once.
    PrivateKeyPublished = "PRIVATE_KEY_PUBLISHED" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "an ID token is verified",
        shown: &[Shown::GoesOn],
        diagnosis: "Open the provider's `jwks_uri`: a key has a member `d`, `p`, `q`, `dp`, `dq`, \
            `qi`, `oth` or `k`.",
        remedy: "Tell the provider at once, and let nobody sign in with it until its keys are new.",
    }
    /// The provider's issuer is the configured one but for the slash at its end, which its settings
    /// say does not count. Told once.
    IssuerSlash = "ISSUER_SLASH" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "the discovery document is read",
        shown: &[Shown::GoesOn],
        diagnosis: "Compare the configured issuer with the member `issuer` of the discovery document.",
        remedy: "Write the issuer as the document has it.",
    }
    /// The provider gave what is no e-mail address in the place of one. The sign-in went on
    /// without it.
    ProfileEmail = "PROFILE_EMAIL_ERROR" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "the profile is mapped",
        shown: &[Shown::GoesOn],
        diagnosis: "Look at what the provider sends as the address of that account: text without \
            `@` or without a dot in the domain, several addresses, invisible characters.",
        remedy: "Map the member that has the address, or leave the address out of the profile.",
    }
    /// A member of the provider's profile that only decorates, such as a name or a picture, could not
    /// be read, or a question for it was not answered. The sign-in went on without it.
    ProfileMemberLeftOut = "PROFILE_MEMBER_ERROR" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "the profile is read and mapped",
        shown: &[Shown::GoesOn],
        diagnosis: "The message names the member and what is wrong with it: it is of another type, \
            it is missing although the profile type says that it is always there, or the address \
            that has it was not reached.",
        remedy: "Give the member the type that the provider's documentation says, `Option` where it \
            may be missing. For an address that was not reached see that this server may go there.",
    }
    /// The discovery document or the keys of a provider could not be fetched again. Those from
    /// before are used, for a day at most.
    ProviderOutage = "PROVIDER_OUTAGE_WARNING" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "the provider's metadata or keys are fetched",
        shown: &[Shown::GoesOn],
        diagnosis: "The message has the cause. Nobody can sign in any more when a day is over. An \
            answer that is refused, such as a document of another issuer, is no outage: it fails at \
            once.",
        remedy: "See that this server reaches the provider's discovery document and its `jwks_uri`.",
    }
    /// A member of the token response was left out: an ID token of a provider that is described as
    /// plain OAuth 2.0, or a lifetime that is no number of seconds.
    TokenResponse = "TOKEN_RESPONSE_WARNING" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::OAuth,
        step: "the token response is read, at a sign-in or a refresh",
        shown: &[Shown::GoesOn],
        diagnosis: "The message names the member. Of an ID token it is said once.",
        remedy: "Describe a provider that gives ID tokens by its `issuer`, or do not ask for the \
            scope `openid`. Tokens whose end is not known are never refreshed by themselves.",
    }
    /// Somebody proved an address that belonged to a user who never had: those who came in without
    /// a proof were sent out.
    AddressReclaimed = "ADDRESS_RECLAIMED" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::SignIn,
        step: "the owner of an address signs in",
        shown: &[Shown::GoesOn],
        diagnosis: "The user was made by a sign-in with a provider that does not vouch for \
            addresses. The line names it if its account was unlinked; otherwise the address went \
            to a new user, because sessions live in cookies, or because the adapter does not list \
            accounts and end sessions.",
        remedy: "Nothing, if somebody had taken another's address. People who are the same can \
            link the account again while they are signed in. If you know that a provider only \
            gives proven addresses, say so by `email_vouching`.",
    }
    /// What came back from the provider is no sign-in: a check cookie, state, issuer, the token
    /// request, the ID token or userinfo failed, or the provider refused.
    OAuthCallback = "OAUTH_CALLBACK_ERROR" {
        caused_by: CausedBy::Strangers,
        origin: Origin::Undocumented,
        flow: Flow::OAuth,
        step: "the callback, up to the profile",
        shown: &[Shown::Error(PageError::OAuthCallback), Shown::Error(PageError::Callback)],
        diagnosis: "The causes name the step, the request, what the provider said, and in brackets \
            what is usually behind it. `cookie is missing`: another browser, another host name or \
            more than 15 minutes. `began in this browser`: somebody who is signed in came back \
            without the CSRF token with which the sign-in began; once more from the start it goes \
            well. No body, or a web page: a proxy answered in the provider's place.",
        remedy: "Register exactly `<site>/api/auth/callback/<provider>` at the provider, use its \
            client id and secret, and let the site have one host name.",
        documented_message: Some("expected 200 OK with body but no body was returned"),
    }
    /// The provider answered with an error, or a good sign-in could not be stored or turned into a
    /// session.
    OAuthCallbackHandler = "OAUTH_CALLBACK_HANDLER_ERROR" {
        caused_by: CausedBy::Strangers,
        flow: Flow::OAuth,
        step: "the provider's error is read; or after the profile",
        shown: &[Shown::Error(PageError::Callback)],
        diagnosis: "A provider's own error, such as `access_denied`, stands in the message. \
            Otherwise the line before it names the adapter's method, or the causes name the `jwt` \
            callback.",
        remedy: "`access_denied` is a person who said no. Otherwise mend the database or the \
            callback that is named.",
    }
    /// The token endpoint refused the code, did not answer, or answered with something else.
    OAuthGetAccessToken = "OAUTH_GET_ACCESS_TOKEN_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        flow: Flow::OAuth,
        step: "the token request",
        shown: &[Shown::Error(PageError::OAuthCallback)],
        remedy: "Compare client id, client secret, its way of authentication and the redirect URI \
            with the provider's.",
        retired: Some(Retired::new("in v3", &[ErrorCode::OAuthCallback])),
    }
    /// The userinfo endpoint refused, did not answer, or answered about somebody else.
    OAuthGetProfile = "OAUTH_GET_PROFILE_ERROR" {
        level: Level::Debug,
        flow: Flow::OAuth,
        step: "the userinfo request",
        shown: &[Shown::Error(PageError::OAuthCallback)],
        remedy: "Ask for the scopes that the endpoint needs, and see that its address is right.",
        retired: Some(Retired::new("before v3.2.0", &[ErrorCode::OAuthCallback])),
    }
    /// The provider's profile could not be mapped to a user: there is no id, or a member that cannot
    /// be done without is missing or of another type.
    OAuthParseProfile = "OAUTH_PARSE_PROFILE_ERROR" {
        flow: Flow::OAuth,
        step: "the profile is mapped",
        shown: &[Shown::SignInPage],
        diagnosis: "The cause names the member. Compare the profile type with the provider's \
            documentation.",
        remedy: "Take the id from a member that is always there, and write `Option` at numbers that \
            the provider may leave out.",
    }
    /// An OAuth 1.0a callback failed before the profile was mapped: cookie, verifier, access token
    /// or profile request.
    OAuthV1GetAccessToken = "OAUTH_V1_GET_ACCESS_TOKEN_ERROR" {
        caused_by: CausedBy::Strangers,
        flow: Flow::OAuth,
        step: "the callback of OAuth 1.0a",
        shown: &[Shown::Error(PageError::Callback)],
        diagnosis: "A 401 means key, secret or the server's clock; a missing cookie means another \
            browser.",
        remedy: "Compare key and secret with the provider's, and register the callback URL there.",
    }
    /// The PKCE cookie could not be made, did not come back, or is not good for this sign-in.
    Pkce = "PKCE_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        flow: Flow::OAuth,
        step: "the code verifier is made or read",
        shown: &[Shown::Error(PageError::OAuthCallback), Shown::Error(PageError::OAuthSignin)],
        remedy: "See OAUTH_CALLBACK_ERROR: it is a cookie of another browser or host name, or an \
            old one.",
        retired: Some(Retired::new(
            "in pre-releases of v3.2.0",
            &[ErrorCode::SignInOAuth, ErrorCode::OAuthCallback],
        )),
    }
    /// A sign-in could not be started: the discovery document, a check cookie or the request token
    /// of OAuth 1.0a could not be had.
    SignInOAuth = "SIGNIN_OAUTH_ERROR" {
        flow: Flow::OAuth,
        step: "the sign-in is started",
        shown: &[Shown::Error(PageError::OAuthSignin)],
        diagnosis: "The causes name the request and what came of it. Fetch \
            `<issuer>/.well-known/openid-configuration` from the machine of the application: it \
            must be 200, JSON, without a redirect, and name the same issuer and all endpoints.",
        remedy: "Correct the issuer or the endpoints, and let the machine reach the provider.",
        documented_message: Some("expected 200 OK with body but no body was returned"),
    }

    // Sign-in by a link.

    /// A link was followed and the database, the `jwt` callback or the session token failed.
    CallbackEmail = "CALLBACK_EMAIL_ERROR" {
        flow: Flow::Email,
        step: "the link is used",
        shown: &[Shown::Error(PageError::Callback)],
        diagnosis: "The line before it names the adapter's method.",
        remedy: "Mend what is named, and ask for a new link: the old one may be used up.",
    }
    /// The form that asks for a link has no e-mail address.
    EmailAddress = "EMAIL_ADDRESS_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        origin: Origin::Typegate,
        flow: Flow::Email,
        step: "the address is read",
        shown: &[Shown::Error(PageError::EmailSignin)],
        diagnosis: "The field is called `email`, and must be there once.",
        remedy: "Send the address in the field `email`.",
    }
    /// The link could not be stored or the mail server did not take the message.
    SendVerificationEmail = "SEND_VERIFICATION_EMAIL_ERROR" {
        level: Level::Debug,
        flow: Flow::Email,
        step: "the link is stored and sent",
        shown: &[Shown::Error(PageError::EmailSignin)],
        remedy: "See SIGNIN_EMAIL_ERROR.",
        retired: Some(Retired::new("until v4.10.1", &[ErrorCode::SignInEmail])),
    }
    /// A link could not be sent: the address is none, the database failed, or the mail server did
    /// not take the message.
    SignInEmail = "SIGNIN_EMAIL_ERROR" {
        caused_by: CausedBy::Strangers,
        flow: Flow::Email,
        step: "the link is asked for",
        shown: &[Shown::Error(PageError::EmailSignin)],
        diagnosis: "Send a message from the same machine with the same account by hand.",
        remedy: "Mend the mail server's address, account or sender, or the database that is named.",
    }
    /// A link is unknown, used, expired or incomplete.
    VerificationLink = "VERIFICATION_LINK_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        origin: Origin::Typegate,
        flow: Flow::Email,
        step: "the link is used",
        shown: &[Shown::Error(PageError::Verification), Shown::Error(PageError::Configuration)],
        diagnosis: "Programs that look at mail for viruses follow links, which uses them up. A \
            database that was set up anew knows no old links.",
        remedy: "The person asks for a new link.",
    }

    // Sign-in with credentials, and of any kind.

    /// The application refused the sign-in: its `signIn` callback, or `authorize` of a credentials
    /// provider.
    AccessDenied = "ACCESS_DENIED" {
        caused_by: CausedBy::Strangers,
        level: Level::Debug,
        origin: Origin::Typegate,
        step: "`authorize`, or the `signIn` callback",
        shown: &[
            Shown::Error(PageError::AccessDenied),
            Shown::Error(PageError::CredentialsSignin),
            Shown::ApplicationText,
        ],
        diagnosis: "The message says which of the two refused, and a failed callback stands among \
            the causes.",
        remedy: "Nothing, if the person is not to come in.",
    }
    /// `authorize` failed: the person was not refused, the check could not be made.
    CredentialsAuthorize = "CREDENTIALS_AUTHORIZE_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::Credentials,
        step: "`authorize`",
        shown: &[Shown::Error(PageError::CredentialsSignin)],
        remedy: "Mend what the causes name. A wrong password is `Ok(None)`, not an error.",
    }

    /// The form that was sent does not have the fields of the type that `authorize` takes, so that
    /// nobody was asked. The visitor is told what everybody is told who is refused.
    CredentialsForm = "CREDENTIALS_FORM_WARNING" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Credentials,
        step: "the form is read, before `authorize`",
        shown: &[Shown::Error(PageError::CredentialsSignin)],
        diagnosis: "The message names the field that is missing or of another type, and the fields \
            that were sent; never what was typed. A stranger can send such a form too.",
        remedy: "Give the fields of the sign-in form, or of `signIn(..)` in the client, the names of \
            the type that `authorize` takes; write `Option` or `#[serde(default)]` where one may be \
            missing.",
    }

    // Sessions.

    /// A session cookie does not open or has expired, or the `jwt` or `session` callback failed.
    JwtSession = "JWT_SESSION_ERROR" {
        caused_by: CausedBy::Strangers,
        flow: Flow::Session,
        step: "the session is read or made",
        shown: &[
            Shown::SignedOut,
            Shown::EmptySession,
            Shown::Error(PageError::Callback),
            Shown::GoesOn,
        ],
        diagnosis: "After a change of the secret every old cookie gives one such line. If it goes \
            on, two processes have different secrets, or something else uses the cookie's name.",
        remedy: "Use the same secret everywhere, and `.previous_secret(..)` while it is changed. \
            Mend a callback that is named; its cookie was kept.",
    }
    /// A session could not be read from or written to the database, or the `session` callback
    /// failed.
    Session = "SESSION_ERROR" {
        flow: Flow::Session,
        step: "the session is read",
        shown: &[Shown::EmptySession],
        diagnosis: "The line before it names the adapter's method.",
        remedy: "Mend the database or the callback; nobody was signed out.",
    }
    /// The `jwt` callback changed the claims of a session where nothing can be sent to the browser,
    /// so that the change was forgotten with the request. It is said once.
    SessionCookieNotSent = "SESSION_COOKIE_NOT_SENT" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Session,
        step: "the application reads the session",
        shown: &[Shown::NotInAnswer],
        diagnosis: "An extractor without a `SessionLayer`, or `Auth::session`, read the session. \
            The `jwt` callback runs there too, and gets no `refresher`.",
        remedy: "Write `.layer(SessionLayer::new())` on the router, put a `Guard` in front, or \
            read the session by `Auth::session_and_cookies` and send its cookies. If the claims \
            may as well be made anew each time, nothing.",
    }
    /// A name, an address or a picture in a session's token is neither text nor null, so that the
    /// application sees none. It is said once.
    SessionMember = "SESSION_MEMBER_ERROR" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Session,
        step: "the session is read",
        shown: &[Shown::GoesOn],
        diagnosis: "Whatever made the token wrote a number, a list or an object: the `jwt` \
            callback, or the application that signed people in before this one.",
        remedy: "Write text, or read the member by a `session` callback with a type of your own.",
    }
    /// A session in cookies is so long that it takes more than one. It works as long as every
    /// server on the way takes such headers.
    LargeSession = "LARGE_SESSION_WARNING" {
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::Session,
        step: "the session is sealed",
        shown: &[Shown::GoesOn],
        diagnosis: "The line names the largest members. It is logged once an hour, however many \
            sessions are long.",
        remedy: "Keep in the claims what every request needs and the rest elsewhere: the address \
            of a picture and not the picture (a `data:` URL), ids and not lists of rights, no \
            tokens of providers. Database sessions have no such limit.",
    }
    /// A session in cookies is longer than comes back from a browser: by default than 15,732
    /// bytes, which is four cookies.
    SessionTooLarge = "SESSION_TOO_LARGE_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::Session,
        step: "the session is sealed",
        shown: &[Shown::Error(PageError::Callback), Shown::GoesOn],
        diagnosis: "The line names the largest members. A sign-in was refused; a session that \
            was good already goes on as it was, and that is logged once an hour.",
        remedy: "Make the members smaller that are named, in `authorize`, in the profile or in the \
            `jwt` callback: the address of a picture and not the picture (a `data:` URL), ids and \
            not lists of rights. `Jwt::max_size` allows more where every server on the way takes \
            it, and database sessions have no such limit.",
    }
    /// At sign-out the token did not open or the database did not answer. The cookie was deleted
    /// all the same.
    SignOut = "SIGNOUT_ERROR" {
        caused_by: CausedBy::Strangers,
        flow: Flow::SignOut,
        step: "the session is ended",
        shown: &[Shown::GoesOn],
        diagnosis: "With a database the line before it names the adapter's method: the row may \
            still be there.",
        remedy: "See JWT_SESSION_ERROR for tokens; for a database mend it and delete the row.",
    }

    /// An identity provider signed somebody out, and the sessions of that person could not be
    /// ended: they are signed in still. Or its keys could not be fetched to see whether it did, or
    /// somebody signed in whom no logout token will find.
    BackChannelLogout = "BACK_CHANNEL_LOGOUT_ERROR" {
        origin: Origin::Typegate,
        flow: Flow::SignOut,
        step: "a provider ends sessions, or signs somebody in",
        shown: &[Shown::Status(400), Shown::GoesOn],
        diagnosis: "The causes name the check. `names a session and no subject`: the provider \
            sends `sid` only. `no logout token finds this account`: the profile takes another \
            member than `sub` for the id. Of keys that could not be fetched ten lines a minute \
            are logged, because anybody can ask for that.",
        remedy: "Register `<site>/api/auth/backchannel-logout/<provider>` for this client, with \
            `backchannel_logout_session_required` false. After a failure of the database end the \
            sessions by `SessionControl`, unless the provider sends the token again.",
    }

    /// What was sent to end sessions is no good logout token that an identity provider signed for
    /// this client, or was used before: nobody was signed out.
    LogoutToken = "LOGOUT_TOKEN_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Typegate,
        flow: Flow::SignOut,
        step: "a provider ends sessions",
        shown: &[Shown::Status(400)],
        diagnosis: "Anybody can send junk here: a line without a person who complains means \
            nothing, and ten a minute are logged. `another audience`: the address is registered \
            for another client. `another algorithm`: the provider signs logout tokens in another \
            way than ID tokens. `has expired`: the clocks differ.",
        remedy: "Nothing, if it was a stranger. Else correct the client's entry at the provider.",
    }

    // Clients and their log lines.

    /// A client could not read the session, the CSRF token or the providers: no connection, no
    /// success, or no JSON.
    ClientFetch = "CLIENT_FETCH_ERROR" {
        flow: Flow::Client,
        step: "a request to the auth routes",
        shown: &[Shown::NotInAnswer],
        diagnosis: "Open `<site>/api/auth/session` in the same browser: the server's own log has \
            the cause.",
        remedy: "Let NEXTAUTH_URL be the address that the browser uses, and route the base path to \
            the handler.",
    }
    /// A client could not refresh its session.
    ClientSession = "CLIENT_SESSION_ERROR" {
        flow: Flow::Client,
        step: "the session is refreshed",
        shown: &[Shown::NotInAnswer],
        diagnosis: "It comes after a CLIENT_FETCH_ERROR that says why.",
        remedy: "See CLIENT_FETCH_ERROR.",
    }
    /// A log line that a browser sent was not taken: it has no known level or no short code, or
    /// there are too many.
    Logger = "LOGGER_ERROR" {
        caused_by: CausedBy::Strangers,
        level: Level::Warn,
        origin: Origin::Undocumented,
        flow: Flow::Client,
        step: "`POST _log`",
        shown: &[Shown::GoesOn],
        diagnosis: "Anybody can send such lines; the message says what was wrong.",
        remedy: "Nothing for the unmodified client. `Diagnostics::client_lines_per_minute` sets \
            how many are taken.",
    }

    // Event handlers of the application.

    /// The `createUser` event handler failed. The flow was not affected.
    CreateUserEvent = "CREATE_USER_EVENT_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Event,
        step: "after what the event tells",
        shown: &[Shown::GoesOn],
        remedy: "Mend the handler; what it was told is not told again.",
    }
    /// The `linkAccount` event handler failed. The flow was not affected.
    LinkAccountEvent = "LINK_ACCOUNT_EVENT_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Event,
        step: "after what the event tells",
        shown: &[Shown::GoesOn],
        remedy: "Mend the handler; what it was told is not told again.",
    }
    /// The `session` event handler failed. The flow was not affected.
    SessionEvent = "SESSION_EVENT_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Event,
        step: "after what the event tells",
        shown: &[Shown::GoesOn],
        remedy: "Mend the handler; what it was told is not told again.",
    }
    /// The `signIn` event handler failed. The flow was not affected.
    SignInEvent = "SIGN_IN_EVENT_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Event,
        step: "after what the event tells",
        shown: &[Shown::GoesOn],
        remedy: "Mend the handler; what it was told is not told again.",
    }
    /// The `signOut` event handler failed. The flow was not affected.
    SignOutEvent = "SIGN_OUT_EVENT_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Event,
        step: "after what the event tells",
        shown: &[Shown::GoesOn],
        remedy: "Mend the handler; what it was told is not told again.",
    }
    /// The `updateUser` event handler failed. The flow was not affected.
    UpdateUserEvent = "UPDATE_USER_EVENT_ERROR" {
        origin: Origin::Undocumented,
        flow: Flow::Event,
        step: "after what the event tells",
        shown: &[Shown::GoesOn],
        remedy: "Mend the handler; what it was told is not told again.",
    }

    // Methods of the adapter, under v4's names.

    /// A session could not be stored.
    AdapterCreateSession = "adapter_error_createSession" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`createSession`",
        shown: &[Shown::Error(PageError::Callback)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// A user could not be stored.
    AdapterCreateUser = "adapter_error_createUser" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`createUser`",
        shown: &[
            Shown::Error(PageError::OAuthCreateAccount),
            Shown::Error(PageError::EmailCreateAccount),
        ],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// A link could not be stored.
    AdapterCreateVerificationToken = "adapter_error_createVerificationToken" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`createVerificationToken`",
        shown: &[Shown::Error(PageError::EmailSignin)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// A session could not be removed.
    AdapterDeleteSession = "adapter_error_deleteSession" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`deleteSession`",
        shown: &[Shown::EmptySession, Shown::GoesOn, Shown::Error(PageError::Callback)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// A user whose first account could not be stored could not be removed again.
    AdapterDeleteUser = "adapter_error_deleteUser" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`deleteUser`",
        shown: &[Shown::Error(PageError::OAuthCreateAccount)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// A session and its user could not be looked up.
    AdapterGetSessionAndUser = "adapter_error_getSessionAndUser" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`getSessionAndUser`",
        shown: &[Shown::EmptySession, Shown::Error(PageError::Callback)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// The signed-in user could not be looked up.
    AdapterGetUser = "adapter_error_getUser" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`getUser`",
        shown: &[Shown::Error(PageError::Callback)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// The owner of an account could not be looked up.
    AdapterGetUserByAccount = "adapter_error_getUserByAccount" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`getUserByAccount`",
        shown: &[Shown::Error(PageError::Callback), Shown::Status(400)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// The user with an address could not be looked up.
    AdapterGetUserByEmail = "adapter_error_getUserByEmail" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`getUserByEmail`",
        shown: &[Shown::Error(PageError::Callback), Shown::Error(PageError::EmailSignin)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// An account could not be stored.
    AdapterLinkAccount = "adapter_error_linkAccount" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`linkAccount`",
        shown: &[Shown::Error(PageError::Callback), Shown::Error(PageError::OAuthCreateAccount)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// An account could not be removed. Flows never do it; applications may.
    AdapterUnlinkAccount = "adapter_error_unlinkAccount" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`unlinkAccount`",
        shown: &[Shown::NotInAnswer],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// The end of a session could not be moved.
    AdapterUpdateSession = "adapter_error_updateSession" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`updateSession`",
        shown: &[Shown::GoesOn],
        diagnosis: "The causes are the database's own. The session is shown, and ends when it would have ended.",
        remedy: DATABASE,
    }
    /// A user could not be changed.
    AdapterUpdateUser = "adapter_error_updateUser" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`updateUser`",
        shown: &[Shown::Error(PageError::Callback)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
    /// A link could not be looked up and removed.
    AdapterUseVerificationToken = "adapter_error_useVerificationToken" {
        origin: Origin::Undocumented,
        flow: Flow::Adapter,
        step: "`useVerificationToken`",
        shown: &[Shown::Error(PageError::Callback), Shown::Error(PageError::EmailSignin)],
        diagnosis: "The causes are the database's own. The line after it names the flow.",
        remedy: DATABASE,
    }
}
