//! The statements about verification tokens.

use super::Statement;
use super::builder::Builder;
use crate::adapter::sql::ColumnKind::Integer;
use crate::adapter::sql::Table::VerificationTokens;

#[derive(Debug)]
pub(in crate::adapter::sql) struct VerificationTokenStatements {
    /// Values: address, token, end, row id.
    pub(in crate::adapter::sql) insert: Statement,
    /// Values: address, token.
    pub(in crate::adapter::sql) find: Statement,
    /// Values: address, token.
    pub(in crate::adapter::sql) delete: Statement,
    /// Some at a time. Value: now.
    pub(in crate::adapter::sql) delete_expired: Statement,
}

impl VerificationTokenStatements {
    pub(super) fn new(builder: &Builder<'_>) -> Self {
        let tokens = builder.table(VerificationTokens);
        let token = format!(
            "{} AND {}",
            builder.equals(VerificationTokens, "identifier", "$1"),
            builder.equals(VerificationTokens, "token", "$2")
        );
        let end = builder.milliseconds(VerificationTokens, "expires");
        Self {
            insert: insert(builder),
            find: builder
                .reading(&format!("SELECT {end} FROM {tokens} WHERE {token}"), vec![Integer]),
            delete: builder.deleting(
                format!("DELETE FROM {tokens} WHERE {token}"),
                &end,
                vec![Integer],
            ),
            delete_expired: builder.deleting_expired(VerificationTokens, &["identifier", "token"]),
        }
    }
}

fn insert(builder: &Builder<'_>) -> Statement {
    let mut columns = vec![
        (builder.name(VerificationTokens, "identifier"), "$1".to_owned()),
        (builder.name(VerificationTokens, "token"), "$2".to_owned()),
        (
            builder.name(VerificationTokens, "expires"),
            builder.time_value(VerificationTokens, "expires", "$3"),
        ),
    ];
    builder.add_key(VerificationTokens, "$4", &mut columns);
    builder.plain(builder.insert(VerificationTokens, &columns))
}
