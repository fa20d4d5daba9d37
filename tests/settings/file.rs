//! The same mistakes in a configuration file.

use typegate::dynamic::{Configuration, Registry};

use crate::support::SECRET;

/// The keys of what is reported, with the causes.
fn report(text: &str) -> Vec<(String, String)> {
    let registry = Registry::new().secret("secret", SECRET);
    let configuration = Configuration::from_toml("typegate.toml", text).unwrap();
    let report = configuration.check(&registry);
    report
        .violations()
        .iter()
        .map(|violation| (violation.key().to_owned(), violation.cause().to_owned()))
        .collect()
}

#[test]
fn r196_a_file_is_told_the_same_and_where() {
    let found = report(
        "url = \"http://app.example.com\"\nsecret = { registered = \"secret\" }\n\
         [cookies]\nsecure = true\n\
         [pages]\nerror = \"/api/auth/%65rror\"\nsign_in = \"http://app.example.com:login\"\n\
         sign_out = \"/\\\\evil.example\"\n\
         [[providers]]\ntype = \"oidc\"\nid = \"google\"\nname = \"Acme\"\nissuer = \"https://id.acme.example\"\nclient_id = \"id\"\n\
         client_secret = { registered = \"secret\" }\n\
         [[providers]]\ntype = \"oidc\"\nid = \"Google\"\nname = \"Acme\"\nissuer = \"https://id.acme.example\"\nclient_id = \"id\"\n\
         client_secret = { registered = \"secret\" }\n",
    );
    for (key, word) in [
        ("cookies.secure", "https"),
        ("pages.error", "itself"),
        ("pages.sign_in", "neither a path"),
        ("pages.sign_out", "path"),
        ("providers[1].id", "Google"),
    ] {
        let here: Vec<_> = found.iter().filter(|(found, _)| found == key).collect();
        assert_eq!(here.len(), 1, "{key}: {found:#?}");
        assert!(here[0].1.contains(word), "{here:?}");
    }
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn r196_everything_about_one_provider_of_a_file_is_told() {
    let provider = "[[providers]]\ntype = \"oidc\"\nid = \"acme\"\nname = \"Acme\"\n\
         issuer = \"http://id.acme.example\"\nclient_id = \"\"\n\
         client_secret = { registered = \"secret\" }\n";
    let found = report(&format!(
        "url = \"https://app.example.com\"\nsecret = {{ registered = \"secret\" }}\n\
         {provider}{provider}"
    ));
    let of = |key: &str| found.iter().filter(|(found, _)| found == key).count();
    assert_eq!((of("providers[0].id"), of("providers[1].id")), (2, 3), "{found:#?}");
}

#[test]
fn r196_pages_that_lead_to_each_other_are_found_in_a_file() {
    let found = report(
        "url = \"https://app.example.com\"\nsecret = { registered = \"secret\" }\n\
         [pages]\nsign_in = \"/api/auth/error\"\n\
         [[providers]]\ntype = \"github\"\nclient_id = \"id\"\n\
         client_secret = { registered = \"secret\" }\n",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].0, "pages.sign_in");
}
