//! The builder that is checked at run time says what the types say.

use std::collections::BTreeSet;

use serde_json::Value;
use typegate::adapter::{DynamicAdapter, MemoryAdapter};
use typegate::builder::AuthBuilder;
use typegate::hooks::Callbacks;
use typegate::provider::{Credentials, Email, OAuthClient, Oidc, Provider, ProviderDefinition};
use typegate::rule::Rule;
use typegate::testing::FakeHttpClient;
use typegate::{
    Auth, ClientAddressSource, ConfigError, Database, Jwt, Secret, Theme, TrustedProxy,
};

use crate::combinations::{Case, UsersAndSessions, UsersAndTokens, UsersOnly, cases, signing_key};

/// A number without a common factor with any of a case's, so that each decision meets each other.
const STRIDE: usize = 11;

fn oidc() -> Oidc {
    Oidc::builder()
        .id("acme")
        .name("Acme")
        .issuer("https://id.example")
        .client(OAuthClient::new("client", "s3cr3t".into()))
        .build()
}

fn adapter(number: usize) -> Option<DynamicAdapter> {
    match number {
        1 => Some(DynamicAdapter::of_users(UsersOnly)),
        2 => Some(DynamicAdapter::of_users(UsersAndSessions).with_sessions(UsersAndSessions)),
        3 => {
            let adapter = DynamicAdapter::of_users(UsersAndTokens);
            Some(adapter.with_verification_tokens(UsersAndTokens))
        }
        4 => {
            let all = MemoryAdapter::new();
            Some(DynamicAdapter::listing(all.clone()).with_accounts(all))
        }
        _ => None,
    }
}

fn told(case: &Case) -> Result<AuthBuilder, ConfigError> {
    let [
        secret,
        site,
        adapter_number,
        strategy,
        email,
        credentials,
        other,
        _,
        control,
        logout,
        tokens,
    ] = case.0;
    let proxy = || TrustedProxy::hosts(["a.example"]);
    let mut builder = Auth::builder_at_run_time()
        .http_client(FakeHttpClient::new(|_| Err("nobody is asked".into())));
    if secret == 1 {
        builder = builder.secret(Secret::new("a secret for tests, long enough for all of us")?);
    }
    builder = match site {
        1 => builder.url("https://a.example".parse()?),
        2 => builder.trust_proxy(proxy()),
        3 => builder.trust_proxy(proxy()).client_address(ClientAddressSource::forwarded_for(1)),
        4 => builder.trust_proxy(proxy()).url("https://a.example".parse()?),
        _ => builder,
    };
    if let Some(adapter) = adapter(adapter_number) {
        builder = builder.adapter(adapter);
    }
    builder = match strategy {
        1 => builder.session(Jwt::default()),
        2 => builder.session(Database::default()),
        3 => builder.session(Database::default().update_age(60)),
        5 => builder.session(Jwt::default().signed(signing_key())),
        7 => builder.session(Jwt::default().absolute_max_age(60)),
        9 => builder.session(Jwt::default().max_size(2_000)),
        _ => builder,
    };
    let providers: [Option<ProviderDefinition>; 3] = [
        (email == 1).then(|| Email::new(|_| async { Ok(()) }).into_definition().into()),
        (credentials == 1)
            .then(|| Credentials::new(|_: Value| async { Ok(None) }).into_definition().into()),
        (other == 1).then(|| oidc().into_definition().into()),
    ];
    builder = builder.providers(providers.into_iter().flatten());
    for (asked, ask) in [
        (control, AuthBuilder::session_control as fn(AuthBuilder) -> AuthBuilder),
        (logout, AuthBuilder::back_channel_logout),
        (tokens, AuthBuilder::account_tokens),
    ] {
        if asked == 1 {
            builder = ask(builder);
        }
    }
    Ok(builder)
}

/// The rule that a message is about.
fn rule(message: &str) -> String {
    let names = |cause: &str| {
        cause.replace("{Self}", "DynamicAdapter").replace("{Setting}", "url` or `trust_proxy")
    };
    let found = Rule::ALL.iter().find(|rule| message.contains(&names(rule.cause())));
    found.map_or_else(|| message.to_owned(), |rule| format!("{rule:?}"))
}

#[test]
fn r086_the_builder_at_run_time_decides_as_the_types_do() {
    // What a type of its own refuses, `Credentials` without `authorize` and a strategy with an option
    // of the other, is not to be written.
    let is_written = |case: &Case| case.0[5] < 2 && ![4, 6, 8, 10].contains(&case.0[3]);
    let decided = cases().step_by(STRIDE).filter(is_written);
    let (mut checked, mut built) = (0, 0);
    for case in decided {
        let builder = told(&case).unwrap();
        let answer = match case.0[7] {
            0 => builder.build(),
            _ => {
                let callbacks = Callbacks::new().jwt(|request| async move { Ok(request.token) });
                builder.callbacks(callbacks).build()
            }
        };
        let refused = answer.err();
        let rules: Vec<String> = refused
            .iter()
            .flat_map(ConfigError::all)
            .map(|error| rule(&error.to_string()))
            .collect();
        let told: BTreeSet<String> = rules.iter().cloned().collect();
        assert_eq!(told, case.violated(), "{}", case.written());
        assert_eq!(told.len(), rules.len(), "a rule is told once: {rules:?}");
        checked += 1;
        built += usize::from(told.is_empty());
    }
    assert!(checked > 2_000 && built > 5, "{checked} {built}");
}

#[test]
fn what_is_told_twice_is_named_once() {
    let builder = Auth::builder_at_run_time()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url("https://a.example".parse().unwrap())
        .provider(oidc())
        .theme(Theme::new())
        .theme(Theme::new())
        .theme(Theme::new());
    let error = builder.build().unwrap_err().to_string();
    assert_eq!(error, "`theme` is given twice: remove one of the two calls");
}

#[test]
fn an_adapter_is_named_by_its_type_and_says_itself_what_it_keeps() {
    let whole = |builder: AuthBuilder| {
        builder
            .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
            .url("https://a.example".parse().unwrap())
            .provider(oidc())
            .session_control()
            .account_tokens()
            .build()
    };
    let auth = whole(Auth::builder_at_run_time().adapter(MemoryAdapter::new())).unwrap();
    assert!(auth.session_control().is_ok() && auth.account_tokens().is_ok());
    let users = DynamicAdapter::of_users(UsersOnly);
    let error = whole(Auth::builder_at_run_time().adapter(users)).unwrap_err().to_string();
    assert!(
        error.contains("the adapter `DynamicAdapter` does not say that it keeps sessions"),
        "{error}"
    );
}

#[test]
fn a_list_without_providers_is_refused_where_types_know_all_else() {
    let none: [Oidc; 0] = [];
    let auth: Result<Auth, ConfigError> = Auth::builder()
        .secret(Secret::new("a secret for tests, long enough for all of us").unwrap())
        .url("https://a.example".parse().unwrap())
        .providers(none)
        .build();
    let error = auth.unwrap_err().to_string();
    assert!(error.starts_with("the configuration has no provider"), "{error}");
}
