//! The database of a configuration: its address, and whose tables are in it.

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use super::key;
use super::problem::{Problems, Spot};
use super::reader::Table;
use super::secret_source::RegisteredSecrets;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::adapter::{self, SchemaProfile};

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
type Schema = Box<SchemaProfile>;
/// Without a database there are no tables.
#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
type Schema = ();

/// The profile of tables that another adapter made, with the names that they have.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
fn schema(table: &Table<'_>, problems: &mut Problems) -> Option<Schema> {
    let named = table.word("schema", &SchemaProfile::FOREIGN, problems);
    let tables = table.table("tables", &key::TABLES, problems);
    let snake_case = table.boolean("snake_case", problems);
    let Some(named) = named else {
        for key in ["tables", "snake_case"] {
            let is_said_otherwise = table.has("schema") || !table.has("url");
            if let (Some(found), false) = (table.get(key), is_said_otherwise) {
                let cause = format!("`{key}` has no effect without `schema`");
                let fix = "name the adapter that made the tables, such as `schema = \"prisma\"`";
                problems.value(found.key_spot, cause, fix);
            }
        }
        return None;
    };
    let mut profile = (named.value)();
    let names = [
        ("users", adapter::Table::Users),
        ("accounts", adapter::Table::Accounts),
        ("sessions", adapter::Table::Sessions),
        ("verification_tokens", adapter::Table::VerificationTokens),
    ];
    for (key, of) in names {
        let name = tables.as_ref().and_then(|tables| tables.text(key, problems));
        if let Some(name) = name {
            profile = profile.table(of, name.value);
        }
    }
    if snake_case.is_some_and(|snake_case| snake_case.value) {
        profile = profile.snake_case();
    }
    Some(Box::new(profile))
}

/// The address is refused for want of a feature.
#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
fn schema(_: &Table<'_>, _: &mut Problems) -> Option<Schema> {
    None
}

