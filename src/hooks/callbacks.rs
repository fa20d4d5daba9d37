//! Callbacks: the decisions that are the application's, as v4's option `callbacks`.

use std::fmt;
use std::marker::PhantomData;

use serde_json::Value;

use super::{
    Asynchronous, Callback, JwtAnswer, RedirectAnswer, SessionAnswer, SessionData, SignInAnswer,
    TokenRefresher, erase,
};
use crate::error::CallbackError;
use crate::jose::Claims;
use crate::model::{Account, DefaultSession, User};
use crate::rule::once;
use crate::rule::slot::{Given, NotGiven, Now, With, slots};
use crate::setting;

/// Why a `jwt` or `session` callback is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Trigger {
    /// Somebody signed in.
    SignIn,
    /// Somebody signed in for the first time and the adapter made a user.
    SignUp,
    /// The browser client called `update`.
    Update,
    /// The session is read.
    Read,
}

/// A sign-in that is about to succeed, for the `signIn` callback.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInAttempt {
    /// The stored user if the account is known, else the mapped profile.
    pub user: User,
    /// The account, with its tokens.
    pub account: Account,
    /// What the provider said, unmapped; for credentials the submitted form; null for e-mail.
    pub raw_profile: Value,
    /// Whether a sign-in link is about to be sent. The callback is asked again when it is used.
    pub is_verification_request: bool,
}

impl SignInAttempt {
    pub(crate) fn new(user: User, account: Account, raw_profile: Value) -> Self {
        Self { user, account, raw_profile, is_verification_request: false }
    }
}

/// What a `signIn` callback decides.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SignInDecision {
    /// Go on.
    Allow,
    /// Refuse; the visitor sees the page for `AccessDenied`.
    Deny,
    /// Refuse and send the browser there: to a path of the site, or to an absolute URL, of whatever
    /// host, that browsers and programs read alike. Anything else is a refusal and a log line.
    Redirect(String),
}

impl From<bool> for SignInDecision {
    fn from(allowed: bool) -> Self {
        if allowed { Self::Allow } else { Self::Deny }
    }
}

/// A redirect target that entered by a query, a form or a cookie, for the `redirect` callback.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RedirectRequest {
    /// The target asked for, unchecked.
    pub url: String,
    /// The site's origin, without a path.
    pub base_url: String,
    /// What the default rule makes of it: a URL on this site.
    pub default: String,
}

/// A session token about to be sealed, for the `jwt` callback.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The claims so far.
    pub token: Claims,
    /// Why the callback is called.
    pub trigger: Trigger,
    /// The user, at sign-in.
    pub user: Option<User>,
    /// The account with its tokens, at sign-in.
    pub account: Option<Account>,
    /// What the provider said, unmapped, at a sign-in by OAuth.
    pub raw_profile: Option<Value>,
    /// Whether the adapter has just made the user; `None` without an adapter.
    pub is_new_user: Option<bool>,
    /// The data that the browser client passed to `update`. It is the visitor's own word.
    pub update: Option<Value>,
    /// What refreshes the tokens of a provider. `None` where the cookie with the changed claims
    /// cannot be sent, because nothing but the session itself was asked for
    /// ([`Auth::session`](crate::Auth::session), or an extractor without a
    /// [`SessionLayer`](crate::SessionLayer)): leave the tokens as they are there.
    pub refresher: Option<TokenRefresher>,
}

/// Where a session's content comes from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionSource {
    /// The claims of the session token, as the `jwt` callback returned them.
    Token(Claims),
    /// The user's row, where sessions live in the database.
    User(User),
}

/// A session about to be shown to a browser, for the `session` callback.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionRequest {
    /// The body that would be sent without a callback.
    pub session: DefaultSession,
    /// Where it comes from.
    pub source: SessionSource,
    /// Why the callback is called: [`Trigger::Update`] or [`Trigger::Read`].
    pub trigger: Trigger,
    /// The data that the browser client passed to `update`, which it may leave out.
    pub update: Option<Value>,
}

