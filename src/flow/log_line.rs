//! `POST _log`: a line from a browser client, for the application's own logger.

use http::StatusCode;
use serde_json::Value;

use super::attempt::is_allowed;
use crate::config::Config;
use crate::error::{ErrorCode, Level};
use crate::message::{Reply, Request};
use crate::model::JsonObject;
use crate::rate_limit::{CountedBy, LimitedAction};

/// Longest code and metadata that are passed on.
const MAXIMUM_LENGTH: usize = 2048;

/// Passes a line on if the application has a logger. The answer is always empty.
pub(crate) async fn log_line(config: &Config, request: &Request<'_>) -> Reply {
    let body = &request.body;
    if config.log.has_logger() {
        let by = request.client.map(CountedBy::Client);
        let now = config.clock.now();
        if !is_allowed(config, LimitedAction::LogLine, by, now, None).await {
            return Reply::empty().status(StatusCode::TOO_MANY_REQUESTS);
        }
        let level = match body.text("level") {
            Some("error") => Some(Level::Error),
            Some("warn") => Some(Level::Warn),
            Some("debug") => Some(Level::Debug),
            _ => None,
        };
        match (level, body.text("code")) {
            (Some(level), Some(code)) if code.len() <= MAXIMUM_LENGTH => {
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
    Reply::empty()
}
