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
mod options;
mod pool;
mod pool_driver;
mod profile;
mod rows;
mod statements;
mod store;
#[cfg(test)]
pub(super) mod tests;
mod value;

pub use adapter::SqlAdapter;
pub use backend::SqlDatabase;
pub use check::SchemaReport;
pub use options::DatabaseOptions;
pub use profile::{IdKind, SchemaProfile, Table, TimeKind};

pub(super) use backend::Backend;
pub(super) use check::{FoundSchema, mistakes, name_profile_that_fits, refuse_problems, report};
use dialect::BATCH;
pub(super) use dialect::Dialect;
pub(super) use driver::{Driver, Transaction, without_statement_log};
pub(super) use execution::{QueryResult, execute};
pub(super) use failure::Failure;
pub(super) use pool::{Manner, Protocol};
pub(super) use pool_driver::PoolDriver;
#[cfg(feature = "sqlite")]
pub(super) use pool_driver::PoolTransaction;
#[cfg(test)]
pub(super) use statements::ACCOUNT_TEXTS;
pub(super) use statements::Statement;
use store::Store;
pub(super) use value::{Call, Cell, ColumnKind, Row, Value, Written};
