//! A provider is one record, whoever describes it.

use typegate::{OAuth1Provider, OAuthProvider, RawProfile};

use crate::crypto::secret::ClientSecret;
use crate::dynamic::Registry;
use crate::dynamic::format::read_toml;
use crate::dynamic::problem::Problems;
use crate::dynamic::settings;
use crate::dynamic::source::Source;
use crate::oauth::definition::setting::{COMMON, OAUTH, OAUTH1};
use crate::oauth::v1::{OAuth1Client, OAuth1Definition, OAuth1Endpoints, SignatureMethod};
use crate::oauth::{
    Check, Endpoints, OAuthClient, OAuthDefinition, ProfileMapper, PushedAuthorization,
    ResponseMode, StandardClaims,
};
use crate::provider::{Oidc, Provider, ProviderDefinition};

/// The first provider of a file, and what is reported.
fn of_file(provider: &str) -> (Option<ProviderDefinition>, String) {
    let text = format!(
        "url = 'https://app.example.com'\nsecret = {{ registered = 'vault' }}\n[[providers]]\n{provider}"
    );
    let root = read_toml(&text).root.unwrap();
    let registry = Registry::new()
        .secret("vault", "a secret for tests, long enough for all of us")
        .secret("client", "s3cr3t")
        .secret("key", include_str!("../../../tests/data/keys/p256.pem"));
    let mut problems = Problems::default();
    let read = settings::read(&root, &registry, &mut problems);
    let report = problems.into_report(&Source::without_text("auth.toml".into())).to_string();
    (read.and_then(|read| read.settings.providers.into_iter().next()), report)
}

/// The record that a file makes, if it is right.
#[cfg(feature = "catalog")]
pub(super) fn quietly_read(provider: &str) -> Option<String> {
    let (definition, report) = of_file(provider);
    report.is_empty().then(|| shown(definition.unwrap()))
}

/// The record that a file makes.
pub(super) fn read(provider: &str) -> String {
    let (definition, report) = of_file(provider);
    assert_eq!(report, "");
    shown(definition.unwrap())
}

fn shown(definition: impl Into<ProviderDefinition>) -> String {
    format!("{:#?}", definition.into())
}

#[test]
fn a_second_provider_of_a_type_has_an_id_of_its_own() {
    let file = "type = 'github'\nid = 'github-enterprise'\nname = 'GitHub Enterprise'\n\
                client_id = 'app'\nclient_secret = { registered = 'client' }\n\
                base_url = 'https://git.acme.example'";
    let (definition, report) = of_file(file);
    assert_eq!(report, "");
    let Some(ProviderDefinition::OAuth(definition)) = definition else { panic!() };
    assert_eq!(definition.common.id, "github-enterprise");
    assert_eq!(definition.common.name, "GitHub Enterprise");
    let both = format!(
        "type = 'github'\nclient_id = 'app'\nclient_secret = {{ registered = 'client' }}\n\
         [[providers]]\n{file}"
    );
    assert_eq!(of_file(&both).1, "");
}

#[derive(OAuthProvider)]
#[provider(id = "acme", name = "Acme", issuer = "https://id.acme.example")]
struct Acme {
    client_id: String,
    client_secret: ClientSecret,
}

#[test]
fn four_doors_to_openid_connect_lead_to_one_record() {
    let client = || OAuthClient::new("app", "s3cr3t".into());
    let by_hand = OAuthDefinition::builder()
        .id("acme")
        .name("Acme")
        .client(client())
        .endpoints(Endpoints::discovered("https://id.acme.example"))
        .profile(ProfileMapper::of::<StandardClaims>())
        .build();
    let expected = shown(by_hand.clone());
    let oidc = Oidc::builder().id("acme").name("Acme").issuer("https://id.acme.example");
    assert_eq!(shown(oidc.client(client()).build().into_definition()), expected);
    assert_eq!(shown(Acme::new("app", "s3cr3t".into()).into_definition()), expected);
    let file = "type = 'oidc'\nid = 'acme'\nname = 'Acme'\nissuer = 'https://id.acme.example'\n\
                client_id = 'app'\nclient_secret = { registered = 'client' }";
    assert_eq!(read(file), expected);
    assert_eq!(by_hand.scope(), Some("openid profile email"));
    assert_eq!(by_hand.checks(), [Check::Pkce, Check::State, Check::Nonce]);
}