/// The application's callbacks. What is left out does what NextAuth v4 does by default.
///
/// A callback that panics, or does not answer within 30 seconds, has failed; so has an event
/// handler.
///
/// `D` is the application's session data type: what the `session` callback returns, what
/// `GET session` sends, and what the [`Session`](crate::Session) extractor gives.
///
/// A function that returns callbacks converts them into what it names, because their type records
/// which ones there are: `Callbacks::new().sign_in(..).into()`.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use typegate::hooks::{Callbacks, SessionSource};
///
/// // `Clone`, because a guard and an extractor share what was read once.
/// #[derive(Clone, Serialize, Deserialize)]
/// struct AppSession {
///     user_id: Option<String>,
///     expires: String,
/// }
///
/// let callbacks = Callbacks::new()
///     .sign_in(|attempt| async move { Ok(attempt.user.email.is_some()) })
///     .session(|request| async move {
///         let user_id = match &request.source {
///             SessionSource::Token(claims) => claims.subject().map(Into::into),
///             SessionSource::User(user) => Some(user.id.clone()),
///             _ => None,
///         };
///         Ok(AppSession { user_id, expires: request.session.expires })
///     });
/// let callbacks: Callbacks<AppSession> = callbacks.into();
/// ```
#[expect(clippy::type_complexity, reason = "the parameters in their order")]
pub struct Callbacks<D = DefaultSession, Jwt = NotGiven, T = CallbackSlots> {
    pub(crate) inner: ErasedCallbacks,
    types: PhantomData<fn() -> (D, Jwt, T)>,
}

slots! {
    /// Which callbacks have been given, besides `jwt`.
    pub struct CallbackSlots: CallbacksTold for Callbacks<D, Jwt> {
        sign_in_callback,
        redirect_callback,
        session_callback,
    }
}

/// The callbacks as the engine calls them.
#[derive(Clone, Default)]
pub(crate) struct ErasedCallbacks {
    pub(crate) sign_in: Option<Callback<SignInAttempt, SignInDecision>>,
    pub(crate) redirect: Option<Callback<RedirectRequest, String>>,
    pub(crate) jwt: Option<Callback<TokenRequest, Claims>>,
    pub(crate) session: Option<Callback<SessionRequest, Value>>,
}

impl Default for Callbacks {
    fn default() -> Self {
        Self { inner: ErasedCallbacks::default(), types: PhantomData }
    }
}

#[typegate_macros::__unquoted]
impl Callbacks {
    /// No callbacks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[typegate_macros::__unquoted]
impl<D, Jwt, T: CallbacksTold> Callbacks<D, Jwt, T> {
    /// May this person sign in? Called before anything is stored. `Ok(true)` allows, `Ok(false)`
    /// refuses, [`SignInDecision::Redirect`] sends elsewhere; the message of an error is shown to
    /// the visitor as the `error` of the error page's address, as in v4.
    #[must_use]
    pub fn sign_in<F, R>(
        mut self,
        callback: F,
    ) -> Callbacks<D, Jwt, With<T, setting::sign_in_callback>>
    where
        Now<T, setting::sign_in_callback>: once::sign_in_callback,
        F: Fn(SignInAttempt) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: SignInAnswer> + Send + 'static,
    {
        self.inner.sign_in = Some(erase(move |attempt| {
            let answer = callback(attempt);
            async move { answer.await.into_decision() }
        }));
        self.retyped()
    }

    /// Where may a browser be sent? A path of the site or an absolute URL, of whatever host, or of
    /// a scheme that opens a program on the visitor's device. Use [`RedirectRequest::default`] for
    /// everything the application does not know better.
    ///
    /// The host is trusted, the writing is not: an address that browsers and programs read in two
    /// ways, and one of a scheme that a browser runs itself (`javascript:`), counts as a failure
    /// of the callback. The default rule decides then, and it is logged.
    #[must_use]
    pub fn redirect<F, R>(
        mut self,
        callback: F,
    ) -> Callbacks<D, Jwt, With<T, setting::redirect_callback>>
    where
        Now<T, setting::redirect_callback>: once::redirect_callback,
        F: Fn(RedirectRequest) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: RedirectAnswer> + Send + 'static,
    {
        self.inner.redirect = Some(erase(callback));
        self.retyped()
    }

