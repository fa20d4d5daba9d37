use typegate::{ClientSecret, OAuth1Provider, RawProfile};

/// Sign in with Twitter (X) by OAuth 1.0a, which is what NextAuth v4 does by default.
///
/// Register an app at <https://developer.x.com> with the callback URL
/// `https://<your site>/api/auth/callback/twitter`. The key and the secret are the app's, not those
/// of OAuth 2.0. The address comes only if the app's permissions include it.
///
/// Who is asked for the password again, by which name and in which language a page decides with
/// `force_login`, `screen_name` and `lang` in the query of the sign-in address:
/// `POST /api/auth/signin/twitter?force_login=true`.
///
/// The id is that of [`Twitter`](crate::provider::catalog::Twitter), because both find the same accounts; a site has
/// one of them. [`find`](crate::provider::catalog::find) gives the other.
#[derive(Clone, Debug, OAuth1Provider)]
#[provider(
    id = "twitter",
    name = "Twitter (Legacy)",
    request_token_url = "https://api.twitter.com/oauth/request_token",
    authorization_url = "https://api.twitter.com/oauth/authenticate",
    access_token_url = "https://api.twitter.com/oauth/access_token",
    profile_url = "https://api.twitter.com/1.1/account/verify_credentials.json?include_email=true",
    profile = TwitterLegacyUser,
    style(background = "#1da1f2", text = "#000")
)]
pub struct TwitterLegacy {
    client_key: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(image = picture)]
struct TwitterLegacyUser {
    #[profile(id)]
    id_str: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    profile_image_url_https: Option<String>,
}

/// The picture in its own size: the one named has 48 pixels.
fn picture(user: &TwitterLegacyUser) -> Option<String> {
    let url = user.profile_image_url_https.as_deref()?;
    let larger = [".jpg", ".png", ".gif"].into_iter().find_map(|ending| {
        let stem = url.strip_suffix(ending)?.strip_suffix("_normal")?;
        Some(format!("{stem}{ending}"))
    });
    Some(larger.unwrap_or_else(|| url.to_owned()))
}
