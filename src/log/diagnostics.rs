//! Diagnostics: how much is said about failures, and to whom.

/// How much is said about failures, and to whom. Given to
/// [`AuthBuilder::diagnostics`](crate::builder::AuthBuilder::diagnostics).
///
/// ```
/// use typegate::provider::catalog::GitHub;
/// use typegate::{Auth, ClientSecret, Diagnostics, Secret};
///
/// let auth: Auth = Auth::builder()
///     .secret(Secret::new("k3eF0yq9vZ1mB7tXw5uRj2nPs8dLh6cA")?)
///     .url("http://localhost:3000".parse()?)
///     .provider(GitHub::new("client id", ClientSecret::new("client secret")))
///     .diagnostics(Diagnostics::new().retired_codes(false).client_lines_per_minute(10))
///     .build()?;
/// # Ok::<(), typegate::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Diagnostics {
    pub(crate) retired_codes: bool,
    pub(crate) lines_per_minute: u32,
    pub(crate) client_lines_per_minute: u32,
    pub(crate) explain_errors: bool,
}

impl Default for Diagnostics {
    fn default() -> Self {
        Self {
            retired_codes: true,
            lines_per_minute: 100,
            client_lines_per_minute: 100,
            explain_errors: false,
        }
    }
}

impl Diagnostics {
    /// Retired codes are logged, a hundred lines of each code and of clients a minute are taken,
    /// and pages explain nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the codes of older NextAuth releases, such as `CALLBACK_OAUTH_ERROR`, are logged in
    /// addition to today's, at the level debug. On by default, for whoever watches a log for them;
    /// off, each failure is one line less.
    #[must_use]
    pub fn retired_codes(mut self, logged: bool) -> Self {
        self.retired_codes = logged;
        self
    }

    /// How many lines of one code are logged in a minute; 100 by default, 0 logs none. What is left
    /// out is counted, and the count is logged when the minute is over. Lines that a stranger's
    /// request brings about and those that the application, its database or a provider brings
    /// about are counted apart (NextAuth v4 logs all).
    #[must_use]
    pub fn lines_per_minute(mut self, lines: u32) -> Self {
        self.lines_per_minute = lines;
        self
    }

    /// How many lines of browser clients reach the application's logger in a minute, all clients
    /// together; 100 by default, 0 takes none. Anybody can send such lines (NextAuth v4 takes all).
    #[must_use]
    pub fn client_lines_per_minute(mut self, lines: u32) -> Self {
        self.client_lines_per_minute = lines;
        self
    }

    /// Lets the built-in sign-in and error page name the codes that an error may stand for, and
    /// what to do, while an application is written.
    ///
    /// All of these must hold, or a visitor reads NextAuth's general text: the program was built
    /// with debug assertions, which release builds are not; the configured site is on a loopback
    /// host; the request carries a [`ClientAddress`](crate::ClientAddress) that is a loopback
    /// address; and it names no proxy (`Forwarded`, `X-Forwarded-For`). Never on because of a
    /// header.
    #[must_use]
    pub fn explain_errors_on_loopback(mut self) -> Self {
        self.explain_errors = true;
        self
    }
}
