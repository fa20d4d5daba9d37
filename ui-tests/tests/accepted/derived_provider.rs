//! A derived provider and profile, with the crate under another name and nothing imported.

#![expect(unreachable_pub, reason = "what a derive writes beside a public provider is public, too")]

#[derive(renamed_typegate::OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "acme",
    name = "Acme",
    authorization_endpoint = "{base_url}/authorize",
    token_endpoint = "{base_url}/token",
    userinfo_endpoint = "{base_url}/me",
    profile = AcmeUser
)]
pub struct Acme {
    client_id: String,
    client_secret: renamed_typegate::ClientSecret,
    #[provider(default = "https://acme.example")]
    base_url: String,
}

#[derive(renamed_typegate::RawProfile)]
#[profile(crate = renamed_typegate)]
struct AcmeUser {
    #[profile(id)]
    id: u64,
    #[profile(name)]
    r#type: Option<String>,
}

/// Functions return what is at hand: a text, a part of the profile, or perhaps nothing.
#[derive(renamed_typegate::RawProfile)]
#[profile(crate = renamed_typegate, name = full_name, email = address, image = avatar)]
struct Made {
    #[profile(id)]
    id: u64,
    email: Option<String>,
}

fn full_name(user: &Made) -> String {
    format!("User {}", user.id)
}

fn address(user: &Made) -> Option<&str> {
    user.email.as_deref()
}

fn avatar(user: &Made) -> Option<String> {
    (user.id > 0).then(|| format!("https://img.acme.example/{}.png", user.id))
}

#[derive(renamed_typegate::OAuth1Provider)]
#[provider(
    crate = ::renamed_typegate,
    id = "trails",
    name = "Trails",
    request_token_url = "https://trails.example/oauth/request_token",
    authorization_url = "https://trails.example/oauth/authorize",
    access_token_url = "https://trails.example/oauth/access_token",
    profile_url = "https://trails.example/api/me.json",
    profile = AcmeUser
)]
struct Trails {
    client_key: String,
    client_secret: renamed_typegate::ClientSecret,
}

/// The derives name nothing that a user could have shadowed.
#[expect(dead_code, reason = "they stand in the way on purpose")]
mod shadowed {
    struct Option;
    struct Result;
    struct String;
    struct Box;
    mod core {}
    mod std {}

    #[derive(renamed_typegate::RawProfile)]
    #[profile(crate = ::renamed_typegate, name = "{id} {id}")]
    struct Shadowed {
        #[profile(id)]
        id: u64,
        #[profile(extra)]
        more: ::std::option::Option<u32>,
    }
}

/// A builder has the parameters of its provider before its own.
#[derive(renamed_typegate::OAuthProvider)]
#[provider(crate = renamed_typegate, id = "typed", name = "Typed", issuer = "https://{tenant}.acme.example")]
pub struct Typed<T: renamed_typegate::provider::ProviderField> {
    client_id: String,
    client_secret: renamed_typegate::ClientSecret,
    tenant: T,
}

/// Types and paths may come by way of a macro.
macro_rules! provider {
    ($name:ident, $id:literal, $url:expr, $env:tt, $text:ty, $optional:ty, $krate:path, $profile:ty) => {
        #[derive(renamed_typegate::OAuthProvider)]
        #[provider(
            crate = $krate,
            id = $id,
            name = "By macro",
            env = $env,
            authorization_endpoint(url = "https://acme.example/authorize", params(hint = "{hint}", type = "{type}")),
            token_endpoint = $url,
            userinfo_endpoint = "https://acme.example/me",
            profile = $profile
        )]
        struct $name {
            client_id: $text,
            client_secret: renamed_typegate::ClientSecret,
            hint: $optional,
            r#type: $text,
        }
    };
}

macro_rules! profile {
    ($name:ident, $id:ty, $text:ty, $picture:path) => {
        #[derive(renamed_typegate::RawProfile)]
        #[profile(crate = renamed_typegate, name = "{given} {type}", image = $picture)]
        struct $name {
            #[profile(id)]
            id: $id,
            #[profile(email)]
            address: $text,
            #[profile(email_verified)]
            confirmed: Option<bool>,
            given: $text,
            r#type: $text,
            #[profile(extra)]
            level: $text,
        }
    };
}

fn picture(user: &UserByMacro) -> Option<&str> {
    user.given.as_deref()
}

profile!(UserByMacro, u64, Option<String>, picture);
provider!(
    ByMacro,
    "by-macro",
    "https://acme.example/token",
    "ACME",
    String,
    Option<String>,
    renamed_typegate,
    UserByMacro
);

#[test]
fn a_derived_provider_reads_its_environment() -> Result<(), renamed_typegate::ConfigError> {
    let _ = renamed_typegate::provider::ProfileMapper::of::<Made>();
    renamed_typegate::Auth::builder()
        .secret(renamed_typegate::Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?)
        .provider(
            Acme::new("client id", "client secret".into()).base_url("https://git.acme.example"),
        )
        .provider(Trails::new("client key", "client secret".into()))
        .provider(
            ByMacro::builder()
                .r#type("type")
                .client_id("client id")
                .client_secret("client secret")
                .build()
                .hint("somebody"),
        )
        .provider(
            Typed::<String>::builder()
                .tenant("acme")
                .client_secret("client secret")
                .client_id("client id")
                .build(),
        )
        .build()?;

    // The variables have the names of the fields.
    let asked = std::cell::RefCell::new(Vec::new());
    let given = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        Some("given".to_owned())
    };
    ByMacro::from_variables(&given)?;
    asked.borrow_mut().sort();
    assert_eq!(*asked.borrow(), ["ACME_HINT", "ACME_ID", "ACME_SECRET", "ACME_TYPE"]);
    Ok(())
}

/// Methods of one's own have the names that calls of the builder have.
#[derive(renamed_typegate::OAuthProvider)]
#[provider(
    crate = renamed_typegate,
    id = "tenants",
    name = "Tenants",
    issuer = "https://{tenant}.acme.example",
)]
struct OfTenant {
    client_id: String,
    client_secret: renamed_typegate::ClientSecret,
    tenant: String,
}

impl OfTenant {
    fn new(tenant: &str) -> Self {
        Self::builder().client_id("id").client_secret("secret").tenant(tenant).build()
    }

    fn tenant(&self) -> &str {
        &self.tenant
    }
}

#[test]
fn methods_of_ones_own_may_be_called_like_parts() {
    assert_eq!(OfTenant::new("north").tenant(), "north");
}
