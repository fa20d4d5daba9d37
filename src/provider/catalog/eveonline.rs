use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a character of EVE Online, which gives no address.
///
/// Create an application at <https://developers.eveonline.com/applications> with the callback URL
/// `https://<your site>/api/auth/callback/eveonline`, for authentication only: other applications
/// do not have the scope `publicData`.
///
/// The profile is that of `oauth/verify`, as NextAuth asks it. CCP has called that endpoint deprecated
/// since November 2021, without a date for its end (looked up in November 2026): the access token is a
/// JWT that says the same.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "eveonline",
    name = "EVE Online",
    authorization_endpoint = "https://login.eveonline.com/v2/oauth/authorize",
    token_endpoint = "https://login.eveonline.com/v2/oauth/token",
    userinfo_endpoint = "https://login.eveonline.com/oauth/verify",
    scope = "publicData",
    checks(state),
    profile = Character
)]
pub struct EveOnline {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(image = "https://images.evetech.net/characters/{id}/portrait?size=128")]
struct Character {
    #[profile(id, path = "CharacterID")]
    id: u64,
    #[profile(name, path = "CharacterName")]
    name: Option<String>,
}
