//! From a tree to the builder's settings, and to what the rules are asked about.

mod adapter;
mod appearance;
mod limits;
mod session;
mod site;

pub(super) use self::adapter::AdapterChoice;
use super::document::{Node, Value};
use super::key;
use super::problem::{Problems, Spot};
use super::provider::{Context, Kind, NamedEndpoint, Shared, check};
use super::reader::Table;
use super::registry::{self, Registry, unregistered};
use super::server::ServerSettings;
use crate::config::check::Facts;
use crate::config::{
    Database, Jwt, MetadataLifetime, Settings, SiteSettings, repeated_id, sends_logout_tokens,
};
use crate::error::ConfigError;
use crate::provider::ProviderDefinition;
use crate::rate_limit::Allowances;
use crate::rule::Rule;

/// Everything that a configuration says, checked as far as can be without opening a database.
pub(super) struct Read {
    pub(super) settings: Settings,
    pub(super) facts: Facts,
    pub(super) adapter: AdapterChoice,
    pub(super) jwt: Jwt,
    pub(super) database: Database,
    pub(super) server: ServerSettings,
    /// Allowances that are to be counted in the database.
    pub(super) shared_limit: Option<Allowances>,
    pub(super) endpoints: Vec<NamedEndpoint>,
}

/// Where to show a violated rule.
#[derive(Default)]
struct Spots {
    adapter: Option<Spot>,
    proxy: Option<Spot>,
    adapter_name: Option<String>,
    strategy: Option<Spot>,
    email: Option<Spot>,
    credentials: Option<Spot>,
    callbacks: Option<Spot>,
    update_age: Option<Spot>,
    signing_key: Option<Spot>,
    back_channel_logout: Option<Spot>,
    session_control: Option<Spot>,
    account_tokens: Option<Spot>,
    shared_limit: Option<Spot>,
}

pub(super) fn read<D: 'static>(
    root: &Node,
    registry: &Registry<D>,
    problems: &mut Problems,
) -> Option<Read> {
    let root = Table::open(&key::ROOT, root, "", problems)?;
    let mut reader = Reader {
        registry,
        problems,
        settings: Settings::default(),
        facts: Facts::default(),
        spots: Spots::default(),
        shared_limit: None,
        endpoints: Vec::new(),
    };
    reader.secrets(&root);
    let base_path = reader.site(&root);
    let adapter = reader.adapter(&root);
    let (jwt, database) = reader.session(&root);
    reader.providers(&root);
    reader.needs(&root);
    reader.pages(&root, &base_path);
    reader.theme(&root);
    reader.cookies(&root, &base_path, &jwt.codec);
    reader.functions(&root);
    reader.limits(&root);
    reader.check_shared_limit(&root, &adapter);
    let mut server = ServerSettings::read(&root, reader.problems);
    server.trusts_proxy = matches!(reader.settings.site, SiteSettings::Proxy(_));
    if server.lists_proxies
        && let SiteSettings::Proxy(proxy) = &mut reader.settings.site
    {
        *proxy = proxy.clone().sent_by(server.trusted_proxies.iter().copied());
    }
    if server.lists_proxies
        && let Some(source) = reader.settings.client_address.take()
    {
        reader.settings.client_address = Some(source.received_from(&server.trusted_proxies));
    }
    if let Some(seconds) = root.seconds("provider_metadata_lifetime", reader.problems) {
        reader.settings.metadata_lifetime = MetadataLifetime(i64::from(seconds.value));
    }
    reader.report_rules();
    let Reader { settings, facts, shared_limit, endpoints, .. } = reader;
    Some(Read { settings, facts, adapter, jwt, database, server, shared_limit, endpoints })
}

struct Reader<'a, D> {
    registry: &'a Registry<D>,
    problems: &'a mut Problems,
    settings: Settings,
    facts: Facts,
    spots: Spots,
    shared_limit: Option<Allowances>,
    endpoints: Vec<NamedEndpoint>,
}

