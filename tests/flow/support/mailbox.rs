//! A mail server in memory, which refuses when it is told to.

use std::sync::{Arc, Mutex};

use typegate::provider::{Email, EmailMessage};
use typegate::{CallbackError, Secret};

#[derive(Clone, Default)]
pub(crate) struct Mailbox {
    messages: Arc<Mutex<Vec<EmailMessage>>>,
    refuses: Arc<Mutex<bool>>,
}

impl Mailbox {
    /// The provider that sends into this box.
    pub(crate) fn provider(&self) -> Email {
        let mailbox = self.clone();
        Email::new(move |message| {
            let outcome = if *mailbox.refuses.lock().unwrap() {
                Err(CallbackError::new("mail.internal:25 refused the message"))
            } else {
                mailbox.messages.lock().unwrap().push(message);
                Ok(())
            };
            async move { outcome }
        })
        .secret(Secret::new("canary-of-an-email-secret, long enough").unwrap())
    }

    pub(crate) fn refuse(&self) {
        *self.refuses.lock().unwrap() = true;
    }

    /// The link of the last message.
    pub(crate) fn link(&self) -> String {
        self.messages.lock().unwrap().last().unwrap().url.clone()
    }
}
