//! The adapter for SQL databases: all that SQLite, PostgreSQL and MySQL share.
//!
//! A [`SchemaProfile`] says how tables are named and what their columns hold. The [`statements`]
//! are built from it once, in the [`dialect`] of the database. The [`adapter`] implements the
//! storage traits with them, and the [`store`] runs them through the [`driver`]. None of these sees
//! a type of the database: times cross as milliseconds and ids as text, and the statements convert
//! them. What a database supplies is its [`backend`].

mod adapter;
mod backend;
mod check;
mod dialect;
mod driver;
mod execution;
mod failure;
#[cfg(feature = "dynamic")]
mod foreseen;
mod found_schema;
mod options;
mod pool;
mod pool_driver;
mod profile;
mod report;
mod rows;
mod statements;
mod store;
#[cfg(test)]
pub(super) mod tests;
mod trouble;
mod value;

pub use adapter::SqlAdapter;
pub use backend::SqlDatabase;
pub use options::DatabaseOptions;
pub use profile::{IdKind, SchemaProfile, Table, TimeKind};
pub use report::{SchemaReport, SchemaVersions};

pub(super) use backend::Backend;
pub(super) use check::{mistakes, name_profile_that_fits, report};
pub(super) use dialect::Dialect;
pub(super) use driver::{Driver, Transaction, without_statement_log};
pub(super) use execution::{QueryResult, execute};
pub(super) use failure::Failure;
#[cfg(feature = "dynamic")]
pub(crate) use foreseen::Foreseen;
pub(super) use found_schema::FoundSchema;
use found_schema::missing_rights;
pub(super) use pool::{Manner, Protocol};
pub(super) use pool_driver::PoolDriver;
#[cfg(feature = "sqlite")]
pub(super) use pool_driver::PoolTransaction;
pub(super) use report::refuse_problems;
#[cfg(test)]
pub(super) use statements::ACCOUNT_TEXTS;
pub(super) use statements::Statement;
use store::Store;
pub(super) use trouble::Trouble;
pub(super) use value::{Call, Cell, ColumnKind, Row, Value, Written};
