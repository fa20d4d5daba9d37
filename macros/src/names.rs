//! What settings are called elsewhere: in NextAuth, in the documents of the standards and in other
//! libraries. Names are written without their case and separators.

/// What one thing is called.
type Others = &'static [&'static str];
/// Names, each with what else it is called.
type Names = &'static [(&'static str, Others)];

/// The client at the provider, the likeliest first.
pub(crate) const CLIENT_IDS: Others = &[
    "clientid",
    "clientkey",
    "consumerkey",
    "id",
    "key",
    "client",
    "appid",
    "applicationid",
    "appkey",
    "apikey",
];
pub(crate) const CLIENT_SECRETS: Others =
    &["clientsecret", "consumersecret", "secret", "appsecret", "applicationsecret", "apisecret"];
const AUTHORIZATION: Others = &[
    "authorization",
    "authorize",
    "authorizationurl",
    "authorizationuri",
    "authorizationendpoint",
    "authorizeurl",
    "authorizeuri",
    "authorizeendpoint",
    "authurl",
    "authuri",
    "authendpoint",
];
const TOKEN: Others = &[
    "token",
    "tokenurl",
    "tokenuri",
    "tokenendpoint",
    "accesstoken",
    "accesstokenurl",
    "accesstokenuri",
    "accesstokenendpoint",
];
const USERINFO: Others = &[
    "userinfo",
    "userinfourl",
    "userinfouri",
    "userinfoendpoint",
    "profileurl",
    "profileendpoint",
    "userurl",
    "userendpoint",
];
const REQUEST_TOKEN: Others =
    &["requesttoken", "requesttokenurl", "requesttokenuri", "requesttokenendpoint"];
/// Where the discovery document is: whoever says that can say the issuer.
const DISCOVERY: Others = &[
    "wellknown",
    "wellknownurl",
    "discovery",
    "discoveryurl",
    "discoveryuri",
    "metadataurl",
    "servermetadataurl",
    "openidconfiguration",
    "configurationurl",
    "discoveryendpoint",
];
const EMAIL_LINKING: Others =
    &["allowdangerousemailaccountlinking", "linkbyemail", "emaillinking", "dangerouslylinkbyemail"];
/// Within parentheses.
const URL: (&str, Others) = ("url", &["uri", "address", "endpoint"]);
const SELECT: (&str, Others) = ("select", &["path", "pointer"]);

/// Options of a provider by their keys in configuration files, and what else they are called. The
/// library has them by `__other_names`.
pub(crate) const OPTIONS: Names = &[
    ("issuer", &["issuerurl", "issueruri", "authority", "iss", "serverurl", "baseissuer"]),
    ("issuer", DISCOVERY),
    ("authorization_endpoint", AUTHORIZATION),
    ("authorization_url", AUTHORIZATION),
    (
        "authorization_parameters",
        &[
            "authorizationparams",
            "params",
            "authparams",
            "authorizeparams",
            "extraparams",
            "additionalparameters",
            "extraauthparams",
        ],
    ),
    ("token_endpoint", TOKEN),
    ("access_token_url", TOKEN),
    ("userinfo_endpoint", USERINFO),
    ("profile_url", USERINFO),
    ("request_token_url", REQUEST_TOKEN),
    (
        "jwks_uri",
        &["jwks", "jwksendpoint", "jwksurl", "jwkseturi", "jwkuri", "keysurl", "keyset", "certs"],
    ),
    (
        "end_session_endpoint",
        &["endsession", "endsessionurl", "endsessionuri", "logout", "logouturl", "logoutendpoint"],
    ),
    (
        "pushed_authorization_request_endpoint",
        &["par", "parendpoint", "parurl", "pushedauthorizationrequest", "pushedauthorizationurl"],
    ),
    ("pushed_authorization", &["requirepushedauthorizationrequests", "usepar"]),
    ("scope", &["scopes", "scopessupported", "defaultscopes", "defaultscope", "permissions"]),
    (
        "checks",
        &[
            "check",
            "protection",
            "protections",
            "idtokenchecks",
            "pkce",
            "usepkce",
            "pkcemethod",
            "state",
            "nonce",
            "codechallengemethod",
            "codechallengemethodssupported",
        ],
    ),
    ("response_mode", &["responsemodessupported"]),
    (
        "client_authentication",
        &[
            "authtype",
            "authmethod",
            "clientauth",
            "clientauthmethod",
            "authenticationmethod",
            "clientauthenticationmethod",
            "tokenendpointauthmethod",
            "tokenendpointauthmethodssupported",
        ],
    ),
    (
        "id_token_algorithm",
        &[
            "idtokensignedresponsealg",
            "idtokenalg",
            "idtokensigningalg",
            "signingalg",
            "algorithm",
            "algorithms",
            "idtokensigningalgvaluessupported",
        ],
    ),
    ("userinfo_signed", &["userinfosignedresponsealg"]),
    ("clock_tolerance", &["clockskew", "leeway", "skew", "maxclockskew"]),
    ("email_vouching", &["trustemail", "emailverified", "vouching"]),
    ("dangerously_allow_http", &["allowhttp", "insecure", "allowinsecure", "allowinsecurehttp"]),
    ("dangerously_link_by_email", EMAIL_LINKING),
    ("signature", &["signaturemethod", "oauthsignaturemethod"]),
    ("version", &["oauthversion"]),
    ("id", &["providerid", "slug", "identifier", "key"]),
    ("name", &["displayname", "title", "label", "providername"]),
    ("profile", &["user", "usertype", "profiletype", "userprofile", "rawprofile"]),
    ("env", &["envprefix", "prefix", "environment"]),
    ("scope_separator", &["scopedelimiter", "separator"]),
    ("style", &["button", "theme", "look"]),
    ("client_id", CLIENT_IDS),
    ("client_key", CLIENT_IDS),
    ("client_secret", CLIENT_SECRETS),
];

