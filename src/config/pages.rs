//! Pages: the addresses of those that the application shows itself, and what is wrong with them.

use std::fmt;
use std::marker::PhantomData;

use url::Url;

use crate::error::{ConfigError, ErrorCode};
use crate::rule::once;
use crate::rule::slot::{Now, With, slots};
use crate::setting;
use crate::web::location::SafeLocation;
use crate::web::public_suffix::is_same_site;
use crate::web::site::{SiteUrl, is_loopback};

/// Addresses of the application's own pages: a path of this site or an absolute URL. What is left
/// out is a built-in page.
///
/// ```
/// use typegate::Pages;
///
/// let pages = Pages::new().sign_in("/login").error("/oops?from=auth");
/// ```
///
/// A function that returns them converts them: `fn pages() -> Pages { Pages::new().sign_in("/login").into() }`.
pub struct Pages<T = PageSlots> {
    pub(super) inner: PageAddresses,
    types: PhantomData<fn() -> T>,
}

slots! {
    /// Which pages have been given.
    pub struct PageSlots: PagesTold for Pages<> {
        sign_in_page,
        sign_out_page,
        error_page,
        verify_request_page,
        new_user_page,
    }
}

/// The addresses as the application wrote them.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageAddresses {
    pub(crate) sign_in: Option<String>,
    pub(crate) sign_out: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) verify_request: Option<String>,
    pub(crate) new_user: Option<String>,
}

impl Pages {
    /// Built-in pages only.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Default for Pages {
    fn default() -> Self {
        Self { inner: PageAddresses::default(), types: PhantomData }
    }
}

#[typegate_macros::__unquoted]
impl<T: PagesTold> Pages<T> {
    /// Where people sign in; gets `callbackUrl` and, after a failure, `error`.
    #[must_use]
    pub fn sign_in(mut self, address: impl Into<String>) -> Pages<With<T, setting::sign_in_page>>
    where
        Now<T, setting::sign_in_page>: once::sign_in_page,
    {
        self.inner.sign_in = Some(address.into());
        self.retyped()
    }

    /// Where people sign out.
    #[must_use]
    pub fn sign_out(mut self, address: impl Into<String>) -> Pages<With<T, setting::sign_out_page>>
    where
        Now<T, setting::sign_out_page>: once::sign_out_page,
    {
        self.inner.sign_out = Some(address.into());
        self.retyped()
    }

    /// Where failures are shown; gets `error`.
    #[must_use]
    pub fn error(mut self, address: impl Into<String>) -> Pages<With<T, setting::error_page>>
    where
        Now<T, setting::error_page>: once::error_page,
    {
        self.inner.error = Some(address.into());
        self.retyped()
    }

    /// What is shown after a sign-in link was sent.
    #[must_use]
    pub fn verify_request(
        mut self,
        address: impl Into<String>,
    ) -> Pages<With<T, setting::verify_request_page>>
    where
        Now<T, setting::verify_request_page>: once::verify_request_page,
    {
        self.inner.verify_request = Some(address.into());
        self.retyped()
    }

    /// Where a person goes after the very first sign-in; gets `callbackUrl`. Needs an adapter.
    #[must_use]
    pub fn new_user(mut self, address: impl Into<String>) -> Pages<With<T, setting::new_user_page>>
    where
        Now<T, setting::new_user_page>: once::new_user_page,
    {
        self.inner.new_user = Some(address.into());
        self.retyped()
    }
}

impl<T> Pages<T> {
    fn retyped<U>(self) -> Pages<U> {
        Pages { inner: self.inner, types: PhantomData }
    }
}

impl<T> Clone for Pages<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), types: PhantomData }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.inner).finish()
    }
}

impl PageAddresses {
    /// Each page with its address.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (Page, &str)> {
        let Self { sign_in, sign_out, error, verify_request, new_user } = self;
        let addresses = [
            (Page::SignIn, sign_in),
            (Page::SignOut, sign_out),
            (Page::Error, error),
            (Page::VerifyRequest, verify_request),
            (Page::NewUser, new_user),
        ];
        addresses.into_iter().filter_map(|(page, address)| Some((page, address.as_deref()?)))
    }

    /// The addresses as browsers are sent to them, and everything that is wrong with them, each
    /// with its page.
    pub(crate) fn locate(&self, site: &PageSite<'_>) -> (LocatedPages, Vec<(Page, ConfigError)>) {
        let mut located = LocatedPages::default();
        let mut refused = Vec::new();
        let mut targets = Vec::new();
        for (page, address) in self.addresses() {
            match site.locate(page, address) {
                Ok((location, target)) => {
                    *located.slot(page) = Some(location);
                    targets.push((page, address, target));
                }
                Err(error) => refused.push((page, error)),
            }
        }
        let shown_by = |action: Page| {
            let target = targets.iter().find(|(page, ..)| *page == action);
            let own = target.and_then(|(.., target)| *target);
            // Failures of a sign-in are shown by the sign-in page, wherever they happened.
            let besides = (action == Page::Error).then_some(Page::SignIn);
            own.into_iter().chain(besides)
        };
        for (page, address, target) in &targets {
            let Some(target) = *target else { continue };
            let mut reached = Vec::new();
            let mut next = vec![target];
            while let Some(action) = next.pop() {
                if !reached.contains(&action) {
                    reached.push(action);
                    next.extend(shown_by(action));
                }
            }
            if reached.contains(page) {
                let which = match target == *page {
                    true => "the built-in page itself".to_owned(),
                    false => format!("the built-in {} page", target.name()),
                };
                let error = ConfigError::new(format!(
                    "the address `{}` of the {} page is {which}, which would redirect to itself \
                     for ever: leave it out, or write a page of the application's own",
                    address.escape_debug(),
                    page.name()
                ));
                let is_error_page = *page == Page::Error;
                refused.push((
                    *page,
                    match is_error_page {
                        true => error.with_code(ErrorCode::AuthOnErrorPage),
                        false => error,
                    },
                ));
            }
        }
        (located, refused)
    }

    /// What works and hardly does what it is meant to.
    pub(crate) fn doubtful(&self, site: &SiteUrl) -> Vec<String> {
        let mut doubtful = Vec::new();
        for (page, address) in self.addresses() {
            let there = site.url().join(address).ok();
            let host = there.as_ref().and_then(Url::host_str);
            let is_form = matches!(page, Page::SignIn | Page::SignOut);
            if let (true, Some(host), Some(own)) = (is_form, host, site.url().host_str())
                && !is_same_site(host, own)
            {
                doubtful.push(format!(
                    "the {} page is at `{host}`, another site than `{own}`: browsers do not send \
                     the cookie that its form needs, unless the CSRF token's is \
                     `SameSite::NoneSecure`",
                    page.name()
                ));
            }
        }
        doubtful
    }
}

