//! What visitors see: pages of the application's own, and the look of the built-in ones.

use std::error::Error;
use std::str::FromStr;

use super::Reader;
use crate::config::{Page, PageAddresses, PageSite, SiteSettings};
use crate::dynamic::key;
use crate::dynamic::reader::Table;
use crate::theme::{ColorScheme, Texts, Theme};

impl<D: 'static> Reader<'_, D> {
    pub(super) fn pages(&mut self, root: &Table<'_>, base_path: &str) {
        let Some(table) = root.table("pages", &key::PAGES, self.problems) else { return };
        let mut spots = Vec::new();
        let mut address = |key: &str, page: Page| {
            let given = table.text(key, self.problems)?;
            spots.push((page, given.spot));
            Some(given.value)
        };
        self.settings.pages = PageAddresses {
            sign_in: address("sign_in", Page::SignIn),
            sign_out: address("sign_out", Page::SignOut),
            error: address("error", Page::Error),
            verify_request: address("verify_request", Page::VerifyRequest),
            new_user: address("new_user", Page::NewUser),
        };
        let url = match &self.settings.site {
            SiteSettings::Fixed(url) => Some(url),
            SiteSettings::Proxy(_) | SiteSettings::Missing => None,
        };
        let (_, refused) = self.settings.pages.locate(&PageSite { url, base_path });
        for (page, error) in refused {
            let spot = spots.iter().find(|(known, _)| *known == page);
            let spot = spot.map(|(_, spot)| spot.clone()).unwrap_or_default();
            let fix = "write a path such as `\"/login\"`, or leave it out for the built-in page";
            self.problems.refused(spot, &error, fix);
        }
    }

    pub(super) fn theme(&mut self, root: &Table<'_>) {
        const SCHEMES: [(&str, ColorScheme); 3] = [
            ("auto", ColorScheme::Auto),
            ("dark", ColorScheme::Dark),
            ("light", ColorScheme::Light),
        ];
        let Some(table) = root.table("theme", &key::THEME, self.problems) else { return };
        let mut theme = Theme::new();
        if let Some(scheme) = table.word("color_scheme", &SCHEMES, self.problems) {
            theme = theme.color_scheme(scheme.value);
        }
        if let Some(color) =
            self.parsed(&table, "brand_color", "write a colour such as `\"#346df1\"`")
        {
            theme = theme.brand_color(color);
        }
        if let Some(color) = self.parsed(&table, "button_text", "write a colour such as `\"#fff\"`")
        {
            theme = theme.button_text(color);
        }
        if let Some(logo) = self.parsed(&table, "logo", "write `\"/logo.svg\"`, or an https URL") {
            theme = theme.logo(logo);
        }
        let fix = "write `\"/logo-dark.svg\"`, or an https URL";
        if let Some(logo) = self.parsed(&table, "logo_dark", fix) {
            theme = theme.logo_dark(logo);
        }
        if let Some(name) = table.text("site_name", self.problems) {
            theme = theme.site_name(name.value);
        }
        let known: Vec<_> = Texts::ALL.iter().map(|texts| (texts.language, *texts)).collect();
        let languages = table.texts("languages", self.problems).into_iter();
        let languages = languages.filter_map(|tag| tag.word(&known, self.problems));
        let languages: Vec<_> = languages.map(|language| language.value).collect();
        theme = theme.languages(languages);
        self.settings.theme = theme;
    }

    fn parsed<T>(&mut self, table: &Table<'_>, key: &str, fix: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: Error,
    {
        let given = table.text(key, self.problems)?;
        let parsed = given.value.parse();
        parsed.map_err(|error: T::Err| self.problems.value(given.spot, error.to_string(), fix)).ok()
    }
}
