//! The page: a shell of HTML, and the bundle that fills it.

use std::env;

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse};

const SHELL: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>typegate and React</title>
<div id="root"></div>
<script src="/app.js"></script>
</html>
"#;

/// React and next-auth/react need nothing beyond this.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for every address: which page it is, the script decides.
pub(crate) async fn shell() -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(SHELL))
}

/// Read anew at every request, so that a new bundle needs no new program.
pub(crate) async fn script() -> impl IntoResponse {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/target/react/app.js");
    let path = env::var("BUNDLE").ok().filter(|path| !path.is_empty());
    let path = path.unwrap_or_else(|| default.to_owned());
    let content_type: [(HeaderName, _); 1] = [(header::CONTENT_TYPE, "text/javascript")];
    match std::fs::read(&path) {
        Ok(script) => Ok((content_type, script)),
        Err(error) => Err((StatusCode::NOT_FOUND, format!("{path}: {error}"))),
    }
}

/// Browsers ask for one and complain in the console if they get 404.
pub(crate) async fn no_icon() -> StatusCode {
    StatusCode::NO_CONTENT
}
