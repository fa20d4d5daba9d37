extern crate renamed_typegate as typegate;

use typegate::hooks::{Callbacks, TokenRequest};
use typegate::{CallbackError, Claims};

async fn role(request: TokenRequest) -> Result<Claims, CallbackError> {
    let mut claims = request.token;
    claims.insert("role", "admin");
    Ok(claims)
}

fn callbacks() -> Callbacks {
    Callbacks::new().jwt(role)
}

fn main() {
    callbacks();
}