/// Reads the keys of the table `adapter` that are about a database.
pub(super) fn read(
    table: &Table<'_>,
    registered: &RegisteredSecrets,
    problems: &mut Problems,
) -> Option<DatabaseAddress> {
    let migrate = table.boolean("migrate", problems);
    let schema = schema(table, problems);
    let max_connections = table.count("max_connections", problems);
    if table.get("url").is_none() {
        for key in ["migrate", "schema", "tables", "snake_case", "max_connections"] {
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
    if let Err(refused) = adapter::check_database_url(&url.value) {
        for mistake in refused.mistakes() {
            problems.value(spot.clone(), mistake.cause.clone(), mistake.fix.clone());
        }
        return None;
    }
    Some(DatabaseAddress {
        url: url.value,
        migrate: migrate.map_or(schema.is_none(), |migrate| migrate.value),
        schema,
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
    use crate::adapter::{
        DatabaseOptions, DynamicAdapter, SchemaProfile, SchemaReport, SqlAdapter, SqlDatabase,
    };
    use crate::dynamic::doctor::Finding;
    use crate::dynamic::problem::Problems;
    use crate::dynamic::upkeep::Upkeep;
    use crate::error::{AdapterError, ConfigError, causes, chain};
    use crate::rate_limit::{Allowances, ErasedRateLimit, erase_rate_limit};

    /// What an address leads to.
    pub(in crate::dynamic) struct Opened {
        pub(in crate::dynamic) adapter: DynamicAdapter,
        /// That counts in the database.
        pub(in crate::dynamic) rate_limit: Option<ErasedRateLimit>,
        pub(in crate::dynamic) upkeep: Upkeep,
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
                    // Without what there is to do, which has a line of its own.
                    let reason = causes(&error).next().map(chain).unwrap_or_default();
                    let fix = error.advice().unwrap_or("mend what the cause names");
                    let error = ConfigError::new(format!("the database cannot be used: {reason}"));
                    problems.refused(self.spot, &error, fix);
                    None
                }
            }
        }

        /// Makes or updates the tables; `false` after a report.
        pub(in crate::dynamic) async fn migrate(mut self, problems: &mut Problems) -> bool {
            // Another adapter's are refused by the adapter itself, with a reason.
            self.migrate = true;
            self.open(None, problems).await.is_some()
        }

        /// Connects and looks at the tables, and changes nothing.
        pub(in crate::dynamic) async fn examine(&self) -> Vec<Finding> {
            #[cfg(feature = "sqlite")]
            if let Some(file) = crate::adapter::missing_sqlite_file(&self.url) {
                let text = format!("there is no file `{}`", file.display());
                return vec![match self.migrate {
                    true => {
                        Finding::good("database", format!("{text} yet, and the start makes it"))
                    }
                    false => {
                        let fix = "look at its path, or `typegate migrate` makes it";
                        Finding::problem("database", format!("{text}; {fix}"))
                    }
                }];
            }
            let found = match self.url.split(':').next().unwrap_or_default() {
                #[cfg(feature = "sqlite")]
                "sqlite" => self.examine_as::<Sqlite>().await,
                #[cfg(feature = "postgres")]
                "postgres" | "postgresql" => self.examine_as::<Postgres>().await,
                #[cfg(feature = "mysql")]
                "mysql" | "mariadb" => self.examine_as::<MySql>().await,
                _ => Ok(Vec::new()),
            };
            found.unwrap_or_else(|error| {
                let cause = causes(&error).next();
                // Tables of another adapter that do not fit fail the connection already.
                if let Some(report) = cause.and_then(|cause| cause.downcast_ref::<SchemaReport>()) {
                    return self.findings(report.clone());
                }
                let reason = cause.map_or_else(|| error.to_string(), chain);
                let fix =
                    error.advice().unwrap_or("is the address right, and may this process use it?");
                vec![Finding::problem("database", format!("{reason}; {fix}"))]
            })
        }

        async fn examine_as<D: SqlDatabase>(&self) -> Result<Vec<Finding>, AdapterError> {
            let adapter = self.connected::<D>().await?;
            if !self.migrate {
                return Ok(self.findings(adapter.check_schema().await?));
            }
            let foreseen = adapter.foresee().await?;
            let problems = foreseen.problems.into_iter();
            let mended = foreseen.mended.into_iter();
            let found = problems.map(|text| Finding::problem("database", text));
            let found = found.chain(mended.map(|text| {
                Finding::good("database", format!("{text} yet, and the start mends it"))
            }));
            Ok(with_warnings(found.collect(), foreseen.warnings))
        }

        /// What stands in the tables as they are, which the start leaves alone.
        fn findings(&self, report: SchemaReport) -> Vec<Finding> {
            let fix = match self.schema {
                Some(_) => {
                    "name the `schema`, `tables` and `snake_case` that they have, or change them"
                }
                None => "`typegate migrate` makes and updates them",
            };
            let SchemaReport { problems, warnings, .. } = report;
            let problem = |text| Finding::problem("database", format!("{text}; {fix}"));
            with_warnings(problems.into_iter().map(problem).collect(), warnings)
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

        async fn connected<D: SqlDatabase>(&self) -> Result<SqlAdapter<D>, AdapterError> {
            let schema = self.schema.as_deref().cloned().unwrap_or_else(SchemaProfile::typegate);
            let mut options = DatabaseOptions::default().schema(schema);
            if let Some(number) = self.max_connections {
                options = options.max_connections(number);
            }
            SqlAdapter::<D>::connect_with(&self.url, options).await
        }

        async fn connect_to<D: SqlDatabase>(
            &self,
            shared_limit: Option<Allowances>,
        ) -> Result<Opened, AdapterError> {
            let adapter = self.connected::<D>().await?;
            if self.migrate {
                adapter.migrate().await?;
            }
            adapter.require_schema(shared_limit.is_some()).await?;
            let limit = shared_limit.map(|limit| limit.counted_in(adapter.clone()));
            Ok(Opened {
                adapter: DynamicAdapter::whole(adapter.clone()),
                rate_limit: limit.map(erase_rate_limit),
                upkeep: Upkeep::of(adapter),
            })
        }
    }

    /// What is found, or that all fits, and what works and could be better.
    fn with_warnings(mut found: Vec<Finding>, warnings: Vec<String>) -> Vec<Finding> {
        if found.is_empty() {
            found.push(Finding::good("database", "it answers, and the tables fit"));
        }
        found.extend(warnings.into_iter().map(|text| Finding::warning("database", text)));
        found
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

    /// Not reached, as the other.
    #[expect(clippy::unused_async, reason = "as the other")]
    pub(super) async fn migrate(self, _: &mut Problems) -> bool {
        false
    }

    /// Not reached, as the other.
    #[expect(clippy::unused_async, reason = "as the other")]
    pub(super) async fn examine(&self) -> Vec<super::doctor::Finding> {
        Vec::new()
    }
}

/// What no address leads to here.
#[cfg(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")))]
pub(super) struct Opened {
    pub(super) adapter: crate::adapter::DynamicAdapter,
    pub(super) rate_limit: Option<crate::rate_limit::ErasedRateLimit>,
    pub(super) upkeep: super::upkeep::Upkeep,
}
