//! The address of a database, judged before a driver reads it: drivers ignore what they do not
//! know, and a misspelt `sslmode` connects without any check of the certificate.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod unverified;
mod vocabulary;

use std::borrow::Cow;
use std::fmt;

use url::Url;

#[cfg(feature = "mysql")]
pub(super) use mysql::MYSQL;
#[cfg(feature = "postgres")]
pub(super) use postgres::{POSTGRES, check_environment};
#[cfg(feature = "redis")]
pub(super) use redis::of_redis;
#[cfg(feature = "sqlite")]
pub(super) use sqlite::SQLITE;
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(super) use unverified::{Protection, warn_unverified};
use vocabulary::{Form, Parameter, Values, Vocabulary};

use crate::error::AdapterError;
use crate::error::spelling::{closest, listed, plain};

/// All that can be opened by an address of their own.
#[cfg(all(feature = "dynamic", any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
const VOCABULARIES: &[&Vocabulary] = &[
    #[cfg(feature = "sqlite")]
    &SQLITE,
    #[cfg(feature = "postgres")]
    &POSTGRES,
    #[cfg(feature = "mysql")]
    &MYSQL,
];

/// Judges an address of any database that can be opened; one of another scheme is not judged.
#[cfg(all(feature = "dynamic", any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
pub(crate) fn check(text: &str) -> Result<(), UrlRefused> {
    let is_of = |vocabulary: &&&Vocabulary| vocabulary.has_scheme(text);
    match VOCABULARIES.iter().find(is_of) {
        Some(vocabulary) => DatabaseUrl::parse(text, vocabulary).map(drop),
        None => Ok(()),
    }
}

/// An address every parameter of which the driver knows, and none of which contradicts another.
pub(super) struct DatabaseUrl<'a> {
    text: Cow<'a, str>,
    /// By the name that the vocabulary has for each.
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    parameters: Parameters,
}

/// Why an address is refused: a cause and what to write, for each mistake. No text of the address
/// is in it that could be part of a password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct UrlRefused(Vec<Mistake>);

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mistake {
    pub(crate) cause: String,
    pub(crate) fix: String,
}

impl UrlRefused {
    fn new(cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self(vec![Mistake { cause: cause.into(), fix: fix.into() }])
    }

    #[cfg(feature = "dynamic")]
    pub(crate) fn mistakes(&self) -> &[Mistake] {
        &self.0
    }
}

