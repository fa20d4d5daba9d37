//! From a tree to the builder's settings, and to what the rules are asked about.

use std::collections::HashMap;
use std::str::FromStr;

use super::adapter::Adapter;
use super::document::{Node, Value};
use super::key;
use super::problem::{Problems, Spot};
use super::provider::{Context, Kind, check, unregistered};
use super::reader::{Given, Table};
use super::registry::Registry;
use super::server::ServerSettings;
use crate::config::rule::{Capabilities, Facts, Rule, Strategy};
use crate::config::{
    Database, Jwt, MetadataLifetime, Pages, Settings, SiteSettings, TrustedProxy, check_address,
};
use crate::cookie::Cookies;
use crate::error::{ConfigError, ErrorCode};
use crate::jwt::SigningKey;
use crate::secret::{ClientSecret, MINIMUM_SECRET_BYTES, Secret};
use crate::site::{DEFAULT_PATH, SiteUrl};
use crate::theme::{ColorScheme, Theme};

/// Everything that a configuration says, checked as far as can be without opening a database.
pub(super) struct Read {
    pub(super) settings: Settings,
    pub(super) facts: Facts,
    pub(super) adapter: AdapterChoice,
    pub(super) jwt: Jwt,
    pub(super) database: Database,
    pub(super) server: ServerSettings,
}

/// Where users are kept.
pub(super) enum AdapterChoice {
    None,
    Url { url: String, migrate: bool, spot: Spot },
    Registered(Adapter),
}

/// Where to show a violated rule.
#[derive(Default)]
struct Spots {
    adapter: Option<Spot>,
    adapter_name: Option<String>,
    strategy: Option<Spot>,
    email: Option<Spot>,
    credentials: Option<Spot>,
    callbacks: Option<Spot>,
    update_age: Option<Spot>,
    signing_key: Option<Spot>,
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
    };
    reader.secrets(&root);
    let base_path = reader.site(&root);
    let adapter = reader.adapter(&root);
    let (jwt, database) = reader.session(&root);
    reader.providers(&root);
    reader.pages(&root, &base_path);
    reader.theme(&root);
    reader.cookies(&root);
    reader.functions(&root);
    let mut server = ServerSettings::read(&root, reader.problems);
    server.trusts_proxy = matches!(reader.settings.site, SiteSettings::Proxy(_));
    if let Some(seconds) = root.seconds("provider_metadata_lifetime", reader.problems) {
        reader.settings.metadata_lifetime = MetadataLifetime(i64::from(seconds.value));
    }
    reader.report_rules();
    let Reader { settings, facts, .. } = reader;
    Some(Read { settings, facts, adapter, jwt, database, server })
}

struct Reader<'a, D> {
    registry: &'a Registry<D>,
    problems: &'a mut Problems,
    settings: Settings,
    facts: Facts,
    spots: Spots,
}

impl<D: 'static> Reader<'_, D> {
    fn secrets(&mut self, root: &Table<'_>) {
        let registered = &self.registry.secrets;
        // A secret that is there and cannot be read has been reported: it is not missing.
        self.facts.has_secret = root.get("secret").is_some();
        let secret = root.secret("secret", registered, self.problems);
        let previous = root.secrets("previous_secrets", registered, self.problems);
        for (given, is_previous) in secret
            .into_iter()
            .map(|given| (given, false))
            .chain(previous.into_iter().map(|given| (given, true)))
        {
            let length = given.value.expose().len();
            match Secret::new(given.value.expose()) {
                Ok(secret) if is_previous => self.settings.previous_secrets.push(secret),
                Ok(secret) => self.settings.secrets.push(secret),
                Err(_) => {
                    let needed = format!("{MINIMUM_SECRET_BYTES} are needed");
                    let cause = format!("the secret has {length} bytes, and at least {needed}");
                    let error = ConfigError::new(cause).with_code(ErrorCode::NoSecret);
                    self.problems.refused(
                        given.spot,
                        &error,
                        "use the output of `typegate secret`",
                    );
                }
            }
        }
    }

    /// The path of the auth routes.
    fn site(&mut self, root: &Table<'_>) -> String {
        let (url, proxy) = (root.get("url"), root.get("trust_proxy"));
        self.facts.has_site = url.is_some();
        let mut path = DEFAULT_PATH.to_owned();
        if let Some(url) = root.text("url", self.problems) {
            match SiteUrl::from_str(&url.value) {
                Ok(site) => {
                    path = site.path().to_owned();
                    self.settings.site = SiteSettings::Fixed(site);
                }
                Err(error) => {
                    let error = error.with_code(ErrorCode::NextAuthUrl);
                    let fix = "write `url = \"https://app.example.com\"`";
                    self.problems.refused(url.spot, &error, fix);
                }
            }
        }
        let Some(proxy) = proxy else { return path };
        let trusted = match proxy.node.value {
            Value::Boolean(is_trusted) => is_trusted.then(TrustedProxy::new),
            Value::Table(_) => {
                let table = proxy.table(&key::TRUST_PROXY, self.problems);
                let given = table.and_then(|table| table.text("path", self.problems));
                let mut trusted = TrustedProxy::new();
                if let Some(given) = given {
                    match TrustedProxy::checked_path(&given.value) {
                        Ok(checked) => path = checked,
                        Err(error) => {
                            let fix = "write `path = \"/auth\"`";
                            self.problems.refused(given.spot, &error, fix);
                        }
                    }
                    trusted = trusted.path(given.value);
                }
                Some(trusted)
            }
            _ => {
                self.facts.has_site = true;
                proxy.clone().unexpected("`true` or a table", self.problems)
            }
        };
        if let Some(trusted) = trusted {
            self.facts.has_site = true;
            if url.is_some() {
                self.problems.rule(Rule::SITE_ONCE, proxy.key_spot, None);
            } else {
                self.settings.site = SiteSettings::Proxy(trusted);
            }
        }
        path
    }

