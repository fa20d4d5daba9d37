extern crate renamed_typegate as typegate;

use typegate::builder::AuthBuilder;
use typegate_ui_tests::UsersOnly;

fn stored(builder: AuthBuilder) -> AuthBuilder {
    builder.adapter(UsersOnly)
}

fn main() {}
