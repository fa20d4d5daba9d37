//! The options of a connection to Redis.

use std::time::Duration;

use redis::{ClientTlsConfig, TlsCertificates};

/// Settings of a connection to Redis beyond its address.
///
/// ```
/// use std::time::Duration;
/// use typegate::adapter::RedisOptions;
///
/// let options =
///     RedisOptions::default().key_prefix("shop:auth:").deadline(Duration::from_millis(500));
/// # drop(options);
/// ```
#[derive(Clone, Debug)]
pub struct RedisOptions {
    pub(super) key_prefix: String,
    pub(super) deadline: Duration,
    pub(super) tls: RedisTls,
}

/// Certificates in the place of the platform's.
#[derive(Clone, Debug, Default)]
pub(super) struct RedisTls {
    authority: Option<Vec<u8>>,
    /// Its `Debug` shows neither certificate nor key.
    client: Option<ClientTlsConfig>,
}

impl RedisTls {
    /// For the driver, if there are any.
    pub(super) fn certificates(&self) -> Option<TlsCertificates> {
        let Self { authority, client } = self.clone();
        let is_given = authority.is_some() || client.is_some();
        is_given.then_some(TlsCertificates { client_tls: client, root_cert: authority })
    }
}

impl Default for RedisOptions {
    /// Keys that start with `typegate:`, 5 seconds.
    fn default() -> Self {
        Self {
            key_prefix: "typegate:".to_owned(),
            deadline: Duration::from_secs(5),
            tls: RedisTls::default(),
        }
    }
}

impl RedisOptions {
    /// What the names of all keys start with. Sites that share a server need one each.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = prefix.into();
        self
    }

    /// How long a command may take, the wait for a new connection included. After that it is an
    /// error. A command that was given up may still take effect.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Takes certificates of these authorities, in PEM, and of no others. Without it those of the
    /// platform are taken. The address has to be one of `rediss://`.
    ///
    /// ```no_run
    /// use typegate::adapter::RedisOptions;
    ///
    /// # fn example() -> std::io::Result<()> {
    /// let options =
    ///     RedisOptions::default().certificate_authority(std::fs::read("/etc/redis/ca.pem")?);
    /// # drop(options);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn certificate_authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.authority = Some(pem.into());
        self
    }

    /// Shows a certificate to the server, with its private key, both in PEM: servers of Redis ask
    /// for one unless they are told otherwise (`tls-auth-clients`).
    ///
    /// ```
    /// use typegate::adapter::RedisOptions;
    ///
    /// let options = RedisOptions::default().client_certificate("certificate", "a private key");
    /// assert!(!format!("{options:?}").contains("private"));
    /// ```
    #[must_use]
    pub fn client_certificate(
        mut self,
        certificate: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        let (client_cert, client_key) = (certificate.into(), key.into());
        self.tls.client = Some(ClientTlsConfig { client_cert, client_key });
        self
    }
}
