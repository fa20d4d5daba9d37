//! The ID token (OpenID Connect Core section 2).

use ring::{
    digest::{SHA256, digest},
    error::Unspecified,
};
use serde_json::{Value, json};

use super::{Context, encoding::base64url, token::CodeGrant, unix_time};

/// A signed ID token (OIDC Core sections 2 and 3.1.3.6).
pub(super) fn id_token(
    context: &Context,
    grant: &CodeGrant,
    access_token: &str,
) -> Result<String, Unspecified> {
    let now = unix_time();
    let access_token_hash = digest(&SHA256, access_token.as_bytes());
    let (left_half, _) = access_token_hash.as_ref().split_at(SHA256.output_len() / 2);

    let mut claims = grant.person.claims(&context.issuer, grant.scope);
    claims.extend([
        ("iss".to_owned(), json!(context.issuer)),
        ("aud".to_owned(), json!(context.client.id())),
        ("iat".to_owned(), json!(now)),
        ("exp".to_owned(), json!(now + context.access_tokens.lifetime().as_secs())),
        ("auth_time".to_owned(), json!(grant.auth_time)),
        ("at_hash".to_owned(), json!(base64url(left_half))),
    ]);
    if let Some(nonce) = &grant.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    context.key.sign(&Value::Object(claims))
}