#[derive(OAuthProvider)]
#[provider(
    id = "plain",
    name = "Plain",
    callback_issuer = "https://plain.example",
    authorization_endpoint(url = "https://plain.example/authorize", params(audience = "api")),
    token_endpoint(url = "https://plain.example/token", query(v = "2"), select = "answer.tokens"),
    userinfo_endpoint(url = "https://plain.example/me", query(fields = "id"), select = "user"),
    pushed_authorization_request_endpoint = "https://plain.example/par",
    pushed_authorization = "always",
    scope = "profile email",
    checks(pkce),
    response_mode = "form_post",
    client_authentication = "post",
    email_vouching = "always",
    dangerously_allow_http,
    profile = Person
)]
struct Plain {
    client_id: String,
    client_secret: ClientSecret,
}

#[derive(RawProfile)]
struct Person {
    #[profile(id)]
    id: String,
}

#[test]
fn three_doors_to_oauth_2_lead_to_one_record() {
    let expected = shown(Plain::new("app", "s3cr3t".into()).into_definition());
    let file = "type = 'oauth2'\nid = 'plain'\nname = 'Plain'\nissuer = 'https://plain.example'\n\
                client_id = 'app'\nclient_secret = { registered = 'client' }\n\
                authorization_endpoint = 'https://plain.example/authorize'\n\
                authorization_parameters = { audience = 'api' }\n\
                token_endpoint = 'https://plain.example/token'\ntoken_query = { v = '2' }\n\
                token_select = '/answer/tokens'\n\
                userinfo_endpoint = 'https://plain.example/me'\nuserinfo_query = { fields = 'id' }\n\
                userinfo_select = '/user'\n\
                pushed_authorization_request_endpoint = 'https://plain.example/par'\n\
                pushed_authorization = 'always'\nscope = 'profile email'\nchecks = ['pkce']\n\
                response_mode = 'form_post'\nclient_authentication = 'post'\n\
                email_vouching = 'always'\ndangerously_allow_http = true";
    assert_eq!(read(file), expected);
    let endpoints = Endpoints::oauth2()
        .authorization_endpoint("https://plain.example/authorize")
        .token_endpoint("https://plain.example/token")
        .userinfo_endpoint("https://plain.example/me")
        .build();
    let bare = OAuthDefinition::builder()
        .id("plain")
        .name("Plain")
        .client(OAuthClient::new("app", "s3cr3t".into()))
        .endpoints(endpoints)
        .profile(ProfileMapper::of::<Person>())
        .build();
    assert_eq!((bare.scope(), bare.checks()), (None, &[Check::Pkce, Check::State][..]));
}

#[derive(OAuth1Provider)]
#[provider(
    id = "trails",
    name = "Trails",
    request_token_url = "https://trails.example/request_token",
    authorization_url = "https://trails.example/authorize",
    access_token_url = "https://trails.example/access_token",
    profile_url = "https://trails.example/me.json",
    signature = "PLAINTEXT",
    version = "1.0",
    profile = Person
)]
struct Trails {
    client_key: String,
    client_secret: ClientSecret,
}

#[test]
fn three_doors_to_oauth_1_lead_to_one_record() {
    let by_hand = OAuth1Definition::builder()
        .id("trails")
        .name("Trails")
        .client(OAuth1Client::new("app", "s3cr3t".into()))
        .endpoints(OAuth1Endpoints {
            request_token_url: "https://trails.example/request_token".into(),
            authorization_url: "https://trails.example/authorize".into(),
            access_token_url: "https://trails.example/access_token".into(),
            profile_url: "https://trails.example/me.json".into(),
        })
        .profile(ProfileMapper::of::<Person>())
        .signature(SignatureMethod::Plaintext)
        .version("1.0")
        .build();
    let expected = shown(by_hand);
    assert_eq!(shown(Trails::new("app", "s3cr3t".into()).into_definition()), expected);
    let file = "type = 'oauth1'\nid = 'trails'\nname = 'Trails'\nclient_key = 'app'\n\
                client_secret = { registered = 'client' }\n\
                request_token_url = 'https://trails.example/request_token'\n\
                authorization_url = 'https://trails.example/authorize'\n\
                access_token_url = 'https://trails.example/access_token'\n\
                profile_url = 'https://trails.example/me.json'\nsignature = 'PLAINTEXT'\n\
                version = '1.0'";
    assert_eq!(read(file), expected);
}

