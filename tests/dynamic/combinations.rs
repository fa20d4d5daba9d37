//! All combinations of the settings that decide: the types and the check at run time agree in each.
//!
//! What the types say is evaluated by the compiler, without code that does not compile: of two
//! constants of one name, the inherent one is chosen where the bounds hold, the trait's elsewhere. Each
//! rule is evaluated for all settings that its bound names, and looked up for all combinations.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde_json::Value;
use typegate::adapter::{
    DynamicAdapter, MemoryAdapter, SessionStore, UserStore, VerificationTokenStore,
};
use typegate::builder::{
    AccountsKept, AdapterSlot, AuthBuilder, EmailTokensKept, SessionsKept, UserSessionsKept,
};
use typegate::dynamic::{Configuration, Registry};
use typegate::hooks::Callbacks;
use typegate::provider::{CredentialsKind, EmailKind, HasAuthorize, OAuthKind};
use typegate::rule::never::{AbsoluteMaxAgeFits, MaxSizeFits, SigningKeyFits, UpdateAgeFits};
use typegate::rule::{
    AccountTokensFit, BackChannelLogoutFits, ClientAddressFits, CredentialsFit, EmailFits,
    JwtCallbackFits, ProviderGiven, Rule, SecretGiven, SessionControlFits, SessionsFit, SiteGiven,
    once,
};
use typegate::slot::{
    AtCompileTime, Decides, FromProxy, Given, KnownBuilder, Needs, NotGiven, Now, TakesProvider,
    Told, With, WithAdapter, WithCallbacks, WithProvider,
};
use typegate::{
    AdapterError, Database, DefaultSession, Jwt, NewAccount, NewSession, NewUser, SessionRecord,
    SessionToken, SigningKey, TokenHash, User, UserUpdate, VerificationToken, setting,
};

// What the rules are about, as in the builder.
type Adapter<T> = Now<T, setting::adapter>;
type Strategy<T> = Now<T, setting::session>;
type EmailNeed<T> = <Now<T, setting::provider> as Needs>::Email;
type CredentialsNeed<T> = <Now<T, setting::provider> as Needs>::Credentials;
type JwtNeed<T> = <Now<T, setting::callbacks> as Decides>::Jwt;

/// A step of the builder, in types.
trait Step<S> {
    type After;
}

macro_rules! steps {
    ($($name:ident: $before:ident => $after:ty;)*) => {
        $(struct $name;

        impl<$before: Told> Step<$before> for $name
        where
            Now<$before, setting::provider>: Needs
                + TakesProvider<EmailKind>
                + TakesProvider<CredentialsKind>
                + TakesProvider<OAuthKind>,
            Now<$before, setting::callbacks>: Decides,
        {
            type After = $after;
        })*
    };
}

steps! {
    Secret: S => With<S, setting::secret>;
    Site: S => With<S, setting::url>;
    Proxy: S => With<S, setting::url, FromProxy>;
    Address: S => With<S, setting::client_address>;
    Users: S => With<S, setting::adapter, WithAdapter<UsersOnly>>;
    UsersSessions: S => With<S, setting::adapter, WithAdapter<UsersAndSessions>>;
    UsersTokens: S => With<S, setting::adapter, WithAdapter<UsersAndTokens>>;
    Everything: S => With<S, setting::adapter, WithAdapter<MemoryAdapter>>;
    Tokens: S => With<S, setting::session, Jwt>;
    Rows: S => With<S, setting::session, Database>;
    Email: S => WithProvider<S, EmailKind>;
    Credentials: S => WithProvider<S, CredentialsKind>;
    OpenIdConnect: S => WithProvider<S, OAuthKind>;
    JwtCallback: S => With<S, setting::callbacks, WithCallbacks<DefaultSession, Given>>;
    Logout: S => With<S, setting::back_channel_logout>;
    Control: S => With<S, setting::session_control>;
    AccountTokens: S => With<S, setting::account_tokens>;
}

