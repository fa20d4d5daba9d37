//! Where sessions live, and for how long.

use super::Reader;
use crate::config::check::Strategy;
use crate::config::{Database, Jwt, over_at_once};
use crate::crypto::secret::ClientSecret;
use crate::dynamic::key;
use crate::dynamic::reader::{Given, Table};
use crate::rule::Rule;
use crate::session::{SessionLifetime, SigningKey};

impl<D: 'static> Reader<'_, D> {
    pub(super) fn session(&mut self, root: &Table<'_>) -> (Jwt, Database) {
        const STRATEGIES: [(&str, Strategy); 2] =
            [("jwt", Strategy::Jwt), ("database", Strategy::Database)];
        let (mut jwt, mut database) = (Jwt::default(), Database::default());
        let Some(table) = root.table("session", &key::SESSION, self.problems) else {
            return (jwt, database);
        };
        if let Some(strategy) = table.word("strategy", &STRATEGIES, self.problems) {
            self.facts.strategy = strategy.value;
            self.spots.strategy = Some(strategy.spot);
        }
        if let Some(age) = table.seconds("max_age", self.problems) {
            self.judge_age(&age, "max_age");
            let age = i64::from(age.value);
            (jwt.maximum_age, database.maximum_age) = (age, age);
        }
        if let Some(age) = table.seconds("absolute_max_age", self.problems) {
            self.judge_age(&age, "absolute_max_age");
            if self.facts.are_sessions_stored() {
                self.problems.rule(Rule::ABSOLUTE_MAX_AGE_FITS, age.spot, None);
            }
            jwt.codec.lifetime = SessionLifetime::seconds(age.value);
        }
        if let Some(size) = table.count("max_size", self.problems) {
            if self.facts.are_sessions_stored() {
                self.problems.rule(Rule::MAX_SIZE_FITS, size.spot, None);
            }
            jwt.codec.maximum_size = Some(size.value);
        }
        if let Some(age) = table.seconds("update_age", self.problems) {
            self.facts.has_update_age = true;
            database.update_age = i64::from(age.value);
            self.spots.update_age = table.get("update_age").map(|found| found.key_spot);
        }
        let registered = &self.registry.secrets;
        let key = table.secret("signing_key", registered, self.problems);
        if let Some(found) = table.get("signing_key") {
            self.facts.has_signing_key = true;
            self.spots.signing_key = Some(found.key_spot);
        }
        if let Some(key) = key.and_then(|key| self.signing_key(key)) {
            jwt.codec.signing_key = Some(key);
        }
        let previous = table.secrets("previous_signing_keys", registered, self.problems);
        if let (Some(found), None) = (table.get("previous_signing_keys"), table.get("signing_key"))
        {
            let cause = "`previous_signing_keys` has no effect without `signing_key`";
            self.problems.value(found.key_spot, cause, "write `signing_key`, or remove it");
        }
        for key in previous {
            if let Some(key) = self.signing_key(key) {
                jwt = jwt.previous_signing_key(key);
            }
        }
        (jwt, database)
    }

    fn judge_age(&mut self, age: &Given<u32>, key: &str) {
        if age.value == 0 {
            let fix = format!("write how long it lasts, for example `{key} = 2592000`");
            self.problems.refused(age.spot.clone(), &over_at_once(key), &fix);
        }
    }

    fn signing_key(&mut self, jwk: Given<ClientSecret>) -> Option<SigningKey> {
        match SigningKey::from_jwk(jwk.value.expose()) {
            Ok(key) => Some(key),
            Err(error) => {
                let fix = "use the output of `typegate newkey`";
                self.problems.refused(jwk.spot, &error, fix);
                None
            }
        }
    }
}
