//! A mail server in memory, which refuses when it is told to.

use std::sync::{Arc, Mutex};

use tokio::task::yield_now;
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
            let mailbox = mailbox.clone();
            async move {
                yield_now().await;
                if *mailbox.refuses.lock().unwrap() {
                    return Err(CallbackError::new("mail.internal:25 refused the message"));
                }
                mailbox.messages.lock().unwrap().push(message);
                yield_now().await;
                Ok(())
            }
        })
        .secret(Secret::new("canary-of-an-email-secret, long enough").unwrap())
        .into()
    }

    pub(crate) fn refuse(&self) {
        *self.refuses.lock().unwrap() = true;
    }

    /// The link of the last message.
    pub(crate) fn link(&self) -> String {
        self.links().pop().unwrap()
    }

    pub(crate) fn links(&self) -> Vec<String> {
        self.messages.lock().unwrap().iter().map(|message| message.url.clone()).collect()
    }
}