/// The same within the parentheses of an attribute, or at a field.
const OF_GROUPS: &[(&str, Names)] = &[
    (
        "authorization_endpoint",
        &[("params", &["parameters", "query", "extra", "authorizationparams"]), URL],
    ),
    ("token_endpoint", &[("form", &["params", "parameters", "body"]), URL, SELECT]),
    (
        "userinfo_endpoint",
        &[
            ("query", &["params", "parameters"]),
            URL,
            ("post", &["method"]),
            ("json", &["body"]),
            ("hook", &["request", "map", "transform"]),
            SELECT,
        ],
    ),
    (
        "style",
        &[
            ("background", &["bg", "backgroundcolor", "brandcolor"]),
            ("background_dark", &["bgdark", "darkbackground"]),
            ("text", &["color", "textcolor", "foreground", "fg"]),
            ("text_dark", &["colordark", "darktext"]),
            ("logo", &["icon", "image", "logourl"]),
            ("logo_dark", &["logodark", "icondark", "darklogo"]),
        ],
    ),
    (
        "profile",
        &[
            ("id", &["sub", "subject", "uid", "userid", "identifier", "key"]),
            ("name", &["username", "login", "displayname", "fullname", "nickname", "label"]),
            ("email", &["mail", "emailaddress"]),
            ("email_verified", &["verified", "verifiedemail", "isverified", "confirmed"]),
            ("image", &["avatar", "picture", "photo", "avatarurl", "imageurl", "pictureurl"]),
            ("path", &["rename", "from", "pointer", "member", "key", "select"]),
            ("or", &["alias", "aliases", "fallback", "either"]),
            ("extra", &["claim", "attribute", "custom"]),
        ],
    ),
];

/// An answer to a name that stands for no attribute.
pub(crate) struct Said {
    names: Others,
    pub(crate) answer: &'static str,
    /// What somebody wanted to say with it, if that is something which must be said.
    pub(crate) meant: &'static str,
}

