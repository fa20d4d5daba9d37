extern crate renamed_typegate as typegate;

use typegate::hooks::Events;

fn main() {
    let _events = Events::new().sign_in(|event| async move {
        println!("{} signed in", event.user.id);
    });
}
