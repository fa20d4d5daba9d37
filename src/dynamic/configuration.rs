//! A configuration as it was read, to be checked or built.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Deserializer};

use super::build;
use super::doctor::{self, Finding};
use super::document::Node;
use super::format::{Parsed, SyntaxError, read_json, read_toml};
use super::problem::{Problems, Spot};
use super::registry::Registry;
use super::report::Report;
use super::server::ServerSettings;
use super::settings::{self, AdapterChoice, Read};
use super::source::Source;
use crate::config::Auth;
use crate::rule::Rule;
use crate::web::client_address::ClientAddressSource;

/// A configuration that was read and is not checked yet.
///
/// Read from TOML or JSON it knows where everything stands. Any other format comes in by
/// `Deserialize`, without places:
///
/// ```
/// use typegate::dynamic::{Configuration, Registry};
///
/// let row = serde_json::json!({ "url": "https://app.example.com", "provider": [] });
/// let configuration: Configuration = serde_json::from_value(row)?;
/// let report = configuration.check(&Registry::new());
/// assert_eq!(report.violations()[0].fix(), "did you mean `providers`?");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Configuration {
    source: Source,
    root: Node,
    /// Keys that stand twice, with their places.
    repeated: Vec<(String, Spot)>,
}

impl Configuration {
    /// Reads TOML; the name stands in messages.
    ///
    /// # Errors
    ///
    /// [`Report`] if the text is no TOML.
    pub fn from_toml(name: impl Into<String>, text: impl Into<String>) -> Result<Self, Report> {
        Self::parse(name.into(), text.into(), read_toml)
    }

    /// Reads JSON; the name stands in messages.
    ///
    /// # Errors
    ///
    /// [`Report`] if the text is no JSON.
    pub fn from_json(name: impl Into<String>, text: impl Into<String>) -> Result<Self, Report> {
        Self::parse(name.into(), text.into(), read_json)
    }

