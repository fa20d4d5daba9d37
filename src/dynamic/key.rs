//! The keys of a configuration file: one table, by which the reader refuses others and of which
//! docs/configuration-file.md is made. The options of providers are those of their definition.

use std::sync::LazyLock;

use super::other_name;
use crate::error::spelling::{closest, listed};
use crate::oauth::definition::setting::{self, COMMON, Needs, OAUTH, Row, Setting};

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    /// A value as one would write it.
    pub(super) example: &'static str,
    #[cfg_attr(not(test), expect(dead_code, reason = "stands in the documentation"))]
    pub(super) about: &'static str,
}

/// A table of a configuration.
#[derive(Debug)]
pub(super) struct Section {
    /// What the documentation calls it; empty for the whole.
    #[cfg_attr(not(test), expect(dead_code, reason = "stands in the documentation"))]
    pub(super) title: &'static str,
    /// How it is written.
    pub(super) example: &'static str,
    pub(super) keys: &'static [Key],
    /// What to do about a key that only other tables have.
    pub(super) advice: fn(&str) -> Option<&'static str>,
}

impl Section {
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// What a message calls the table at `path`.
    pub(super) fn name_of(&self, path: &str) -> String {
        if path.is_empty() { "the configuration".to_owned() } else { format!("`{path}`") }
    }

    /// What to write in the place of a key that is none: NextAuth's name for it says more than
    /// likeness.
    pub(super) fn suggestion(&self, name: &str) -> Option<String> {
        let is_here = |key: &str| self.key(key).is_some();
        if let Some(advice) = other_name::advice(name, is_here) {
            return Some(advice);
        }
        let known = closest(name, self.keys.iter().map(|key| key.name))?;
        Some(format!("did you mean `{known}`?"))
    }

    /// The keys, or of many the first ones.
    pub(super) fn names(&self) -> String {
        const MANY: usize = 24;
        const FIRST: usize = 8;
        let names = self.keys.iter().map(|key| key.name);
        match self.keys.len().checked_sub(FIRST) {
            Some(further) if self.keys.len() > MANY => {
                let first = listed(names.take(FIRST)).replace(" and ", ", ");
                format!("{first} and {further} more, which docs/configuration-file.md lists")
            }
            _ => listed(names),
        }
    }
}

macro_rules! sections {
    ($($(#[$docs:meta])* $section:ident $(($advice:ident))? = $title:literal, $example:literal {
        $($name:ident = $value:literal: $about:literal;)*
    })*) => {
        $($(#[$docs])* pub(super) static $section: Section = Section {
            title: $title,
            example: $example,
            keys: &[$(Key { name: stringify!($name), example: $value, about: $about }),*],
            advice: sections!(@advice $($advice)?),
        };)*

        /// All tables, in the order of the documentation.
        #[cfg(test)]
        const ALL: &[&Section] = &[$(&$section),*];
    };
    (@advice) => { |_| None };
    (@advice $advice:ident) => { $advice };
}

/// The keys of a provider that a configuration describes itself, beside its options.
const ID: Key = Key {
    name: "id",
    example: "\"acme\"",
    about: "Required. A segment of addresses and part of stored accounts: never change it.",
};
const NAME: Key =
    Key { name: "name", example: "\"Acme\"", about: "What people read; the id by default." };
const CLIENT: [Key; 5] = [
    Key { name: "client_id", example: "\"app\"", about: "Required." },
    Key {
        name: "client_secret",
        example: "{ env = \"ACME_SECRET\" }",
        about: "Left out for a public client, and for one with a private key.",
    },
    Key {
        name: "client_private_key",
        example: "{ file = \"/run/secrets/acme.pem\" }",
        about: "PEM or JWK. Signs the client's statements (`private_key_jwt`), in the place of a secret.",
    },
    Key {
        name: "client_private_key_id",
        example: "\"2026\"",
        about: "By which of its keys' ids the provider knows the private key.",
    },
    Key {
        name: "client_private_key_audience",
        example: "\"https://id.acme.example/token\"",
        about: "To whom the statements are addressed; the issuer by default, or the token endpoint.",
    },
];
const PROFILE_OF_ANSWER: Key = Key {
    name: "profile",
    example: "{ id = \"id\" }",
    about: "Which members of the answer mean what.",
};

