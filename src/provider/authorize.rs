//! `authorize`: which functions can check credentials, what they take and what they answer.

use http::HeaderMap;

use crate::error::AuthorizeError;
use crate::model::{JsonObject, User};
use crate::runtime::containment::Contained;

/// The request that brought the credentials, for what is not in the form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthorizeRequest {
    /// The request's headers.
    pub headers: HeaderMap,
    /// The whole submitted form, CSRF token included.
    pub form: JsonObject,
}

pub(super) type CredentialsCheck = Contained<AuthorizeRequest, Option<User>, AuthorizeError>;

/// A function that checks credentials, with its arguments as a tuple: the form, and the request behind
/// it if it is wanted.
#[diagnostic::on_unimplemented(
    message = "`authorize` has to be a function of the form, or of the form and the request, that can be \
               called for each sign-in",
    label = "not such a function",
    note = "write `async fn authorize(form: Login) -> Result<Option<User>, AuthorizeError>`, or \
            `(form: Login, request: AuthorizeRequest)`",
    note = "what else it needs is captured, and used up by one call unless it is cloned first: \
            `move |form: Login| {{ let pool = pool.clone(); async move {{ .. }} }}`"
)]
pub trait AuthorizeFunction<Arguments>: Send + Sync + 'static {
    /// The first argument.
    type Form;
    /// The second one.
    type Request;
    /// What it returns: a future.
    type Answered;
    #[doc(hidden)]
    fn ask(&self, form: Self::Form, request: Self::Request) -> Self::Answered;
}

#[diagnostic::do_not_recommend]
impl<F, C, R> AuthorizeFunction<(C,)> for F
where
    F: Fn(C) -> R + Send + Sync + 'static,
{
    type Form = C;
    type Request = AuthorizeRequest;
    type Answered = R;

    fn ask(&self, form: C, _: AuthorizeRequest) -> R {
        self(form)
    }
}

#[diagnostic::do_not_recommend]
impl<F, C, Q, R> AuthorizeFunction<(C, Q)> for F
where
    F: Fn(C, Q) -> R + Send + Sync + 'static,
{
    type Form = C;
    type Request = Q;
    type Answered = R;

    fn ask(&self, form: C, request: Q) -> R {
        self(form, request)
    }
}

/// What `authorize` may take behind the form: an [`AuthorizeRequest`].
#[diagnostic::on_unimplemented(
    message = "`authorize` takes the form, as one struct, and may take an `AuthorizeRequest` behind it",
    label = "takes `{Self}` behind the form",
    note = "write `(form: Login)`, or `(form: Login, request: AuthorizeRequest)`, where `Login` is a struct \
            of your own with a field for each field of the form"
)]
pub trait RequestBehindForm: From<AuthorizeRequest> + 'static {}

#[diagnostic::do_not_recommend]
impl RequestBehindForm for AuthorizeRequest {}

/// What `authorize` answers.
#[diagnostic::on_unimplemented(
    message = "`authorize` has to return `Result<Option<User>, AuthorizeError>`",
    label = "returns `{Self}`",
    note = "write `Ok(Some(user))` to sign somebody in and `Ok(None)` to refuse; `?` turns \
            any `std::error::Error` into an `AuthorizeError`"
)]
pub trait AuthorizeAnswer: Into<Result<Option<User>, AuthorizeError>> {}

#[diagnostic::do_not_recommend]
impl AuthorizeAnswer for Result<Option<User>, AuthorizeError> {}
