//! Links by e-mail, sent by a mail server or by a function of the application's.

use super::Context;
use crate::dynamic::problem::Problems;
use crate::dynamic::reader::Table;
use crate::dynamic::registry::{self, unregistered};
use crate::provider::{Email, Provider as _, ProviderDefinition};

impl<D> Context<'_, D> {
    pub(super) fn email(
        &self,
        table: &Table<'_>,
        problems: &mut Problems,
    ) -> Option<ProviderDefinition> {
        let id = table.text("id", problems);
        let name = table.text("name", problems);
        let age = table.seconds("max_age", problems);
        let asks = table.boolean("ask_before_sign_in", problems);
        let mut definition = self.sender(table, problems)?.into_definition();
        if let Some(id) = id {
            definition.id = id.value;
        }
        if let Some(name) = name {
            definition.name = name.value;
        }
        if let Some(age) = age {
            definition.maximum_age = i64::from(age.value);
        }
        if asks.is_some_and(|asks| asks.value) {
            definition.asks_before_sign_in = true;
        }
        Some(definition.into())
    }

    fn sender(&self, table: &Table<'_>, problems: &mut Problems) -> Option<Email> {
        let (server, send) = (table.get("server"), table.get("send"));
        match (server, send) {
            (Some(_), Some(send)) => {
                let cause = "both `server` and `send` send the message";
                problems.value(send.key_spot, cause, "remove one of the two");
                None
            }
            (Some(_), None) => self.mail_server(table, problems),
            (None, Some(_)) => {
                if let Some(from) = table.get("from") {
                    let cause = "`from` has no effect without `server`: the function that sends \
                                 names the sender";
                    problems.value(from.key_spot, cause, "remove it");
                }
                let send = table.text("send", problems)?;
                let registered = &self.registry.send;
                let Some(sender) = registered.get(&send.value) else {
                    let names = registered.keys().map(String::as_str);
                    unregistered(&send, &registry::SEND, names, problems);
                    return None;
                };
                Some(sender.clone())
            }
            (None, None) => {
                problems.missing(
                    table.spot.clone(),
                    "the e-mail provider has neither `server` nor `send`",
                    "write `server = { env = \"EMAIL_SERVER\" }` and `from = \"Acme \
                     <no-reply@acme.example>\"`, or `send` with the name of a registered function",
                );
                None
            }
        }
    }

    #[cfg(feature = "smtp")]
    fn mail_server(&self, table: &Table<'_>, problems: &mut Problems) -> Option<Email> {
        use crate::provider::{Mailbox, SmtpServer};

        let server = table.address("server", &self.registry.secrets, problems);
        let server = server.and_then(|server| match server.value.parse::<SmtpServer>() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let fix = "write `server = { env = \"EMAIL_SERVER\" }`, and the address there";
                problems.refused(server.spot, &error, fix);
                None
            }
        });
        let from = table.required("from", problems);
        let from = from.and_then(|from| match from.value.parse::<Mailbox>() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let fix = "write `from = \"Acme <no-reply@acme.example>\"`";
                problems.refused(from.spot, &error, fix);
                None
            }
        });
        Some(Email::smtp(server?).from(from?))
    }

    #[cfg(not(feature = "smtp"))]
    fn mail_server(&self, table: &Table<'_>, problems: &mut Problems) -> Option<Email> {
        let spot = table.get("server").map(|server| server.key_spot).unwrap_or_default();
        problems.value(
            spot,
            "this program was built without the feature `smtp` of typegate",
            "build it with that feature",
        );
        None
    }
}