    fn adapter(&mut self, root: &Table<'_>) -> AdapterChoice {
        let Some(found) = root.get("adapter") else { return AdapterChoice::None };
        self.spots.adapter = Some(found.key_spot.clone());
        // Unless the configuration says something else, so that one mistake is reported once.
        self.facts.adapter = Some(Capabilities { sessions: true, verification_tokens: true });
        let Some(table) = found.table(&key::ADAPTER, self.problems) else {
            return AdapterChoice::None;
        };
        let migrate = table.boolean("migrate", self.problems);
        let url = table.text("url", self.problems);
        let name = table.text("registered", self.problems);
        match (url, name) {
            (Some(_), Some(name)) => {
                self.problems.rule(Rule::ADAPTER_ONCE, name.spot, None);
                AdapterChoice::None
            }
            (None, Some(name)) => {
                let registered = &self.registry.adapters;
                let Some(adapter) = registered.get(&name.value) else {
                    let names = registered.keys().map(String::as_str);
                    unregistered(&name, "adapter", "adapter", names, self.problems);
                    return AdapterChoice::None;
                };
                self.facts.adapter = Some(adapter.capabilities());
                self.spots.adapter_name = Some(name.value);
                self.spots.adapter = Some(name.spot);
                AdapterChoice::Registered(adapter.clone())
            }
            (Some(url), None) => self.database(url, migrate),
            (None, None) => {
                if table.get("url").is_none() && table.get("registered").is_none() {
                    self.problems.missing(
                        found.key_spot,
                        "`adapter` has neither `url` nor `registered`",
                        "write `url = \"sqlite://auth.db\"`",
                    );
                }
                AdapterChoice::None
            }
        }
    }

    fn database(&mut self, url: Given<String>, migrate: Option<Given<bool>>) -> AdapterChoice {
        let migrate = migrate.is_none_or(|migrate| migrate.value);
        let spot = url.spot.hidden();
        if !url.value.starts_with("sqlite:") {
            self.problems.value(
                spot,
                "the database is of no kind that is known here",
                "write `url = \"sqlite://auth.db\"`, or register an adapter",
            );
            return AdapterChoice::None;
        }
        if cfg!(not(feature = "sqlite")) {
            self.problems.value(
                spot.clone(),
                "this program was built without the feature `sqlite` of typegate",
                "build it with that feature",
            );
        }
        AdapterChoice::Url { url: url.value, migrate, spot }
    }

    fn session(&mut self, root: &Table<'_>) -> (Jwt, Database) {
        const STRATEGIES: [(&str, Strategy); 2] =
            [("jwt", Strategy::Jwt), ("database", Strategy::Database)];
        let (mut jwt, mut database) = (Jwt::default(), Database::default());
        let Some(table) = root.table("session", &key::SESSION, self.problems) else {
            return (jwt, database);
        };
        if let Some(strategy) = table.word("strategy", &STRATEGIES, self.problems) {
            self.facts.strategy = strategy.value;
            self.spots.strategy = Some(strategy.spot);
        }
        if let Some(age) = table.seconds("max_age", self.problems) {
            (jwt, database) = (jwt.max_age(age.value), database.max_age(age.value));
        }
        if let Some(age) = table.seconds("update_age", self.problems) {
            self.facts.has_update_age = true;
            database = database.update_age(age.value);
            self.spots.update_age = table.get("update_age").map(|found| found.key_spot);
        }
        let registered = &self.registry.secrets;
        let key = table.secret("signing_key", registered, self.problems);
        if let Some(found) = table.get("signing_key") {
            self.facts.has_signing_key = true;
            self.spots.signing_key = Some(found.key_spot);
        }
        if let Some(key) = key.and_then(|key| self.signing_key(key)) {
            jwt = jwt.signed(key);
        }
        let previous = table.secrets("previous_signing_keys", registered, self.problems);
        if let (Some(found), None) = (table.get("previous_signing_keys"), table.get("signing_key"))
        {
            let cause = "`previous_signing_keys` has no effect without `signing_key`";
            self.problems.value(found.key_spot, cause, "write `signing_key`, or remove it");
        }
        for key in previous {
            if let Some(key) = self.signing_key(key) {
                jwt = jwt.previous_signing_key(key);
            }
        }
        (jwt, database)
    }