impl<D: 'static> Reader<'_, D> {
    fn providers(&mut self, root: &Table<'_>) {
        let entries = root.list("providers", self.problems);
        let is_list =
            root.get("providers").is_none_or(|found| matches!(found.node.value, Value::List(_)));
        self.facts.has_provider = !entries.is_empty() || !is_list;
        let context = Context::new(self.registry);
        let mut ids: Vec<String> = Vec::new();
        for entry in entries {
            let Some(provider) = context.read(&entry, self.problems) else {
                // Whatever it was meant to be, that was reported.
                self.facts.has_logout_sender = true;
                continue;
            };
            self.facts.has_logout_sender |= match &provider.definition {
                Some(ProviderDefinition::OAuth(definition)) => sends_logout_tokens(definition),
                Some(_) => false,
                None => provider.kind == Kind::OAuth,
            };
            match provider.kind {
                Kind::OAuth => {}
                Kind::Email => {
                    self.facts.has_email = true;
                    self.spots.email.get_or_insert(provider.spot);
                }
                Kind::Credentials => {
                    self.facts.has_credentials = true;
                    self.spots.credentials.get_or_insert(provider.spot);
                }
            }
            let Some(definition) = provider.definition else { continue };
            let repeated = repeated_id(ids.iter().map(String::as_str), definition.id());
            ids.push(definition.id().to_owned());
            if let Some(cause) = repeated {
                let fix = "give one of them another `id`";
                self.problems.value(provider.id_spot.clone(), cause, fix);
            }
            if let Err(refused) = check(&definition, &self.settings.site) {
                let fix = "correct it as the message says";
                for error in refused.all() {
                    self.problems.refused(provider.id_spot.clone(), error, fix);
                }
            }
            self.settings.providers.push(definition);
        }
        let Shared { http_client, endpoints } = context.into_shared();
        self.settings.http_client = http_client;
        self.endpoints = endpoints;
    }

    /// What is asked of the adapter besides sign-ins.
    fn needs(&mut self, root: &Table<'_>) {
        let mut wanted = |key| {
            let wanted = root.boolean(key, self.problems);
            wanted.filter(|wanted| wanted.value).map(|wanted| wanted.spot)
        };
        self.spots.back_channel_logout = wanted("back_channel_logout");
        self.spots.session_control = wanted("session_control");
        self.spots.account_tokens = wanted("account_tokens");
        self.facts.has_back_channel_logout = self.spots.back_channel_logout.is_some();
        self.facts.has_session_control = self.spots.session_control.is_some();
        self.facts.has_account_tokens = self.spots.account_tokens.is_some();
    }

    /// Callbacks, events and what else the application brings.
    fn functions(&mut self, root: &Table<'_>) {
        let registry = self.registry;
        if let Some(name) = root.text("callbacks", self.problems) {
            let names = registry.callbacks.keys().map(String::as_str);
            match registry.callbacks.get(&name.value) {
                Some(callbacks) => self.settings.callbacks = callbacks.clone(),
                None => unregistered(&name, &registry::CALLBACKS, names, self.problems),
            }
            self.spots.callbacks = Some(name.spot);
        }
        self.facts.has_jwt_callback = self.settings.callbacks.jwt.is_some();
        if !registry.has_default_data() && self.settings.callbacks.session.is_none() {
            let spot = self.spots.callbacks.clone().unwrap_or_default();
            self.problems.rule(Rule::SESSION_DATA_FITS, spot, None);
        }
        if let Some(name) = root.text("events", self.problems) {
            let names = registry.events.keys().map(String::as_str);
            match registry.events.get(&name.value) {
                Some(events) => self.settings.events = events.clone(),
                None => {
                    unregistered(&name, &registry::EVENTS, names, self.problems);
                }
            }
        }
        self.settings.logger = registry.logger.clone();
        self.settings.clock = registry.clock.clone();
    }

    fn report_rules(&mut self) {
        let spots = &self.spots;
        for rule in self.facts.violated() {
            let strategy = || spots.strategy.clone().or_else(|| spots.adapter.clone());
            let spot = match rule {
                Rule::EMAIL_FITS | Rule::EMAIL_TOKENS_KEPT => spots.email.clone(),
                Rule::CREDENTIALS_FIT => spots.credentials.clone(),
                Rule::SESSIONS_FIT | Rule::SESSIONS_KEPT => strategy(),
                Rule::JWT_CALLBACK_FITS => spots.callbacks.clone(),
                Rule::CLIENT_ADDRESS_FITS => spots.proxy.clone(),
                Rule::UPDATE_AGE_FITS => spots.update_age.clone(),
                Rule::SIGNING_KEY_FITS => spots.signing_key.clone(),
                Rule::BACK_CHANNEL_LOGOUT_FITS | Rule::LOGOUT_SENDER_GIVEN => {
                    spots.back_channel_logout.clone()
                }
                Rule::SESSION_CONTROL_FITS => spots.session_control.clone(),
                Rule::USER_SESSIONS_KEPT => {
                    spots.back_channel_logout.clone().or_else(|| spots.session_control.clone())
                }
                Rule::ACCOUNT_TOKENS_FIT | Rule::ACCOUNTS_KEPT => spots.account_tokens.clone(),
                _ => None,
            };
            self.problems.rule(rule, spot.unwrap_or_default(), spots.adapter_name.as_deref());
        }
    }
}

/// What is wrong with the whole although nothing is wrong with a part.
pub(super) fn report_whole(error: &ConfigError, problems: &mut Problems) {
    for error in error.all() {
        problems.refused(Spot::default(), error, "correct it as the message says");
    }
}
