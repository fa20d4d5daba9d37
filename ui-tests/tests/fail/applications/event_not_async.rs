extern crate renamed_typegate as typegate;

use typegate::hooks::Events;

fn main() {
    let _events = Events::new().create_user(|user| println!("{} is new", user.id));
}
