extern crate renamed_typegate as typegate;

use typegate::provider::Email;
use typegate::testing::provider::Recording;

fn main() {
    let email = Email::new(|_message| async { Ok(()) });
    let _sign_in = Recording::new().sign_in(email);
}
