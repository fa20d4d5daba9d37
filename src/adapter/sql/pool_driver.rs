//! The driver of a pool: statements alone, each on a connection that is given back before the
//! answer, and transactions.

use std::sync::Arc;

#[cfg(feature = "sqlite")]
use sqlx::SqlSafeStr as _;

use super::pool::{ConnectOptionsOf, Lent, Manner, Pool, Protocol};
use super::{Call, DatabaseOptions, Driver, Failure, Transaction, Written};

pub(in crate::adapter) struct PoolDriver<P: Protocol> {
    pub(in crate::adapter) pool: Arc<Pool<P>>,
}

impl<P: Protocol> PoolDriver<P> {
    pub(in crate::adapter) async fn connect(
        options: ConnectOptionsOf<P>,
        manner: Manner,
        settings: &DatabaseOptions,
    ) -> Result<Self, Failure> {
        Ok(Self { pool: Pool::connect(options, manner, settings).await? })
    }

    pub(in crate::adapter) async fn lend(&self) -> Result<Lent<P>, Failure> {
        self.pool.lend().await
    }

    async fn run(&self, call: Call<'_>) -> Result<Written, Failure> {
        if self.pool.manner.shared {
            let mut transaction = self.begin().await?;
            let written = transaction.run(call).await?;
            transaction.commit().await?;
            return Ok(written);
        }
        let mut lent = self.lend().await?;
        let answer = lent.execute(call).await;
        match &answer {
            Ok(_) => lent.mark_clean(),
            Err(failure) => lent.settle(failure, false).await,
        }
        answer
    }

    /// Runs a statement about the database itself.
    #[cfg(feature = "sqlite")]
    pub(in crate::adapter) async fn command(&self, sql: &'static str) -> Result<(), Failure> {
        let mut lent = self.lend().await?;
        let answer = lent.command(sql.into_sql_str()).await;
        match &answer {
            Ok(()) => lent.mark_clean(),
            Err(failure) => lent.settle(failure, false).await,
        }
        answer
    }
}

impl<P: Protocol> Driver for PoolDriver<P> {
    type Transaction = PoolTransaction<P>;

    const KEEPS_NUL: bool = P::KEEPS_NUL;

    fn place(&self) -> &Arc<str> {
        &self.pool.place
    }

    async fn read(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn write(&self, call: Call<'_>) -> Result<Written, Failure> {
        self.run(call).await
    }

    async fn begin(&self) -> Result<PoolTransaction<P>, Failure> {
        let mut lent = self.lend().await?;
        if let Err(failure) = lent.begin().await {
            lent.settle(&failure, true).await;
            return Err(failure);
        }
        Ok(PoolTransaction(Some(lent)))
    }

    async fn close(&self) -> Result<(), Failure> {
        self.pool.close_idle().await;
        Ok(())
    }
}

/// Nobody has a connection any more after a statement failed.
pub(in crate::adapter) struct PoolTransaction<P: Protocol>(Option<Lent<P>>);

impl<P: Protocol> Transaction for PoolTransaction<P> {
    async fn run(&mut self, call: Call<'_>) -> Result<Written, Failure> {
        let lent = self.0.as_mut().ok_or(Failure::Refused("the transaction is over"))?;
        let answer = lent.execute(call).await;
        if let Err(failure) = &answer {
            lent.settle(failure, true).await;
            self.0 = None;
        }
        answer
    }

    async fn commit(self) -> Result<(), Failure> {
        let mut lent = self.0.ok_or(Failure::Refused("the transaction is over"))?;
        let answer = lent.commit().await;
        match &answer {
            Ok(()) => lent.mark_clean(),
            Err(failure) => lent.settle(failure, true).await,
        }
        answer
    }
}
