//! Where do sessions live: in a cookie, or in the database?

/// Sessions as encrypted tokens in a cookie: nothing is stored, nothing can be revoked.
///
/// ```
/// use typegate::Jwt;
///
/// let one_week = Jwt::default().max_age(7 * 24 * 60 * 60);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Jwt {
    pub(crate) maximum_age: i64,
}

/// Sessions as rows of the adapter: they can be listed and ended from the server.
///
/// ```
/// use typegate::Database;
///
/// let strategy = Database::default().max_age(7 * 24 * 60 * 60).update_age(60 * 60);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Database {
    pub(crate) maximum_age: i64,
    pub(crate) update_age: i64,
}

/// No choice was made: database sessions if there is an adapter, tokens if there is none, as
/// NextAuth v4 decides.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct DefaultStrategy;

/// v4's default, in seconds.
const MAXIMUM_AGE: i64 = 30 * 24 * 60 * 60;
/// v4's default, in seconds.
const UPDATE_AGE: i64 = 24 * 60 * 60;

impl Default for Jwt {
    fn default() -> Self {
        Self { maximum_age: MAXIMUM_AGE }
    }
}

impl Jwt {
    /// After how many seconds without use a session ends; 30 days by default.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.maximum_age = i64::from(seconds);
        self
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { maximum_age: MAXIMUM_AGE, update_age: UPDATE_AGE }
    }
}

impl Database {
    /// After how many seconds without use a session ends; 30 days by default.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.maximum_age = i64::from(seconds);
        self
    }

    /// After how many seconds a read moves the end of a session; a day by default, 0 for every
    /// read.
    #[must_use]
    pub fn update_age(mut self, seconds: u32) -> Self {
        self.update_age = i64::from(seconds);
        self
    }
}