impl PageAddresses {
    /// Pages that nobody is sent to.
    pub(crate) fn unused(&self, sends_links: bool, stores_users: bool) -> Vec<String> {
        let mut unused = Vec::new();
        if self.verify_request.is_some() && !sends_links {
            unused.push(
                "the verify-request page is never shown: it follows a sign-in link that was sent, and \
                 there is no e-mail provider; leave it out"
                    .to_owned(),
            );
        }
        if self.new_user.is_some() && !stores_users {
            unused.push(
                "the new-user page is never shown: without an adapter nobody knows who is new; give \
                 an adapter, or leave it out"
                    .to_owned(),
            );
        }
        unused
    }
}

/// The application's own pages, ready to be sent to.
#[derive(Clone, Debug, Default)]
pub(crate) struct LocatedPages {
    pub(crate) sign_in: Option<SafeLocation>,
    pub(crate) sign_out: Option<SafeLocation>,
    pub(crate) error: Option<SafeLocation>,
    pub(crate) verify_request: Option<SafeLocation>,
    pub(crate) new_user: Option<SafeLocation>,
}

impl LocatedPages {
    fn slot(&mut self, page: Page) -> &mut Option<SafeLocation> {
        match page {
            Page::SignIn => &mut self.sign_in,
            Page::SignOut => &mut self.sign_out,
            Page::Error => &mut self.error,
            Page::VerifyRequest => &mut self.verify_request,
            Page::NewUser => &mut self.new_user,
        }
    }
}

/// A page that the application may show itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Page {
    SignIn,
    SignOut,
    Error,
    VerifyRequest,
    NewUser,
}

impl Page {
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignOut => "sign-out",
            Self::Error => "error",
            Self::VerifyRequest => "verify-request",
            Self::NewUser => "new-user",
        }
    }

    /// The built-in page of an action.
    fn of_action(action: &str) -> Option<Self> {
        Some(match action {
            "signin" => Self::SignIn,
            "signout" => Self::SignOut,
            "error" => Self::Error,
            "verify-request" => Self::VerifyRequest,
            _ => return None,
        })
    }
}

/// Where pages are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageSite<'a> {
    /// The site, where it is fixed.
    pub(crate) url: Option<&'a SiteUrl>,
    /// The path of the auth routes.
    pub(crate) base_path: &'a str,
}

impl PageSite<'_> {
    /// Where a browser is sent, and the built-in page that it arrives at, if it is one.
    fn locate(
        &self,
        page: Page,
        address: &str,
    ) -> Result<(SafeLocation, Option<Page>), ConfigError> {
        let refused = |reason: &str| {
            let shown = address.escape_debug();
            let name = page.name();
            ConfigError::new(format!("the address `{shown}` of the {name} page {reason}"))
        };
        // Browsers read a host in `/\\host`, which nobody means by a path.
        let is_odd = address.chars().any(char::is_control) || address.starts_with("/\\");
        let location =
            SafeLocation::of_page(address).ok().filter(|_| !is_odd).ok_or_else(|| {
                refused("is neither a path such as /login nor an absolute http or https URL")
                    .with_code(ErrorCode::InvalidCallbackUrl)
            })?;
        let mut target = None;
        // As it was written, too: a front end gets it so.
        for form in [location.uri(), address] {
            let Some(there) = self.resolve(form) else { continue };
            let is_https = self.url.is_some_and(SiteUrl::is_https);
            if is_https && there.scheme() == "http" && !is_loopback(&there) {
                return Err(refused("leaves https, which the site has: write `https://`"));
            }
            let is_here = form.starts_with('/')
                || self.url.is_some_and(|url| url.url().origin() == there.origin());
            let path = if is_here { segments(there.path()) } else { Vec::new() };
            let base = segments(self.base_path);
            let Some(rest) = path.strip_prefix(base.as_slice()) else { continue };
            let Some(page) = rest.first().and_then(|action| Page::of_action(action)) else {
                return Err(refused(
                    "is one of the auth routes, and no page: write a page of the application's own",
                ));
            };
            target = Some(page);
        }
        Ok((location, target))
    }

    /// The address as browsers read it (WHATWG URL).
    fn resolve(&self, address: &str) -> Option<Url> {
        match self.url {
            Some(site) => site.url().join(address).ok(),
            None => Url::parse("https://site.invalid/").ok()?.join(address).ok(),
        }
    }
}

/// The segments of a path, without empty ones and decoded once, as the router reads them; and
/// decoded before they are told apart, as a proxy in front may do.
fn segments(path: &str) -> Vec<String> {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    decoded.split('/').filter(|segment| !segment.is_empty()).map(ToOwned::to_owned).collect()
}
