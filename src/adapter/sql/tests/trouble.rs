//! What is told of a database that cannot do what it is asked: which one, why, and what to do.

use super::limit::with_user;
use super::{Place, TestServer, on_each_server, options};
use crate::adapter::{SqlAdapter, UserStore as _};
use crate::testing::adapter::fixture::ada;

on_each_server! {
    #[tokio::test] what_is_wrong_with_an_address_is_told_with_what_to_do
    #[tokio::test] tables_that_are_not_there_are_told_with_what_to_do
    #[tokio::test] r218_an_account_that_may_only_read_is_found_before_the_first_sign_in
    #[tokio::test] an_account_that_may_write_is_told_nothing
    #[tokio::test] tables_of_a_later_release_are_used_and_told
}

async fn what_is_wrong_with_an_address_is_told_with_what_to_do<D: TestServer>(place: Place) {
    let changed = |change: fn(&mut url::Url)| {
        let mut url: url::Url = place.url.parse().unwrap();
        change(&mut url);
        String::from(url)
    };
    let nobody = changed(|url| {
        url.set_username("typegate_nobody").unwrap();
        url.set_password(Some("pw-canary")).unwrap();
    });
    let nowhere = changed(|url| url.set_path("/typegate_nowhere"));
    let unreachable = changed(|url| url.set_port(Some(1)).unwrap());
    for (url, advice) in [
        (nobody, "mend user and password of the address"),
        (nowhere, "make the database, or mend its name"),
        (unreachable, "start the server, or mend host and port"),
    ] {
        let said = SqlAdapter::<D>::connect(&url).await.unwrap_err().to_string();
        assert!(said.contains(advice), "{said}");
        assert!(said.contains(" at `127.0.0.1:"), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}

async fn tables_that_are_not_there_are_told_with_what_to_do<D: TestServer>(place: Place) {
    let adapter = place.adapter::<D>().await;
    let said = adapter.user("1").await.unwrap_err().to_string();
    for part in [" at `127.0.0.1:", "`adapter.migrate().await?`"] {
        assert!(said.contains(part), "{said}");
    }
    let refused = adapter.require_schema(true).await.unwrap_err().to_string();
    for part in ["the table `users` is not there", "`migrate = false`"] {
        assert!(refused.contains(part), "{refused}");
    }
}

async fn r218_an_account_that_may_only_read_is_found_before_the_first_sign_in<D: TestServer>(
    place: Place,
) {
    with_user::<D>(&place, D::READING_USER, async |url| {
        // It may be one that reads sessions and does nothing else.
        let adapter = SqlAdapter::<D>::connect_with(&url, options()).await.unwrap();
        assert_eq!(adapter.user("unknown").await.unwrap(), None);
        let report = adapter.check_schema().await.unwrap();
        for table in ["users", "accounts", "sessions", "verification_tokens", "typegate_attempts"] {
            let of_table = format!("in the table `{table}`");
            let told = report.problems.iter().find(|told| told.contains(&of_table));
            assert!(told.is_some_and(|told| told.contains("INSERT")), "{report:?}");
        }
        assert!(!report.problems.iter().any(|told| told.contains("SELECT")), "{report:?}");
        assert!(adapter.require_schema(true).await.is_err());
        let said = adapter.create_user(ada()).await.unwrap_err().to_string();
        assert!(said.contains("grant the user of the address"), "{said}");
    })
    .await;
}

async fn an_account_that_may_write_is_told_nothing<D: TestServer>(place: Place) {
    let write = D::READING_USER.replace("SELECT", "SELECT, INSERT, UPDATE, DELETE");
    with_user::<D>(&place, &write, async |url| {
        let adapter = SqlAdapter::<D>::connect_with(&url, options()).await.unwrap();
        let report = adapter.check_schema().await.unwrap();
        assert!(report.problems.is_empty() && report.warnings.is_empty(), "{report:?}");
        adapter.require_schema(true).await.unwrap();
    })
    .await;
}

/// Of two releases that run side by side while processes are replaced, the earlier one goes on.
async fn tables_of_a_later_release_are_used_and_told<D: TestServer>(place: Place) {
    drop(place.migrated::<D>().await);
    let later = D::RELEASE + 1;
    place.sql(&format!("INSERT INTO typegate_migrations (version) VALUES ({later})")).await;
    let adapter = place.adapter::<D>().await;
    adapter.migrate().await.unwrap();
    let report = adapter.check_schema().await.unwrap();
    assert!(report.problems.is_empty(), "{report}");
    let told = format!("schema {later}, this release {}", D::RELEASE);
    assert!(report.warnings.iter().any(|warning| warning.contains(&told)), "{report}");
    assert_eq!(report.versions.unwrap().to_string(), told);
    // What it needs has to be there.
    place.sql("DROP TABLE sessions").await;
    let said = SqlAdapter::<D>::connect(&place.url).await.unwrap_err().to_string();
    assert!(said.contains("the table `sessions` is not there"), "{said}");
}
