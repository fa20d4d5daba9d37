//! How much strangers may do, by whose address they are counted, and how much is logged of it.

use http::HeaderName;

use super::Reader;
use crate::client_address::ClientAddressSource;
use crate::config::erase_rate_limit;
use crate::dynamic::key;
use crate::dynamic::reader::Table;
use crate::log::Diagnostics;
use crate::rate_limit::MemoryRateLimit;

impl<D: 'static> Reader<'_, D> {
    pub(super) fn limits(&mut self, root: &Table<'_>) {
        self.rate_limit(root);
        self.diagnostics(root);
        self.client_address(root);
    }

    fn rate_limit(&mut self, root: &Table<'_>) {
        let Some(table) = root.table("rate_limit", &key::RATE_LIMIT, self.problems) else { return };
        let mut limit = MemoryRateLimit::default();
        if let Some(attempts) = table.count("per_client", self.problems) {
            limit = limit.per_client(attempts.value);
        }
        if let Some(messages) = table.count("per_recipient", self.problems) {
            limit = limit.per_recipient(messages.value);
        }
        if let Some(window) = table.seconds("window", self.problems) {
            limit = limit.window(window.value);
        }
        self.settings.rate_limit = Some(erase_rate_limit(limit));
    }

    fn diagnostics(&mut self, root: &Table<'_>) {
        let table = root.table("diagnostics", &key::DIAGNOSTICS, self.problems);
        let Some(table) = table else { return };
        let mut diagnostics = Diagnostics::new();
        if let Some(logged) = table.boolean("retired_codes", self.problems) {
            diagnostics = diagnostics.retired_codes(logged.value);
        }
        if let Some(lines) = table.count("lines_per_minute", self.problems) {
            diagnostics = diagnostics.lines_per_minute(lines.value);
        }
        if let Some(lines) = table.count("client_lines_per_minute", self.problems) {
            diagnostics = diagnostics.client_lines_per_minute(lines.value);
        }
        self.settings.diagnostics = diagnostics;
    }

    fn client_address(&mut self, root: &Table<'_>) {
        let table = root.table("client_address", &key::CLIENT_ADDRESS, self.problems);
        let Some(table) = table else { return };
        let proxies = table.count("forwarded_for", self.problems);
        let header = table.text("header", self.problems);
        match (proxies, header) {
            (Some(_), Some(header)) => {
                let cause = "both `forwarded_for` and `header` say where the address stands";
                self.problems.value(header.spot, cause, "remove one of the two");
            }
            (Some(proxies), None) => match u8::try_from(proxies.value) {
                Ok(count) if count > 0 => {
                    self.settings.client_address = ClientAddressSource::forwarded_for(count);
                }
                _ => self.problems.value(
                    proxies.spot,
                    "`forwarded_for` is the number of proxies of one's own, from 1 to 255",
                    "write `forwarded_for = 1` for one proxy",
                ),
            },
            (None, Some(header)) => match HeaderName::try_from(header.value) {
                Ok(name) => self.settings.client_address = ClientAddressSource::header(name),
                Err(_) => self.problems.value(
                    header.spot,
                    "this is no name of a header",
                    "write `header = \"cf-connecting-ip\"`",
                ),
            },
            (None, None) => {}
        }
    }
}