impl fmt::Display for UrlRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Mistake { cause, fix }) in self.0.iter().enumerate() {
            let joint = if index > 0 { "; " } else { "" };
            write!(f, "{joint}{cause}: {fix}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UrlRefused {}

impl From<UrlRefused> for AdapterError {
    fn from(refused: UrlRefused) -> Self {
        Self::unavailable(refused)
    }
}

impl<'a> DatabaseUrl<'a> {
    /// Judges an address by what its driver knows.
    pub(super) fn parse(
        text: &'a str,
        vocabulary: &'static Vocabulary,
    ) -> Result<Self, UrlRefused> {
        if !vocabulary.has_scheme(text) {
            let schemes = listed(vocabulary.schemes.iter().copied()).replace(" and ", " or ");
            return Err(UrlRefused::new(
                format!("the address does not begin with {schemes}"),
                format!("write one such as `{}`", vocabulary.example),
            ));
        }
        let text = match vocabulary.form {
            Form::File => Cow::Borrowed(text),
            Form::Url => with_host(text)?,
        };
        let (query, authority) = match vocabulary.form {
            Form::File => (text.split_once('?').map(|(_, query)| query), Vec::new()),
            Form::Url => split_url(&text, vocabulary)?,
        };
        let mut reader = Reader {
            vocabulary,
            // A `@` behind the `?` may be the end of a password with a `?` in it.
            may_show: !query.is_some_and(|query| query.contains('@') || query.contains("%40")),
            found: authority,
            mistakes: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            reader.read(&name, value);
        }
        reader.mistakes.extend(vocabulary.check.and_then(|check| check(&reader.found)));
        if value_of(&reader.found, "host").is_some_and(|host| host.contains(',')) {
            reader.mistakes.push(several_hosts());
        }
        match reader.mistakes.is_empty() {
            true => Ok(Self {
                text,
                #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
                parameters: reader.found,
            }),
            false => Err(UrlRefused(reader.mistakes)),
        }
    }

    /// The address, for the driver.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What a parameter says, by its first name.
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        value_of(&self.parameters, name)
    }
}

/// Name and value.
type Parameters = Vec<(&'static str, String)>;

fn value_of<'a>(parameters: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
    let found = parameters.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

/// Puts a host into an address whose parameters have one, or a socket: `user@/database?host=/run`
/// is a form of libpq's and no URL.
fn with_host(text: &str) -> Result<Cow<'_, str>, UrlRefused> {
    let Some((scheme, rest)) = text.split_once("://") else { return Ok(Cow::Borrowed(text)) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // Not a mistake of a password: what stands in front of the last `@` is not looked at.
    if host.contains(',') {
        return Err(UrlRefused(vec![several_hosts()]));
    }
    if !host.is_empty() || authority.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let names_host = |name: &str| ["host", "hostaddr", "socket"].contains(&name);
    match form_urlencoded::parse(query.as_bytes()).any(|(name, _)| names_host(&name)) {
        true => Ok(Cow::Owned(format!("{scheme}://{authority}localhost{rest}"))),
        false => Err(UrlRefused::new(
            "the address names no host behind the `@`",
            "write one, such as `localhost`",
        )),
    }
}

fn several_hosts() -> Mistake {
    Mistake {
        cause: "the address names several hosts, and the driver connects to one".to_owned(),
        fix: "write the host that leads to the server which takes writes".to_owned(),
    }
}

/// The query of a URL, and what stands before it and is a parameter's business as well.
fn split_url<'a>(
    text: &'a str,
    vocabulary: &Vocabulary,
) -> Result<(Option<&'a str>, Parameters), UrlRefused> {
    let form = || format!("write one such as `{}`", vocabulary.example);
    let escape = "write `%3F` for a `?`, `%23` for a `#`, `%40` for an `@` and `%2F` for a `/` in \
                  a user or password";
    let Ok(url) = Url::parse(text) else {
        return Err(UrlRefused::new("the address is no URL", format!("{}; {escape}", form())));
    };
    if text.contains('#') {
        let cause = "the address has a `#`, behind which nothing is read";
        let fix = match vocabulary.in_fragment {
            Some(fix) => format!("{fix}; {escape}"),
            None => format!("write parameters behind a `?`; {escape}"),
        };
        return Err(UrlRefused::new(cause, fix));
    }
    let query = text.split_once('?').map(|(_, query)| query);
    let mut authority: Parameters = Vec::new();
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let path = url.path().trim_start_matches('/');
    let parts = [
        ("host", url.host_str().map(decoded)),
        ("port", url.port().map(|port| port.to_string())),
        ("user", Some(decoded(url.username()))),
        ("password", url.password().map(decoded)),
        ("dbname", Some(decoded(path))),
    ];
    for (name, value) in parts {
        if let Some(known) = vocabulary.parameters.iter().find(|known| known.name == name)
            && let Some(value) = value.filter(|value| !value.is_empty())
        {
            authority.push((known.name, value));
        }
    }
    Ok((query, authority))
}

/// What was read of an address so far.
struct Reader {
    vocabulary: &'static Vocabulary,
    /// Whether names and values of parameters may stand in a message.
    may_show: bool,
    found: Parameters,
    mistakes: Vec<Mistake>,
}

impl Reader {
    fn refuse(&mut self, cause: String, fix: String) {
        self.mistakes.push(Mistake { cause, fix });
    }

