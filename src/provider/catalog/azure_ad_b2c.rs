use typegate::{ClientSecret, OAuthProvider, RawProfile};

/// Sign in with a tenant of Azure AD B2C.
///
/// Register a web application in the tenant with the callback URL
/// `https://<your site>/api/auth/callback/azure-ad-b2c`.
///
/// The address that the configuration calls the issuer is where the user flow's discovery document
/// is, `https://acme.b2clogin.com/acme.onmicrosoft.com/B2C_1_signin/v2.0`, which
/// [`issuer_of`](Self::issuer_of) makes, as NextAuth v4 does; one with `tfp` and a domain of
/// one's own do as well. Tokens are of the issuer that this document names
/// ([`IssuerComparison::AsDiscovered`](typegate::provider::IssuerComparison::AsDiscovered)), in
/// either of the two forms of the token compatibility settings:
/// `https://acme.b2clogin.com/<tenant id>/v2.0/` is the default and leads to no document.
///
/// The e-mail address is the first of the claim `emails`, which the user flow has to return.
///
/// Microsoft has sold no new tenants since May 2025.
#[derive(Clone, Debug, OAuthProvider)]
#[provider(
    id = "azure-ad-b2c",
    name = "Azure AD B2C",
    issuer = "{issuer}",
    issuer_comparison = "as_discovered",
    profile = AzureAdB2cUser,
    style(background = "#0072c6", text = "#fff")
)]
pub struct AzureAdB2c {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

impl AzureAdB2c {
    /// The issuer of a user flow or custom policy, such as `B2C_1_signin`, of the tenant with that
    /// name, such as `acme`.
    ///
    /// ```
    /// use typegate::provider::catalog::AzureAdB2c;
    ///
    /// let issuer = AzureAdB2c::issuer_of("acme", "B2C_1_signin");
    /// assert_eq!(issuer, "https://acme.b2clogin.com/acme.onmicrosoft.com/B2C_1_signin/v2.0");
    /// ```
    #[must_use]
    pub fn issuer_of(tenant: &str, user_flow: &str) -> String {
        format!("https://{tenant}.b2clogin.com/{tenant}.onmicrosoft.com/{user_flow}/v2.0")
    }
}

#[derive(RawProfile)]
struct AzureAdB2cUser {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(name)]
    preferred_username: Option<String>,
    #[profile(email, path = "emails[0]")]
    email: Option<String>,
}
