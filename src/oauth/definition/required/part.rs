//! What is said about a required part that is missing, or given twice? One trait for each; its
//! page shows the message, the cause and the cure.

use crate::oauth::definition::slot::{Given, NotGiven};

macro_rules! traits {
    ($holds:ty: $(
        $(#[$docs:meta])*
        $name:ident {
            message: $message:literal,
            label: $label:literal,
            $(note: $note:literal,)+
        }
    )+) => {$(
        $(#[$docs])*
        #[diagnostic::on_unimplemented(message = $message, label = $label, $(note = $note,)+)]
        pub trait $name {}

        #[diagnostic::do_not_recommend]
        impl $name for $holds {}
    )+};
}

traits! { Given:
    /// Rule 17: the provider has an id.
    ///
    /// *Cause:* its addresses and stored accounts have nothing to name it by. *Cure:*
    /// `.id("acme")`.
    IdGiven {
        message: "the provider has no id",
        label: "its addresses and its accounts have nothing to name it by",
        note: "write `.id(\"acme\")`, and never change it: stored accounts are found by it",
    }

    /// Rule 17: the provider has a name.
    ///
    /// *Cause:* its button would say nothing. *Cure:* `.name("Acme")`.
    NameGiven {
        message: "the provider has no name",
        label: "its button would say nothing",
        note: "write `.name(\"Acme\")`",
    }

    /// Rule 17: an OAuth 2.0 or OpenID Connect provider has a client.
    ///
    /// *Cause:* the provider does not know this application. *Cure:* `.client(..)`.
    ClientGiven {
        message: "the provider has no client",
        label: "it would not know this application",
        note: "write `.client(Client::new(client_id, client_secret))`, with what the provider \
               registered, or `.client(Client::public(client_id))` if that is no secret",
    }

    /// Rule 17: an OAuth 1.0a provider has a client.
    ///
    /// *Cause:* the provider does not know this application. *Cure:* `.client(..)`.
    OAuth1ClientGiven {
        message: "the provider has no client",
        label: "it would not know this application",
        note: "write `.client(OAuth1Client::new(key, secret))`, with what the provider registered",
    }

    /// Rule 17: an OAuth 2.0 or OpenID Connect provider has endpoints.
    ///
    /// *Cause:* nobody knows where to send people who want to sign in. *Cure:*
    /// `.endpoints(Endpoints::discovered("https://id.acme.example"))`.
    EndpointsGiven {
        message: "the provider has no endpoints",
        label: "there is nowhere to send people who want to sign in",
        note: "OpenID Connect: write `.endpoints(Endpoints::discovered(\"https://id.acme.example\"))`, \
               with the issuer",
        note: "OAuth 2.0: write `.endpoints(Endpoints::oauth2(authorization, token, userinfo))`, \
               with three URLs",
    }

    /// Rule 17: an OAuth 1.0a provider has endpoints.
    ///
    /// *Cause:* nobody knows where to send people who want to sign in. *Cure:*
    /// `.endpoints(OAuth1Endpoints { .. })`.
    OAuth1EndpointsGiven {
        message: "the provider has no endpoints",
        label: "there is nowhere to send people who want to sign in",
        note: "write `.endpoints(OAuth1Endpoints {{ request_token_url, authorization_url, \
               access_token_url, profile_url }})`",
    }

    /// Rule 17: the provider has a profile mapping.
    ///
    /// *Cause:* nothing says which member of its answer names the account. *Cure:*
    /// `.profile(ProfileMapper::of::<AcmeUser>())`.
    ProfileGiven {
        message: "the provider has no profile mapping",
        label: "nothing says who somebody is",
        note: "write `.profile(ProfileMapper::of::<AcmeUser>())`, with a type that derives \
               `typegate::Profile`, or `.profile(ProfileMapper::new(|user: AcmeUser, _tokens| ..))`",
    }
}

traits! { NotGiven:
    /// Rule 9: the id is given once. *Cause:* the later value would silently replace the earlier.
    /// *Cure:* remove one of the two calls.
    IdOnce {
        message: "the provider's id is given twice",
        label: "a second id",
        note: "remove one of the two calls",
    }

    /// Rule 9: the name is given once. *Cause:* the later value would silently replace the
    /// earlier. *Cure:* remove one of the two calls.
    NameOnce {
        message: "the provider's name is given twice",
        label: "a second name",
        note: "remove one of the two calls",
    }

    /// Rule 9: the client is given once. *Cause:* the later value would silently replace the
    /// earlier. *Cure:* remove one of the two calls.
    ClientOnce {
        message: "the provider's client is given twice",
        label: "a second client",
        note: "remove one of the two calls",
    }

    /// Rule 9: the endpoints are given once. *Cause:* the later value would silently replace the
    /// earlier. *Cure:* remove one of the two calls.
    EndpointsOnce {
        message: "the provider's endpoints are given twice",
        label: "a second set of endpoints",
        note: "remove one of the two calls",
        note: "for one more endpoint, add it to the first: \
               `Endpoints::discovered(issuer).token(url)`",
    }

    /// Rule 9: the profile mapping is given once. *Cause:* the later value would silently replace
    /// the earlier. *Cure:* remove one of the two calls.
    ProfileOnce {
        message: "the provider's profile mapping is given twice",
        label: "a second profile mapping",
        note: "remove one of the two calls",
    }
}
