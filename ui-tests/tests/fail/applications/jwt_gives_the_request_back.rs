extern crate renamed_typegate as typegate;

use typegate::CallbackError;
use typegate::hooks::{Callbacks, TokenRequest};

async fn claims(mut request: TokenRequest) -> Result<TokenRequest, CallbackError> {
    request.token.insert("role", "admin");
    Ok(request)
}

fn main() {
    let _callbacks = Callbacks::new().jwt(claims);
}
