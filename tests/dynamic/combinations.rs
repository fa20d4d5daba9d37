//! All combinations of the settings that decide: the types and the check at run time agree in each.
//!
//! What the types say is evaluated by the compiler, without code that does not compile: of two
//! constants of one name, the inherent one is chosen where the bounds hold, the trait's elsewhere.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde_json::{Value, json};
use typegate::adapter::{
    DynamicAdapter, MemoryAdapter, SessionStore, UserStore, VerificationTokenStore,
};
use typegate::builder::AuthBuilder;
use typegate::dynamic::{Configuration, Registry};
use typegate::hooks::Callbacks;
use typegate::provider::{
    AuthorizeGiven, AuthorizeMissing, CredentialsKind, EmailKind, HasAuthorize, OAuthKind,
};
use typegate::rule::{
    AdapterSlot, BackChannelLogoutFits, ClientAddressFits, CredentialsFit, EmailFits,
    EmailTokensKept, JwtCallbackFits, ProviderGiven, Rule, SecretGiven, SessionsEndable,
    SessionsFit, SessionsKept, SiteGiven, SiteOnce,
};
use typegate::slot::{Given, NotGiven, Slots, Told, WithJwtCallback};
use typegate::{
    AdapterError, Database, Jwt, NewAccount, NewSession, NewUser, SessionRecord, SessionToken,
    TokenHash, User, UserUpdate, VerificationToken,
};

/// A step of the builder, in types.
trait Step {
    type After<S: Told>: Told;
}

macro_rules! steps {
    ($($name:ident: $before:ident => $after:ty;)*) => {
        $(struct $name;

        impl Step for $name {
            type After<$before: Told> = $after;
        })*
    };
}

steps! {
    Skip: S => S;
    Secret: S => S::WithSecret;
    Site: S => S::WithSite;
    Proxy: S => S::WithTrustedProxy;
    ProxyWithAddress: S => <S::WithTrustedProxy as Told>::WithClientAddress;
    Users: S => S::WithAdapter<UsersOnly>;
    UsersSessions: S => S::WithAdapter<UsersAndSessions>;
    UsersTokens: S => S::WithAdapter<UsersAndTokens>;
    Everything: S => S::WithAdapter<MemoryAdapter>;
    Tokens: S => S::WithStrategy<Jwt>;
    Rows: S => S::WithStrategy<Database>;
    Email: S => S::WithProvider<EmailKind>;
    Credentials: S => S::WithProvider<CredentialsKind>;
    OpenIdConnect: S => S::WithProvider<OAuthKind>;
    JwtCallback: S => S::WithCallbacks<S::Data, WithJwtCallback>;
    Logout: S => S::WithBackChannelLogout;
}

/// What holds where nothing else is said.
trait Otherwise {
    const HOLDS: bool = false;
}

impl<T> Otherwise for T {}

macro_rules! kept {
    ($($name:ident<$type:ident> $(: $bound:ident)? where { $($where:tt)* })*) => {
        $(struct $name<$type>(PhantomData<$type>);

        impl<$type $(: $bound)?> $name<$type> where $($where)* {
            const HOLDS: bool = true;
        })*
    };
}

kept! {
    KeepsSecretGiven<T>: Told where { T::Secret: SecretGiven }
    KeepsSiteGiven<T>: Told where { T::Site: SiteGiven }
    KeepsClientAddressFits<T>: Told where { T::Site: ClientAddressFits<T::ClientAddress> }
    KeepsProviderGiven<T>: Told where { T::Provider: ProviderGiven }
    KeepsSessionsFit<T>: Told where { T::Strategy: SessionsFit<T::Adapter> }
    KeepsSessionsKept<T>: Told where { T::Strategy: SessionsKept<T::Adapter> }
    KeepsEmailFits<T>: Told where { T::EmailNeed: EmailFits<T::Adapter> }
    KeepsEmailTokensKept<T>: Told where { T::EmailNeed: EmailTokensKept<T::Adapter> }
    KeepsCredentialsFit<T>: Told where { T::CredentialsNeed: CredentialsFit<T::Strategy, T::Adapter> }
    KeepsJwtCallbackFits<T>: Told where { T::JwtCallback: JwtCallbackFits<T::Strategy, T::Adapter> }
    KeepsBackChannelLogoutFits<T>: Told where { T::BackChannelLogout: BackChannelLogoutFits<T::Strategy, T::Adapter> }
    KeepsSessionsEndable<T>: Told where { T::BackChannelLogout: SessionsEndable<T::Strategy, T::Adapter> }
    KeepsAuthorizeGiven<A> where { A: HasAuthorize }
    KeepsSiteOnce<B> where { B: SiteOnce }
}

