//! The options of an OAuth 2.0 or OpenID Connect provider: the one list that the record, its
//! builder and [`Adjust`](crate::provider::Adjust) are made of.

/// Passes the list to another macro. A row has the option's name, its type, its default, what its
/// setter takes, behind `by` what puts that into the record if it does not take the place of what is
/// there, and behind `but` what somebody may have meant who calls the setter twice.
macro_rules! oauth_options {
    ($then:ident { $($before:tt)* }) => {
        $then! {
            $($before)*
            options {
                /// What is asked for. By default `openid profile email` of an OpenID Connect
                /// provider, and nothing of a plain OAuth 2.0 one.
                scope: crate::oauth::Scope = crate::oauth::Scope::default(),
                    scope: impl Into<crate::oauth::Scope> => scope.into(),
                    but "a list of scopes is one text, such as `\"openid email\"`";
                /// The protections, for a server that refuses one of them. By default PKCE and
                /// state, and with OpenID Connect the nonce as well.
                checks: crate::oauth::Checks = crate::oauth::Checks::default(),
                    checks: impl crate::oauth::IntoChecks => checks.into_checks(),
                    but "several checks are one list, such as `[Check::Pkce, Check::State]`";
                /// How the answer comes back; in the query by default.
                response_mode: crate::oauth::ResponseMode = crate::oauth::ResponseMode::default(),
                    mode: crate::oauth::ResponseMode => mode;
                /// Whether the authorization request is pushed (RFC 9126); by default where the
                /// provider requires it.
                pushed_authorization: crate::oauth::PushedAuthorization =
                    crate::oauth::PushedAuthorization::default(),
                    pushed: crate::oauth::PushedAuthorization => pushed;
                /// Further parameters of the authorization request. One of the same name is
                /// replaced, all others that were there stay; values may hold `{client_id}`. Names
                /// that the flow sets itself are a `ConfigError` of the configuration's `build()`,
                /// save a vendor's own
                /// `response_type` that brings a code. `max_age` and `acr_values` are more than
                /// wishes: an ID token that does not keep to them is refused (OpenID Connect Core
                /// section 3.1.3.7, steps 12 and 13).
                authorization_parameters: Vec<(String, String)> = Vec::new(),
                    parameters: impl Into<Vec<(String, String)>> => parameters.into(),
                    by crate::oauth::definition::add_parameters,
                    but "all parameters are one list";
                /// What stands behind `#` in the address of the authorization request, which the
                /// standard does not have (RFC 6749 section 3.1) and WeChat insists on.
                authorization_fragment: Option<String> = None,
                    fragment: impl Into<String> => Some(fragment.into());
                /// How the token request differs from the standard.
                token_endpoint: crate::oauth::TokenEndpoint = crate::oauth::TokenEndpoint::default(),
                    endpoint: crate::oauth::TokenEndpoint => endpoint;
                /// How the userinfo request differs from the standard.
                user_info_endpoint: crate::oauth::UserInfoEndpoint =
                    crate::oauth::UserInfoEndpoint::default(),
                    endpoint: crate::oauth::UserInfoEndpoint => endpoint;
                /// Whether the userinfo endpoint is asked for what the ID token does not say: many
                /// providers put name and address there only. Plain OAuth 2.0 always asks.
                fetch_user_info: bool = false, fetch: bool => fetch;
                /// A way to complete what the userinfo endpoint answered.
                user_info_hook: Option<crate::oauth::UserInfoHook> = None,
                    hook: crate::oauth::UserInfoHook => Some(hook);
                /// The algorithm of ID tokens. Tokens signed by any other are refused. By default it
                /// is one of those that the discovery document offers
                /// (`id_token_signing_alg_values_supported`), but neither `none` nor an HMAC, and
                /// RS256 if it offers no other.
                id_token_algorithm: Option<crate::jose::SignatureAlgorithm> = None,
                    algorithm: impl crate::jose::IntoSignatureAlgorithm =>
                        Some(algorithm.into_algorithm());
                /// Which issuer is the provider's: by default the configured one, to the letter.
                issuer_comparison: crate::oauth::IssuerComparison =
                    crate::oauth::IssuerComparison::default(),
                    comparison: crate::oauth::IssuerComparison => comparison;
                /// How many seconds the provider's clock and this machine's may differ: by so much
                /// ID tokens and logout tokens may be too young or too old (`iat`, `nbf`, `exp`,
                /// `auth_time`). 10 by default, as in v4; more than 600 is a `ConfigError` of the
                /// configuration's `build()`.
                clock_tolerance: u32 = crate::oauth::CLOCK_TOLERANCE, seconds: u32 => seconds;
                /// Whether issuer and endpoints may be http on other machines than this one, for
                /// development, such as `http://keycloak:8080` in a network of containers. Whoever
                /// is on the way can read every token and sign in as anybody; `build()` warns of
                /// it.
                dangerously_allow_http: bool = false, allow: bool => allow;
            }
        }
    };
}

/// Puts a value where a row says.
macro_rules! store {
    ($place:expr, $value:expr) => {
        $place = $value
    };
    ($place:expr, $value:expr, $by:path) => {
        $by(&mut $place, $value)
    };
}

pub(crate) use {oauth_options, store};
