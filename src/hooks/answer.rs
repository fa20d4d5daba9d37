//! What the application's functions return: a future, and what that resolves to. A trait for each
//! answer, because the message of a trait names it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::SignInDecision;
use crate::error::CallbackError;
use crate::jose::Claims;

/// What an async function returns: every [`Future`].
#[diagnostic::on_unimplemented(
    message = "this function is not async, but its result is awaited",
    label = "returns `{Self}`, which cannot be awaited",
    note = "write `async fn`, or a closure `|argument| async move {{ .. }}`, which ends with `Ok(..)`"
)]
pub trait Asynchronous: Future<Output = Self::Answer> {
    /// What it resolves to.
    type Answer;
}

#[diagnostic::do_not_recommend]
impl<F: Future> Asynchronous for F {
    type Answer = F::Output;
}

/// What a [`sign_in`](super::Callbacks::sign_in) callback answers: `Result<bool, CallbackError>`,
/// or one with a [`SignInDecision`].
#[diagnostic::on_unimplemented(
    message = "the `sign_in` callback has to return `Result<bool, CallbackError>`, or \
               `Result<SignInDecision, CallbackError>`",
    label = "returns `{Self}`",
    note = "write `Ok(true)` to let somebody in and `Ok(false)` to refuse; `?` or `.into()` turns any \
            `std::error::Error` into a `CallbackError`",
    note = "to send somebody elsewhere, return `Ok(SignInDecision::Redirect(url))`, with \
            `typegate::hooks::SignInDecision`"
)]
pub trait SignInAnswer {
    #[doc(hidden)]
    fn into_decision(self) -> Result<SignInDecision, CallbackError>;
}

#[diagnostic::do_not_recommend]
impl<D: Into<SignInDecision>> SignInAnswer for Result<D, CallbackError> {
    fn into_decision(self) -> Result<SignInDecision, CallbackError> {
        self.map(Into::into)
    }
}

/// What a [`redirect`](super::Callbacks::redirect) callback answers.
#[diagnostic::on_unimplemented(
    message = "the `redirect` callback has to return `Result<String, CallbackError>`",
    label = "returns `{Self}`",
    note = "return a path or a URL as text, such as `Ok(url.to_string())`, and `Ok(request.default)` \
            where the application does not decide itself"
)]
pub trait RedirectAnswer: Into<Result<String, CallbackError>> {}

#[diagnostic::do_not_recommend]
impl RedirectAnswer for Result<String, CallbackError> {}

/// What a [`jwt`](super::Callbacks::jwt) callback answers.
#[diagnostic::on_unimplemented(
    message = "the `jwt` callback has to return `Result<Claims, CallbackError>`",
    label = "returns `{Self}`",
    note = "begin with `let mut claims = request.token;`, change `claims`, and end with `Ok(claims)`"
)]
pub trait JwtAnswer: Into<Result<Claims, CallbackError>> {}

#[diagnostic::do_not_recommend]
impl JwtAnswer for Result<Claims, CallbackError> {}

/// What a [`session`](super::Callbacks::session) callback answers: `Result<D, CallbackError>` with
/// the application's [`SessionData`].
#[diagnostic::on_unimplemented(
    message = "the `session` callback has to return `Result<AppSession, CallbackError>`",
    label = "returns `{Self}`",
    note = "write `Ok(AppSession {{ .. }})`, with the application's own session data; `?` or `.into()` \
            turns any `std::error::Error` into a `CallbackError`"
)]
pub trait SessionAnswer: Into<Result<Self::Data, CallbackError>> {
    /// The application's session data.
    type Data;
}

#[diagnostic::do_not_recommend]
impl<D> SessionAnswer for Result<D, CallbackError> {
    type Data = D;
}

/// What an event handler answers, and a function that sends messages.
#[diagnostic::on_unimplemented(
    message = "this function has to return `Result<(), CallbackError>`",
    label = "returns `{Self}`",
    note = "end it with `Ok(())`; the error has to be a `CallbackError`, and `?` or `.into()` turns any \
            `std::error::Error` into one"
)]
pub trait NoAnswer: Into<Result<(), CallbackError>> {}

#[diagnostic::do_not_recommend]
impl NoAnswer for Result<(), CallbackError> {}

/// A type that can be an application's session data: it is sent as JSON, read from it, and given to
/// each extractor that asks.
///
/// ```
/// use typegate::hooks::SessionData;
///
/// #[derive(Clone, serde::Deserialize, serde::Serialize)]
/// struct AppSession {
///     user_id: String,
/// }
///
/// fn can_be_session_data<D: SessionData>() {}
/// can_be_session_data::<AppSession>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the data of a session",
    label = "`{Self}` has to be written as JSON, read back, and cloned for each extractor",
    note = "write `#[derive(Clone, serde::Deserialize, serde::Serialize)]` above `{Self}`; it has to own \
            its data, with `String` and not `&str`, and be `Send` and `Sync`"
)]
pub trait SessionData: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<D: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> SessionData for D {}