    /// Reads a file: JSON if its name ends in `.json`, else TOML.
    ///
    /// # Errors
    ///
    /// [`Report`] if it cannot be read, or is neither.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Report> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let mut problems = Problems::default();
                let cause = format!("the configuration cannot be read: {error}");
                problems.value(Spot::default(), cause, "give the path of a TOML or JSON file");
                return Err(problems.into_report(&Source::without_text(name)));
            }
        };
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        Self::parse(name, text, if is_json { read_json } else { read_toml })
    }

    fn parse(name: String, text: String, read: fn(&str) -> Parsed) -> Result<Self, Report> {
        let Parsed { root, errors } = read(&text);
        let mut source = Source { name, text, texts: Vec::new(), is_malformed: root.is_none() };
        let (mut problems, mut repeated) = (Problems::default(), Vec::new());
        for error in errors {
            match error {
                SyntaxError::Repeated { key, span } => {
                    let spot = Spot { span, path: key.clone(), is_shown: true };
                    repeated.push((key, spot));
                }
                // What follows is mostly the same mistake seen again.
                SyntaxError::Malformed { .. } if !problems.is_empty() => {}
                SyntaxError::Malformed { message, span } => {
                    let spot = Spot { span, path: String::new(), is_shown: false };
                    let cause = format!("the text cannot be read: {message}");
                    problems.value(spot, cause, "correct the text here, or just before");
                }
            }
        }
        match root {
            Some(root) => {
                root.text_spans(&mut source.texts);
                Ok(Self { source, root, repeated })
            }
            None => Err(problems.into_report(&source)),
        }
    }

    /// Checks everything but whether the database answers. The report is empty if nothing is
    /// wrong. Secrets are read, so that one which is missing is reported.
    #[must_use]
    pub fn check<D: 'static>(&self, registry: &Registry<D>) -> Report {
        let (_, problems) = self.read(registry);
        problems.into_report(&self.source)
    }

    /// Checks everything, opens the database, and gives what the typed builder gives.
    ///
    /// # Errors
    ///
    /// [`Report`] with everything that is wrong.
    pub async fn build<D: 'static>(&self, registry: &Registry<D>) -> Result<Auth<D>, Report> {
        let (read, problems) = self.read(registry);
        self.finish(read, problems).await.map(|(auth, _)| auth)
    }

    /// As [`build`](Self::build), with the settings of `typegate serve`.
    ///
    /// # Errors
    ///
    /// [`Report`] with everything that is wrong.
    pub async fn build_server<D: 'static>(
        &self,
        registry: &Registry<D>,
    ) -> Result<(Auth<D>, ServerSettings), Report> {
        let (mut read, problems) = self.read(registry);
        if let Some(Read { settings, server, .. }) = &mut read
            && settings.client_address.is_none()
        {
            // Whoever connects from where a proxy stands is one.
            let source = ClientAddressSource::connection();
            settings.client_address = Some(source.received_from(&server.trusted_proxies));
        }
        self.finish(read, problems).await
    }

    /// Asks everything that the configuration names and that can be asked without a visitor: the
    /// database or the registered adapter, the providers' discovery documents and keys, mail servers (no
    /// message is sent), endpoints that check credentials (by `OPTIONS`), and whether the clocks agree.
    /// Nothing is changed.
    ///
    /// ```
    /// use typegate::dynamic::{Configuration, Registry};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), typegate::BoxError> {
    /// # #[cfg(feature = "sqlite")] {
    /// let configuration = Configuration::from_toml(
    ///     "auth.toml",
    ///     r#"
    ///     url = "https://app.example.com"
    ///     secret = { registered = "vault" }
    ///     adapter = { url = "sqlite::memory:", migrate = false }
    ///     providers = [{ type = "credentials", authorize = "directory" }]
    ///     session = { strategy = "jwt" }
    ///     "#,
    /// )?;
    /// let registry = Registry::new()
    ///     .secret("vault", "k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")
    ///     .authorize("directory", |_: serde_json::Value| async { Ok(None) });
    /// let findings = configuration.examine(&registry).await?;
    /// let problem = findings.iter().find(|finding| finding.is_problem).unwrap();
    /// assert!(problem.text.contains("`typegate migrate`"));
    /// # }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Report`] if the configuration itself is wrong: then nobody is asked.
    pub async fn examine<D: 'static>(
        &self,
        registry: &Registry<D>,
    ) -> Result<Vec<Finding>, Report> {
        let (read, mut problems) = self.read(registry);
        if let (Some(read), true) = (read, problems.is_empty())
            && let Some(findings) = doctor::examine(read, &mut problems).await
        {
            return Ok(findings);
        }
        Err(problems.into_report(&self.source))
    }

    /// Makes the tables of the database that the configuration names, or brings them up to date.
    /// `false` if it names none.
    ///
    /// # Errors
    ///
    /// [`Report`] if the configuration is wrong, if the database does not answer, or if its tables
    /// are those of another adapter.
    pub async fn migrate<D: 'static>(&self, registry: &Registry<D>) -> Result<bool, Report> {
        let (read, mut problems) = self.read(registry);
        if let (Some(read), true) = (read, problems.is_empty()) {
            let AdapterChoice::Database(address) = read.adapter else { return Ok(false) };
            if Box::pin(address.migrate(&mut problems)).await {
                return Ok(true);
            }
        }
        Err(problems.into_report(&self.source))
    }

    async fn finish<D: 'static>(
        &self,
        read: Option<Read>,
        mut problems: Problems,
    ) -> Result<(Auth<D>, ServerSettings), Report> {
        if let (Some(read), true) = (read, problems.is_empty())
            && let Some(built) = build::build(read, &mut problems).await
        {
            return Ok(built);
        }
        Err(problems.into_report(&self.source))
    }

    fn read<D: 'static>(&self, registry: &Registry<D>) -> (Option<Read>, Problems) {
        let mut problems = Problems::default();
        for (key, spot) in &self.repeated {
            problems.rule(Rule::GIVEN_ONCE, spot.clone(), Some(key));
        }
        let read = settings::read(&self.root, registry, &mut problems);
        (read, problems)
    }
}

impl<'de> Deserialize<'de> for Configuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let root = Node::deserialize(deserializer)?;
        let source = Source::without_text("the configuration".to_owned());
        Ok(Self { source, root, repeated: Vec::new() })
    }
}

impl fmt::Debug for Configuration {
    /// Without its text, which may hold what should not stand there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Configuration").field(&self.source.name).finish()
    }
}
