use typegate::provider::__support_0_1_0::{environment, given, needed};
use typegate::provider::{
    Check, ClientAuthentication, Endpoints, GeneratedSecret, IntoClientId, OAuthClient,
    OAuthDefinition, OAuthKind, PrivateKey, ProfileMapper, Provider, ResponseMode,
    UserInfoEndpoint,
};
use typegate::{ButtonStyle, ClientSecret, ConfigError, RawProfile};

const ISSUER: &str = "https://appleid.apple.com";

/// Sign in with Apple.
///
/// Make a Services ID and a key for it at <https://developer.apple.com/account/resources> and
/// register the return URL `https://<your site>/api/auth/callback/apple`; Apple takes neither http
/// nor localhost. The client secret is made of the key and renewed in time.
///
/// ```
/// use typegate::provider::PrivateKey;
/// use typegate::provider::catalog::{Apple, AppleKey};
///
/// # fn provider(p8: &str) -> Result<Apple, typegate::ConfigError> {
/// let key = PrivateKey::from_pem(p8)?.key_id("ABC123DEFG"); // AuthKey_ABC123DEFG.p8
/// Ok(Apple::new("com.example.web", AppleKey::of_team("TEAMID1234", key)))
/// # }
/// ```
///
/// Apple's page posts the answer, see [`ResponseMode::FormPost`]. It tells a person's name with the
/// first consent only, in the form and unsigned; later the user's name is the address.
#[derive(Clone, Debug)]
pub struct Apple {
    client: OAuthClient,
}

impl Apple {
    /// Takes the Services ID and the key.
    #[must_use]
    pub fn new(client_id: impl IntoClientId, AppleKey(secret): AppleKey) -> Self {
        Self { client: OAuthClient::with_generated_secret(client_id, secret) }
    }

    /// Takes a secret that was made beforehand. It is good for half a year at most.
    #[must_use]
    pub fn with_secret(client_id: impl IntoClientId, secret: ClientSecret) -> Self {
        Self { client: OAuthClient::new(client_id, secret) }
    }

    /// Reads `AUTH_APPLE_ID`, and `AUTH_APPLE_TEAM_ID`, `AUTH_APPLE_KEY_ID` and
    /// `AUTH_APPLE_PRIVATE_KEY` (the text of the file), or `AUTH_APPLE_SECRET` in their place.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set, or if the key is none.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(&environment)
    }

    /// Reads the variables of `from_env` from somewhere else.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the variable that is not set, or if the key is none.
    pub fn from_variables(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let needed = |name: &str| needed(name, variable(name));
        let client_id = needed("AUTH_APPLE_ID")?;
        if let Some(secret) = given("AUTH_APPLE_SECRET", variable("AUTH_APPLE_SECRET"))? {
            return Ok(Self::with_secret(client_id, secret.into()));
        }
        let key = PrivateKey::from_pem(&needed("AUTH_APPLE_PRIVATE_KEY")?)?;
        let key = key.key_id(needed("AUTH_APPLE_KEY_ID")?);
        Ok(Self::new(client_id, AppleKey::of_team(needed("AUTH_APPLE_TEAM_ID")?, key)))
    }
}

/// A key for a Services ID, and whose it is.
#[derive(Clone, Debug)]
pub struct AppleKey(GeneratedSecret);

impl AppleKey {
    /// Takes the team's id and the key with its id.
    #[must_use]
    pub fn of_team(team_id: impl Into<String>, key: PrivateKey) -> Self {
        Self(GeneratedSecret::signed_by(team_id, key).for_audience(ISSUER))
    }
}

impl Provider for Apple {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        OAuthDefinition::builder()
            .id("apple")
            .name("Apple")
            .client(self.client.authentication(ClientAuthentication::Post))
            .endpoints(Endpoints::discovered(ISSUER))
            .scope("name email")
            .response_mode(ResponseMode::FormPost)
            .checks([Check::State, Check::Nonce])
            .user_info_endpoint(UserInfoEndpoint::new().callback_field("user"))
            .profile(ProfileMapper::of::<AppleProfile>())
            .style(ButtonStyle {
                background: "#000".parse().ok(),
                text: "#fff".parse().ok(),
                ..ButtonStyle::default()
            })
            .build()
    }
}

#[derive(RawProfile)]
#[profile(name = shown_name)]
struct AppleProfile {
    #[profile(id)]
    sub: String,
    #[profile(email)]
    email: Option<String>,
    #[profile(path = "user.name.firstName")]
    first_name: Option<String>,
    #[profile(path = "user.name.lastName")]
    last_name: Option<String>,
}

fn shown_name(profile: &AppleProfile) -> Option<String> {
    let parts = [profile.first_name.as_deref(), profile.last_name.as_deref()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if name.trim().is_empty() { profile.email.clone() } else { Some(name.trim().to_owned()) }
}
