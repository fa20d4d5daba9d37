//! From the environment and the behaviour to a configuration.

use std::env;
use std::error::Error;
use std::sync::Arc;

use serde_json::Value;
use typegate::{Auth, ConfigError, Database, Jwt, Pages, Secret, SiteUrl};

use crate::hooks::{callbacks, events, jwt_callback};
use crate::providers::{credentials, email, oauth1, oauth2, oidc};
use crate::records::RecordingLogger;
use crate::store::Store;
use crate::world::{Behaviour, PageAddresses, World};

/// Which of the combinations that compile this process runs.
#[derive(Clone, Copy, Debug)]
enum Profile {
    Tokens,
    TokensWithAdapter,
    Database,
}

/// What the environment says.
pub(crate) struct Environment {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) behaviour: Behaviour,
    pub(crate) site: SiteUrl,
    profile: Profile,
    secret: String,
    issuer: String,
}

impl Environment {
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let port: u16 = variable("PORT", "4000").parse()?;
        let adapter = variable("ORACLE_ADAPTER", "memory");
        let profile = match (variable("ORACLE_STRATEGY", "default").as_str(), adapter.as_str()) {
            ("jwt" | "default", "none") => Profile::Tokens,
            ("jwt", _) => Profile::TokensWithAdapter,
            ("database", "none") => return Err("database sessions need an adapter".into()),
            _ => Profile::Database,
        };
        Ok(Self {
            host: variable("HOST", "127.0.0.1"),
            port,
            behaviour: serde_json::from_str(&variable("ORACLE_BEHAVIOUR", "{}"))?,
            profile,
            site: variable("NEXTAUTH_URL", &format!("http://localhost:{port}")).parse()?,
            secret: env::var("ORACLE_SECRET").unwrap_or_else(|_| "oracle-secret".to_owned()),
            issuer: variable("ORACLE_IDP", "http://127.0.0.1:4100"),
        })
    }
}

fn variable(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
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

/// Builds the configuration of this process for the behaviour of the moment.
pub(crate) fn build(environment: &Environment, world: &Arc<World>) -> Result<Auth<Value>, Refusal> {
    let behaviour = world.behaviour();
    if let Some(code) = compile_error(environment.profile, &behaviour) {
        return Err(Refusal::Compiler(code));
    }
    let is_removed = |option| behaviour.options.get(option).is_some_and(Value::is_null);
    let secret = if is_removed("secret") { "" } else { &environment.secret };
    let issuer = environment.issuer.as_str();
    // next-auth fetches a provider's metadata at every use.
    let builder = Auth::builder()
        .secret(Secret::dangerously_short(secret)?)
        .url(environment.site.clone())
        .events(events(world))
        .pages(pages(behaviour.pages))
        .logger(RecordingLogger(Arc::clone(world)))
        .clock(world.clock.clone())
        // next-auth has no limits.
        .rate_limit(typegate::rate_limit::Unlimited)
        .provider_metadata_lifetime(0);
    let store = Store(Arc::clone(world));
    let auth = match environment.profile {
        Profile::Tokens => builder
            .session(Jwt::default())
            .callbacks(callbacks(world).jwt(jwt_callback(world)))
            .provider(credentials(world))
            .provider(oidc(world, issuer))
            .provider(oauth2(world, issuer))
            .provider(oauth1(world, issuer))
            .build()?,
        Profile::TokensWithAdapter => builder
            .adapter(store)
            .session(Jwt::default())
            .callbacks(callbacks(world).jwt(jwt_callback(world)))
            .provider(credentials(world))
            .provider(email(world))
            .provider(oidc(world, issuer))
            .provider(oauth2(world, issuer))
            .provider(oauth1(world, issuer))
            .build()?,
        Profile::Database => builder
            .adapter(store)
            .session(Database::default())
            .callbacks(callbacks(world))
            .provider(email(world))
            .provider(oidc(world, issuer))
            .provider(oauth2(world, issuer))
            .provider(oauth1(world, issuer))
            .build()?,
    };
    Ok(auth)
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
    pages = sign_in.into_iter().fold(pages, Pages::sign_in);
    pages = sign_out.into_iter().fold(pages, Pages::sign_out);
    pages = error.into_iter().fold(pages, Pages::error);
    pages = verify_request.into_iter().fold(pages, Pages::verify_request);
    new_user.into_iter().fold(pages, Pages::new_user)
}
