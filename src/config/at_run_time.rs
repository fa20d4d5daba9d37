//! Configuration at run time: a list of slots of which types know nothing, so that the builder keeps
//! its type whatever it is told (but another type of session data), and what it was told instead.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;

use super::check::{Capabilities, ChosenStrategy, Facts, refusal};
use super::provider::is_logout_sender;
use super::settings::{Settings, SiteSettings};
use super::slot::{Slot, TakesCallbacks, Told, Unknown};
use super::stores::{Stores, UnresolvedStores};
use super::strategy::{Database, Jwt};
use crate::adapter::DynamicAdapter;
use crate::error::{ConfigError, ConfigErrors};
use crate::model::DefaultSession;
use crate::provider::ProviderDefinition;
use crate::rule::Rule;
use crate::setting;

/// What is told is known at run time only: `build()` checks it then, by the same rules.
/// [`Auth::builder_at_run_time`](crate::Auth::builder_at_run_time) has it.
///
/// The session data stay a type, which callbacks with a session set. Unless there are such, the builder
/// is plainly an [`AuthBuilder`](crate::builder::AuthBuilder).
pub struct AtRunTime<Data = DefaultSession>(PhantomData<fn() -> Data>);

impl AtRunTime {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<Data> fmt::Debug for AtRunTime<Data> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtRunTime")
    }
}

impl<Data> Told for AtRunTime<Data> {}

impl<Data> TakesCallbacks for AtRunTime<Data> {
    type After<New, Jwt> = AtRunTime<New>;

    fn after<New, Jwt>(self) -> AtRunTime<New> {
        AtRunTime(PhantomData)
    }
}

/// A setting, as a call at run time is remembered.
pub(super) trait Noted {
    const CALL: Call;
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Call {
    /// Told once, as messages call it.
    Once(&'static str),
    /// Said, however often.
    Asked(Ask),
    /// Added to a list.
    Added,
}

/// What is asked of the adapter besides sign-ins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ask {
    SessionControl,
    AccountTokens,
    BackChannelLogout,
}

macro_rules! noted {
    ($($setting:ident: $call:expr;)*) => {
        $(
            impl Noted for setting::$setting {
                const CALL: Call = $call;
            }

            impl<Data> Slot<setting::$setting> for AtRunTime<Data> {
                type Now = Unknown;
                type With<New> = Self;

                fn now(&self) -> &Unknown {
                    &Unknown
                }

                fn with<New>(self, _: New) -> Self {
                    self
                }
            }
        )*
    };
}

noted! {
    secret: Call::Once("secret");
    url: Call::Once("url` or `trust_proxy");
    provider: Call::Added;
    adapter: Call::Once("adapter");
    session: Call::Once("session");
    callbacks: Call::Once("callbacks");
    session_control: Call::Asked(Ask::SessionControl);
    account_tokens: Call::Asked(Ask::AccountTokens);
    back_channel_logout: Call::Asked(Ask::BackChannelLogout);
    events: Call::Once("events");
    pages: Call::Once("pages");
    theme: Call::Once("theme");
    cookies: Call::Once("cookies");
    logger: Call::Once("logger");
    diagnostics: Call::Once("diagnostics");
    clock: Call::Once("clock");
    http_client: Call::Once("http_client");
    provider_metadata_lifetime: Call::Once("provider_metadata_lifetime");
    rate_limit: Call::Once("rate_limit");
    client_address: Call::Once("client_address");
}

/// What was told at run time, besides the settings that types do not decide.
#[derive(Default)]
pub(super) struct RunTimeSettings {
    calls: Vec<Call>,
    adapter: Option<(DynamicAdapter, &'static str)>,
    strategy: Option<ChosenStrategy>,
}

impl RunTimeSettings {
    pub(super) fn note(&mut self, call: Call) {
        self.calls.push(call);
    }

    pub(super) fn adapter<A>(&mut self, adapter: DynamicAdapter) {
        self.adapter = Some((adapter, type_name::<A>()));
    }

    pub(super) fn strategy(&mut self, strategy: ChosenStrategy) {
        self.strategy = Some(strategy);
    }

    fn asks(&self, what: Ask) -> bool {
        self.calls.contains(&Call::Asked(what))
    }

    fn facts(&self, settings: &Settings) -> Facts {
        let providers = &settings.providers;
        let has = |kind: fn(&ProviderDefinition) -> bool| providers.iter().any(kind);
        Facts {
            has_secret: !settings.secrets.is_empty(),
            has_site: !matches!(settings.site, SiteSettings::Missing),
            trusts_proxy: matches!(settings.site, SiteSettings::Proxy(_)),
            has_client_address: settings.client_address.is_some(),
            has_provider: !providers.is_empty(),
            adapter: self.adapter.as_ref().map(|(adapter, _)| Capabilities::of(adapter)),
            strategy: self.strategy.as_ref().map(ChosenStrategy::name).unwrap_or_default(),
            has_email: has(|provider| matches!(provider, ProviderDefinition::Email(_))),
            has_credentials: has(|provider| matches!(provider, ProviderDefinition::Credentials(_))),
            has_jwt_callback: settings.callbacks.jwt.is_some(),
            has_back_channel_logout: self.asks(Ask::BackChannelLogout),
            has_logout_sender: has(is_logout_sender),
            has_session_control: self.asks(Ask::SessionControl),
            has_account_tokens: self.asks(Ask::AccountTokens),
            // What a type of its own has refused: a provider without `authorize`, and options of
            // the other strategy.
            lacks_authorize: false,
            has_update_age: false,
            has_signing_key: false,
        }
    }

    /// The stores that are used, and the rules that are violated.
    pub(super) fn resolve(self, settings: &Settings) -> (Stores, ConfigErrors) {
        let facts = self.facts(settings);
        let mut refused = ConfigErrors::default();
        let adapter = self.adapter.as_ref().map_or("", |(_, name)| short(name));
        refused.extend(facts.violated().into_iter().map(|rule| refusal(rule, adapter)));
        refused.extend(self.repeated());
        let (jwt, database) = match self.strategy {
            Some(ChosenStrategy::Tokens(jwt)) => (*jwt, Database::default()),
            Some(ChosenStrategy::Rows(database)) => (Jwt::default(), database),
            None => (Jwt::default(), Database::default()),
        };
        let adapter = self.adapter.map(|(adapter, _)| adapter);
        (UnresolvedStores { adapter, jwt, database }.of(&facts), refused)
    }

    /// What was told twice (rule 9).
    fn repeated(&self) -> impl Iterator<Item = ConfigError> {
        let calls = self.calls.iter().enumerate();
        calls.filter_map(|(index, call)| match call {
            Call::Once(name) if self.calls.iter().take(index).any(|earlier| earlier == call) => {
                Some(refusal(Rule::GIVEN_ONCE, name))
            }
            _ => None,
        })
    }
}

impl fmt::Debug for RunTimeSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunTimeSettings").field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// The name of a type without its path and its parameters.
fn short(name: &'static str) -> &'static str {
    let plain = name.split('<').next().unwrap_or(name);
    plain.rsplit("::").next().unwrap_or(plain)
}