/// Whatever an application can say of a provider of the catalogue in code, a file can say.
#[cfg(feature = "catalog")]
#[test]
fn options_of_the_catalogue_are_replaced_by_a_file() {
    use crate::provider::Adjust as _;
    use crate::provider::catalog::{BankIdNo, GitLab};

    let in_code = GitLab::new("app", "s3cr3t".into())
        .scope("read_user openid")
        .response_mode(ResponseMode::FormPost)
        .pushed_authorization(PushedAuthorization::Always)
        .authorization_parameter("prompt", "login")
        .endpoints(|gitlab| {
            gitlab
                .userinfo_endpoint("https://proxy.example/userinfo")
                .pushed_authorization_request_endpoint("https://proxy.example/par")
        });
    let file = "type = 'gitlab'\nclient_id = 'app'\nclient_secret = { registered = 'client' }\n\
                scope = 'read_user openid'\nresponse_mode = 'form_post'\n\
                pushed_authorization = 'always'\nauthorization_parameters = { prompt = 'login' }\n\
                userinfo_endpoint = 'https://proxy.example/userinfo'\n\
                pushed_authorization_request_endpoint = 'https://proxy.example/par'";
    assert_eq!(read(file), shown(in_code.into_definition()));

    // The provider has `ui_locales` and `login_hint` of its own.
    let in_code = BankIdNo::new("app", "s3cr3t".into())
        .authorization_parameters([("login_hint", "BIM"), ("prompt", "login")].map(text))
        .into_definition();
    let parameters = [("ui_locales", "no"), ("login_hint", "BIM"), ("prompt", "login")].map(text);
    assert_eq!(in_code.authorization_parameters, parameters);
    let file = "type = 'bankid-no'\nclient_id = 'app'\nclient_secret = { registered = 'client' }\n\
                authorization_parameters = { login_hint = 'BIM', prompt = 'login' }";
    assert_eq!(read(file), shown(in_code));
}

#[cfg(feature = "catalog")]
fn text((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn a_file_gives_a_client_its_private_key() {
    let provider =
        "type = 'oidc'\nid = 'acme'\nissuer = 'https://id.acme.example'\nclient_id = 'app'\n";
    let key = "client_private_key = { registered = 'key' }\nclient_private_key_id = '2026'\n\
               client_private_key_audience = 'https://id.acme.example/token'";
    let record = read(&format!("{provider}{key}"));
    assert!(record.contains("PrivateKey(redacted)") && record.contains("/token"), "{record}");
    for (with, says) in [
        ("client_private_key = 'no key'", "a secret"),
        ("client_private_key = { registered = 'client' }", "the private key cannot be used"),
        ("client_private_key_id = '2026'", "and there is none"),
        (&format!("{key}\nclient_secret = {{ registered = 'client' }}"), "in one way"),
    ] {
        let (definition, report) = of_file(&format!("{provider}{with}"));
        assert!(report.contains(says), "{report}");
        assert!(definition.is_none() || report.contains("remove"), "{report}");
    }
}

#[test]
fn names_of_options_are_unique() {
    let oauth = OAUTH.iter().map(|setting| setting.row().key);
    let mut keys: Vec<_> = oauth.chain(COMMON.iter().map(|setting| setting.row().key)).collect();
    keys.extend(OAUTH1.iter().map(|setting| setting.row().key));
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all);
}

#[derive(OAuth1Provider)]
#[provider(
    id = "wiki",
    name = "Wiki",
    request_token_url = "{base_url}/request_token",
    authorization_url = "{base_url}/authorize",
    access_token_url = "{base_url}/access_token",
    profile_url = "https://{wiki}.example/me.json",
    profile = Person
)]
struct Wiki {
    client_key: String,
    client_secret: ClientSecret,
    #[provider(default = "https://wiki.example")]
    base_url: String,
    wiki: String,
}

#[test]
fn addresses_of_oauth_1_name_fields_of_the_provider() {
    let wiki = Wiki::builder().client_key("app").client_secret("s3cr3t").wiki("de").build();
    let endpoints = wiki.base_url("https://intranet.example/wiki/").into_definition().endpoints;
    assert_eq!(endpoints.request_token_url, "https://intranet.example/wiki/request_token");
    assert_eq!(endpoints.authorization_url, "https://intranet.example/wiki/authorize");
    assert_eq!(endpoints.access_token_url, "https://intranet.example/wiki/access_token");
    assert_eq!(endpoints.profile_url, "https://de.example/me.json");
}

#[test]
fn a_builder_with_all_that_is_needed_is_a_provider() {
    let builder = || Acme::builder().client_id("app").client_secret("s3cr3t");
    assert_eq!(shown(builder().into_definition()), shown(builder().build().into_definition()));
}
