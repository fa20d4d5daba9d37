extern crate renamed_typegate as typegate;

use typegate::hooks::{Callbacks, SessionRequest};
use typegate::CallbackError;

#[derive(serde::Serialize, serde::Deserialize)]
struct Member {
    expires: String,
}

async fn member(request: SessionRequest) -> Result<Member, CallbackError> {
    Ok(Member { expires: request.session.expires })
}

fn main() {
    let _callbacks = Callbacks::new().session(member);
}
