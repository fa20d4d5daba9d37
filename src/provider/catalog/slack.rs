use typegate::{ClientSecret, OAuthProvider};

/// Sign in with Slack, which knows no PKCE here.
///
/// Create an app at <https://api.slack.com/apps> with the callback URL
/// `https://<your site>/api/auth/callback/slack`. It has to be https, even on the own machine.
/// The workspace is in the raw profile, as `https://slack.com/team_id`.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "slack",
    name = "Slack",
    issuer = "https://slack.com",
    checks(state, nonce),
    style(background = "#611f69", text = "#fff")
)]
pub struct Slack {
    client_id: String,
    client_secret: ClientSecret,
}
