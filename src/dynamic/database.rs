//! The database of a configuration: its address, and whose tables are in it.

use super::problem::{Problems, Spot};
use super::reader::Table;
use super::secret_source::RegisteredSecrets;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::adapter::SchemaProfile;

/// A database that is to be opened.
#[cfg_attr(
    not(any(feature = "mysql", feature = "postgres", feature = "sqlite")),
    expect(dead_code, reason = "no database can be opened")
)]
pub(super) struct DatabaseAddress {
    url: String,
    /// The profile of tables that another adapter made.
    schema: Option<Schema>,
    max_connections: Option<u32>,
    migrate: bool,
    spot: Spot,
}

/// What an address begins with, the feature that is for it, and whether it is on.
const KINDS: [(&str, &str, bool); 5] = [
    ("sqlite", "sqlite", cfg!(feature = "sqlite")),
    ("postgres", "postgres", cfg!(feature = "postgres")),
    ("postgresql", "postgres", cfg!(feature = "postgres")),
    ("mysql", "mysql", cfg!(feature = "mysql")),
    ("mariadb", "mysql", cfg!(feature = "mysql")),
];

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
type Schema = fn() -> SchemaProfile;
/// Without a database there are no tables.
#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
type Schema = fn();

/// The profiles of tables that another adapter made.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
const SCHEMAS: &[(&str, Schema)] = &SchemaProfile::FOREIGN;

/// Reads the keys of the table `adapter` that are about a database.
pub(super) fn read(
    table: &Table<'_>,
    registered: &RegisteredSecrets,
    problems: &mut Problems,
) -> Option<DatabaseAddress> {
    let migrate = table.boolean("migrate", problems);
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    let schema = table.word("schema", SCHEMAS, problems);
    // The address is refused for want of a feature.
    #[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
    let schema: Option<super::reader::Given<Schema>> = None;
    let max_connections = table.count("max_connections", problems);
    if table.get("url").is_none() {
        for key in ["migrate", "schema", "max_connections"] {
            if let (Some(found), Some(_)) = (table.get(key), table.get("registered")) {
                let cause = format!("`{key}` has no effect without `url`");
                problems.value(found.key_spot, cause, "remove it");
            }
        }
    }
    if let (Some(migrate), Some(_)) = (&migrate, &schema)
        && migrate.value
    {
        problems.value(
            migrate.spot.clone(),
            "the tables were made by another adapter, which `schema` names, and typegate does not \
             change them",
            "remove `migrate`",
        );
    }
    let url = table.address("url", registered, problems)?;
    let spot = url.spot.hidden();
    let scheme = url.value.split(':').next().unwrap_or_default();
    match KINDS.iter().find(|(known, ..)| *known == scheme) {
        Some((.., true)) => {}
        Some((_, feature, false)) => {
            problems.value(
                spot,
                format!("this program was built without the feature `{feature}` of typegate"),
                "build it with that feature",
            );
            return None;
        }
        None => {
            problems.value(
                spot,
                "the address begins with neither `sqlite:`, `postgres:` nor `mysql:`",
                "write `url = \"sqlite://auth.db\"`, `url = { env = \"DATABASE_URL\" }` with \
                 `postgres://user:password@host/auth` there, or register an adapter",
            );
            return None;
        }
    }
    #[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
    if let Err(refused) = crate::adapter::check_database_url(&url.value) {
        for mistake in refused.mistakes() {
            problems.value(spot.clone(), mistake.cause.clone(), mistake.fix.clone());
        }
        return None;
    }
    Some(DatabaseAddress {
        url: url.value,
        migrate: migrate.map_or(schema.is_none(), |migrate| migrate.value),
        schema: schema.map(|schema| schema.value),
        max_connections: max_connections.map(|number| number.value),
        spot,
    })
}

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod opening {
    use super::DatabaseAddress;
    #[cfg(feature = "mysql")]
    use crate::adapter::MySql;
    #[cfg(feature = "postgres")]
    use crate::adapter::Postgres;
    #[cfg(feature = "sqlite")]
    use crate::adapter::Sqlite;
    use crate::adapter::{DatabaseOptions, DynamicAdapter, SchemaProfile, SqlAdapter, SqlDatabase};
    use crate::dynamic::clean_up::CleanUp;
    use crate::dynamic::problem::Problems;
    use crate::error::{AdapterError, ConfigError, chain};
    use crate::rate_limit::{Allowances, ErasedRateLimit, erase_rate_limit};

    /// What an address leads to.
    pub(in crate::dynamic) struct Opened {
        pub(in crate::dynamic) adapter: DynamicAdapter,
        /// That counts in the database.
        pub(in crate::dynamic) rate_limit: Option<ErasedRateLimit>,
        pub(in crate::dynamic) clean_up: CleanUp,
    }

    impl DatabaseAddress {
        /// `None` after a report.
        pub(in crate::dynamic) async fn open(
            self,
            shared_limit: Option<Allowances>,
            problems: &mut Problems,
        ) -> Option<Opened> {
            match self.connect(shared_limit).await {
                Ok(opened) => Some(opened),
                Err(error) => {
                    let reason = chain(&error);
                    let error = ConfigError::new(format!("the database cannot be used: {reason}"));
                    let fix = "is the address right, and may this process write there?";
                    problems.refused(self.spot, &error, fix);
                    None
                }
            }
        }

        async fn connect(&self, shared_limit: Option<Allowances>) -> Result<Opened, AdapterError> {
            match self.url.split(':').next().unwrap_or_default() {
                #[cfg(feature = "sqlite")]
                "sqlite" => self.connect_to::<Sqlite>(shared_limit).await,
                #[cfg(feature = "postgres")]
                "postgres" | "postgresql" => self.connect_to::<Postgres>(shared_limit).await,
                #[cfg(feature = "mysql")]
                "mysql" | "mariadb" => self.connect_to::<MySql>(shared_limit).await,
                // The reader has looked at it.
                _ => Err(AdapterError::unavailable("no adapter is for such an address")),
            }
        }

        async fn connect_to<D: SqlDatabase>(
            &self,
            shared_limit: Option<Allowances>,
        ) -> Result<Opened, AdapterError> {
            let schema = self.schema.map_or_else(SchemaProfile::typegate, |schema| schema());
            let mut options = DatabaseOptions::default().schema(schema);
            if let Some(number) = self.max_connections {
                options = options.max_connections(number);
            }
            let adapter = SqlAdapter::<D>::connect_with(&self.url, options).await?;
            if self.migrate {
                adapter.migrate().await?;
            }
            let limit = shared_limit.map(|limit| limit.counted_in(adapter.clone()));
            Ok(Opened {
                adapter: DynamicAdapter::whole(adapter.clone()),
                rate_limit: limit.map(erase_rate_limit),
                clean_up: CleanUp::of(adapter),
            })
        }
    }
}

#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
impl DatabaseAddress {
    /// Not reached: the reader has reported that a feature is missing.
    #[expect(clippy::unused_async, reason = "as the other")]
    pub(super) async fn open(
        self,
        _: Option<crate::rate_limit::Allowances>,
        _: &mut Problems,
    ) -> Option<Opened> {
        None
    }
}

/// What no address leads to here.
#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
pub(super) struct Opened {
    pub(super) adapter: crate::adapter::DynamicAdapter,
    pub(super) rate_limit: Option<crate::rate_limit::ErasedRateLimit>,
    pub(super) clean_up: super::clean_up::CleanUp,
}
