//! Settings: a name for each value that is told to a builder once, and how messages call it.
//!
//! Programs never write them. What a builder needs to have is a part. The options of a provider's
//! definition are listed where its record is.

/// Passes the list to another macro. A row has the setting, behind `/` the rule that a part is not
/// left out, the method that gives it, whose that is, and:
///
/// - `as`, what messages call it, if not by the method;
/// - `such as`, of a part: what its method may be given;
/// - `but`, what somebody may have meant who gives it twice.
macro_rules! settings {
    ($then:ident) => {
        $then! {
            settings {
                secret: secret of "builder::AuthBuilder"
                    but "a secret that was in use before is given by `.previous_secret(..)`";
                url: url of "builder::AuthBuilder" as "url` or `trust_proxy"
                    but "both say where the site is: for one address leave `.trust_proxy(..)` out, for \
                         several hosts behind a proxy leave `.url(..)` out";
                provider: provider of "builder::AuthBuilder";
                adapter: adapter of "builder::AuthBuilder";
                session: session of "builder::AuthBuilder";
                callbacks: callbacks of "builder::AuthBuilder"
                    but "put all callbacks into one `Callbacks`";
                session_control: session_control of "builder::AuthBuilder";
                account_tokens: account_tokens of "builder::AuthBuilder";
                back_channel_logout: back_channel_logout of "builder::AuthBuilder";
                events: events of "builder::AuthBuilder"
                    but "put all handlers into one `Events`";
                pages: pages of "builder::AuthBuilder"
                    but "put all pages into one `Pages`";
                theme: theme of "builder::AuthBuilder";
                cookies: cookies of "builder::AuthBuilder"
                    but "put all policies into one `Cookies`";
                logger: logger of "builder::AuthBuilder";
                diagnostics: diagnostics of "builder::AuthBuilder";
                clock: clock of "builder::AuthBuilder";
                http_client: http_client of "builder::AuthBuilder";
                provider_metadata_lifetime: provider_metadata_lifetime of "builder::AuthBuilder";
                rate_limit: rate_limit of "builder::AuthBuilder";
                client_address: client_address of "builder::AuthBuilder";

                sign_in_callback: sign_in of "hooks::Callbacks";
                redirect_callback: redirect of "hooks::Callbacks";
                jwt_callback: jwt of "hooks::Callbacks";
                session_callback: session of "hooks::Callbacks";

                sign_in_handler: sign_in of "hooks::Events";
                sign_out_handler: sign_out of "hooks::Events";
                create_user_handler: create_user of "hooks::Events";
                update_user_handler: update_user of "hooks::Events";
                link_account_handler: link_account of "hooks::Events";
                session_handler: session of "hooks::Events";

                sign_in_page: sign_in of "Pages";
                sign_out_page: sign_out of "Pages";
                error_page: error of "Pages";
                verify_request_page: verify_request of "Pages";
                new_user_page: new_user of "Pages";

                max_age: max_age of "Jwt";
                absolute_max_age: absolute_max_age of "Jwt";
                max_size: max_size of "Jwt";
                signing_key: signed of "Jwt"
                    but "a key that was in use before is given by `.previous_signing_key(..)`";
                auth_js_v5: accept_auth_js_v5 of "Jwt" as "accept_auth_js_v5` or `issue_auth_js_v5";
                update_age: update_age of "Database";

                email_id: id of "provider::Email";
                email_name: name of "provider::Email";
                email_secret: secret of "provider::Email";
                email_normalisation: normalise of "provider::Email";
            }
            parts {
                id / IdGiven: id of "provider::OAuthDefinitionBuilder" such as "\"acme\"";
                name / NameGiven: name of "provider::OAuthDefinitionBuilder" such as "\"Acme\"";
                profile / ProfileGiven: profile of "provider::OAuthDefinitionBuilder"
                    such as "ProfileMapper::of::<StandardClaims>()";
                client / ClientGiven: client of "provider::OAuthDefinitionBuilder"
                    such as "OAuthClient::new(client_id, client_secret)";
                oauth1_client / OAuth1ClientGiven: client of "provider::OAuth1DefinitionBuilder"
                    such as "OAuth1Client::new(client_key, client_secret)";
                endpoints / EndpointsGiven: endpoints of "provider::OAuthDefinitionBuilder"
                    such as "Endpoints::discovered(\"https://id.acme.example\")";
                oauth1_endpoints / OAuth1EndpointsGiven: endpoints of "provider::OAuth1DefinitionBuilder"
                    such as "OAuth1Endpoints { request_token_url, authorization_url, access_token_url, profile_url }";
                issuer / IssuerGiven: issuer of "provider::OidcBuilder" such as "\"https://id.acme.example\"";
                authorization_endpoint / AuthorizationEndpointGiven: authorization_endpoint of "provider::OAuth2EndpointsBuilder"
                    such as "\"https://acme.example/authorize\"";
                token_endpoint / TokenEndpointGiven: token_endpoint of "provider::OAuth2EndpointsBuilder"
                    such as "\"https://acme.example/token\"";
                userinfo_endpoint / UserInfoEndpointGiven: userinfo_endpoint of "provider::OAuth2EndpointsBuilder"
                    such as "\"https://acme.example/me\"";
                client_id / ClientIdGiven: client_id of "OAuthProvider" such as "\"client id\"";
                client_key / ClientKeyGiven: client_key of "OAuth1Provider" such as "\"consumer key\"";
                client_secret / ClientSecretGiven: client_secret of "OAuthProvider" such as "\"client secret\"";
                private_key / PrivateKeyGiven: private_key of "OAuthProvider" such as "PrivateKey::from_pem(&pem)?";
                mail_key / MailKeyGiven: key of "provider::catalog::ResendBuilder" such as "\"key\"";
                mail_sender / MailSenderGiven: from of "provider::catalog::ResendBuilder"
                    such as "\"Acme <no-reply@acme.example>\"";
                mail_template / MailTemplateGiven: template of "provider::catalog::LoopsBuilder"
                    such as "\"id of the template\"";
            }
        }
    };
}

/// A marker for each row of such a list.
macro_rules! markers {
    ($($kind:ident {$(
        $setting:ident $(/ $given:ident)?: $method:ident of $owner:literal
            $(as $name:literal)? $(such as $example:literal)? $(but $meant:literal)?;
    )*})*) => {
        $($(
            #[doc = concat!("Given by `", stringify!($method), "` of [`", $owner, "`](typegate::", $owner, ").")]
            #[derive(Clone, Copy, Debug)]
            #[expect(non_camel_case_types, reason = "called as its method")]
            #[non_exhaustive]
            pub struct $setting;
        )*)*
    };
}

settings! { markers }

pub(crate) use {markers, settings};
