//! The type in the place of a value.

extern crate renamed_typegate as typegate;

use typegate::Auth;
use typegate::provider::catalog::GitHub;

fn main() {
    let _ = Auth::builder().provider(GitHub);
}
