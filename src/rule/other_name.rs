//! What settings are called elsewhere: what the compiler says in the place of "no method named". A trait
//! for each setting; nothing implements them. A method of the other name asks for one.

macro_rules! other_names {
    ($($rule:ident = $setting:ident, such as $example:literal $(but $note:literal)?;)*) => {$(
        typegate_macros::__filled! { { Setting = $setting Example = $example }
            #[diagnostic::on_unimplemented(
                message = "this is called `{Setting}` here",
                label = "no method of this builder",
                note = "write `.{Setting}({Example})`"
            )]
            $(#[diagnostic::on_unimplemented(note = $note)])?
            #[doc = concat!("Other names of `", stringify!($setting), "`.")]
            pub trait $rule {
                #[doc(hidden)]
                fn never<T>() -> T;
            }
        }
    )*};
}

other_names! {
    CalledUrl = url, such as "\"https://app.example.com\".parse()?";
    CalledPathOfUrl = url, such as "\"https://app.example.com/auth\".parse()?"
        but "the path of the URL is where the auth routes are, `/api/auth` if it has none";
    CalledTrustProxy = trust_proxy, such as "TrustedProxy::hosts([\"app.example.com\"])"
        but "with `.url(..)`, which is for one site at a fixed address, no host has to be trusted";
    CalledDiagnostics = diagnostics, such as "Diagnostics::new()";
    CalledIssuer = issuer, such as "\"https://id.acme.example\""
        but "what stands before `/.well-known/openid-configuration` is the issuer";
    CalledScope = scope, such as "\"openid profile email\"";
    CalledChecks = checks, such as "[Check::Pkce, Check::State]"
        but "PKCE and state are checked by default, and with OpenID Connect the nonce";
    CalledAuthorizationParameters = authorization_parameters, such as "[(\"prompt\", \"login\")]";
    CalledDangerouslyLinkByEmail = dangerously_link_by_email, such as "true";
}
