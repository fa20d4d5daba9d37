//! What is PostgreSQL's own about a connection.

use std::time::Duration;

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Postgres};

use crate::adapter::sql::{Call, PoolDriver, Server, Written, execution};

execution!(Postgres, PgRow, |_| None);

pub(in crate::adapter) type PostgresDriver = PoolDriver<Postgres>;

impl Server for Postgres {
    const KEEPS_NUL: bool = false;

    async fn set_up(connection: &mut PgConnection, deadline: Duration) -> sqlx::Result<()> {
        let limit = format!("SET statement_timeout = {}", deadline.as_millis());
        sqlx::raw_sql(AssertSqlSafe(limit)).execute(connection).await?;
        Ok(())
    }

    async fn execute(connection: &mut PgConnection, call: Call<'_>) -> sqlx::Result<Written> {
        execute(connection, call).await
    }

    async fn command(connection: &mut PgConnection, sql: &'static str) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(connection).await?;
        Ok(())
    }
}