/// All of them together: the bounds of `build()`, which the function below holds against them.
struct Builds<T>(PhantomData<T>);

impl<T: Told> Builds<T>
where
    T::Secret: SecretGiven,
    T::Site: SiteGiven + ClientAddressFits<T::ClientAddress>,
    T::Provider: ProviderGiven,
    T::Strategy: SessionsFit<T::Adapter> + SessionsKept<T::Adapter>,
    T::EmailNeed: EmailFits<T::Adapter> + EmailTokensKept<T::Adapter>,
    T::CredentialsNeed: CredentialsFit<T::Strategy, T::Adapter>,
    T::JwtCallback: JwtCallbackFits<T::Strategy, T::Adapter>,
    T::BackChannelLogout: BackChannelLogoutFits<T::Strategy, T::Adapter>,
    T::BackChannelLogout: SessionsEndable<T::Strategy, T::Adapter>,
    T::Adapter: AdapterSlot,
{
    const HOLDS: bool = true;

    /// Does not compile if `build()` asks for more.
    #[expect(dead_code, reason = "it is compiled, not run")]
    fn build(builder: AuthBuilder<T>) -> Result<typegate::Auth<T::Data>, typegate::ConfigError> {
        builder.build()
    }
}

/// One combination: how it is written in a file, and what the types say.
struct Case {
    written: Value,
    builds: bool,
    violated: BTreeSet<String>,
}

/// Puts a member into the configuration, or an entry into its list of providers.
fn put(written: &mut Value, name: &str, value: Value) {
    match name {
        "" => {}
        "providers" => written["providers"].as_array_mut().unwrap().push(value),
        _ => written[name] = value,
    }
}

// From here on, each macro goes through one decision and hands what was decided to the next: a
// step of the builder, and a member of the file.

macro_rules! case {
    ($cases:ident; $secret:ident $secret_written:tt; $site:ident $before:ident $site_written:tt;
     $adapter:ident $adapter_written:tt; $strategy:ident $strategy_written:tt;
     $email:ident $email_written:tt; $credentials:ident $authorize:ident $credentials_written:tt;
     $plain:ident $plain_written:tt; $jwt:ident $jwt_written:tt;
     $logout:ident $logout_written:tt) => {{
        type S1 = <$site as Step>::After<<$secret as Step>::After<Slots>>;
        type S2 = <$strategy as Step>::After<<$adapter as Step>::After<S1>>;
        type S3 = <$credentials as Step>::After<<$email as Step>::After<S2>>;
        type S4 = <$jwt as Step>::After<<$plain as Step>::After<S3>>;
        type S5 = <$logout as Step>::After<S4>;
        const KEPT: [(bool, Rule); 14] = [
            (KeepsSecretGiven::<S5>::HOLDS, Rule::SECRET_GIVEN),
            (KeepsSiteGiven::<S5>::HOLDS, Rule::SITE_GIVEN),
            (KeepsClientAddressFits::<S5>::HOLDS, Rule::CLIENT_ADDRESS_FITS),
            (KeepsProviderGiven::<S5>::HOLDS, Rule::PROVIDER_GIVEN),
            (KeepsSessionsFit::<S5>::HOLDS, Rule::SESSIONS_FIT),
            (KeepsSessionsKept::<S5>::HOLDS, Rule::SESSIONS_KEPT),
            (KeepsEmailFits::<S5>::HOLDS, Rule::EMAIL_FITS),
            (KeepsEmailTokensKept::<S5>::HOLDS, Rule::EMAIL_TOKENS_KEPT),
            (KeepsCredentialsFit::<S5>::HOLDS, Rule::CREDENTIALS_FIT),
            (KeepsJwtCallbackFits::<S5>::HOLDS, Rule::JWT_CALLBACK_FITS),
            (KeepsBackChannelLogoutFits::<S5>::HOLDS, Rule::BACK_CHANNEL_LOGOUT_FITS),
            (KeepsSessionsEndable::<S5>::HOLDS, Rule::SESSIONS_ENDABLE),
            (KeepsAuthorizeGiven::<$authorize>::HOLDS, Rule::AUTHORIZE_GIVEN),
            (KeepsSiteOnce::<$before>::HOLDS, Rule::SITE_ONCE),
        ];
        const BUILDS: bool = Builds::<S5>::HOLDS
            && KeepsAuthorizeGiven::<$authorize>::HOLDS
            && KeepsSiteOnce::<$before>::HOLDS;
        $cases.push(case(
            BUILDS,
            &KEPT,
            &[
                $secret_written,
                $site_written,
                $adapter_written,
                $strategy_written,
                $email_written,
                $credentials_written,
                $plain_written,
                $jwt_written,
                $logout_written,
            ],
        ));
    }};
}

