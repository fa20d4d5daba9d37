//! Derived providers that exist nowhere, with every attribute that the catalogue's providers need
//! between them. Their files are in `tests/data/derived`.

use serde_json::Value;
use typegate::provider::{
    OAuthDefinition, PrivateKey, Provider as _, UserInfoRequest, catalog::Variables,
};
use typegate::{BoxError, ClientSecret, ConfigError, OAuthProvider, RawProfile};

/// The provider of that id.
pub(crate) fn find(id: &str, variables: &Variables<'_>) -> Result<OAuthDefinition, ConfigError> {
    Ok(match id {
        "assertion" => Assertion::from_variables(variables)?.into_definition(),
        "callback-field" => CallbackField::from_variables(variables)?.into_definition(),
        "declared" => Declared::from_variables(variables)?.into_definition(),
        "hmac" => Hmac::from_variables(variables)?.into_definition(),
        "json" => Json::from_variables(variables)?.into_definition(),
        "private-key" => KeyHolder::from_variables(variables)?.into_definition(),
        "public" => Public::from_variables(variables)?.into_definition(),
        "renamed" => Renamed::from_variables(variables)?.into_definition(),
        "secret-jwt" => Signatory::from_variables(variables)?.into_definition(),
        "signed" => Signed::from_variables(variables)?.into_definition(),
        "tenants" => Tenants::from_variables(variables)?.into_definition(),
        other => panic!("there is no provider `{other}`"),
    })
}

#[derive(RawProfile)]
#[profile(name = "{first} {last}", image = "{base}/avatar/{id}/{size}")]
struct Composed {
    #[profile(id, path = "/id")]
    id: i64,
    first: Option<String>,
    last: Option<String>,
    #[profile(name)]
    nick: Option<String>,
    #[profile(email, extra = "login")]
    email: Option<String>,
    base: Option<String>,
    size: Option<u32>,
    #[profile(extra)]
    color: Option<String>,
}

/// Everything under another name, and in another place.
#[derive(OAuthProvider)]
#[provider(
    id = "renamed",
    name = "Renamed",
    authorization_endpoint(
        url = "{host}/authorize?fixed=1",
        params(appid = "{client_id}", tenant = "{tenant}", claims(id_token(email, level = 2)))
    ),
    token_endpoint(
        url = "https://renamed.example/token",
        query(appid = "{client_id}", secret = "{client_secret}"),
        headers("Api-Version" = "3"),
        form(client_key = "{client_id}", back = "{redirect_uri}", tenant = "{tenant}"),
        select = "data.tokens"
    ),
    userinfo_endpoint(
        url = "https://api.renamed.example/{tokens.uid}/info",
        query(access_token = "{access_token}", openid = "{tokens.openid}", none = "{tokens.none}"),
        headers("X-Key" = "{client_id}"),
        select = "response[0]",
        add(email = "{tokens.email}", base = "{host}"),
        hook = with_color
    ),
    scope = "a b",
    scope_separator = ",",
    checks(state),
    client_authentication = "post",
    profile = Composed
)]
struct Renamed {
    client_id: String,
    client_secret: ClientSecret,
    host: String,
    tenant: Option<String>,
}

/// A step of its own after the answer.
async fn with_color(mut request: UserInfoRequest<'_>) -> Result<Value, BoxError> {
    let url = format!("https://api.renamed.example/{}/color", request.raw["id"]);
    let answer = request.send(http::Request::get(url).body(bytes::Bytes::new())?).await?;
    request.raw["color"] = serde_json::from_slice(answer.body())?;
    Ok(request.raw)
}

#[derive(OAuthProvider)]
#[provider(
    id = "json",
    name = "Json",
    authorization_endpoint = "https://json.example/authorize",
    token_endpoint = "https://json.example/token",
    userinfo_endpoint(
        url = "https://json.example/sync",
        json(sync_token = "*", types = "[\"user\"]", full = true, page(size = 1, after)),
        select = "user"
    ),
    profile = Composed
)]
struct Json {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    id = "assertion",
    name = "Assertion",
    authorization_endpoint = "https://assertion.example/authorize",
    token_endpoint(
        url = "https://assertion.example/token",
        form(
            client_assertion = "{client_secret}",
            assertion = "{code}",
            redirect_uri = "{redirect_uri}",
            code_verifier = "{code_verifier}"
        ),
        only_declared_form
    ),
    userinfo_endpoint(url = "https://assertion.example/me", post),
    checks(state),
    profile = Composed
)]
struct Assertion {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    id = "public",
    name = "Public",
    authorization_endpoint = "https://public.example/authorize",
    token_endpoint = "https://public.example/token",
    userinfo_endpoint = "https://public.example/me",
    client_authentication = "none",
    env = "AUTH_PUBLIC",
    profile = Composed
)]
struct Public {
    client_id: String,
}

/// OpenID Connect without discovery.
#[derive(OAuthProvider)]
#[provider(
    id = "declared",
    name = "Declared",
    issuer = "https://declared.example/",
    authorization_endpoint = "https://declared.example/authorize",
    token_endpoint = "https://declared.example/token",
    jwks_uri = "https://declared.example/jwks",
    userinfo_endpoint(url = "https://declared.example/me", fetch)
)]
struct Declared {
    client_id: String,
    client_secret: ClientSecret,
}

/// The userinfo endpoint answers with a signed JWT; the token endpoint is declared, the rest is
/// discovered.
#[derive(OAuthProvider)]
#[provider(
    id = "signed",
    name = "Signed",
    issuer = "{issuer}",
    token_endpoint = "https://signed.example/own/token",
    userinfo_endpoint(fetch, signed = "RS256")
)]
struct Signed {
    client_id: String,
    client_secret: ClientSecret,
    issuer: String,
}

#[derive(OAuthProvider)]
#[provider(
    id = "hmac",
    name = "Hmac",
    issuer = "https://hmac.example",
    discovery_document = "https://hmac.example/documents/openid",
    id_token_algorithm = "HS256",
    checks(state, nonce)
)]
struct Hmac {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    id = "tenants",
    name = "Tenants",
    issuer = "https://login.example/{tenantid}/v2.0",
    tenant_claim = "tid"
)]
struct Tenants {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    id = "private-key",
    name = "Private key",
    issuer = "https://key.example",
    pushed_authorization_request_endpoint = "https://key.example/par",
    end_session_endpoint = "https://key.example/logout",
    response_mode = "form_post"
)]
struct KeyHolder {
    client_id: String,
    private_key: PrivateKey,
}

#[derive(OAuthProvider)]
#[provider(
    id = "secret-jwt",
    name = "Secret JWT",
    issuer = "https://jwt.example",
    client_authentication = "secret_jwt"
)]
struct Signatory {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(OAuthProvider)]
#[provider(
    id = "callback-field",
    name = "Callback field",
    issuer = "https://callback.example",
    userinfo_endpoint(callback_fields(user, sub)),
    profile = Named
)]
struct CallbackField {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
#[profile(name = "{first} {last}")]
struct Named {
    #[profile(id)]
    sub: String,
    #[profile(name)]
    name: Option<String>,
    #[profile(email)]
    email: Option<String>,
    #[profile()]
    #[profile(path = "user.name.firstName")]
    first: Option<String>,
    #[profile(path = "user.name.lastName")]
    last: Option<String>,
}
