extern crate renamed_typegate as typegate;

use typegate::CallbackError;
use typegate::provider::Email;

async fn send(_to: String, _url: String) -> Result<(), CallbackError> {
    Ok(())
}

fn main() {
    let _provider = Email::new(send);
}