/// What holds where nothing else is said.
trait Otherwise {
    const HOLDS: bool = false;
}

impl<T> Otherwise for T {}

macro_rules! kept {
    ($($(#[$lint:meta])* $name:ident<$type:ident> $(: $bound:ident)? where { $($where:tt)* })*) => {
        $(struct $name<$type>(PhantomData<$type>);

        impl<$type $(: $bound)?> $name<$type> where $($where)* {
            $(#[$lint])*
            const HOLDS: bool = true;
        })*
    };
}

kept! {
    KeepsSecretGiven<T>: Told where { Now<T, setting::secret>: SecretGiven }
    KeepsSiteGiven<T>: Told where { Now<T, setting::url>: SiteGiven }
    KeepsClientAddressFits<T>: Told where {
        Now<T, setting::url>: ClientAddressFits<Now<T, setting::client_address>>
    }
    KeepsProviderGiven<T>: Told where { Now<T, setting::provider>: ProviderGiven }
    KeepsSessionsFit<T>: Told where { Strategy<T>: SessionsFit<Adapter<T>> }
    KeepsSessionsKept<T>: Told where { Strategy<T>: SessionsKept<Adapter<T>> }
    KeepsEmailFits<T>: Told where {
        Now<T, setting::provider>: Needs<Email: EmailFits<Adapter<T>>>
    }
    KeepsEmailTokensKept<T>: Told where {
        Now<T, setting::provider>: Needs<Email: EmailTokensKept<Adapter<T>>>
    }
    KeepsCredentialsFit<T>: Told where {
        Now<T, setting::provider>: Needs<Credentials: CredentialsFit<Strategy<T>, Adapter<T>>>
    }
    KeepsJwtCallbackFits<T>: Told where {
        Now<T, setting::callbacks>: Decides<Jwt: JwtCallbackFits<Strategy<T>, Adapter<T>>>
    }
    KeepsSessionControlFits<T>: Told where {
        Now<T, setting::session_control>: SessionControlFits<Strategy<T>, Adapter<T>>
    }
    KeepsBackChannelLogoutFits<T>: Told where {
        Now<T, setting::back_channel_logout>: BackChannelLogoutFits<Strategy<T>, Adapter<T>>
    }
    KeepsUserSessionsKept<T>: Told where {
        Now<T, setting::session_control>: UserSessionsKept<Strategy<T>, Adapter<T>>,
        Now<T, setting::back_channel_logout>: UserSessionsKept<Strategy<T>, Adapter<T>>,
    }
    KeepsAccountTokensFit<T>: Told where {
        Now<T, setting::account_tokens>: AccountTokensFit<Adapter<T>>
    }
    KeepsAccountsKept<T>: Told where { Now<T, setting::account_tokens>: AccountsKept<Adapter<T>> }
    KeepsAuthorizeGiven<A> where { A: HasAuthorize }
    KeepsSiteOnce<T>: Told where { Now<T, setting::url>: once::url }
    #[expect(dead_code, reason = "nothing keeps it")]
    KeepsUpdateAgeFits<S> where { S: UpdateAgeFits }
    #[expect(dead_code, reason = "nothing keeps it")]
    KeepsSigningKeyFits<S> where { S: SigningKeyFits }
    #[expect(dead_code, reason = "nothing keeps it")]
    KeepsAbsoluteMaxAgeFits<S> where { S: AbsoluteMaxAgeFits }
    #[expect(dead_code, reason = "nothing keeps it")]
    KeepsMaxSizeFits<S> where { S: MaxSizeFits }
}

/// The bounds of `build()`, which are those above: this does not compile if it asks for more.
#[expect(dead_code, reason = "it is compiled, not run")]
fn build<T: Told>(builder: AuthBuilder<T>) -> bool
where
    AuthBuilder<T>: KnownBuilder,
    Now<T, setting::secret>: SecretGiven,
    Now<T, setting::url>: SiteGiven + ClientAddressFits<Now<T, setting::client_address>>,
    Now<T, setting::provider>: ProviderGiven + Needs,
    Now<T, setting::callbacks>: Decides,
    Strategy<T>: SessionsFit<Adapter<T>> + SessionsKept<Adapter<T>>,
    EmailNeed<T>: EmailFits<Adapter<T>> + EmailTokensKept<Adapter<T>>,
    CredentialsNeed<T>: CredentialsFit<Strategy<T>, Adapter<T>>,
    JwtNeed<T>: JwtCallbackFits<Strategy<T>, Adapter<T>>,
    Now<T, setting::session_control>: SessionControlFits<Strategy<T>, Adapter<T>>,
    Now<T, setting::session_control>: UserSessionsKept<Strategy<T>, Adapter<T>>,
    Now<T, setting::back_channel_logout>: BackChannelLogoutFits<Strategy<T>, Adapter<T>>,
    Now<T, setting::back_channel_logout>: UserSessionsKept<Strategy<T>, Adapter<T>>,
    Now<T, setting::account_tokens>: AccountTokensFit<Adapter<T>> + AccountsKept<Adapter<T>>,
    Adapter<T>: AdapterSlot,
{
    builder.build().is_ok()
}

// What the compiler says of a rule, for all steps that the rule's bound is about.

macro_rules! told {
    () => { AtCompileTime };
    ($step:ident $($others:ident)*) => { <$step as Step<told!($($others)*)>>::After };
}

macro_rules! each {
    ($keeps:ident [$([$($step:ident)*])*]) => { [$($keeps::<told!($($step)*)>::HOLDS),*] };
}

macro_rules! by_adapter {
    ($keeps:ident $($step:ident)*) => {
        each!($keeps [
            [$($step)*] [Users $($step)*] [UsersSessions $($step)*] [UsersTokens $($step)*]
            [Everything $($step)*]
        ])
    };
}

macro_rules! by_strategy {
    ($keeps:ident $($step:ident)*) => {
        [
            by_adapter!($keeps $($step)*),
            by_adapter!($keeps Tokens $($step)*),
            by_adapter!($keeps Rows $($step)*),
        ]
    };
}

/// By strategy, of which there are three, and by adapter, in the order of `ADAPTERS`.
type Kept = [[bool; 5]; 3];

const SECRET: [bool; 2] = each!(KeepsSecretGiven[[][Secret]]);
const SITE: [bool; 5] = each!(KeepsSiteGiven [[] [Site] [Proxy] [Address Proxy] [Site]]);
const ADDRESS: [bool; 5] = each!(KeepsClientAddressFits [[] [Site] [Proxy] [Address Proxy] [Site]]);
/// The second call of the last finds the slot filled.
const SITE_ONCE: [bool; 5] = each!(KeepsSiteOnce [[] [] [] [] [Site]]);
const PROVIDER: [bool; 4] = each!(KeepsProviderGiven[[][Email][Credentials][OpenIdConnect]]);
const SESSIONS_FIT: Kept = by_strategy!(KeepsSessionsFit);
const SESSIONS_KEPT: Kept = by_strategy!(KeepsSessionsKept);
const EMAIL_FITS: [[bool; 5]; 2] = [by_adapter!(KeepsEmailFits), by_adapter!(KeepsEmailFits Email)];
const EMAIL_TOKENS_KEPT: [[bool; 5]; 2] =
    [by_adapter!(KeepsEmailTokensKept), by_adapter!(KeepsEmailTokensKept Email)];
const CREDENTIALS_FIT: [Kept; 2] =
    [by_strategy!(KeepsCredentialsFit), by_strategy!(KeepsCredentialsFit Credentials)];
const AUTHORIZE: [bool; 3] =
    [true, KeepsAuthorizeGiven::<Given>::HOLDS, KeepsAuthorizeGiven::<NotGiven>::HOLDS];
const JWT_CALLBACK_FITS: [Kept; 2] =
    [by_strategy!(KeepsJwtCallbackFits), by_strategy!(KeepsJwtCallbackFits JwtCallback)];
const CONTROL_FITS: [Kept; 2] =
    [by_strategy!(KeepsSessionControlFits), by_strategy!(KeepsSessionControlFits Control)];
const LOGOUT_FITS: [Kept; 2] =
    [by_strategy!(KeepsBackChannelLogoutFits), by_strategy!(KeepsBackChannelLogoutFits Logout)];
const USER_SESSIONS_KEPT: [[Kept; 2]; 2] = [
    [by_strategy!(KeepsUserSessionsKept), by_strategy!(KeepsUserSessionsKept Control)],
    [
        by_strategy!(KeepsUserSessionsKept Logout),
        by_strategy!(KeepsUserSessionsKept Control Logout),
    ],
];
const TOKENS_FIT: [[bool; 5]; 2] =
    [by_adapter!(KeepsAccountTokensFit), by_adapter!(KeepsAccountTokensFit AccountTokens)];
const ACCOUNTS_KEPT: [[bool; 5]; 2] =
    [by_adapter!(KeepsAccountsKept), by_adapter!(KeepsAccountsKept AccountTokens)];

/// The strategy that has an option: this does not compile if it has it not.
#[expect(dead_code, reason = "it is compiled, not run")]
fn options() -> (Database<impl Sized>, Jwt<impl Sized>) {
    let tokens = Jwt::default().signed(signing_key()).absolute_max_age(60).max_size(2_000);
    (Database::default().update_age(60), tokens)
}

pub(crate) fn signing_key() -> SigningKey {
    SigningKey::from_jwk(JWK).unwrap()
}

/// Whether a strategy with an option can be written, in the order of `STRATEGIES`: the one that has it
/// can, and of the other one the compiler asks what is never there.
const OPTIONS_FIT: [(bool, Rule); 11] = [
    (true, Rule::SESSIONS_FIT),
    (true, Rule::SESSIONS_FIT),
    (true, Rule::SESSIONS_FIT),
    (true, Rule::UPDATE_AGE_FITS),
    (KeepsUpdateAgeFits::<Jwt>::HOLDS, Rule::UPDATE_AGE_FITS),
    (true, Rule::SIGNING_KEY_FITS),
    (KeepsSigningKeyFits::<Database>::HOLDS, Rule::SIGNING_KEY_FITS),
    (true, Rule::ABSOLUTE_MAX_AGE_FITS),
    (KeepsAbsoluteMaxAgeFits::<Database>::HOLDS, Rule::ABSOLUTE_MAX_AGE_FITS),
    (true, Rule::MAX_SIZE_FITS),
    (KeepsMaxSizeFits::<Database>::HOLDS, Rule::MAX_SIZE_FITS),
];

// How the same is written in a file.

const SECRETS: [&str; 2] = ["", r#""secret": {"registered":"vault"}"#];
const SITES: [&str; 5] = [
    "",
    r#""url": "https://a.example""#,
    r#""trust_proxy": { "hosts": ["a.example"] }"#,
    r#""trust_proxy": { "hosts": ["a.example"] }, "client_address": { "forwarded_for": 1 }"#,
    r#""url": "https://a.example", "trust_proxy": { "hosts": ["a.example"] }"#,
];
const ADAPTERS: [&str; 5] = [
    "",
    r#""adapter": {"registered":"users"}"#,
    r#""adapter": {"registered":"sessions"}"#,
    r#""adapter": {"registered":"tokens"}"#,
    r#""adapter": {"registered":"all"}"#,
];
const STRATEGIES: [&str; 11] = [
    "",
    r#""session": {"strategy":"jwt"}"#,
    r#""session": {"strategy":"database"}"#,
    r#""session": {"strategy":"database","update_age":60}"#,
    r#""session": {"strategy":"jwt","update_age":60}"#,
    r#""session": {"strategy":"jwt","signing_key":{"registered":"jwk"}}"#,
    r#""session": {"strategy":"database","signing_key":{"registered":"jwk"}}"#,
    r#""session": {"strategy":"jwt","absolute_max_age":60}"#,
    r#""session": {"strategy":"database","absolute_max_age":60}"#,
    r#""session": {"strategy":"jwt","max_size":2000}"#,
    r#""session": {"strategy":"database","max_size":2000}"#,
];
/// Which strategy that is, without its option.
const CHOSEN: [usize; 11] = [0, 1, 2, 2, 1, 1, 2, 1, 2, 1, 2];
const JWK: &str = r#"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
const EMAILS: [&str; 2] = ["", r#"{"type":"email","send":"mailer"}"#];
const CREDENTIALS: [&str; 3] =
    ["", r#"{"type":"credentials","authorize":"directory"}"#, r#"{"type":"credentials"}"#];
const OTHERS: [&str; 2] =
    ["", r#"{"type":"oidc","id":"acme","issuer":"https://id.example","client_id":"a"}"#];
const CALLBACKS: [&str; 2] = ["", r#""callbacks": "claims""#];
const CONTROLS: [&str; 2] = ["", r#""session_control": true"#];
const LOGOUTS: [&str; 2] = ["", r#""back_channel_logout": true"#];
const TOKENS: [&str; 2] = ["", r#""account_tokens": true"#];

/// How many there are of each decision, in the order of `Case`.
const SIZES: [usize; 11] = [2, 5, 5, 11, 2, 3, 2, 2, 2, 2, 2];

/// What was decided: each number is a place in the lists above.
pub(crate) struct Case(pub(crate) [usize; 11]);

impl Case {
    pub(crate) fn written(&self) -> String {
        let [
            secret,
            site,
            adapter,
            strategy,
            email,
            credentials,
            other,
            jwt,
            control,
            logout,
            tokens,
        ] = self.0;
        let listed = |parts: &[&str]| {
            let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
            parts.join(",")
        };
        let providers = listed(&[EMAILS[email], CREDENTIALS[credentials], OTHERS[other]]);
        let members = listed(&[
            SECRETS[secret],
            SITES[site],
            ADAPTERS[adapter],
            STRATEGIES[strategy],
            CALLBACKS[jwt],
            CONTROLS[control],
            LOGOUTS[logout],
            TOKENS[tokens],
            &format!(r#""providers": [{providers}]"#),
        ]);
        format!("{{{members}}}")
    }

    /// What the types say.
    pub(crate) fn violated(&self) -> BTreeSet<String> {
        let [
            secret,
            site,
            adapter,
            strategy,
            email,
            credentials,
            other,
            jwt,
            control,
            logout,
            tokens,
        ] = self.0;
        let option_fits = OPTIONS_FIT[strategy];
        let (strategy, checks) = (CHOSEN[strategy], credentials.min(1));
        let kinds = [(1, email), (2, checks), (3, other)];
        let has_provider = kinds.iter().any(|(kind, there)| *there == 1 && PROVIDER[*kind]);
        let kept = [
            (SECRET[secret], Rule::SECRET_GIVEN),
            (SITE[site], Rule::SITE_GIVEN),
            (ADDRESS[site], Rule::CLIENT_ADDRESS_FITS),
            (SITE_ONCE[site], Rule::GIVEN_ONCE),
            (has_provider || PROVIDER[0], Rule::PROVIDER_GIVEN),
            (SESSIONS_FIT[strategy][adapter], Rule::SESSIONS_FIT),
            (SESSIONS_KEPT[strategy][adapter], Rule::SESSIONS_KEPT),
            (EMAIL_FITS[email][adapter], Rule::EMAIL_FITS),
            (EMAIL_TOKENS_KEPT[email][adapter], Rule::EMAIL_TOKENS_KEPT),
            (CREDENTIALS_FIT[checks][strategy][adapter], Rule::CREDENTIALS_FIT),
            (AUTHORIZE[credentials], Rule::AUTHORIZE_GIVEN),
            option_fits,
            (JWT_CALLBACK_FITS[jwt][strategy][adapter], Rule::JWT_CALLBACK_FITS),
            (CONTROL_FITS[control][strategy][adapter], Rule::SESSION_CONTROL_FITS),
            (LOGOUT_FITS[logout][strategy][adapter], Rule::BACK_CHANNEL_LOGOUT_FITS),
            (USER_SESSIONS_KEPT[logout][control][strategy][adapter], Rule::USER_SESSIONS_KEPT),
            (TOKENS_FIT[tokens][adapter], Rule::ACCOUNT_TOKENS_FIT),
            (ACCOUNTS_KEPT[tokens][adapter], Rule::ACCOUNTS_KEPT),
            // Types know kinds: they do not tell OpenID Connect from OAuth 2.0.
            (logout == 0 || !has_provider || other == 1, Rule::LOGOUT_SENDER_GIVEN),
        ];
        let broken = kept.iter().filter(|(kept, _)| !kept);
        broken.map(|(_, rule)| format!("{rule:?}")).collect()
    }
}

/// Every combination of what can be decided.
pub(crate) fn cases() -> impl Iterator<Item = Case> {
    (0..SIZES.iter().product()).map(|number: usize| {
        let mut rest = number;
        Case(SIZES.map(|size| {
            let decided = rest % size;
            rest /= size;
            decided
        }))
    })
}

fn registry() -> Registry {
    let sessions = DynamicAdapter::of_users(UsersAndSessions).with_sessions(UsersAndSessions);
    let tokens = DynamicAdapter::of_users(UsersAndTokens).with_verification_tokens(UsersAndTokens);
    let all = MemoryAdapter::new();
    Registry::new()
        .secret("vault", "a secret for tests, long enough for all of us")
        .secret("jwk", JWK)
        .authorize("directory", |_: Value| async { Ok(None) })
        .send("mailer", |_| async { Ok(()) })
        .adapter("users", DynamicAdapter::of_users(UsersOnly))
        .adapter("sessions", sessions)
        .adapter("tokens", tokens)
        .adapter("all", DynamicAdapter::listing(all.clone()).with_accounts(all))
        .callbacks("claims", Callbacks::new().jwt(|request| async move { Ok(request.token) }))
}

#[test]
fn r086_r172_types_and_run_time_decide_alike_in_every_combination() {
    let registry = registry();
    let (mut checked, mut built) = (0, 0);
    for case in cases() {
        let (text, violated) = (case.written(), case.violated());
        let report = Configuration::from_json("auth.json", text.as_str()).unwrap().check(&registry);
        let told: BTreeSet<String> = report
            .violations()
            .iter()
            .map(|violation| violation.rule().map_or(violation.to_string(), |r| format!("{r:?}")))
            .collect();
        assert_eq!(told, violated, "{text}");
        assert_eq!(told.len(), report.violations().len(), "a rule is told once: {text}");
        checked += 1;
        built += usize::from(violated.is_empty());
    }
    assert_eq!(checked, 105_600);
    // By hand, with a secret and one address, which is fixed, or a proxy's with a word on the
    // visitor's, a strategy that is chosen without and with each of its options: 30 without an adapter,
    // 24 with users only, 27 with sessions too, 56 with tokens too. With all there are 56 of tokens in
    // cookies, 3 of rows without an OpenID Connect provider and 6 with one. These may hand out accounts
    // or not; rows may be listed or not, and providers end them or not where one is OpenID Connect.
    let (others, cookies, rows, rows_and_openid_connect) = (30 + 24 + 27 + 56, 56, 3, 6);
    assert_eq!(built, 2 * (others + 2 * (cookies + rows * 2 + rows_and_openid_connect * 2 * 2)));
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
