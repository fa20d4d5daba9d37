extern crate renamed_typegate as typegate;

use typegate::provider::Email;

fn main() {
    let _provider = Email::new(|message| {
        println!("{}", message.url);
        Ok(())
    });
}
