extern crate renamed_typegate as typegate;

use typegate::provider::Email;

fn main() {
    let _provider = Email::new(|_message| async { Ok(()) })
        .max_age(600)
        .ask_before_sign_in()
        .max_age(60);
}
