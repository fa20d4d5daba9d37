extern crate renamed_typegate as typegate;

use typegate::Pages;

fn main() {
    let _pages = Pages::new().sign_in("/login").error("/oops").sign_in("/sign-in");
}