    fn signing_key(&mut self, jwk: Given<ClientSecret>) -> Option<SigningKey> {
        match SigningKey::from_jwk(jwk.value.expose()) {
            Ok(key) => Some(key),
            Err(error) => {
                let fix = "use the output of `typegate newkey`";
                self.problems.refused(jwk.spot, &error, fix);
                None
            }
        }
    }

    fn providers(&mut self, root: &Table<'_>) {
        let entries = root.list("providers", self.problems);
        let is_list =
            root.get("providers").is_none_or(|found| matches!(found.node.value, Value::List(_)));
        self.facts.has_provider = !entries.is_empty() || !is_list;
        let context = Context::new(self.registry);
        let mut ids: HashMap<String, ()> = HashMap::new();
        for entry in entries {
            let Some(provider) = context.read(&entry, self.problems) else { continue };
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
            if ids.insert(definition.id().to_owned(), ()).is_some() {
                let id = definition.id().escape_debug();
                self.problems.value(
                    provider.id_spot,
                    format!("two providers have the id `{id}`"),
                    "give one of them another `id`",
                );
            } else if let Err(error) = check(&definition) {
                let fix = "correct it as the message says";
                self.problems.refused(provider.id_spot, &error, fix);
            }
            self.settings.providers.push(definition);
        }
        self.settings.http_client = context.into_http_client();
    }

    fn pages(&mut self, root: &Table<'_>, base_path: &str) {
        let Some(table) = root.table("pages", &key::PAGES, self.problems) else { return };
        let mut address = |key: &str, what: &str, action: &str| {
            let given = table.text(key, self.problems)?;
            if let Err(error) = check_address(what, action, &given.value, base_path) {
                let fix =
                    "write a path such as `\"/login\"`, or leave it out for the built-in page";
                self.problems.refused(given.spot, &error, fix);
            }
            Some(given.value)
        };
        self.settings.pages = Pages {
            sign_in: address("sign_in", "sign-in", "signin"),
            sign_out: address("sign_out", "sign-out", "signout"),
            error: address("error", "error", "error"),
            verify_request: address("verify_request", "verify-request", "verify-request"),
            new_user: address("new_user", "new-user", ""),
        };
    }

    fn theme(&mut self, root: &Table<'_>) {
        const SCHEMES: [(&str, ColorScheme); 3] = [
            ("auto", ColorScheme::Auto),
            ("dark", ColorScheme::Dark),
            ("light", ColorScheme::Light),
        ];
        let Some(table) = root.table("theme", &key::THEME, self.problems) else { return };
        let mut theme = Theme::new();
        if let Some(scheme) = table.word("color_scheme", &SCHEMES, self.problems) {
            theme = theme.color_scheme(scheme.value);
        }
        if let Some(color) =
            self.parsed(&table, "brand_color", "write a colour such as `\"#346df1\"`")
        {
            theme = theme.brand_color(color);
        }
        if let Some(color) = self.parsed(&table, "button_text", "write a colour such as `\"#fff\"`")
        {
            theme = theme.button_text(color);
        }
        if let Some(logo) = self.parsed(&table, "logo", "write `\"/logo.svg\"`, or an https URL") {
            theme = theme.logo(logo);
        }
        self.settings.theme = theme;
    }

    fn parsed<T>(&mut self, table: &Table<'_>, key: &str, fix: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: std::error::Error,
    {
        let given = table.text(key, self.problems)?;
        let parsed = given.value.parse();
        parsed.map_err(|error: T::Err| self.problems.value(given.spot, error.to_string(), fix)).ok()
    }

    fn cookies(&mut self, root: &Table<'_>) {
        let Some(table) = root.table("cookies", &key::COOKIES, self.problems) else { return };
        if let Some(secure) = table.boolean("secure", self.problems) {
            self.settings.cookies = Cookies::new().use_secure_cookies(secure.value);
        }
    }

    /// Callbacks, events and what else the application brings.
    fn functions(&mut self, root: &Table<'_>) {
        let registry = self.registry;
        if let Some(name) = root.text("callbacks", self.problems) {
            let names = registry.callbacks.keys().map(String::as_str);
            match registry.callbacks.get(&name.value) {
                Some(callbacks) => self.settings.callbacks = callbacks.clone(),
                None => unregistered(&name, "set of callbacks", "callbacks", names, self.problems),
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
                    unregistered(&name, "set of event handlers", "events", names, self.problems);
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
                Rule::UPDATE_AGE_FITS => spots.update_age.clone(),
                Rule::SIGNING_KEY_FITS => spots.signing_key.clone(),
                _ => None,
            };
            self.problems.rule(rule, spot.unwrap_or_default(), spots.adapter_name.as_deref());
        }
    }
}

/// What is wrong with the whole although nothing is wrong with a part.
pub(super) fn report_whole(error: &ConfigError, problems: &mut Problems) {
    problems.refused(Spot::default(), error, "correct it as the message says");
}
