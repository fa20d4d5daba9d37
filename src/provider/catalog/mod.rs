//! The providers of NextAuth.js, one file each, and mail services. GitHub is always there, all others
//! with the feature `catalog`.
//!
//! ```
//! use typegate::ClientSecret;
//! use typegate::provider::catalog::{Auth0, Google};
//!
//! let google = Google::new("client id", ClientSecret::new("client secret")); // Google::from_env()?
//! let auth0 = Auth0::builder() // Auth0::from_env()?
//!     .client_id("client id")
//!     .client_secret("client secret")
//!     .issuer("https://acme.eu.auth0.com/")
//!     .build();
//! ```
//!
//! Each says in its documentation which variables `from_env` reads. What an application wants
//! otherwise (another scope, another profile) is a call of [`Adjust`](super::Adjust).
//!
//! The files are written as an application writes a provider of its own: they use the derives and
//! the types of the façade, and nothing else of this crate.

use self::by_name::ByName;
use super::{OAuthDefinition, Provider as _};
use crate::error::ConfigError;

/// Where the values of variables come from.
pub type Variables<'a> = dyn Fn(&str) -> Option<String> + 'a;

macro_rules! by_names {
    ($module:ident::$provider:ident) => {
        #[doc(hidden)]
        #[expect(non_upper_case_globals, reason = "in the place of the value that people look for")]
        pub const $provider: ByName<files::$module::$provider> = ByName::new();
    };
}

