extern crate renamed_typegate as typegate;

use typegate::CallbackError;
use typegate::hooks::{Events, SignedIn};

async fn told(event: SignedIn) -> Result<(), CallbackError> {
    println!("{}", event.user.id);
    Ok(())
}

fn main() {
    let _events = Events::new().link_account(told);
}
