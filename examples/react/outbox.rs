//! The outbox: messages are kept here and sent nowhere.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use typegate::CallbackError;
use typegate::provider::EmailMessage;

/// All messages since the start, the latest last. Only for a program that nobody else can reach.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Mutex<Vec<Letter>>>);

#[derive(Clone, Serialize)]
pub(crate) struct Letter {
    to: String,
    subject: String,
    url: String,
}

impl Outbox {
    /// Keeps the message. One address is known to be full, to see what that looks like.
    pub(crate) fn post(&self, message: EmailMessage) -> Result<(), CallbackError> {
        if message.to == "full@example.com" {
            return Err(CallbackError::new("the mailbox is full"));
        }
        let letter = Letter { to: message.to, subject: message.subject, url: message.url };
        self.letters().push(letter);
        Ok(())
    }

    fn letters(&self) -> std::sync::MutexGuard<'_, Vec<Letter>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

pub(crate) async fn list(State(outbox): State<Outbox>) -> Json<Vec<Letter>> {
    Json(outbox.letters().clone())
}
