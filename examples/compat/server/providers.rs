//! The ways to sign in: the same people, clients and endpoints as on the next-auth side.

use std::future::ready;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use typegate::ClientSecret;
use typegate::provider::{
    Check, ClientAuthentication, Credentials, Email, EmailMessage, EmailVouching, Endpoints,
    OAuth1Client, OAuth1Definition, OAuth1Endpoints, OAuth1Kind, OAuthClient, OAuthDefinition,
    OAuthKind, ProfileMapper, Provider,
};
use typegate::{
    AuthorizeError, CallbackError, ConfigError, Profile, Secret, SignatureAlgorithm, User,
};

use super::records;
use super::world::{World, locked};

/// A provider by OAuth 2.0 or OpenID Connect.
pub(crate) struct OAuth(OAuthDefinition);

impl Provider for OAuth {
    type Kind = OAuthKind;

    fn into_definition(self) -> OAuthDefinition {
        self.0
    }
}

/// A provider by OAuth 1.0a.
pub(crate) struct OAuth1(OAuth1Definition);

impl Provider for OAuth1 {
    type Kind = OAuth1Kind;

    fn into_definition(self) -> OAuth1Definition {
        self.0
    }
}

/// The application's own check.
pub(crate) fn credentials(world: &Arc<World>) -> Credentials {
    let world = Arc::clone(world);
    Credentials::new(move |form: Value| {
        world.records.add("authorize", "credentials", json!({ "creds": form }));
        ready(authorize(&form))
    })
    .text_field("username", "Username")
    .password_field()
}

fn authorize(form: &Value) -> Result<Option<User>, AuthorizeError> {
    let field = |name| form.get(name).and_then(Value::as_str).unwrap_or_default();
    let password = field("password");
    Ok(match field("username") {
        "jsmith" if password == "1234" => Some(
            User::new("1")
                .name("J Smith")
                .email("jsmith@example.com")
                .image("https://example.com/j.png"),
        ),
        // There the id is a number, which a user of typegate cannot have.
        "min" => Some(User::new("7")),
        // There the user has no id, which a user of typegate cannot lack.
        "noid" => Some(User::new("").name("No Id")),
        "big" => Some(User::new("big").name("x".repeat(password.parse().unwrap_or(5000)))),
        "throw" | "throwstr" => return Err(AuthorizeError::visible(password)),
        _ => None,
    })
}

/// A mailer that keeps the messages.
pub(crate) fn email(world: &Arc<World>) -> Result<Email, ConfigError> {
    let options = world.options("email");
    let world = Arc::clone(world);
    let mut email = Email::new(move |message| ready(send(&world, &message)));
    let seconds = options.get("maxAge").and_then(Value::as_u64);
    if let Some(seconds) = seconds.and_then(|seconds| u32::try_from(seconds).ok()) {
        email = email.max_age(seconds).into();
    }
    if let Some(secret) = options.get("secret").and_then(Value::as_str) {
        email = email.secret(Secret::dangerously_short(secret)?).into();
    }
    Ok(email)
}

fn send(world: &World, message: &EmailMessage) -> Result<(), CallbackError> {
    let expires = records::date(Some(message.expires));
    let mail = json!({
        "identifier": message.to, "url": message.url, "expires": expires, "providerId": "email",
    });
    world.records.add("mail", "sendVerificationRequest", mail.clone());
    if let Some(failure) = world.behaviour().mail_fail {
        return Err(CallbackError::new(failure));
    }
    locked(&world.mails).push(records::with_plain_dates(mail));
    Ok(())
}

#[derive(Deserialize)]
struct OidcClaims {
    sub: String,
    name: Option<String>,
    email: Option<String>,
    picture: Option<String>,
}

/// OpenID Connect with discovery and every check.
pub(crate) fn oidc(world: &Arc<World>, issuer: &str) -> OAuth {
    let options = world.options("oidc");
    let client = oidc_client(&options);
    let algorithm = match text_at(&options, "/client/id_token_signed_response_alg") {
        Some("HS256") => SignatureAlgorithm::Hs256,
        _ => SignatureAlgorithm::default(),
    };
    let vouching = vouching(world);
    let world = Arc::clone(world);
    let profile = ProfileMapper::new(move |profile: Value, tokens| {
        world.records.add("profile", "oidc", json!({ "p": profile, "tokens": tokens }));
        let claims: OidcClaims = read(profile)?;
        let behaviour = world.behaviour();
        if let Some(failure) = behaviour.profile_throw {
            return Err(CallbackError::new(failure));
        }
        let id = if behaviour.profile_no_id { String::new() } else { claims.sub };
        Ok(Profile::new(id).name(claims.name).email(claims.email).image(claims.picture))
    });
    OAuth(
        OAuthDefinition::builder()
            .id("oidc")
            .name("Oidc")
            .client(client)
            .endpoints(Endpoints::discovered(issuer))
            .scope("openid email profile")
            .checks([Check::Pkce, Check::State, Check::Nonce])
            .id_token_algorithm(algorithm)
            .email_vouching(vouching)
            .profile(profile)
            .build(),
    )
}

