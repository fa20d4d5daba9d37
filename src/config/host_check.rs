//! The check of a request's host, where a trusted proxy names the site: what does not work on that host
//! is logged once.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::pages::PageAddresses;
use super::pages::PageSite;
use super::provider::{Provider, check_oauth_site};
use crate::web::cookie::{Cookies, refused_of_host};
use crate::web::site::SiteUrl;

/// What is to be looked at when a host is known.
#[derive(Debug)]
pub(crate) struct HostCheck {
    cookies: Cookies,
    pages: PageAddresses,
    is_said: AtomicBool,
    /// The hash of the latest site of which nothing is to be said, so that it is looked at once.
    approved: AtomicU64,
    hasher: RandomState,
}

impl HostCheck {
    pub(crate) fn new(cookies: &Cookies, pages: &PageAddresses) -> Self {
        Self {
            cookies: cookies.clone(),
            pages: pages.clone(),
            is_said: AtomicBool::new(false),
            approved: AtomicU64::new(0),
            hasher: RandomState::new(),
        }
    }

    /// What does not work on this site, the first time that there is something.
    pub(crate) fn complaint(&self, site: &SiteUrl, providers: &[Provider]) -> Option<String> {
        if self.is_said.load(Ordering::Relaxed) {
            return None;
        }
        let hash = self.hasher.hash_one(site.origin());
        if self.approved.load(Ordering::Relaxed) == hash {
            return None;
        }
        let Some(complaint) = self.first(site, providers) else {
            self.approved.store(hash, Ordering::Relaxed);
            return None;
        };
        (!self.is_said.swap(true, Ordering::Relaxed)).then_some(complaint)
    }

    fn first(&self, site: &SiteUrl, providers: &[Provider]) -> Option<String> {
        if let Some(refused) = refused_of_host(&self.cookies, site).first() {
            return Some(refused.to_string());
        }
        let page_site = PageSite { url: Some(site), base_path: site.path() };
        if let Some((_, refused)) = self.pages.locate(&page_site).1.first() {
            return Some(refused.to_string());
        }
        let mut refused = providers.iter().filter_map(|provider| match provider {
            Provider::OAuth(relying_party) => {
                check_oauth_site(relying_party.definition(), site).err()
            }
            _ => None,
        });
        let mut doubtful = self.pages.doubtful(site).into_iter().chain(self.cookies.doubtful(site));
        refused.next().map(|error| error.to_string()).or_else(|| doubtful.next())
    }
}
