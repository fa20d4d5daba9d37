//! The user.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::JsonObject;
use super::email_address::EmailAddress;

/// A person as the application knows them: a row of the adapter, or what a provider said when
/// there is no adapter.
///
/// ```
/// use typegate::User;
///
/// let user = User::new("1").name("Ada Lovelace").email("ada@example.com");
/// assert_eq!(user.id, "1");
/// assert_eq!(user.email.as_deref(), Some("ada@example.com"));
/// ```
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// Unique for the application, at most 255 characters.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// Address, parsed by the flows.
    pub email: Option<String>,
    /// When the address was last proved: by an e-mail link, or by a provider that vouches for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<Timestamp>,
    /// Address of a picture.
    pub image: Option<String>,
    /// Further members that the application's own profile function or table has.
    #[serde(flatten)]
    pub extra: JsonObject,
}

impl User {
    /// A user of whom nothing but the id is known.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Sets the display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the address.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets the address of a picture.
    #[must_use]
    pub fn image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }

    /// Adds a member of the application's own.
    #[must_use]
    pub fn member(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}

/// A provider's answer to "who is this?", mapped to the members that NextAuth knows.
///
/// The id is the provider's; the address is parsed afterwards by the flow.
///
/// ```
/// use typegate::Profile;
///
/// let profile = Profile::new("42").name("Ada".to_owned());
/// assert_eq!(profile.id, "42");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Profile {
    /// The subject at the provider; with the provider's id it names the account.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// Address as the provider gives it: not a proof that the person owns it. The flow parses it
    /// ([`EmailAddress`](crate::EmailAddress)); blank is none, and so is what is no address.
    pub email: Option<String>,
    /// Whether the provider says that the person has proved the address, where a mapping knows.
    /// Otherwise the flow reads the claim `email_verified`. See
    /// [`EmailVouching`](crate::provider::EmailVouching).
    #[serde(skip)]
    pub email_verified: Option<bool>,
    /// Address of a picture.
    pub image: Option<String>,
    /// Further members, handed to the adapter and to the callbacks.
    #[serde(flatten)]
    pub extra: JsonObject,
    /// What the mapping had to do without, until the flow has said so in the log.
    #[serde(skip)]
    pub(crate) left_out: Vec<String>,
}

impl Profile {
    /// A profile of which nothing but the subject is known.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Sets the display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Option<String>>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the address.
    #[must_use]
    pub fn email(mut self, email: impl Into<Option<String>>) -> Self {
        self.email = email.into();
        self
    }

    /// Sets whether the provider says that the person has proved the address.
    #[must_use]
    pub fn email_verified(mut self, verified: impl Into<Option<bool>>) -> Self {
        self.email_verified = verified.into();
        self
    }

    /// Sets the address of a picture.
    #[must_use]
    pub fn image(mut self, image: impl Into<Option<String>>) -> Self {
        self.image = image.into();
        self
    }

    /// Adds a member of the application's own.
    #[must_use]
    pub fn member(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// The user that this profile stands for where no adapter keeps users: the id is the
    /// provider's.
    pub(crate) fn into_user(self) -> User {
        User {
            id: self.id,
            name: self.name,
            email: self.email,
            email_verified: None,
            image: self.image,
            extra: self.extra,
        }
    }
}

/// A user that does not exist yet: everything but the id, which the adapter makes.
///
/// An application makes one for somebody who has not been there: the row is theirs once they prove the
/// address.
///
/// ```
/// use typegate::NewUser;
/// use typegate::adapter::{MemoryAdapter, UserStore as _};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let invited = NewUser::new().email(&"Bob@example.com".parse()?).member("role", "editor");
/// assert_eq!(invited.extra["role"], "editor");
/// let bob = MemoryAdapter::new().create_user(invited).await?;
/// assert_eq!(bob.email.as_deref(), Some("bob@example.com"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewUser {
    /// Display name.
    pub name: Option<String>,
    /// Address, already parsed; stored as given.
    pub email: Option<String>,
    /// When the address was proved, if it was.
    pub email_verified: Option<Timestamp>,
    /// Address of a picture.
    pub image: Option<String>,
    /// Members the adapter may have columns for; it ignores the others.
    pub extra: JsonObject,
}

impl NewUser {
    /// A user of whom nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the address, which is not proved by that.
    #[must_use]
    pub fn email(mut self, address: &EmailAddress) -> Self {
        self.email = Some(address.as_str().to_owned());
        self
    }

    /// Adds a member of the application's own.
    #[must_use]
    pub fn member(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}

impl From<Profile> for NewUser {
    /// What a provider says proves no address.
    fn from(profile: Profile) -> Self {
        Self {
            name: profile.name,
            email: profile.email,
            email_verified: None,
            image: profile.image,
            extra: profile.extra,
        }
    }
}

/// A change to a user: members that are `None` stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserUpdate {
    /// Whose row.
    pub id: String,
    /// New display name.
    pub name: Option<Option<String>>,
    /// New address.
    pub email: Option<Option<String>>,
    /// When the address was proved.
    pub email_verified: Option<Option<Timestamp>>,
    /// New picture.
    pub image: Option<Option<String>>,
    /// Members that NextAuth does not know: a text changes one, null takes it away. Databases have
    /// a column for those that
    /// [`SchemaProfile::user_member`](crate::adapter::SchemaProfile::user_member) names.
    pub extra: JsonObject,
}

impl UserUpdate {
    /// A change that changes nothing yet.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// Marks the address as proved at `time`.
    #[must_use]
    pub fn email_verified(mut self, time: Timestamp) -> Self {
        self.email_verified = Some(Some(time));
        self
    }

    /// Changes a member of the application's own.
    ///
    /// ```
    /// use typegate::UserUpdate;
    ///
    /// let update = UserUpdate::new("1").member("role", "admin");
    /// assert_eq!(update.extra["role"], "admin");
    /// ```
    #[must_use]
    pub fn member(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}
