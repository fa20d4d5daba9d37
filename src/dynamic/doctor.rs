//! The doctor: asks what a configuration names, and says of each whether it answers and what to do.

use super::authorize_endpoint::AuthorizeEndpoint;
use super::problem::Problems;
use super::settings::{AdapterChoice, Read, report_whole};
use crate::adapter::DynamicAdapter;
use crate::config::{Config, Provider, UnresolvedStores};
use crate::crypto::secret::SessionToken;
use crate::error::{AdapterError, ConfigErrors, causes, chain};
use crate::oauth::Examination;

/// From how many seconds on clocks that differ are worth a word: ID tokens are good for minutes.
const CLOCKS_DIFFER: i64 = 30;

/// What was found out about one thing that a configuration names.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// What was asked, such as `provider acme`.
    pub subject: String,
    /// Whether somebody has to do something.
    pub is_problem: bool,
    /// Whether it works, and could be safer.
    pub is_warning: bool,
    /// What it is, and of a problem what to do. In one line, and nothing secret is in it.
    pub text: String,
}

impl Finding {
    pub(super) fn good(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { subject: subject.into(), is_problem: false, is_warning: false, text: text.into() }
    }

    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    pub(super) fn warning(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { is_warning: true, ..Self::good(subject, text) }
    }

    pub(super) fn problem(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { is_problem: true, ..Self::good(subject, text) }
    }
}

/// `None` after a report.
pub(super) async fn examine(read: Read, problems: &mut Problems) -> Option<Vec<Finding>> {
    let mut findings = match &read.adapter {
        AdapterChoice::Database(address) => Box::pin(address.examine()).await,
        AdapterChoice::Registered { name, adapter } => {
            vec![Box::pin(examine_registered(name, adapter)).await]
        }
        AdapterChoice::None => Vec::new(),
    };
    // What opens the database is not asked again.
    let Read { facts, jwt, database, settings, endpoints, .. } = read;
    let stores = UnresolvedStores { adapter: None, jwt, database }.of(&facts);
    let config = match Config::resolve(settings, stores, ConfigErrors::default()) {
        Ok(config) => config,
        Err(error) => {
            report_whole(&error, problems);
            return None;
        }
    };
    let callback = config.site.announced();
    for provider in &config.providers {
        let subject = format!("provider {}", provider.id());
        match provider {
            Provider::OAuth(relying_party) => {
                register(&subject, &callback, provider.id(), &mut findings);
                tell(&subject, &Box::pin(relying_party.examine()).await, &mut findings);
            }
            Provider::OAuth1(_) => register(&subject, &callback, provider.id(), &mut findings),
            Provider::Email(definition) => {
                if let Some(outcome) = Box::pin(definition.delivery.reach()).await {
                    findings.push(match outcome {
                        Ok(()) => Finding::good(subject, "the mail server takes the connection"),
                        Err(error) => Finding::problem(subject, chain(&*error)),
                    });
                }
            }
            Provider::Credentials(definition) => {
                let endpoint = endpoints.iter().find(|(id, _)| *id == definition.id);
                if let Some((_, endpoint)) = endpoint {
                    findings.push(examine_endpoint(subject, endpoint).await);
                }
            }
        }
    }
    Some(findings)
}

/// Reads what nobody has, from each store that can be read: users may be in one database, and sessions
/// in another, such as Redis.
async fn examine_registered(name: &str, adapter: &DynamicAdapter) -> Finding {
    let subject = format!("adapter {name}");
    let nobody = "typegate doctor";
    let asked = async {
        adapter.users.user_by_account(nobody, nobody).await?;
        if let Some(sessions) = &adapter.sessions {
            sessions.session_and_user(&SessionToken::from(nobody)).await?;
        }
        Ok::<_, AdapterError>(())
    };
    match asked.await {
        Ok(()) => Finding::good(subject, "it answers"),
        Err(error) => {
            let fix = error.advice().unwrap_or("look at its address, and whether its server runs");
            // Without what there is to do, which comes last.
            let reason = causes(&error).next().map_or_else(|| error.to_string(), chain);
            Finding::problem(subject, format!("{reason}; {fix}"))
        }
    }
}

async fn examine_endpoint(subject: String, endpoint: &AuthorizeEndpoint) -> Finding {
    match Box::pin(endpoint.reach()).await {
        Ok(asked) => Finding::good(subject, format!("{asked} answers")),
        Err(error) => Finding::problem(subject, format!("{error}; look at its `endpoint`")),
    }
}

fn register(subject: &str, callback: &str, id: &str, findings: &mut Vec<Finding>) {
    let address = callback.replacen("<id>", id, 1);
    findings.push(Finding::good(subject, format!("register the callback URL {address} there")));
}

fn tell(subject: &str, examination: &Examination, findings: &mut Vec<Finding>) {
    let Examination { asked, metadata, keys, useless_keys, clock_ahead } = examination;
    let asked = asked.as_ref().map_or_else(|| "it".to_owned(), ToString::to_string);
    match metadata {
        Ok(()) => findings.push(Finding::good(subject, format!("{asked} answers"))),
        Err(error) => {
            let fix = "look at its `issuer` or endpoints, and whether this machine reaches them";
            let text = format!("{asked} is of no use: {}; {fix}", chain(&**error));
            findings.push(Finding::problem(subject, text));
        }
    }
    match (keys, useless_keys) {
        (Some(Ok(())), None) => findings.push(Finding::good(subject, "its keys can be read")),
        (Some(Ok(())), Some(reason)) => {
            let text = format!("its key set {reason}; look at `jwks_uri`, or ask the provider");
            findings.push(Finding::problem(subject, text));
        }
        (Some(Err(error)), _) => {
            let text = format!("its keys cannot be read: {}; look at `jwks_uri`", chain(error));
            findings.push(Finding::problem(subject, text));
        }
        (None, _) => {}
    }
    if let Some(ahead) = clock_ahead.filter(|ahead| ahead.abs() >= CLOCKS_DIFFER) {
        let (seconds, way) = (ahead.abs(), if ahead > 0 { "ahead of" } else { "behind" });
        findings.push(Finding::problem(
            subject,
            format!(
                "this machine's clock is {seconds} s {way} the provider's, so that ID tokens seem \
                 too old or not yet good: set the clock, by NTP"
            ),
        ));
    }
}
