extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate::slot::Told;
use typegate::{Pages, Theme};

fn branded<T: Told>(builder: AuthBuilder<T>) -> AuthBuilder<impl Told> {
    builder.theme(Theme::new()).pages(Pages::new().sign_in("/login"))
}

fn main() {}
