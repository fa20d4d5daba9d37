//! The SQL statements, each built once from a profile and in a dialect. Values reach them as
//! parameters only.

mod accounts;
mod attempts;
mod builder;
mod sessions;
mod statement;
mod users;
mod verification_tokens;

use self::accounts::AccountStatements;
use self::attempts::AttemptStatements;
use self::builder::Builder;
use self::sessions::SessionStatements;
use self::users::UserStatements;
use self::verification_tokens::VerificationTokenStatements;
use super::{Dialect, SchemaProfile};

pub(in crate::adapter) use accounts::ACCOUNT_TEXTS;
pub(super) use accounts::account_texts;
pub(in crate::adapter) use statement::Statement;
pub(super) use users::insert_without;

/// All of them, for one set of tables.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) users: UserStatements,
    pub(super) accounts: AccountStatements,
    pub(super) sessions: SessionStatements,
    pub(super) verification_tokens: VerificationTokenStatements,
    pub(super) attempts: AttemptStatements,
}

impl Statements {
    pub(super) fn new(profile: &SchemaProfile, dialect: Dialect) -> Self {
        let builder = Builder { profile, dialect };
        Self {
            users: UserStatements::new(&builder),
            accounts: AccountStatements::new(&builder),
            sessions: SessionStatements::new(&builder),
            verification_tokens: VerificationTokenStatements::new(&builder),
            attempts: AttemptStatements::new(dialect),
        }
    }
}