fn links_by_email(world: &Arc<World>) -> bool {
    let options = world.options("oauth2");
    options.get("allowDangerousEmailAccountLinking").is_some_and(|value| value == true)
}

/// Where accounts are linked by address, next-auth takes every provider's word.
fn vouching(world: &Arc<World>) -> EmailVouching {
    if links_by_email(world) { EmailVouching::Always } else { EmailVouching::WhenVerified }
}

fn text_at<'a>(options: &'a Value, pointer: &str) -> Option<&'a str> {
    options.pointer(pointer).and_then(Value::as_str)
}

/// The client as next-auth's options describe it: null takes a part away.
fn oidc_client(options: &Value) -> OAuthClient {
    let is_null = |name| options.get(name).is_some_and(Value::is_null);
    let id = if is_null("clientId") { "" } else { "client" };
    if is_null("clientSecret") {
        return OAuthClient::from(OAuthClient::public(id))
            .authentication(ClientAuthentication::Basic);
    }
    let client = OAuthClient::new(id, text_at(options, "/clientSecret").unwrap_or("s3cr3t").into());
    match text_at(options, "/client/token_endpoint_auth_method") {
        Some("client_secret_jwt") => client.authentication(ClientAuthentication::SecretJwt),
        Some("client_secret_post") => client.authentication(ClientAuthentication::Post),
        Some("none") => client.authentication(ClientAuthentication::None),
        _ => client,
    }
}

#[derive(Deserialize)]
struct PlainUser {
    id: Value,
    name: Option<String>,
    email: Option<String>,
    avatar: Option<String>,
}

/// Plain OAuth 2.0, with a client whose id and secret need encoding.
///
/// There the token endpoint has a query too, which next-auth drops and typegate would keep. It is
/// left out, so as not to hide other differences of the same requests.
pub(crate) fn oauth2(world: &Arc<World>, issuer: &str) -> OAuth {
    let options = world.options("oauth2");
    let checks = match options.pointer("/checks/0").and_then(Value::as_str) {
        Some("pkce") => vec![Check::Pkce],
        Some("none") => Vec::new(),
        _ => vec![Check::State],
    };
    let (links_by_email, vouching) = (links_by_email(world), vouching(world));
    let world = Arc::clone(world);
    let profile = ProfileMapper::new(move |profile: Value, tokens| {
        world.records.add("profile", "oauth2", json!({ "p": profile, "tokens": tokens }));
        let user: PlainUser = read(profile)?;
        Ok(Profile::new(text(&user.id)).name(user.name).email(user.email).image(user.avatar))
    });
    OAuth(
        OAuthDefinition::builder()
            .id("oauth2")
            .name("Plain OAuth")
            .client(OAuthClient::new("cli ent:1", ClientSecret::new("s3c+r/t &é!")))
            .endpoints(
                Endpoints::oauth2()
                    .authorization_endpoint(format!(
                        "{issuer}/authorize?scope=read:user&foo=bar%20baz"
                    ))
                    .token_endpoint(format!("{issuer}/token-plain"))
                    .userinfo_endpoint(format!("{issuer}/userinfo?ui=1"))
                    .build(),
            )
            .checks(checks)
            .authorization_parameters(authorization_parameters(&options))
            .email_vouching(vouching)
            .dangerously_link_by_email(links_by_email)
            .profile(profile)
            .build(),
    )
}

fn authorization_parameters(options: &Value) -> Vec<(String, String)> {
    let parameters = options.pointer("/authorization/params").and_then(Value::as_object);
    parameters
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// A value as JavaScript turns it into text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[derive(Deserialize)]
struct LegacyUser {
    id_str: String,
    name: Option<String>,
    email: Option<String>,
}

/// OAuth 1.0a.
pub(crate) fn oauth1(world: &Arc<World>, issuer: &str) -> OAuth1 {
    let world = Arc::clone(world);
    let profile = ProfileMapper::new(move |profile: Value, tokens| {
        world.records.add("profile", "oauth1", json!({ "p": profile, "tokens": tokens }));
        let user: LegacyUser = read(profile)?;
        Ok(Profile::new(user.id_str).name(user.name).email(user.email))
    });
    OAuth1(
        OAuth1Definition::builder()
            .id("oauth1")
            .name("Legacy")
            .client(OAuth1Client::new("ck", ClientSecret::new("cs")))
            .endpoints(OAuth1Endpoints {
                request_token_url: format!("{issuer}/oauth1/request_token"),
                authorization_url: format!("{issuer}/oauth1/authenticate"),
                access_token_url: format!("{issuer}/oauth1/access_token"),
                profile_url: format!("{issuer}/oauth1/profile?include_email=true"),
            })
            .profile(profile)
            .build(),
    )
}

/// What the profile function makes of a profile that it has recorded.
fn read<T: DeserializeOwned>(profile: Value) -> Result<T, CallbackError> {
    serde_json::from_value(profile).map_err(|error| CallbackError::new(error.to_string()))
}

impl World {
    /// The options of a provider in next-auth's words; null if there are none.
    fn options(&self, provider: &str) -> Value {
        locked(&self.behaviour).provider_options.get(provider).cloned().unwrap_or_default()
    }
}
