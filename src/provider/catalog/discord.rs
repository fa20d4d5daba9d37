use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with Discord.
///
/// Register an application at <https://discord.com/developers/applications> with the callback URL
/// `https://<your site>/api/auth/callback/discord`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "discord",
    name = "Discord",
    authorization_endpoint = "https://discord.com/api/oauth2/authorize",
    token_endpoint = "https://discord.com/api/oauth2/token",
    userinfo_endpoint = "https://discord.com/api/users/@me",
    scope = "identify email",
    email_vouching = "when_verified",
    profile = DiscordUser,
    style(background = "#5865F2", text = "#fff")
)]
pub struct Discord {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(image = avatar)]
struct DiscordUser {
    #[profile(id)]
    id: String,
    #[profile(name)]
    global_name: Option<String>,
    #[profile(name)]
    username: String,
    #[profile(email)]
    email: Option<String>,
    #[profile(email_verified)]
    verified: Option<bool>,
    avatar: Option<String>,
    discriminator: Option<String>,
}

/// The picture of the account, or the one that Discord shows for accounts without: it depends on
/// the id, or on the discriminator of accounts that still have one. Accounts without have `0`, or no
/// member at all.
fn avatar(user: &DiscordUser) -> Option<String> {
    let id = &user.id;
    if let Some(hash) = &user.avatar {
        let format = if hash.starts_with("a_") { "gif" } else { "png" };
        return Some(format!("https://cdn.discordapp.com/avatars/{id}/{hash}.{format}"));
    }
    let discriminator = user.discriminator.as_deref().and_then(|text| text.parse::<u64>().ok());
    let number = match discriminator.unwrap_or_default() {
        0 => (id.parse::<u64>().ok()? >> 22) % 6,
        discriminator => discriminator % 5,
    };
    Some(format!("https://cdn.discordapp.com/embed/avatars/{number}.png"))
}
