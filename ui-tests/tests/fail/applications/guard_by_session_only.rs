extern crate renamed_typegate as typegate;

use typegate::Auth;
use typegate::guard::Guard;

fn guard(auth: Auth) -> Guard<typegate::DefaultSession> {
    Guard::new(auth).authorized(|session| session.user.email.is_some())
}

fn main() {}
