//! The question mark behind `from_env` is missing.

extern crate renamed_typegate as typegate;

use typegate::Auth;
use typegate::provider::catalog::GitHub;

fn main() {
    let _ = Auth::builder().provider(GitHub::from_env());
}