    fn read(&mut self, name: &str, value: Cow<'_, str>) {
        let Some(parameter) = self.vocabulary.parameter(name) else {
            self.unknown(name, &value);
            return;
        };
        let first = parameter.name;
        let value = match &parameter.values {
            Values::Any => value.into_owned(),
            #[cfg(feature = "postgres")]
            Values::Several => return,
            #[cfg(any(feature = "mysql", feature = "postgres", feature = "redis"))]
            Values::Number { example } => {
                if value.parse::<u32>().is_err() {
                    let cause = format!("the parameter `{first}` of the address is not a number");
                    self.refuse(cause, format!("write a number, such as `{example}`"));
                    return;
                }
                value.into_owned()
            }
            Values::OneOf(known) => {
                let lower = value.to_ascii_lowercase();
                let Some(known) = known.iter().find(|known| known.to_ascii_lowercase() == lower)
                else {
                    self.unknown_value(parameter, &value);
                    return;
                };
                (*known).to_owned()
            }
        };
        match value_of(&self.found, first) {
            None => self.found.push((first, value)),
            Some(other) if *other == value => {}
            // How an address is written whose host is a parameter, or a socket.
            Some("localhost") if first == "host" => {
                self.found.retain(|(name, _)| *name != "host");
                self.found.push((first, value));
            }
            Some(_) => {
                let cause = format!(
                    "the address says twice what `{first}` is, and the two contradict each other"
                );
                self.refuse(cause, "remove one of the two".to_owned());
            }
        }
    }

    fn unknown(&mut self, name: &str, value: &str) {
        let Vocabulary { driver, .. } = self.vocabulary;
        let known = listed(self.vocabulary.parameters.iter().map(|known| known.name));
        if !self.shows(name) {
            let cause = format!("the address has a parameter that {driver} does not know");
            let fix = format!(
                "known are {known}; write `%3F` for a `?` and `%26` for a `&` in a user or password"
            );
            self.refuse(cause, fix);
            return;
        }
        let cause = format!("{driver} does not know the parameter `{name}` of the address");
        let shown = if self.shows(value) { value } else { "…" };
        let fix = match self.vocabulary.foreign(name) {
            Some(advice) => advice.replace("{value}", shown),
            None => match self.vocabulary.closest(name) {
                Some(parameter) => format!("did you mean {}?", meant(parameter, value)),
                None => format!("remove it, or write one of {known}"),
            },
        };
        self.refuse(cause, fix);
    }

    fn unknown_value(&mut self, parameter: &'static Parameter, value: &str) {
        let (first, Values::OneOf(known)) = (parameter.name, &parameter.values) else { return };
        let known = listed(known.iter().copied());
        let (cause, fix) = if self.shows(value) {
            let cause = format!("the parameter `{first}` of the address is `{value}`");
            match parameter.value_meant(value) {
                Some(value) => (cause, format!("did you mean `{first}={value}`?")),
                None => (cause, format!("write one of {known}")),
            }
        } else {
            let cause = format!("the parameter `{first}` of the address has an unknown value");
            (cause, format!("write one of {known}"))
        };
        self.refuse(cause, fix);
    }

    /// Whether a text cannot be a part of a password and cannot mislead who reads it.
    fn shows(&self, text: &str) -> bool {
        const LONGEST: usize = 40;
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b);
        self.may_show && !text.is_empty() && text.len() <= LONGEST && text.bytes().all(is_word)
    }
}

/// The parameter as one would write it, with the value that was meant if that is known.
fn meant(parameter: &Parameter, value: &str) -> String {
    let first = parameter.name;
    match parameter.value_meant(value) {
        Some(value) => format!("`{first}={value}`"),
        None => format!("`{first}`"),
    }
}