fn case(builds: bool, kept: &[(bool, Rule)], members: &[&str]) -> Case {
    let mut written = json!({ "providers": [] });
    for member in members {
        let members: Value = serde_json::from_str(&format!("{{{member}}}")).unwrap();
        for (name, value) in members.as_object().unwrap() {
            put(&mut written, name, value.clone());
        }
    }
    let broken = kept.iter().filter(|(kept, _)| !kept).map(|(_, rule)| format!("{rule:?}"));
    let mut violated: BTreeSet<String> = broken.collect();
    // Types know kinds: they do not tell OpenID Connect from OAuth 2.0.
    let is_openid_connect = |provider: &Value| provider["type"] == "oidc";
    let providers = written["providers"].as_array().unwrap();
    let nobody_sends = !written["back_channel_logout"].is_null()
        && !providers.is_empty()
        && !providers.iter().any(is_openid_connect);
    if nobody_sends {
        violated.insert(format!("{:?}", Rule::LOGOUT_SENDER_GIVEN));
    }
    Case { written, builds: builds && !nobody_sends, violated }
}

macro_rules! back_channel_logouts {
    ($($decided:tt)*) => {
        case!($($decided)*; Skip "");
        case!($($decided)*; Logout r#""back_channel_logout": true"#);
    };
}

macro_rules! jwt_callbacks {
    ($($decided:tt)*) => {
        back_channel_logouts!($($decided)*; Skip "");
        back_channel_logouts!($($decided)*; JwtCallback r#""callbacks": "claims""#);
    };
}

macro_rules! plain_providers {
    ($($decided:tt)*) => {
        jwt_callbacks!($($decided)*; Skip "");
        jwt_callbacks!($($decided)*; OpenIdConnect
            r#""providers": {"type":"oidc","id":"acme","issuer":"https://id.example","client_id":"a"}"#);
    };
}

macro_rules! credentials_providers {
    ($($decided:tt)*) => {
        plain_providers!($($decided)*; Skip AuthorizeGiven "");
        plain_providers!($($decided)*; Credentials AuthorizeGiven
            r#""providers": {"type":"credentials","authorize":"directory"}"#);
        plain_providers!($($decided)*; Credentials AuthorizeMissing
            r#""providers": {"type":"credentials"}"#);
    };
}

macro_rules! email_providers {
    ($($decided:tt)*) => {
        credentials_providers!($($decided)*; Skip "");
        credentials_providers!($($decided)*; Email
            r#""providers": {"type":"email","send":"mailer"}"#);
    };
}

macro_rules! strategies {
    ($($decided:tt)*) => {
        email_providers!($($decided)*; Skip "");
        email_providers!($($decided)*; Tokens r#""session": {"strategy":"jwt"}"#);
        email_providers!($($decided)*; Rows r#""session": {"strategy":"database"}"#);
    };
}

macro_rules! adapters {
    ($name:ident; $($decided:tt)*) => {
        fn $name() -> Vec<Case> {
            let mut cases = Vec::new();
            strategies!(cases; $($decided)*; Skip "");
            strategies!(cases; $($decided)*; Users r#""adapter": {"registered":"users"}"#);
            strategies!(cases; $($decided)*; UsersSessions r#""adapter": {"registered":"sessions"}"#);
            strategies!(cases; $($decided)*; UsersTokens r#""adapter": {"registered":"tokens"}"#);
            strategies!(cases; $($decided)*; Everything r#""adapter": {"registered":"all"}"#);
            cases
        }
    };
}

macro_rules! sites {
    ($no:ident $url:ident $proxy:ident $told:ident $both:ident; $($decided:tt)*) => {
        adapters!($no; $($decided)*; Skip NotGiven "");
        adapters!($url; $($decided)*; Site NotGiven r#""url": "https://a.example""#);
        adapters!($proxy; $($decided)*; Proxy NotGiven r#""trust_proxy": true"#);
        adapters!($told; $($decided)*; ProxyWithAddress NotGiven
            r#""trust_proxy": true, "client_address": { "forwarded_for": 1 }"#);
        // The second call finds the slot filled.
        adapters!($both; $($decided)*; Site Given
            r#""url": "https://a.example", "trust_proxy": true"#);
    };
}

sites!(without_secret_or_site without_secret_url without_secret_proxy without_secret_told
    without_secret_both; Skip "");
sites!(without_site url proxy told both; Secret r#""secret": {"registered":"vault"}"#);

fn registry() -> Registry {
    let sessions = DynamicAdapter::of_users(UsersAndSessions).with_sessions(UsersAndSessions);
    let tokens = DynamicAdapter::of_users(UsersAndTokens).with_verification_tokens(UsersAndTokens);
    let all = MemoryAdapter::new();
    Registry::new()
        .secret("vault", "a secret for tests, long enough for all of us")
        .authorize("directory", |_: Value| async { Ok(None) })
        .send("mailer", |_| async { Ok(()) })
        .adapter("users", DynamicAdapter::of_users(UsersOnly))
        .adapter("sessions", sessions)
        .adapter("tokens", tokens)
        .adapter("all", DynamicAdapter::of(all.clone()).with_user_sessions(all))
        .callbacks("claims", Callbacks::new().jwt(|request| async move { Ok(request.token) }))
}

#[test]
fn r086_r172_types_and_run_time_decide_alike_in_every_combination() {
    let cases: Vec<Case> = [
        without_secret_or_site,
        without_secret_url,
        without_secret_proxy,
        without_secret_told,
        without_secret_both,
        without_site,
        url,
        proxy,
        told,
        both,
    ]
    .into_iter()
    .flat_map(|cases| cases())
    .collect();
    // Secret, site, adapter, strategy, e-mail, credentials, another provider, `jwt` callback,
    // back-channel logout.
    assert_eq!(cases.len(), 2 * 5 * 5 * 3 * 2 * 3 * 2 * 2 * 2);
    let registry = registry();
    let mut built = 0;
    for Case { written, builds, violated } in cases {
        let text = written.to_string();
        let report = Configuration::from_json("auth.json", text.as_str()).unwrap().check(&registry);
        let told: BTreeSet<String> = report
            .violations()
            .iter()
            .map(|violation| violation.rule().map_or(violation.to_string(), |r| format!("{r:?}")))
            .collect();
        assert_eq!(told, violated, "{text}");
        assert_eq!(told.len(), report.violations().len(), "a rule is told once: {text}");
        assert_eq!(report.is_empty(), builds, "{text}");
        built += usize::from(builds);
    }
    // By hand, with a secret and one address: 12 without an adapter, 6 with users only, 8 with
    // sessions too, 14 with tokens too, 20 with all, and 4 of these with back-channel logout; and
    // the address is fixed, or a proxy's, with a word on the visitor's.
    assert_eq!(built, 2 * (12 + 6 + 8 + 14 + 20 + 4));
}

fn nothing() -> AdapterError {
    AdapterError::unavailable("these adapters are checked, not used")
}

macro_rules! users {
    ($($(#[$docs:meta])* $name:ident;)*) => {
        $($(#[$docs])*
        pub(crate) struct $name;

        impl UserStore for $name {
            async fn create_user(&self, _: NewUser) -> Result<User, AdapterError> {
                Err(nothing())
            }

            async fn user(&self, _: &str) -> Result<Option<User>, AdapterError> {
                Err(nothing())
            }

            async fn user_by_email(&self, _: &str) -> Result<Option<User>, AdapterError> {
                Err(nothing())
            }

            async fn user_by_account(&self, _: &str, _: &str) -> Result<Option<User>, AdapterError> {
                Err(nothing())
            }

            async fn update_user(&self, _: UserUpdate) -> Result<User, AdapterError> {
                Err(nothing())
            }

            async fn delete_user(&self, _: &str) -> Result<(), AdapterError> {
                Err(nothing())
            }

            async fn link_account(&self, _: NewAccount) -> Result<(), AdapterError> {
                Err(nothing())
            }

            async fn unlink_account(&self, _: &str, _: &str) -> Result<(), AdapterError> {
                Err(nothing())
            }
        })*
    };
}

users! {
    /// Keeps neither sessions nor verification tokens.
    UsersOnly;
    /// Keeps no verification tokens.
    UsersAndSessions;
    /// Keeps no sessions.
    UsersAndTokens;
}

impl SessionStore for UsersAndSessions {
    async fn create_session(&self, _: NewSession) -> Result<(), AdapterError> {
        Err(nothing())
    }

    async fn session_and_user(
        &self,
        _: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        Err(nothing())
    }

    async fn update_session(&self, _: &SessionToken, _: Timestamp) -> Result<(), AdapterError> {
        Err(nothing())
    }

    async fn delete_session(
        &self,
        _: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        Err(nothing())
    }
}

impl VerificationTokenStore for UsersAndTokens {
    async fn create_verification_token(&self, _: VerificationToken) -> Result<(), AdapterError> {
        Err(nothing())
    }

    async fn use_verification_token(
        &self,
        _: &str,
        _: &TokenHash,
    ) -> Result<Option<VerificationToken>, AdapterError> {
        Err(nothing())
    }
}