    /// What does a session token say? Called at sign-in and whenever a session is read or
    /// updated. Only where sessions are tokens.
    ///
    /// What it changes goes out in the cookie of the answer to the request: that of
    /// `GET session`, of a [`Guard`](crate::serve::guard::Guard), of a
    /// [`SessionLayer`](crate::SessionLayer), or whoever calls
    /// [`Auth::session_and_cookies`](crate::Auth::session_and_cookies) sends it. Where nothing can
    /// be sent, the claims count for that one request, and a warning says so.
    ///
    /// The tokens of a provider are refreshed here if the session is to carry them:
    ///
    /// ```
    /// use typegate::hooks::{Callbacks, TokenRequest};
    /// use typegate::testing::{Browser, IdentityProvider};
    /// use typegate::{Auth, BoxError, CallbackError, Claims, Secret, TokenSet};
    ///
    /// async fn claims(request: TokenRequest) -> Result<Claims, CallbackError> {
    ///     let mut claims = request.token;
    ///     if let Some(account) = &request.account {
    ///         claims.insert("tokens", &account.tokens); // somebody signs in
    ///     }
    ///     let tokens = claims.get::<TokenSet>("tokens");
    ///     // No refresher: the cookie cannot be sent, so nothing may be spent.
    ///     let (Some(refresher), Some(tokens)) = (request.refresher, tokens) else {
    ///         return Ok(claims);
    ///     };
    ///     match refresher.refresh_if_due("acme", &tokens).await {
    ///         Ok(None) => {} // they are good for more than a minute
    ///         Ok(Some(fresh)) => claims.insert("tokens", fresh),
    ///         // The provider takes them no more. Whoever needs them asks for a new sign-in; all
    ///         // other pages go on. To fail here would fail at every page, and for ever.
    ///         Err(error) if error.needs_sign_in() => {
    ///             claims.remove("tokens");
    ///             claims.insert("error", "RefreshTokenError");
    ///         }
    ///         Err(_) => {} // it did not answer: the next request tries again
    ///     }
    ///     Ok(claims)
    /// }
    ///
    /// # async fn test() -> Result<(), BoxError> {
    /// let idp = IdentityProvider::new(); // takes each refresh token once
    /// idp.change(|idp| drop(idp.response.insert("expires_in", Some(30.into())))); // due at once
    /// let auth = Auth::builder()
    ///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
    ///     .url("http://localhost:3000".parse()?)
    ///     .provider(idp.oidc("acme"))
    ///     .http_client(idp.clone())
    ///     .callbacks(Callbacks::new().jwt(claims))
    ///     .build()?;
    /// let mut browser = Browser::new(auth.service());
    /// browser.sign_in("acme", &idp).await?;
    /// for _ in 0..3 {
    ///     let session = browser.get("/api/auth/session").await?;
    ///     assert!(String::from_utf8_lossy(session.body()).contains("jane@example.com"));
    /// }
    /// # let refreshed = idp.requests();
    /// # let refreshed = refreshed.iter().filter(|request| request.form.contains_key("refresh_token"));
    /// # assert_eq!(refreshed.count(), 4);
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(test()).unwrap();
    /// ```
    #[must_use]
    pub fn jwt<F, R>(mut self, callback: F) -> Callbacks<D, Given, T>
    where
        Jwt: once::jwt_callback,
        F: Fn(TokenRequest) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: JwtAnswer> + Send + 'static,
    {
        self.inner.jwt = Some(erase(callback));
        self.retyped()
    }

    /// What may a browser see of a session? The value returned is the body of `GET session`.
    #[must_use]
    pub fn session<F, R, E>(
        mut self,
        callback: F,
    ) -> Callbacks<E, Jwt, With<T, setting::session_callback>>
    where
        Now<T, setting::session_callback>: once::session_callback,
        F: Fn(SessionRequest) -> R + Send + Sync + 'static,
        R: Asynchronous<Answer: SessionAnswer<Data = E>> + Send + 'static,
        E: SessionData,
    {
        self.inner.session = Some(erase(move |request| {
            let answer = callback(request);
            async move {
                let session = answer.await.into()?;
                serde_json::to_value(session).map_err(CallbackError::new)
            }
        }));
        self.retyped()
    }
}

impl<D, Jwt, T> Callbacks<D, Jwt, T> {
    fn retyped<E, K, U>(self) -> Callbacks<E, K, U> {
        Callbacks { inner: self.inner, types: PhantomData }
    }
}

impl<D, Jwt, T> fmt::Debug for Callbacks<D, Jwt, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callbacks")
    }
}
