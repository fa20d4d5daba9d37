//! Credentials: the application's own check of what a visitor typed.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::account_field::{AccountFields, TooMany};
use super::authorize::{
    AuthorizeAnswer, AuthorizeFunction, AuthorizeRequest, CredentialsCheck, RequestBehindForm,
};
use super::credentials_form::{CredentialsForm, credentials_of};
use super::{CredentialsKind, Provider};
use crate::error::AuthorizeError;
use crate::hooks::Asynchronous;
use crate::model::{JsonObject, User};
use crate::rule::explained;
use crate::rule::slot::{Given, NotGiven};
use crate::runtime::containment::contained;
use crate::theme::CredentialField;

/// Sign in with what the application itself knows, such as a password.
///
/// `authorize` gets the submitted form as a type of the application's own. `Ok(Some(user))`
/// signs in, `Ok(None)` refuses, an error says that the check could not be made. Form fields that
/// do not fit the type are a refusal, and the log names the field (`CREDENTIALS_FORM_WARNING`).
///
/// Sessions of such users are always tokens in cookies; the adapter is never asked.
///
/// ```
/// use typegate::provider::Credentials;
/// use typegate::{AuthorizeError, User};
///
/// #[derive(serde::Deserialize)]
/// struct Login {
///     username: String,
///     password: String,
/// }
///
/// async fn authorize(login: Login) -> Result<Option<User>, AuthorizeError> {
///     // Verify a password hash here, off the async workers.
///     Ok((login.username == "ada" && login.password == "1815").then(|| User::new("1").name("Ada")))
/// }
///
/// let provider = Credentials::new(authorize).text_field("username", "User name").password_field();
/// ```
pub struct Credentials<Authorize = Given> {
    definition: CredentialsDefinition,
    authorize: PhantomData<Authorize>,
}

/// The record of a credentials provider.
#[derive(Clone)]
#[non_exhaustive]
pub struct CredentialsDefinition {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) fields: Vec<CredentialField>,
    pub(crate) authorize: Option<CredentialsCheck>,
    account: AccountFields,
}

impl CredentialsDefinition {
    /// What a form calls the account, and in which field, for counting.
    pub(crate) fn accounts<'f>(
        &self,
        form: &'f JsonObject,
    ) -> Result<Vec<(String, Cow<'f, str>)>, TooMany> {
        self.account.in_form(&self.fields, form)
    }

    /// A field that was named as the account's and that no form has, and those that there are.
    pub(crate) fn mistaken_account_field(&self) -> Option<(&str, Vec<&str>)> {
        self.account.mistaken(&self.fields)
    }
}

impl fmt::Debug for CredentialsDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsDefinition").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<Authorize> fmt::Debug for Credentials<Authorize> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials").field(&self.definition.id).finish()
    }
}

impl Default for Credentials<NotGiven> {
    /// A provider that still needs [`Credentials::authorize`].
    fn default() -> Self {
        let definition = CredentialsDefinition {
            id: "credentials".into(),
            name: "Credentials".into(),
            fields: Vec::new(),
            authorize: None,
            account: AccountFields::default(),
        };
        Self { definition, authorize: PhantomData }
    }
}

#[typegate_macros::__unquoted]
impl Credentials {
    /// A provider that asks `authorize`: an async function of the form, which may take the
    /// [request](AuthorizeRequest) behind it.
    ///
    /// ```
    /// use typegate::provider::{AuthorizeRequest, Credentials};
    /// use typegate::{AuthorizeError, User};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Pin {
    ///     pin: String,
    /// }
    ///
    /// async fn authorize(
    ///     form: Pin,
    ///     request: AuthorizeRequest,
    /// ) -> Result<Option<User>, AuthorizeError> {
    ///     let is_known = request.headers.contains_key("x-device");
    ///     Ok((is_known && form.pin == "1815").then(|| User::new("1")))
    /// }
    ///
    /// let provider = Credentials::new(authorize);
    /// ```
    #[must_use]
    pub fn new<A, F>(authorize: F) -> Self
    where
        F: AuthorizeFunction<
                A,
                Form: CredentialsForm,
                Request: RequestBehindForm,
                Answered: Asynchronous<Answer: AuthorizeAnswer> + Send + 'static,
            >,
        A: 'static,
    {
        Credentials::<NotGiven>::default().authorize(authorize)
    }
}

