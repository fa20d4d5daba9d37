//! The endpoint of the provider that stands at an address.

use url::Url;

use super::recording::Recording;
use crate::oauth::OAuthDefinition;
use crate::oauth::v1::OAuth1Definition;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Place {
    Document,
    Keys,
    Pushed,
    RequestToken,
    Token,
    UserInfo,
}

/// The endpoints of one provider.
#[derive(Debug)]
pub(super) struct Places {
    places: Vec<(Place, Url)>,
    authorization: Option<Url>,
}

impl Places {
    pub(super) fn oauth(definition: &OAuthDefinition) -> Self {
        let endpoints = &definition.endpoints;
        let discovered = |declared: &Option<String>, path: &str| {
            let below = || format!("{}/{path}", Recording::DISCOVERED);
            Some(declared.clone().unwrap_or_else(below))
        };
        let document = endpoints.document_url();
        let key_set = if document.is_some() {
            discovered(&endpoints.jwks_uri, "keys")
        } else {
            endpoints.jwks_uri.clone()
        };
        let at = [
            (Place::Document, document),
            (Place::Keys, key_set),
            (Place::Pushed, discovered(&endpoints.pushed_authorization_request_endpoint, "par")),
            (Place::Token, discovered(&endpoints.token_endpoint, "token")),
            (Place::UserInfo, discovered(&endpoints.userinfo_endpoint, "userinfo")),
        ];
        let authorization = discovered(&endpoints.authorization_endpoint, "authorize");
        Self::new(at, authorization)
    }

    pub(super) fn oauth1(definition: &OAuth1Definition) -> Self {
        let endpoints = &definition.endpoints;
        let at = [
            (Place::RequestToken, Some(endpoints.request_token_url.clone())),
            (Place::Token, Some(endpoints.access_token_url.clone())),
            (Place::UserInfo, Some(endpoints.profile_url.clone())),
        ];
        Self::new(at, Some(endpoints.authorization_url.clone()))
    }

    fn new<const N: usize>(
        at: [(Place, Option<String>); N],
        authorization: Option<String>,
    ) -> Self {
        // What is no URL is refused by the configuration's `build()`.
        let url = |url: Option<String>| Url::parse(&url?).ok();
        let known = |(place, text)| Some((place, url(text)?));
        Self {
            places: at.into_iter().filter_map(known).collect(),
            authorization: url(authorization),
        }
    }

    pub(super) fn find(&self, url: &Url) -> Option<Place> {
        let found = self.places.iter().find(|(_, template)| fits(url, template));
        found.map(|(place, _)| *place)
    }

    /// Whether a browser that is sent there is asked by the provider.
    pub(super) fn is_authorization(&self, address: &str) -> bool {
        let url = Url::parse(address).ok().zip(self.authorization.as_ref());
        url.is_some_and(|(url, template)| fits(&url, template))
    }
}

/// Without the query; a segment of the path that holds a placeholder fits any other.
fn fits(url: &Url, template: &Url) -> bool {
    // The parser escapes braces.
    let is_placeholder = |segment: &str| segment.contains("%7B");
    let (Some(mut here), Some(mut there)) = (url.path_segments(), template.path_segments()) else {
        return false;
    };
    url.origin() == template.origin()
        && loop {
            match (here.next(), there.next()) {
                (None, None) => break true,
                (Some(here), Some(there)) if here == there || is_placeholder(there) => {}
                _ => break false,
            }
        }
}