const SAID: &[(&str, &[Said])] = &[
    (
        "provider",
        &[
            Said {
                names: &[
                    "clientid",
                    "clientsecret",
                    "appid",
                    "appsecret",
                    "consumerkey",
                    "consumersecret",
                    "clientkey",
                    "secret",
                    "client",
                    "privatekey",
                    "credentials",
                ],
                answer: "the client is given by fields of the struct, `client_id: String` and \
                         `client_secret: ClientSecret`, which `from_env()` reads from \
                         `AUTH_<ID>_ID` and `AUTH_<ID>_SECRET`; remove this",
                meant: "",
            },
            Said {
                names: &[
                    "clientidenv",
                    "clientsecretenv",
                    "secretenv",
                    "idenv",
                    "envid",
                    "envsecret",
                ],
                answer: "`from_env()` reads `AUTH_<ID>_ID` and `AUTH_<ID>_SECRET`, and with `env = \
                         \"ACME\"` `ACME_ID` and `ACME_SECRET`; remove this",
                meant: "",
            },
            Said {
                names: &[
                    "redirecturi",
                    "redirecturl",
                    "redirect",
                    "callback",
                    "callbackurl",
                    "callbackuri",
                    "redirecturis",
                ],
                answer: "the callback URL follows from the site's URL and the id, \
                         `https://<your site>/api/auth/callback/<id>`; remove this, and register \
                         that address at the provider",
                meant: "",
            },
            Said {
                names: &["type", "kind", "protocol"],
                answer: "the protocol follows from the rest, OpenID Connect where there is an \
                         `issuer`, and OAuth 2.0 where there is none; for OAuth 1.0a derive \
                         `OAuth1Provider`. Remove this",
                meant: "",
            },
            Said {
                names: &["idtoken", "openid", "oidc", "openidconnect"],
                answer: "with an `issuer` the provider is one of OpenID Connect, and its ID tokens \
                         are verified; write `issuer = \"https://..\"` and remove this",
                meant: "issuer",
            },
            Said {
                names: DISCOVERY,
                answer: "write `issuer = \"https://..\"`, below which the discovery document is \
                         found, and `discovery_document = \"..\"` only where it is elsewhere",
                meant: "issuer",
            },
            Said {
                names: &[
                    "responsetype",
                    "granttype",
                    "responsetypes",
                    "granttypes",
                    "flow",
                    "responsetypessupported",
                    "granttypessupported",
                ],
                answer: "a sign-in is always by the authorization code (RFC 6749 section 4.1); \
                         remove this",
                meant: "",
            },
            Said {
                names: &[
                    "registrationendpoint",
                    "revocationendpoint",
                    "introspectionendpoint",
                    "deviceauthorizationendpoint",
                    "revocationurl",
                    "introspectionurl",
                ],
                answer: "no sign-in uses it; remove this",
                meant: "",
            },
            Said {
                names: EMAIL_LINKING,
                answer: "that is the application's to decide: remove this, and call \
                         `.dangerously_link_by_email()` of `typegate::provider::Adjust` where the \
                         provider is given",
                meant: "",
            },
            Said {
                names: &["postlogoutredirecturi"],
                answer: "that is the application's to decide: remove this, and call \
                         `.post_logout_redirect_uri(..)` of `typegate::provider::Adjust` where the \
                         provider is given",
                meant: "",
            },
            Said {
                names: &[
                    "prompt",
                    "accesstype",
                    "audience",
                    "resource",
                    "loginhint",
                    "maxage",
                    "acrvalues",
                    "uilocales",
                    "hd",
                    "display",
                ],
                answer: "parameters of the authorization request stand in \
                         `authorization_endpoint(params(name = \"..\"))`",
                meant: "",
            },
            Said {
                names: &[
                    "mapping",
                    "attributes",
                    "claims",
                    "fields",
                    "usernameattribute",
                    "profilemapper",
                    "mapprofile",
                ],
                answer: "a type that derives `RawProfile` says who somebody is: write \
                         `profile = SomeType`",
                meant: "profile",
            },
            Said {
                names: &[
                    "logo",
                    "logodark",
                    "icon",
                    "background",
                    "bg",
                    "color",
                    "text",
                    "brandcolor",
                ],
                answer: "the look of the button is `style(logo = \"/acme.svg\", background = \
                         \"#fff\", text = \"#000\")`",
                meant: "",
            },
            Said {
                names: &["httpoptions", "timeout", "httpclient"],
                answer: "all providers are asked through one HTTP client: remove this, and write \
                         `.http_client(..)` behind `Auth::builder()`",
                meant: "",
            },
        ],
    ),
    (
        "oauth2",
        &[
            Said {
                names: REQUEST_TOKEN,
                answer: "that is OAuth 1.0a, which has a derive of its own: `OAuth1Provider`",
                meant: "issuer",
            },
            Said {
                names: &[
                    "pkce",
                    "usepkce",
                    "pkcemethod",
                    "codechallengemethod",
                    "codechallengemethodssupported",
                ],
                answer: "PKCE is always used, unless `checks(..)` leaves it out, as `checks(state)` \
                         does; remove this",
                meant: "",
            },
            Said {
                names: &["state", "nonce"],
                answer: "a sign-in is always checked by it, unless `checks(..)` leaves it out; \
                         remove this",
                meant: "",
            },
        ],
    ),
    (
        "profile",
        &[
            Said {
                names: &["optional", "default", "nullable", "required"],
                answer: "its type says whether a member may be missing: `Option<..>` or not; remove \
                         this",
                meant: "",
            },
            Said {
                names: &["skip", "ignore"],
                answer: "every field is read; remove the field, or make it an `Option<..>`",
                meant: "",
            },
            Said {
                names: &["flatten", "nested"],
                answer: "a member of an object is reached by `path = \"object.member\"`",
                meant: "",
            },
            Said {
                names: &["renameall"],
                answer: "write `path = \"nameInJson\"` at each field that has another name there",
                meant: "",
            },
        ],
    ),
];

/// A name without its case and separators.
pub(crate) fn plain(name: &str) -> String {
    name.to_lowercase().replace(['_', '-', '.'], "")
}

/// What is said to that name in a group.
pub(crate) fn said(group: &str, name: &str) -> Option<&'static Said> {
    let name = plain(name);
    let (_, all) = SAID.iter().find(|(of, _)| *of == group)?;
    all.iter().find(|said| said.names.contains(&name.as_str()))
}

/// What that name probably means in a group, the first choice first.
pub(crate) fn meant(group: &str, name: &str) -> impl Iterator<Item = &'static str> {
    let name = plain(name);
    let of_group = OF_GROUPS.iter().find(|(of, _)| *of == group).map(|(_, names)| *names);
    let names = of_group.unwrap_or(if group == "provider" { OPTIONS } else { &[] });
    names
        .iter()
        .filter(move |(key, others)| plain(key) == name || others.contains(&name.as_str()))
        .map(|(key, _)| *key)
}