fn key_of<D>(setting: &Setting<D>) -> Key {
    let Row { key, example, about, .. } = *setting.row();
    Key { name: key, example, about }
}

/// The options of a provider that speaks OAuth 2.0 or OpenID Connect.
pub(super) fn oauth_options(is_openid_connect: bool) -> impl Iterator<Item = Key> {
    let fits =
        move |setting: &&Setting<_>| is_openid_connect || setting.row().needs == Needs::Nothing;
    OAUTH.iter().filter(fits).map(key_of).chain(COMMON.iter().map(key_of))
}

/// What to do about an option that only OpenID Connect has a use for, with another provider.
pub(super) fn only_openid_connect(key: &str) -> Option<&'static str> {
    let mut rows = OAUTH.iter().map(Setting::row);
    let is_meant = rows.any(|row| row.key == key && row.needs == Needs::OpenIdConnect);
    is_meant.then_some("remove it: only providers that speak OpenID Connect take it")
}

fn provider(
    (title, kind, about): (&'static str, &'static str, &'static str),
    keys: impl IntoIterator<Item = Key>,
) -> Section {
    let kind = Key { name: "type", example: kind, about };
    let keys: Vec<Key> = [kind, ID, NAME].into_iter().chain(keys).collect();
    // Lives as long as the program, as the other tables do.
    let example = "a table `[[providers]]`";
    Section { title, example, keys: keys.leak(), advice: only_openid_connect }
}

/// An OpenID Connect provider.
pub(super) static OIDC: LazyLock<Section> = LazyLock::new(|| {
    let about = "An OpenID Connect provider with a discovery document. `issuer` is required.";
    let keys = CLIENT.into_iter().chain(oauth_options(true));
    provider(("providers, type oidc", "\"oidc\"", about), keys)
});

/// A provider of plain OAuth 2.0.
pub(super) static OAUTH2: LazyLock<Section> = LazyLock::new(|| {
    let about = "A provider of plain OAuth 2.0. `authorization_endpoint`, `token_endpoint` and \
                 `userinfo_endpoint` are required.";
    let keys = CLIENT.into_iter().chain(oauth_options(false)).chain([PROFILE_OF_ANSWER]);
    provider(("providers, type oauth2", "\"oauth2\"", about), keys)
});

/// A provider of OAuth 1.0a.
pub(super) static OAUTH1: LazyLock<Section> = LazyLock::new(|| {
    let client = [
        Key { name: "client_key", example: "\"app\"", about: "Required." },
        Key { name: "client_secret", example: "{ env = \"TRAILS_SECRET\" }", about: "Required." },
    ];
    let options = setting::OAUTH1.iter().map(key_of).chain(COMMON.iter().map(key_of));
    let keys = client.into_iter().chain(options).chain([PROFILE_OF_ANSWER]);
    provider(("providers, type oauth1", "\"oauth1\"", "A provider of OAuth 1.0a."), keys)
});

sections! {
    ROOT = "", "keys and tables" {
        url = "\"https://app.example.com\"": "The site's address, with the path of the auth routes if that is not `/api/auth`. This or `trust_proxy`.";
        mounted_at = "\"/app\"": "The prefix of the path that a proxy removes before the request gets here: with `url = \"https://example.com/app/api/auth\"` the routes then answer under `/api/auth`.";
        trust_proxy = "{ hosts = [\"app.example.com\"] }": "For a site with several hosts: takes the one that was asked for from a proxy's headers, if it is among these.";
        secret = "{ env = \"NEXTAUTH_SECRET\" }": "Required. Seals session tokens and check cookies, at least 32 bytes; `typegate secret` makes one.";
        previous_secrets = "[{ file = \"/run/secrets/old\" }]": "Open what they once sealed and seal nothing any more.";
        providers = "[{ type = \"github\", … }]": "Required. Ways to sign in, in the order of the sign-in page; in TOML tables `[[providers]]`.";
        adapter = "{ url = \"sqlite://auth.db\" }": "Where users and accounts are kept. Makes database sessions the default.";
        session = "{ strategy = \"jwt\" }": "Where sessions live, and for how long.";
        back_channel_logout = "true": "Whether OpenID Connect providers end sessions (`POST` to `/api/auth/backchannel-logout/<id>`). Needs database sessions; false by default.";
        session_control = "true": "Whether the application lists and revokes sessions (`Auth::session_control`). Needs database sessions; false by default.";
        account_tokens = "true": "Whether the application uses the tokens of stored accounts (`Auth::account_tokens`). Needs an adapter; false by default.";
        pages = "{ sign_in = \"/login\" }": "The application's own pages.";
        theme = "{ color_scheme = \"dark\" }": "The look of the built-in pages.";
        cookies = "{ secure = true }": "Names and attributes of cookies.";
        callbacks = "\"name\"": "Registered callbacks.";
        events = "\"name\"": "Registered event handlers.";
        rate_limit = "{ per_client = 100 }": "How often somebody may try.";
        client_address = "{ forwarded_for = 1 }": "Where a visitor's address stands, for the rate limit; the other end of the connection by default. Required with `trust_proxy`.";
        diagnostics = "{ retired_codes = false }": "How much is logged.";
        provider_metadata_lifetime = "3600": "For how many seconds discovery documents and keys of providers are kept; an hour by default, 0 for no time.";
        server = "{ address = \"127.0.0.1:3000\" }": "For `typegate serve` only.";
    }
    TRUST_PROXY = "trust_proxy", "`trust_proxy = { hosts = [\"app.example.com\"] }`" {
        hosts = "[\"app.example.com\"]": "Required. Under which names visitors reach the site: `app.example.com`, with a port that is not the scheme's own `localhost:3000`, or `*.example.com` for any one label. Requests for others are answered with 400.";
        path = "\"/auth\"": "Where the auth routes are, as the browser has it; `/api/auth` by default.";
        forwarded = "true": "Whether the proxy writes `Forwarded` (RFC 7239), and not `X-Forwarded-Host` and `X-Forwarded-Proto`; false by default.";
        keeps_host = "true": "Whether the proxy keeps `Host` as the visitor sent it and sets `X-Forwarded-Proto` only, so that `X-Forwarded-Host` does not count; false by default.";
        proxies = "1": "How many proxies of one's own append to these headers: with 1, the default, the last entry of a list counts, with 2 the last but one.";
    }
    ADAPTER = "adapter", "`url = \"sqlite://auth.db\"` under `[adapter]`" {
        url = "\"sqlite://auth.db\"": "The database: `sqlite:`, `postgres:` or `mysql:`. With a password in it, `{ env = \"DATABASE_URL\" }` or another form of a secret. This or `registered`.";
        schema = "\"prisma\"": "Whose tables are there, if not typegate's own: `pg`, `prisma`, `prisma_v4`, `prisma_with_ids`, `prisma_with_ids_and_dates`, `drizzle`, `kysely`, `typeorm`, `d1`, `supabase` or `sequelize`. See [databases](databases.md). For `url` only.";
        tables = "{ users = \"people\" }": "What the tables are called, where it is not as in `schema`, such as by Prisma's `@@map`. For `schema` only.";
        snake_case = "true": "Whether every column is named in snake case, `provider_account_id`; by default as in `schema`. For `schema` only.";
        max_connections = "10": "How many connections are opened at most; 10 by default. For `url` only.";
        registered = "\"name\"": "An adapter that the application registered.";
        migrate = "true": "Whether the tables are made and brought up to date at the start; true by default, and never with `schema`. For `url` only.";
    }
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    TABLES = "tables", "`tables = { users = \"people\" }` under `[adapter]`" {
        users = "\"people\"": "The table of users.";
        accounts = "\"people_accounts\"": "The table of accounts.";
        sessions = "\"people_sessions\"": "The table of sessions.";
        verification_tokens = "\"people_tokens\"": "The table of e-mail links.";
    }
    SESSION = "session", "`strategy = \"jwt\"` under `[session]`" {
        strategy = "\"jwt\"": "`jwt` for tokens in cookies, `database` for rows of the adapter. By default `database` if there is an adapter.";
        max_age = "2592000": "After how many seconds without use a session ends; 30 days by default.";
        absolute_max_age = "604800": "Tokens: after how many seconds a session ends however busy it is; without it, never.";
        max_size = "7500": "Tokens: how many bytes a session may have in its cookies; 15,732 by default, which is four cookies. Longer ones are refused, because servers on the way would refuse them.";
        update_age = "86400": "Database sessions: after how many seconds a read moves the end; a day by default.";
        signing_key = "{ file = \"/run/secrets/session.jwk\" }": "Tokens: a JWK to sign them with instead of encrypting them. Their holder can read signed tokens. `typegate newkey` makes one.";
        previous_signing_keys = "[{ file = \"/run/secrets/old.jwk\" }]": "Verify what they once signed and sign nothing any more.";
    }
    PAGES = "pages", "`sign_in = \"/login\"` under `[pages]`" {
        sign_in = "\"/login\"": "Where people sign in; gets `callbackUrl` and, after a failure, `error`.";
        sign_out = "\"/goodbye\"": "Where people sign out.";
        error = "\"/oops\"": "Where failures are shown; gets `error`. Must be open to everybody.";
        verify_request = "\"/check-mail\"": "What is shown after a sign-in link was sent.";
        new_user = "\"/welcome\"": "Where a person goes after the very first sign-in; gets `callbackUrl`.";
    }
    THEME = "theme", "`color_scheme = \"dark\"` under `[theme]`" {
        color_scheme = "\"dark\"": "`auto`, `dark` or `light`.";
        brand_color = "\"#346df1\"": "The background of the main buttons.";
        button_text = "\"#ffffff\"": "The text of the main buttons.";
        logo = "\"/logo.svg\"": "A picture at the top of every page.";
        logo_dark = "\"/logo-dark.svg\"": "The picture on dark pages; `logo` by default.";
        site_name = "\"Acme\"": "The name by which visitors know the site: `Sign in to Acme`.";
        languages = "[\"en\", \"de\"]": "The languages of the pages: of `en`, `de`, `fr`, `es`, `pt`, `ja` and `zh-Hans`; all by default. The first is for visitors who read none of them.";
    }
    COOKIES = "cookies", "`secure = true` under `[cookies]`" {
        secure = "true": "Whether the prefixes `__Secure-` and `__Host-` and the attribute `Secure` are used; by default exactly if the site is https.";
    }
    RATE_LIMIT = "rate_limit", "`per_client = 100` under `[rate_limit]`" {
        per_client = "100": "Attempts of one kind (links, credentials, log lines) by one client in a window; 100 by default.";
        per_account = "30": "Tries of one account's credentials, in a window, by all clients together that have never signed in to it; 30 by default.";
        per_client_and_account = "10": "Tries of one account's credentials by one client in a window; 10 by default. A client that has signed in to it has them to itself.";
        per_recipient = "10": "Messages to one mailbox, in a window, at the wish of all clients together that have never signed in with it; 10 by default.";
        per_client_and_recipient = "5": "Messages to one mailbox at the wish of one client in a window; 5 by default. A client that has signed in with it has them to itself.";
        shared = "true": "Whether attempts are counted in the database of `adapter`, so that several processes count together and a restart forgets nothing; false by default.";
        window = "900": "How long a window is, in seconds, from 1; a quarter of an hour by default.";
    }
    CLIENT_ADDRESS = "client_address", "`forwarded_for = 1` under `[client_address]`" {
        forwarded_for = "1": "The number of one's own proxies that append to `X-Forwarded-For`. This, `forwarded_through`, `forwarded` or `header`.";
        forwarded_through = "[\"10.0.0.0/8\"]": "The networks of one's own proxies, which append to `X-Forwarded-For`: the last entry that is none of them is the visitor.";
        forwarded = "1": "The number of one's own proxies that append to `Forwarded` (RFC 7239), in its place.";
        header = "\"cf-connecting-ip\"": "A header with one address, which the proxy sets itself.";
    }
    DIAGNOSTICS = "diagnostics", "`retired_codes = false` under `[diagnostics]`" {
        retired_codes = "true": "Whether the codes of older NextAuth releases are logged besides; true by default.";
        lines_per_minute = "100": "How many lines of one code are logged in a minute; 100 by default, 0 for none. What is left out is counted.";
        client_lines_per_minute = "100": "How many lines of browsers are logged in a minute, of all together; 100 by default, 0 for none.";
    }
    SERVER = "server", "`address = \"127.0.0.1:3000\"` under `[server]`" {
        address = "\"127.0.0.1:3000\"": "Where `typegate serve` listens; `127.0.0.1:3000` by default.";
        metrics_address = "\"127.0.0.1:9464\"": "Where `GET /metrics` answers with [what is counted](operation.md#metrics), for Prometheus and whoever reads its text. Not served by default, and never at `address`: strangers have no business there.";
        trusted_proxies = "[\"127.0.0.1\", \"10.0.0.0/8\"]": "One's own proxies: nobody else's word about a visitor's address counts, and no visitor is counted by theirs. With `trust_proxy`: who may connect; everybody else gets 403. The loopback addresses by default; if they are not listed, those of private networks are believed, too.";
        max_connections = "900": "How many connections there may be; 900 by default.";
        max_connections_per_client = "100": "How many a client may have, an IPv6 network of 64 bits being one client; 100 by default. The trusted proxies have as many as there are.";
        head_deadline = "30": "How many seconds a client may take for the head of a request, waiting for a next request included; 30 by default.";
        request_deadline = "30": "How many seconds a request may take from its head to its answer, the body included; 30 by default.";
        write_deadline = "20": "How many seconds a client may take for the next KiB of an answer; 20 by default.";
    }
    /// Each provider knows its own keys.
    #[cfg(test)]
    CATALOGUE = "providers, from the catalogue", "a table `[[providers]]`" {
        type = "\"github\"": "The provider's id: `github`, or with the feature `catalog`, which the program `typegate` has, one of the catalogue.";
        id = "\"github-enterprise\"": "The type by default. A second provider of one type needs an id of its own: a segment of addresses and part of stored accounts, so never change it.";
        name = "\"GitHub Enterprise\"": "What people read.";
        client_id = "{ env = \"AUTH_GITHUB_ID\" }": "Required. What names the application there.";
        client_secret = "{ env = \"AUTH_GITHUB_SECRET\" }": "Required. What proves it.";
        base_url = "\"https://git.acme.example\"": "And whatever else the provider's type has: `issuer`, `tenant_id`, `base_url`, … `typegate check` names what is missing.";
        scope = "\"read:user user:email\"": "Every key of `oauth2` and `oidc` below replaces what the catalogue says.";
    }
    PROFILE = "profile", "`profile = { id = \"id\" }`" {
        id = "\"id\"": "The subject, text or number; `id` by default. A path such as `/data/id` (RFC 6901) reaches further down, as for the others.";
        name = "\"name\"": "The display name; `name` by default.";
        email = "\"email\"": "The address; `email` by default.";
        image = "\"picture\"": "The address of a picture; `picture` by default.";
    }
    EMAIL (only_openid_connect) = "providers, type email", "a table `[[providers]]`" {
        type = "\"email\"": "A link that is sent to an address.";
        id = "\"email\"": "`email` by default.";
        name = "\"Email\"": "What people read; `Email` by default.";
        server = "{ env = \"EMAIL_SERVER\" }": "The mail server, `smtps://user:password@smtp.example.com`. Feature `smtp`, which the program `typegate` has. This or `send`.";
        from = "\"Acme <no-reply@acme.example>\"": "Required with `server`. In whose name messages are sent.";
        send = "\"name\"": "The registered function that sends the message.";
        max_age = "86400": "For how many seconds a link is good; a day by default.";
        ask_before_sign_in = "true": "Whether a button stands behind the link, so that programs which open links do not use them up; false by default.";
    }
    CREDENTIALS (only_openid_connect) = "providers, type credentials", "a table `[[providers]]`" {
        type = "\"credentials\"": "The application's own check of what a visitor typed.";
        id = "\"credentials\"": "`credentials` by default.";
        name = "\"Credentials\"": "What people read; `Credentials` by default.";
        authorize = "\"name\"": "The registered function that checks. This or `endpoint`.";
        endpoint = "\"http://127.0.0.1:8081/authorize\"": "Where another process checks: gets the form as a JSON object, answers 200 with a user (`{\"id\": \"1\", \"name\": …}`), or 401 to refuse. https, or http on a loopback host. The log has the address of one that fails, so what is secret belongs into `secret`.";
        endpoint_secret = "{ env = \"AUTHORIZE_SECRET\" }": "Sent to the endpoint as a bearer token.";
        fields = "[{ key = \"username\", label = \"User name\" }]": "The fields of the built-in sign-in page.";
    }
    FIELD = "fields", "`fields = [{ key = \"username\", label = \"User name\" }]`" {
        key = "\"username\"": "Required. The name in the form.";
        label = "\"User name\"": "What people read.";
        type = "\"text\"": "The type of the input, such as `text` or `password`.";
        placeholder = "\"ada\"": "Shown while nothing is typed.";
        optional = "true": "Whether a browser sends the form without it. Fields of the type `password` and those that name the account are required by default.";
    }
    REGISTERED (only_openid_connect) = "providers, registered", "a table `[[providers]]`" {
        type = "\"name\"": "The name under which the application registered a provider.";
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn what_was_meant_is_found() {
        let of_root = |name| ROOT.suggestion(name);
        let meant = |key: &str| Some(format!("did you mean `{key}`?"));
        assert_eq!(of_root("secrett"), meant("secret"));
        assert_eq!(of_root("provider"), meant("providers"));
        assert_eq!(of_root("trustProxy"), meant("trust_proxy"));
        assert_eq!(of_root("zzz"), None);
        assert_eq!(OIDC.suggestion("clientId"), meant("client_id"));
        assert_eq!(OIDC.suggestion("clientSecret"), meant("client_secret"));
    }

    /// `TYPEGATE_WRITE_DOCS=1 cargo test --features dynamic` writes it anew.
    #[test]
    fn the_documentation_lists_every_key() {
        let mut tables = String::new();
        let described = [&*OIDC, &*OAUTH2, &*OAUTH1];
        let of_catalogue = ALL.iter().position(|section| section.title == CATALOGUE.title).unwrap();
        let (before, after) = ALL.split_at(of_catalogue + 1);
        for section in before.iter().chain(&described).chain(after) {
            if !section.title.is_empty() {
                writeln!(tables, "\n### {}\n", section.title).unwrap();
            }
            tables.push_str("| key | for example | meaning |\n|---|---|---|\n");
            for Key { name, example, about } in section.keys {
                writeln!(tables, "| `{name}` | `{example}` | {about} |").unwrap();
            }
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration-file.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (start, end) = ("<!-- keys -->\n", "\n<!-- end of keys -->");
        let (before, rest) = page.split_once(start).unwrap();
        let (written, after) = rest.split_once(end).unwrap();
        if std::env::var_os("TYPEGATE_WRITE_DOCS").is_some() {
            std::fs::write(path, format!("{before}{start}{tables}{end}{after}")).unwrap();
        } else {
            assert_eq!(written, tables, "docs/configuration-file.md is out of date");
        }
    }
}
