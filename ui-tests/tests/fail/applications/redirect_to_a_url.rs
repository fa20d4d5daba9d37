extern crate renamed_typegate as typegate;

use typegate::hooks::Callbacks;
use typegate::{CallbackError, SiteUrl};

async fn target(request: typegate::hooks::RedirectRequest) -> Result<SiteUrl, CallbackError> {
    Ok(request.default.parse()?)
}

fn main() {
    let _callbacks = Callbacks::new().redirect(target);
}
