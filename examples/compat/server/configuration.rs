//! The configuration, made from the profile and the behaviour.

use std::sync::Arc;

use serde_json::Value;
use typegate::{
    Auth, ClientAddressSource, ConfigError, Database, JsonObject, Jwt, Pages, Secret, SiteUrl,
    TrustedProxy,
};

use super::hooks::{callbacks, events, jwt_callback};
use super::options;
use super::providers::{credentials, email, oauth1, oauth2, oidc};
use super::records::RecordingLogger;
use super::store::Store;
use super::world::{Behaviour, PageAddresses, World};

/// Which of the combinations that compile the server runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Profile {
    Tokens,
    TokensWithAdapter,
    Database,
}

/// What stays the same as long as the server runs.
pub(crate) struct Setup {
    pub(crate) profile: Profile,
    pub(crate) site: SiteUrl,
    pub(crate) secret: String,
    /// The identity provider.
    pub(crate) issuer: String,
    /// How the application behaves at first.
    pub(crate) behaviour: Behaviour,
}

/// Why there is no configuration.
pub(crate) enum Refusal {
    /// `build()` says no when the program starts.
    Build(ConfigError),
    /// The compiler says no: such a program cannot be written. This is next-auth's code for it.
    Compiler(&'static str),
}

impl From<ConfigError> for Refusal {
    fn from(error: ConfigError) -> Self {
        Self::Build(error)
    }
}

/// Builds the configuration for the behaviour of the moment.
pub(crate) fn build(setup: &Setup, world: &Arc<World>) -> Result<Auth<Value>, Refusal> {
    let behaviour = world.behaviour();
    if let Some(code) = compile_error(setup.profile, &behaviour) {
        return Err(Refusal::Compiler(code));
    }
    let is_removed = |option| behaviour.options.get(option).is_some_and(Value::is_null);
    let secret = if is_removed("secret") { "" } else { &setup.secret };
    let issuer = setup.issuer.as_str();
    let site = match &behaviour.url {
        Some(url) => url.parse()?,
        None => setup.site.clone(),
    };
    let builder = Auth::builder().secret(Secret::dangerously_short(secret)?);
    let store = Store(Arc::clone(world));
    let (tokens, rows) = strategies(&behaviour.session);
    // Where the address is fixed and where a proxy tells it are two types of builder.
    macro_rules! built {
        ($builder:expr) => {{
            // next-auth fetches a provider's metadata at every use.
            let builder = $builder
                .events(events(world, !matches!(setup.profile, Profile::Tokens)))
                .pages(pages(behaviour.pages))
                .theme(options::theme(&behaviour.options))
                .cookies(options::cookies(&behaviour.options)?)
                .logger(RecordingLogger(Arc::clone(world)))
                .clock(world.clock.clone())
                .http_client(world.http_client.clone())
                // next-auth has no limits.
                .rate_limit(typegate::rate_limit::Unlimited)
                .provider_metadata_lifetime(0);
            match setup.profile {
                Profile::Tokens => builder
                    .session(tokens)
                    .callbacks(callbacks(world).jwt(jwt_callback(world)))
                    .provider(credentials(world))
                    .provider(oidc(world, issuer))
                    .provider(oauth2(world, issuer))
                    .provider(oauth1(world, issuer))
                    .build()?,
                Profile::TokensWithAdapter => builder
                    .adapter(store)
                    .session(tokens)
                    .callbacks(callbacks(world).jwt(jwt_callback(world)))
                    .provider(credentials(world))
                    .provider(email(world)?)
                    .provider(oidc(world, issuer))
                    .provider(oauth2(world, issuer))
                    .provider(oauth1(world, issuer))
                    .build()?,
                Profile::Database => builder
                    .adapter(store)
                    .session(rows)
                    .callbacks(callbacks(world))
                    .provider(email(world)?)
                    .provider(oidc(world, issuer))
                    .provider(oauth2(world, issuer))
                    .provider(oauth1(world, issuer))
                    .build()?,
            }
        }};
    }
    let auth = if behaviour.trust_host {
        let hosts = [site.host(), "app.example.com", "app.example.com:8443"];
        let proxy = TrustedProxy::hosts(hosts);
        let source = ClientAddressSource::forwarded_for(1);
        built!(builder.trust_proxy(proxy).client_address(source))
    } else {
        built!(builder.url(site))
    };
    Ok(auth)
}

fn strategies(session: &JsonObject) -> (Jwt, Database) {
    let (mut tokens, mut rows) = (Jwt::default(), Database::default());
    if let Some(seconds) = options::seconds(session, "maxAge") {
        (tokens, rows) = (tokens.max_age(seconds).into(), rows.max_age(seconds).into());
    }
    if let Some(seconds) = options::seconds(session, "updateAge") {
        rows = rows.update_age(seconds).into();
    }
    (tokens, rows)
}

/// next-auth's code for a wish that only the compiler answers.
fn compile_error(profile: Profile, behaviour: &Behaviour) -> Option<&'static str> {
    let wants = |id: &str| {
        behaviour.providers.as_ref().is_some_and(|ids| ids.iter().any(|wanted| wanted == id))
    };
    let has_adapter = !matches!(profile, Profile::Tokens)
        && !behaviour.options.get("adapter").is_some_and(Value::is_null);
    let keeps_sessions = matches!(profile, Profile::Database)
        || behaviour.session.get("strategy").is_some_and(|strategy| strategy == "database");
    if behaviour.no_authorize {
        Some("CALLBACK_CREDENTIALS_HANDLER_ERROR")
    } else if wants("credentials") && keeps_sessions {
        Some("CALLBACK_CREDENTIALS_JWT_ERROR")
    } else if wants("email") && !has_adapter {
        Some("EMAIL_REQUIRES_ADAPTER_ERROR")
    } else if !behaviour.adapter_missing.is_empty() {
        Some("MISSING_ADAPTER_METHODS_ERROR")
    } else {
        None
    }
}

fn pages(addresses: PageAddresses) -> Pages {
    let PageAddresses { sign_in, sign_out, error, verify_request, new_user } = addresses;
    let mut pages = Pages::new();
    pages = sign_in.into_iter().fold(pages, |pages, page| pages.sign_in(page).into());
    pages = sign_out.into_iter().fold(pages, |pages, page| pages.sign_out(page).into());
    pages = error.into_iter().fold(pages, |pages, page| pages.error(page).into());
    pages = verify_request.into_iter().fold(pages, |pages, page| pages.verify_request(page).into());
    new_user.into_iter().fold(pages, |pages, page| pages.new_user(page).into())
}
