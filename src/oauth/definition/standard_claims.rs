//! The standard claims about a person (OpenID Connect Core section 5.1).

use serde_json::Value;

use super::raw_profile::{ProfileMember as _, member};
use super::{ProfileError, RawProfile};
use crate::error::CallbackError;
use crate::model::Profile;

/// The standard claims of OpenID Connect Core section 5.1 that NextAuth knows: the profile of a
/// provider with an issuer that names no other.
///
/// The name is `name`, or else `nickname`, or else `preferred_username`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StandardClaims {
    /// The subject, unique at the issuer and never given to anybody else.
    pub sub: String,
    /// The full name.
    pub name: Option<String>,
    /// The casual name.
    pub nickname: Option<String>,
    /// The name that the person wants to be known by: neither unique nor lasting.
    pub preferred_username: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The address of a picture.
    pub picture: Option<String>,
}

#[diagnostic::do_not_recommend]
impl RawProfile for StandardClaims {
    fn read(raw: &Value) -> Result<Self, ProfileError> {
        Self::read_noting(raw, &mut Vec::new())
    }

    fn read_noting(raw: &Value, left_out: &mut Vec<ProfileError>) -> Result<Self, ProfileError> {
        Ok(Self {
            sub: member(raw, &[("/sub", "sub")])?,
            name: Option::of_decoration(raw, &[("/name", "name")], left_out)?,
            nickname: Option::of_decoration(raw, &[("/nickname", "nickname")], left_out)?,
            preferred_username: Option::of_decoration(
                raw,
                &[("/preferred_username", "preferred_username")],
                left_out,
            )?,
            email: Option::of_address(raw, &[("/email", "email")], left_out)?,
            picture: Option::of_decoration(raw, &[("/picture", "picture")], left_out)?,
        })
    }

    fn into_profile(self) -> Result<Profile, CallbackError> {
        Ok(Profile::new(self.sub)
            .name(self.name.or(self.nickname).or(self.preferred_username))
            .email(self.email)
            .image(self.picture))
    }
}
