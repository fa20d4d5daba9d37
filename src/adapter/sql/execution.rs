//! The execution of a [`Call`] by `sqlx`, on a connection or a pool.

use sqlx::database::HasStatementCache;
use sqlx::{ColumnIndex, Decode, Encode, Executor, IntoArguments, Type};

use super::{Call, Cell, ColumnKind, Manner, Row, Value, Written};

/// A driver's report on a statement that returns no rows.
pub(in crate::adapter) trait QueryResult {
    fn affected(&self) -> u64;

    /// The number that the database gave to a new row, where it says so only here.
    fn inserted(&self) -> Option<u64>;
}

/// Runs a statement to its end. Where the connection is shared with others, no prepared statement
/// is left on it.
pub(in crate::adapter) async fn execute<'c, D, E>(
    executor: E,
    call: Call<'_>,
    manner: &Manner,
) -> sqlx::Result<Written>
where
    D: sqlx::Database<Arguments: IntoArguments<D>, QueryResult: QueryResult> + HasStatementCache,
    E: Executor<'c, Database = D>,
    for<'t> Option<&'t str>: Encode<'t, D> + Type<D>,
    for<'t> Option<i64>: Encode<'t, D> + Decode<'t, D> + Type<D>,
    for<'t> Option<String>: Decode<'t, D> + Type<D>,
    for<'t> bool: Encode<'t, D> + Type<D>,
    usize: ColumnIndex<D::Row>,
{
    let mut query = sqlx::query::<D>(call.statement.sql()).persistent(!manner.shared);
    for value in call.parameters() {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Integer(integer) => query.bind(integer),
            Value::Flag(flag) => query.bind(flag),
        };
    }
    let columns = &call.statement.columns;
    if columns.is_empty() {
        let done = query.execute(executor).await?;
        let (affected, inserted) = (done.affected(), done.inserted());
        return Ok(Written { rows: Vec::new(), affected, inserted });
    }
    // To the end, also where one row is expected: drivers that are asked for one stop there and
    // swallow an error of the commit that follows.
    let rows = query.fetch_all(executor).await?;
    let rows: Vec<_> = rows.iter().map(|row| read(columns, row)).collect::<sqlx::Result<_>>()?;
    Ok(Written { affected: rows.len() as u64, rows, inserted: None })
}

fn read<R: sqlx::Row>(columns: &[ColumnKind], row: &R) -> sqlx::Result<Row>
where
    for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    usize: ColumnIndex<R>,
{
    let mut cells = Vec::with_capacity(columns.len());
    for (index, kind) in columns.iter().enumerate() {
        cells.push(match kind {
            ColumnKind::Text => Cell::Text(row.try_get(index)?),
            ColumnKind::Integer => Cell::Integer(row.try_get(index)?),
        });
    }
    Ok(Row(cells.into_iter()))
}