#[typegate_macros::__unquoted]
impl<Authorize> Credentials<Authorize> {
    /// Sets the check, as [`Credentials::new`] does.
    #[must_use]
    pub fn authorize<A, F>(self, authorize: F) -> Credentials
    where
        F: AuthorizeFunction<
                A,
                Form: CredentialsForm,
                Request: RequestBehindForm,
                Answered: Asynchronous<Answer: AuthorizeAnswer> + Send + 'static,
            >,
        A: 'static,
    {
        let ask = move |request: AuthorizeRequest| {
            let form = credentials_of(&request.form);
            verdict(form.map(|form| authorize.ask(form, request.into())))
        };
        self.given(contained(ask, AuthorizeError::failed), &AccountFields::of::<F::Form>())
    }

    /// Takes the check of another provider.
    #[cfg(feature = "dynamic")]
    pub(crate) fn checked_by(self, other: &Credentials) -> Credentials {
        let definition = CredentialsDefinition {
            authorize: other.definition.authorize.clone(),
            account: self.definition.account.of_the_type_of(&other.definition.account),
            ..self.definition
        };
        Credentials { definition, authorize: PhantomData }
    }

    fn given(self, authorize: CredentialsCheck, account: &AccountFields) -> Credentials {
        let definition = CredentialsDefinition {
            authorize: Some(authorize),
            account: self.definition.account.of_the_type_of(account),
            ..self.definition
        };
        Credentials { definition, authorize: PhantomData }
    }

    /// The id, `credentials` by default. Several credentials providers need different ones.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.definition.id = id.into();
        self
    }

    /// The name people read, `Credentials` by default.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.definition.name = name.into();
        self
    }

    /// Adds a field to the form of the built-in sign-in page.
    #[must_use]
    pub fn field(mut self, field: CredentialField) -> Self {
        self.definition.fields.push(field);
        self
    }

    /// Names the field that says which account is meant, for the
    /// [rate limit](crate::rate_limit::Allowances): tries are counted for each account. May be
    /// called several times.
    ///
    /// Left out, it is looked for among the fields of the sign-in page and those of the type that
    /// `authorize` takes: `username`, `email` and the like, or else all that do not sound like a
    /// secret. A name that neither has, as far as the type tells its fields, is a
    /// [`ConfigError`](crate::ConfigError) of `build()`.
    ///
    /// ```
    /// use typegate::provider::Credentials;
    /// # async fn authorize(
    /// #     _: std::collections::HashMap<String, String>,
    /// # ) -> Result<Option<typegate::User>, typegate::AuthorizeError> {
    /// #     Ok(None)
    /// # }
    ///
    /// let provider = Credentials::new(authorize).account_field("library card");
    /// ```
    #[must_use]
    pub fn account_field(mut self, key: impl Into<String>) -> Self {
        self.definition.account.name(key.into());
        self
    }

    /// Adds a text field with that key and label.
    #[must_use]
    pub fn text_field(self, key: impl Into<String>, label: impl Into<String>) -> Self {
        self.field(CredentialField::new(key).label(label))
    }

    /// Adds a field `password` that hides what is typed, labelled `Password` in the visitor's
    /// language.
    #[must_use]
    pub fn password_field(self) -> Self {
        self.field(CredentialField::password())
    }
}

/// Fields that do not fit the application's type are a refusal, of which the log says more than the
/// visitor hears.
async fn verdict<R>(answer: Result<R, String>) -> Result<Option<User>, AuthorizeError>
where
    R: Asynchronous<Answer: AuthorizeAnswer>,
{
    match answer {
        Ok(answer) => answer.await.into(),
        Err(misfit) => Err(AuthorizeError::unfit(misfit)),
    }
}

explained! { AUTHORIZE_GIVEN
    /// Rule 5: a credentials provider that has something to ask.
    pub trait HasAuthorize {}
}

impl HasAuthorize for Given {}

impl<Authorize: HasAuthorize> Provider for Credentials<Authorize> {
    type Kind = CredentialsKind;

    fn into_definition(self) -> CredentialsDefinition {
        self.definition
    }
}
