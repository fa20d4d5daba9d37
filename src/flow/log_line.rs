//! Log lines of browser clients: `POST _log`.
//!
//! Anybody can send one. So the level is one of three, code and metadata are short and stay on one
//! line, and only so many are accepted in a minute.

use serde_json::Value;

use super::attempt::count_log_line;
use crate::config::Config;
use crate::error::{ErrorCode, Level};
use crate::log::Allowed;
use crate::model::JsonObject;
use crate::web::{Fields, Reply, Request};

/// The maximum length of a code that is passed on, in bytes.
const MAXIMUM_CODE_LENGTH: usize = 2048;

/// Passes a line on if the application has a logger. The answer is always empty.
pub(crate) async fn log_line(config: &Config, request: &Request<'_>) -> Reply {
    if config.log.has_logger() {
        let now = config.clock.now();
        if let Err(limited) = count_log_line(config, request, now).await {
            return limited.reply(|_| Reply::empty());
        }
        match config.log.allows_client_line(now) {
            Allowed::Yes => pass_on(config, &request.body),
            Allowed::NoMore => {
                let reason = "clients send more lines than are taken in a minute";
                config.log.note(ErrorCode::Logger, None, reason);
            }
            Allowed::No => {}
        }
    }
    Reply::empty()
}

fn pass_on(config: &Config, body: &Fields) {
    let level = match body.text("level") {
        Some("error") => Some(Level::Error),
        Some("warn") => Some(Level::Warn),
        Some("debug") => Some(Level::Debug),
        _ => None,
    };
    match (level, body.text("code")) {
        (Some(level), Some(code)) if code.len() <= MAXIMUM_CODE_LENGTH => {
            let metadata: JsonObject = body
                .as_object()
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "level" | "code"))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            config.log.client_line(level, code, &Value::Object(metadata).to_string());
        }
        _ => config.log.note(ErrorCode::Logger, None, "a client's line has no known level"),
    }
}
