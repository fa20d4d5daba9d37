//! A configuration that works, to which one mistake is added at a time.

use typegate::provider::catalog::GitHub;
use typegate::testing::FakeHttpClient;
use typegate::{Auth, ConfigError, Pages, Secret};

use typegate::cookie::Cookies;

pub(crate) const SECRET: &str = "a secret for tests, long enough for all of us";

/// What `build()` says to cookies and pages of a site.
pub(crate) fn built(
    site: &str,
    cookies: Cookies,
    pages: impl Into<Pages>,
) -> Result<Auth, ConfigError> {
    Auth::builder()
        .secret(Secret::new(SECRET).unwrap())
        .url(site.parse().unwrap())
        .provider(GitHub::new("id", "s3cr3t".into()))
        .http_client(FakeHttpClient::new(|_| Err("nobody is asked".into())))
        .cookies(cookies)
        .pages(pages.into())
        .build()
}

/// Every reason for which `build()` refuses, `None` if it does not.
pub(crate) fn reasons<T>(built: Result<T, ConfigError>) -> Vec<String> {
    match built {
        Ok(_) => Vec::new(),
        Err(error) => error.all().map(ToString::to_string).collect(),
    }
}

/// Numbers that are the same in every run: xorshift64*, from a seed.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % limit
    }

    pub(crate) fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}