impl Parameter {
    /// The known value that was meant, in whichever database's words.
    fn value_meant(&self, value: &str) -> Option<&'static str> {
        let Values::OneOf(known) = &self.values else { return None };
        let value = plain(value);
        let synonym = self.synonyms.iter().find(|(foreign, _)| *foreign == value);
        let same = known.iter().copied().find(|known| plain(known) == value);
        same.or(synonym.map(|(_, known)| *known)).or_else(|| closest(&value, known.iter().copied()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_mistakes_are_told_at_once() {
        let url = "postgres://db.example/auth?tls=true&schema=auth&sslmode=on";
        let refused = DatabaseUrl::parse(url, &POSTGRES).err().unwrap().to_string();
        for fix in ["`sslmode=verify-full`", "`options[search_path]=auth`"] {
            assert!(refused.contains(fix), "{refused}");
        }
        assert_eq!(refused.matches("; ").count(), 2, "{refused}");
    }

    #[test]
    fn what_drivers_know_passes() {
        for (url, vocabulary) in [
            (
                "postgres://a:b%3F@db.example:5432/auth?sslmode=verify-full&sslrootcert=/ca.pem",
                &POSTGRES,
            ),
            ("postgresql:///auth?host=/run/postgresql&application_name=typegate", &POSTGRES),
            (
                "postgres://db.example?options=-c%20a=b&options[search_path]=auth&options=-c%20c=d",
                &POSTGRES,
            ),
            ("postgres://a@db.example/auth?user=a&port=5432&password=p@ss", &POSTGRES),
            (
                "mysql://db.example/auth?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem&charset=utf8mb4",
                &MYSQL,
            ),
            (
                "mariadb://db.example/auth?sslmode=verify_identity&statement-cache-capacity=0",
                &MYSQL,
            ),
            ("sqlite::memory:", &SQLITE),
            ("sqlite://a%3Fb.db?mode=rwc&cache=shared", &SQLITE),
            ("rediss://user:p%23@redis.example:6379/3?protocol=resp3", of_redis("rediss://")),
            ("unix:///run/redis.sock?db=2&user=a&pass=b", of_redis("unix://")),
            ("postgres://a:b@localhost/auth?host=/cloudsql/one", &POSTGRES),
            ("postgresql://a:b@/auth?host=/run/postgresql", &POSTGRES),
            ("postgresql://a@/auth?host=db.example&port=5433", &POSTGRES),
            ("mysql://a:b,c@/auth?socket=/run/mysqld/mysqld.sock", &MYSQL),
        ] {
            assert!(DatabaseUrl::parse(url, vocabulary).is_ok(), "{url}");
        }
    }

    #[test]
    fn what_stands_for_a_host_is_told() {
        for (url, vocabulary, cause) in [
            ("postgres://a:b@one,two/auth", &POSTGRES, "several hosts"),
            ("postgres://a:b@one:5432,two:5432/auth", &POSTGRES, "several hosts"),
            ("postgres:///auth?host=one,two", &POSTGRES, "several hosts"),
            ("mysql://a:b@one:3306,two:3306/auth", &MYSQL, "several hosts"),
            ("mysql://one,two/auth", &MYSQL, "several hosts"),
            ("redis://one:6379,two:6379/0", of_redis("redis://"), "several hosts"),
            ("postgres://a:b@/auth", &POSTGRES, "no host"),
            ("mysql://a:b@/auth?host=/run/mysqld.sock", &MYSQL, "`socket`"),
        ] {
            let refused = DatabaseUrl::parse(url, vocabulary).err().unwrap().to_string();
            assert!(refused.contains(cause), "{url}: {refused}");
            assert!(!refused.contains("a:b"), "{refused}");
        }
    }

    #[test]
    fn every_advice_is_for_a_name_that_is_not_known() {
        let redis = [of_redis("redis://"), of_redis("unix://")];
        for vocabulary in [&POSTGRES, &MYSQL, &SQLITE].into_iter().chain(redis) {
            for (names, advice) in vocabulary.foreign {
                assert!(!advice.is_empty());
                for name in *names {
                    assert_eq!(plain(name), **name, "{name}");
                    assert!(vocabulary.parameter(name).is_none(), "{name}");
                }
            }
            for parameter in vocabulary.parameters {
                let Values::OneOf(known) = &parameter.values else { continue };
                for (foreign, meant) in parameter.synonyms {
                    assert_eq!(plain(foreign), **foreign, "{foreign}");
                    assert!(known.contains(meant), "{meant}");
                }
            }
        }
    }
}