macro_rules! catalog {
    (
        $($first_id:literal => $first:ident::$first_provider:ident,)*
        always { $always_id:literal => $always:ident::$always_provider:ident, }
        $($id:literal => $module:ident::$provider:ident,)*
    ) => {
        // Apart, because the compiler would suggest the module `github` to whoever writes `Github`.
        #[path = ""]
        mod files {
            pub(super) mod $always;
            $(#[cfg(feature = "catalog")] pub(super) mod $first;)*
            $(#[cfg(feature = "catalog")] pub(super) mod $module;)*
        }

        // A provider, and the builder that is derived for it. The provider by its name too, so that the
        // compiler can say which feature it is behind.
        pub use files::$always::*;
        $(#[cfg(feature = "catalog")] pub use files::$first::*;)*
        $(#[cfg(feature = "catalog")] pub use files::$first::$first_provider;)*
        $(#[cfg(feature = "catalog")] pub use files::$module::*;)*
        $(#[cfg(feature = "catalog")] pub use files::$module::$provider;)*

        by_names! { $always::$always_provider }
        $(#[cfg(feature = "catalog")] by_names! { $first::$first_provider })*
        $(#[cfg(feature = "catalog")] by_names! { $module::$provider })*

        /// The ids of all providers.
        pub const IDS: &[&str] = &[
            $(#[cfg(feature = "catalog")] $first_id,)*
            $always_id,
            $(#[cfg(feature = "catalog")] $id,)*
        ];

        /// The provider of that id, for applications that read from a file which ones they have.
        /// Its variables are those of `from_env`.
        ///
        /// # Errors
        ///
        /// [`ConfigError`] if there is no such provider, or naming the variable that is not set.
        ///
        /// ```
        /// use typegate::provider::catalog;
        ///
        /// let error = catalog::find("gitlab", &|_| None).unwrap_err();
        /// assert!(error.to_string().contains("AUTH_GITLAB_ID"));
        /// ```
        pub fn find(id: &str, variables: &Variables<'_>) -> Result<OAuthDefinition, ConfigError> {
            match id {
                $always_id => Ok($always_provider::from_variables(variables)?.into_definition()),
                $(
                    #[cfg(feature = "catalog")]
                    $first_id => Ok($first_provider::from_variables(variables)?.into_definition()),
                )*
                $(
                    #[cfg(feature = "catalog")]
                    $id => Ok($provider::from_variables(variables)?.into_definition()),
                )*
                _ => Err(ConfigError::new(format!(
                    "the catalogue has no provider `{}`", id.escape_debug()
                ))),
            }
        }
    };
}

// One line each, sorted.
catalog! {
    "42-school" => forty_two_school::FortyTwoSchool,
    "apple" => apple::Apple,
    "asgardeo" => asgardeo::Asgardeo,
    "atlassian" => atlassian::Atlassian,
    "auth0" => auth0::Auth0,
    "authentik" => authentik::Authentik,
    "azure-ad" => azure_ad::AzureAd,
    "azure-ad-b2c" => azure_ad_b2c::AzureAdB2c,
    "azure-devops" => azure_devops::AzureDevOps,
    "bankid-no" => bankid_no::BankIdNo,
    "battlenet" => battlenet::BattleNet,
    "beyondidentity" => beyondidentity::BeyondIdentity,
    "bitbucket" => bitbucket::Bitbucket,
    "box" => box_com::BoxCom,
    "boxyhq-saml" => boxyhq_saml::BoxyHqSaml,
    "bungie" => bungie::Bungie,
    "click-up" => click_up::ClickUp,
    "cognito" => cognito::Cognito,
    "coinbase" => coinbase::Coinbase,
    "concept2" => concept2::Concept2,
    "descope" => descope::Descope,
    "discord" => discord::Discord,
    "dribbble" => dribbble::Dribbble,
    "dropbox" => dropbox::Dropbox,
    "duende-identity-server6" => duende_identity_server6::DuendeIdentityServer6,
    "eventbrite" => eventbrite::Eventbrite,
    "eveonline" => eveonline::EveOnline,
    "facebook" => facebook::Facebook,
    "faceit" => faceit::Faceit,
    "figma" => figma::Figma,
    "foursquare" => foursquare::Foursquare,
    "freshbooks" => freshbooks::FreshBooks,
    "frontegg" => frontegg::Frontegg,
    "fusionauth" => fusionauth::FusionAuth,
    always {
        "github" => github::GitHub,
    }
    "gitlab" => gitlab::GitLab,
    "google" => google::Google,
    "hubspot" => hubspot::HubSpot,
    "huggingface" => huggingface::HuggingFace,
    "hydra" => hydra::Hydra,
    "identity-server4" => identity_server4::IdentityServer4,
    "instagram" => instagram::Instagram,
    "kakao" => kakao::Kakao,
    "keycloak" => keycloak::Keycloak,
    "kinde" => kinde::Kinde,
    "line" => line::Line,
    "linkedin" => linkedin::LinkedIn,
    "logto" => logto::Logto,
    "mailchimp" => mailchimp::Mailchimp,
    "mailru" => mailru::MailRu,
    "mastodon" => mastodon::Mastodon,
    "mattermost" => mattermost::Mattermost,
    "medium" => medium::Medium,
    "microsoft-entra-id" => microsoft_entra_id::MicrosoftEntraId,
    "naver" => naver::Naver,
    "netlify" => netlify::Netlify,
    "netsuite" => netsuite::NetSuite,
    "nextcloud" => nextcloud::Nextcloud,
    "notion" => notion::Notion,
    "okta" => okta::Okta,
    "onelogin" => onelogin::OneLogin,
    "osso" => osso::Osso,
    "osu" => osu::Osu,
    "passage" => passage::Passage,
    "patreon" => patreon::Patreon,
    "ping-id" => ping_id::PingId,
    "pinterest" => pinterest::Pinterest,
    "pipedrive" => pipedrive::Pipedrive,
    "reddit" => reddit::Reddit,
    "roblox" => roblox::Roblox,
    "salesforce" => salesforce::Salesforce,
    "simplelogin" => simplelogin::SimpleLogin,
    "slack" => slack::Slack,
    "spotify" => spotify::Spotify,
    "strava" => strava::Strava,
    "threads" => threads::Threads,
    "tiktok" => tiktok::TikTok,
    "todoist" => todoist::Todoist,
    "trakt" => trakt::Trakt,
    "twitch" => twitch::Twitch,
    "twitter" => twitter::Twitter,
    "united-effects" => united_effects::UnitedEffects,
    "vipps" => vipps::Vipps,
    "vk" => vk::Vk,
    "vk-id" => vk_id::VkId,
    "webex" => webex::Webex,
    "wechat" => wechat::WeChat,
    "wikimedia" => wikimedia::Wikimedia,
    "wordpress" => wordpress::WordPress,
    "workos" => workos::WorkOs,
    "yandex" => yandex::Yandex,
    "zitadel" => zitadel::Zitadel,
    "zoho" => zoho::Zoho,
    "zoom" => zoom::Zoom,
}

mod by_name;
mod mark;
pub(crate) use self::mark::{Mark, mark};

// It speaks OAuth 1.0a, and the list is for OAuth 2.0.
#[cfg(feature = "catalog")]
pub(crate) mod mail;
#[cfg(feature = "catalog")]
mod twitter_legacy;
#[cfg(feature = "catalog")]
pub use self::mail::{
    ForwardEmail, ForwardEmailBuilder, Loops, LoopsBuilder, Mailgun, MailgunBuilder, Postmark,
    PostmarkBuilder, Resend, ResendBuilder, SendGrid, SendGridBuilder,
};
#[cfg(feature = "catalog")]
pub use self::twitter_legacy::*;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Color;

    #[test]
    fn a_logo_is_a_path_and_a_colour_and_nothing_else() {
        let mut count = 0;
        for mark in IDS.iter().filter_map(|id| mark(id)) {
            count += 1;
            assert!(mark.color.parse::<Color>().is_ok(), "{}", mark.color);
            let is_of_paths =
                |c: char| c.is_ascii_digit() || " .,-+MmLlHhVvCcSsQqTtAaZz".contains(c);
            assert!(mark.path.starts_with(['M', 'm']) && mark.path.chars().all(is_of_paths));
        }
        assert!(mark("github").is_some() && mark("nobody").is_none());
        assert!(count > 50 || !cfg!(feature = "catalog"), "{count}");
    }
}

#[cfg(feature = "catalog")]
#[cfg(test)]
mod contrast {
    use super::*;
    use crate::theme::{ButtonStyle, Color};

    /// WCAG 2.2, success criterion 1.4.3, for text of any size.
    const READABLE: f64 = 4.5;

    fn styles() -> Vec<(String, ButtonStyle)> {
        let variables = |name: &str| {
            // Apple makes its secret of a key, or takes one.
            Some(if name.ends_with("_KEY") { "x" } else { "https://x.example" }.to_owned())
        };
        let ids = IDS.iter().filter_map(|id| {
            let common = find(id, &variables).unwrap().common;
            Some((common.id, common.style?))
        });
        let legacy = TwitterLegacy::new("key", "secret".into()).into_definition().common;
        ids.chain([("twitter, OAuth 1.0a".to_owned(), legacy.style.unwrap())]).collect()
    }

    #[test]
    fn the_text_of_every_button_can_be_read() {
        let styles = styles();
        assert!(styles.len() > 50, "{}", styles.len());
        for (id, style) in styles {
            let ButtonStyle { background, background_dark, text, text_dark, .. } = style;
            let dark = background_dark.or_else(|| background.clone());
            let text_dark = text_dark.or_else(|| text.clone());
            for (look, background, text) in [("light", background, text), ("dark", dark, text_dark)]
            {
                let Some(background) = background else { continue };
                let text: Color =
                    text.unwrap_or_else(|| background.readable_text().parse().unwrap());
                let contrast = background.contrast(&text);
                assert!(contrast >= READABLE, "{id}, {look}: {text} on {background}: {contrast}");
            }
        }
    }
}
