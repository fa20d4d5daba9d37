extern crate renamed_typegate as typegate;

use typegate::ConfigError;
use typegate::cookie::{CookieName, CookiePolicy, SameSite};

fn main() -> Result<(), ConfigError> {
    let _policy = CookiePolicy::new(CookieName::new("sid")?).same_site(SameSite::None);
    Ok(())
}
