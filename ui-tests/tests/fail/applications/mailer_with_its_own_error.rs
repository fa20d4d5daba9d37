extern crate renamed_typegate as typegate;

use typegate::provider::{Email, EmailMessage};

async fn send(message: EmailMessage) -> Result<(), String> {
    if message.to.is_empty() { Err("nobody".to_owned()) } else { Ok(()) }
}

fn main() {
    let _provider = Email::new(send);
}
