//! How much strangers may do, by whose address they are counted, and how much is logged of it.

use http::HeaderName;

use super::{AdapterChoice, Reader};
use crate::dynamic::key;
use crate::dynamic::reader::Table;
use crate::dynamic::server::proxy_networks;
use crate::log::Diagnostics;
use crate::rate_limit::{Allowances, erase_rate_limit};
use crate::web::client_address::{ClientAddressSource, no_proxies};

/// Sets one number of the policy.
type SetNumber = fn(Allowances, u32) -> Allowances;

impl<D: 'static> Reader<'_, D> {
    pub(super) fn limits(&mut self, root: &Table<'_>) {
        self.rate_limit(root);
        self.diagnostics(root);
        self.client_address(root);
    }

    fn rate_limit(&mut self, root: &Table<'_>) {
        let Some(table) = root.table("rate_limit", &key::RATE_LIMIT, self.problems) else { return };
        let mut limit = Allowances::default();
        let numbers: [(&str, SetNumber); 5] = [
            ("per_client", Allowances::per_client),
            ("per_account", Allowances::per_account),
            ("per_client_and_account", Allowances::per_client_and_account),
            ("per_recipient", Allowances::per_recipient),
            ("per_client_and_recipient", Allowances::per_client_and_recipient),
        ];
        for (key, set) in numbers {
            if let Some(number) = table.count(key, self.problems) {
                limit = set(limit, number.value);
            }
        }
        if let Some(window) = table.seconds("window", self.problems) {
            match window.value {
                0 => {
                    let cause = "a window that ends at once limits nothing";
                    self.problems.value(window.spot, cause, "write 1 or more");
                }
                seconds => limit = limit.window(seconds),
            }
        }
        match table.boolean("shared", self.problems).filter(|shared| shared.value) {
            Some(shared) => {
                self.spots.shared_limit = Some(shared.spot);
                self.shared_limit = Some(limit);
            }
            None => self.settings.rate_limit = Some(erase_rate_limit(limit)),
        }
    }

    /// Attempts can be counted together in a database that is opened here.
    pub(super) fn check_shared_limit(&mut self, root: &Table<'_>, adapter: &AdapterChoice) {
        let has_none = match adapter {
            AdapterChoice::Database(_) => false,
            AdapterChoice::Registered { .. } => true,
            AdapterChoice::None => root.get("adapter").is_none(),
        };
        if let Some(spot) = self.spots.shared_limit.take().filter(|_| has_none) {
            let cause = "attempts cannot be counted in the database, because `adapter` names none";
            let fix = "write `url = \"sqlite://auth.db\"` under `[adapter]`, or remove `shared`";
            self.problems.value(spot, cause, fix);
        }
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
        if let Some(found) = table.get("forwarded_through") {
            let networks = proxy_networks(&table, "forwarded_through", self.problems);
            if proxies.is_some() || header.is_some() {
                let cause = "`forwarded_through` and another key say where the address stands";
                self.problems.value(found.key_spot, cause, "keep one of them");
            }
            let source = ClientAddressSource::forwarded_through(networks);
            self.settings.client_address = Some(source);
            return;
        }
        if let Some(found) = table.get("forwarded") {
            let count = table.count("forwarded", self.problems);
            if proxies.is_some() || header.is_some() {
                let cause = "`forwarded` and another key say where the address stands";
                self.problems.value(found.key_spot, cause, "keep one of them");
            }
            match count.map(|count| (u8::try_from(count.value), count.spot)) {
                Some((Ok(count), _)) if count > 0 => {
                    let source = ClientAddressSource::forwarded(count);
                    self.settings.client_address = Some(source);
                }
                Some((_, spot)) => self.problems.value(
                    spot,
                    no_proxies("forwarded"),
                    "write `forwarded = 1` for one proxy",
                ),
                None => {}
            }
            return;
        }
        match (proxies, header) {
            (Some(_), Some(header)) => {
                let cause = "both `forwarded_for` and `header` say where the address stands";
                self.problems.value(header.spot, cause, "remove one of the two");
            }
            (Some(proxies), None) => match u8::try_from(proxies.value) {
                Ok(count) if count > 0 => {
                    self.settings.client_address = Some(ClientAddressSource::forwarded_for(count));
                }
                _ => self.problems.value(
                    proxies.spot,
                    no_proxies("forwarded_for"),
                    "write `forwarded_for = 1` for one proxy",
                ),
            },
            (None, Some(header)) => match HeaderName::try_from(header.value) {
                Ok(name) => {
                    self.settings.client_address = Some(ClientAddressSource::header(name));
                }
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
