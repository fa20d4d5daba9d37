extern crate renamed_typegate as typegate;

use typegate::hooks::Events;

fn main() {
    let _events = Events::new()
        .sign_in(|_| async { Ok(()) })
        .create_user(|_| async { Ok(()) })
        .sign_in(|_| async { Ok(()) });
}
