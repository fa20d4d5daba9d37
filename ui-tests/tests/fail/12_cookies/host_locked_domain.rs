extern crate renamed_typegate as typegate;

use typegate::ConfigError;
use typegate::cookie::{CookieName, CookiePolicy};

fn main() -> Result<(), ConfigError> {
    let _policy = CookiePolicy::host_locked(CookieName::new("sid")?).domain("example.com");
    Ok(())
}
