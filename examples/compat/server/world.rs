//! The world around typegate, which the control endpoints set and show.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use typegate::{CallbackError, DefaultHttpClient, JsonObject};

use super::clock::SettableClock;
use super::records::Records;
use super::store::Database;

/// The application's side of a comparison.
pub(crate) struct World {
    pub(crate) behaviour: Mutex<Behaviour>,
    pub(crate) records: Records,
    pub(crate) mails: Mutex<Vec<Value>>,
    pub(crate) database: Mutex<Database>,
    pub(crate) clock: SettableClock,
    /// Made once: reading the platform's certificates takes longer than a whole scenario.
    pub(crate) http_client: DefaultHttpClient,
}

impl World {
    pub(crate) fn new(behaviour: Behaviour, http_client: DefaultHttpClient) -> Self {
        Self {
            behaviour: Mutex::new(behaviour),
            records: Records::default(),
            mails: Mutex::default(),
            database: Mutex::default(),
            clock: SettableClock::default(),
            http_client,
        }
    }

    pub(crate) fn behaviour(&self) -> Behaviour {
        locked(&self.behaviour).clone()
    }
}

/// A panic elsewhere leaves nothing half done that matters here.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How the application behaves, and misbehaves.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Behaviour {
    pub(crate) sign_in: Option<Reaction>,
    pub(crate) redirect: Option<Reaction>,
    pub(crate) jwt: Option<Reaction>,
    pub(crate) session_callback: Option<Reaction>,
    /// Name of an event, and with what its handler fails.
    pub(crate) event_fail: HashMap<String, String>,
    /// Name of an adapter method, and with what it fails.
    pub(crate) adapter_fail: HashMap<String, String>,
    /// Methods that the adapter lacks.
    pub(crate) adapter_missing: Vec<String>,
    /// With what the mailer fails.
    pub(crate) mail_fail: Option<String>,
    /// With what the profile function of `oidc` fails.
    pub(crate) profile_throw: Option<String>,
    /// Whether the profile function of `oidc` gives no id.
    pub(crate) profile_no_id: bool,
    /// Whether the credentials provider has no `authorize`.
    pub(crate) no_authorize: bool,
    /// Ids of the only providers wanted.
    pub(crate) providers: Option<Vec<String>>,
    /// Id of a provider, and its options in next-auth's words.
    pub(crate) provider_options: HashMap<String, Value>,
    /// The site's address, if it is not the one that is asked.
    pub(crate) url: Option<String>,
    /// Whether the headers of a proxy say the address.
    pub(crate) trust_host: bool,
    pub(crate) pages: PageAddresses,
    pub(crate) session: JsonObject,
    /// Further options in next-auth's words; null takes one away.
    pub(crate) options: JsonObject,
}

/// The application's own pages.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PageAddresses {
    pub(crate) sign_in: Option<String>,
    pub(crate) sign_out: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) verify_request: Option<String>,
    pub(crate) new_user: Option<String>,
}

/// What a callback does in the place of its default.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Reaction {
    mode: Mode,
    #[serde(default)]
    value: Value,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    True,
    False,
    Null,
    String,
    Value,
    Throw,
    ThrowStr,
    Merge,
}

impl Reaction {
    /// What the callback returns if its default is `default`.
    pub(crate) fn apply(reaction: Option<Self>, default: Value) -> Result<Value, CallbackError> {
        let Some(Self { mode, value }) = reaction else { return Ok(default) };
        match mode {
            Mode::True => Ok(json!(true)),
            Mode::False => Ok(json!(false)),
            Mode::Null => Ok(Value::Null),
            Mode::String | Mode::Value => Ok(value),
            Mode::Throw | Mode::ThrowStr => {
                Err(CallbackError::visible(value.as_str().unwrap_or_default()))
            }
            Mode::Merge => match (default, value) {
                (Value::Object(mut members), Value::Object(further)) => {
                    members.extend(further);
                    Ok(Value::Object(members))
                }
                (default, _) => Ok(default),
            },
        }
    }
}
