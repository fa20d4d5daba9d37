//! A configuration that functions, a structure, conditions and loops change: the builder that is
//! checked at run time keeps its type.

extern crate renamed_typegate as typegate;

use serde::{Deserialize, Serialize};
use typegate::adapter::{DynamicAdapter, MemoryAdapter};
use typegate::builder::{AuthBuilder, SessionStrategy};
use typegate::hooks::{Callbacks, SessionRequest};
use typegate::provider::catalog::GitHub;
use typegate::provider::{Email, OAuthClient, Oidc, Provider, ProviderDefinition};
use typegate::slot::AtRunTime;
use typegate::{Auth, CallbackError, ConfigError, Database, ErrorCode, Jwt, Secret, Theme};

fn base() -> Result<AuthBuilder, ConfigError> {
    Ok(Auth::builder_at_run_time()
        .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
        .url("https://app.example.com".parse()?))
}

fn branded(builder: AuthBuilder) -> AuthBuilder {
    builder.theme(Theme::new())
}

fn with<P: Provider>(builder: AuthBuilder, provider: P) -> AuthBuilder {
    builder.provider(provider)
}

fn lasting<S: SessionStrategy>(builder: AuthBuilder, strategy: S) -> AuthBuilder {
    builder.session(strategy)
}

struct Setup {
    builder: AuthBuilder,
}

impl Setup {
    fn tenants(mut self, ids: &[&str]) -> Self {
        for id in ids {
            let provider = Oidc::builder().id(*id).name(*id).issuer("https://id.example");
            let client = OAuthClient::new("client", "s3cr3t".into());
            self.builder = self.builder.provider(provider.client(client).build());
        }
        self
    }
}

fn configure(stored: bool, mail: bool, stateless: bool) -> Result<Auth, ConfigError> {
    let mut builder = Setup { builder: branded(base()?) }.tenants(&["acme", "umbrella"]).builder;
    builder = with(builder, GitHub::new("client id", "client secret".into()));
    if stored {
        builder = builder.adapter(DynamicAdapter::listing(MemoryAdapter::new()));
    }
    if mail {
        let email = Email::new(|_message| async { Ok(()) });
        let others: Vec<ProviderDefinition> = vec![email.into_definition().into()];
        builder = builder.providers(others);
    }
    if stateless {
        builder = builder.callbacks(Callbacks::new().sign_in(|_attempt| async { Ok(true) }));
    }
    let builder = match stateless {
        true => lasting(builder, Jwt::default()),
        false => lasting(builder, Database::default()),
    };
    builder.build()
}

#[derive(Clone, Serialize, Deserialize)]
struct AppSession {
    role: String,
}

/// Callbacks that show the usual session leave the builder what it is; others make it one of their
/// session data type.
fn with_roles(mut builder: AuthBuilder, open: bool) -> AuthBuilder<AtRunTime<AppSession>> {
    if !open {
        return builder.callbacks(Callbacks::new().sign_in(|_| async { Ok(false) }).session(role));
    }
    builder = builder.theme(Theme::new());
    builder.callbacks(Callbacks::new().jwt(|request| async { Ok(request.token) }).session(role))
}

async fn role(_: SessionRequest) -> Result<AppSession, CallbackError> {
    Ok(AppSession { role: "reader".to_owned() })
}

#[test]
fn conditions_and_lists_work_at_run_time() -> Result<(), ConfigError> {
    configure(true, true, false)?;
    configure(true, true, true)?;
    configure(false, false, true)?;
    let error = configure(false, true, true).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::EmailRequiresAdapter));
    assert_eq!(configure(false, true, false).unwrap_err().all().count(), 2);

    let github = || GitHub::new("client id", "client secret".into());
    let _: Auth<AppSession> = with_roles(base()?.provider(github()), true).build()?;
    let _: Auth<AppSession> = with_roles(base()?.provider(github()), false).build()?;
    let usual = Callbacks::new().sign_in(|_| async { Ok(true) });
    let twice = with_roles(base()?.provider(github()).callbacks(usual), true).build();
    assert!(twice.unwrap_err().to_string().contains("`callbacks` is given twice"));
    Ok(())
}
