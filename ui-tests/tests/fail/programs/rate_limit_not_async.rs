extern crate renamed_typegate as typegate;

use typegate::CallbackError;
use typegate::rate_limit::{Attempt, RateLimit, Verdict};

struct Everybody;

impl RateLimit for Everybody {
    fn allow(&self, _: Attempt) -> Result<Verdict, CallbackError> {
        Ok(Verdict::Allowed)
    }
}

fn main() {
    let _ = Everybody;
}
