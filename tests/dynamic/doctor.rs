//! What `Configuration::examine` asks beside what a file names: adapters that the application registered.

use typegate::adapter::{DynamicAdapter, MemoryAdapter, RedisAdapter, SessionStore};
use typegate::dynamic::{Configuration, Registry};
use typegate::{AdapterError, NewSession, SessionRecord, SessionToken, User};

/// A database of sessions that has gone.
struct Gone;

fn gone<T>() -> Result<T, AdapterError> {
    Err(AdapterError::unavailable("sessions.internal:6379 refused the connection"))
}

impl SessionStore for Gone {
    async fn create_session(&self, _: NewSession) -> Result<(), AdapterError> {
        gone()
    }

    async fn session_and_user(
        &self,
        _: &SessionToken,
    ) -> Result<Option<(SessionRecord, User)>, AdapterError> {
        gone()
    }

    async fn update_session(
        &self,
        _: &SessionToken,
        _: jiff::Timestamp,
    ) -> Result<(), AdapterError> {
        gone()
    }

    async fn delete_session(
        &self,
        _: &SessionToken,
    ) -> Result<Option<SessionRecord>, AdapterError> {
        gone()
    }
}

async fn findings(adapter: DynamicAdapter) -> Vec<(bool, String)> {
    let text = "url = 'http://localhost:3000'\nsecret = { registered = 'vault' }\n\
                adapter = { registered = 'rows' }\n[[providers]]\ntype = 'email'\nsend = 'mailer'";
    let registry = Registry::new()
        .secret("vault", "a secret for tests, long enough for all of us")
        .adapter("rows", adapter)
        .send("mailer", |_| async { Ok(()) });
    let configuration = Configuration::from_toml("auth.toml", text).unwrap();
    let findings = configuration.examine(&registry).await.unwrap();
    let said = findings.into_iter();
    said.map(|found| (found.is_problem, format!("{}: {}", found.subject, found.text))).collect()
}

#[tokio::test]
async fn the_doctor_asks_each_store_of_a_registered_adapter() {
    let rows = MemoryAdapter::new();
    let good = DynamicAdapter::of(rows.clone());
    assert_eq!(findings(good.clone()).await, [(false, "adapter rows: it answers".to_owned())]);
    let [(is_problem, said)] = &findings(good.with_sessions(Gone)).await[..] else { panic!() };
    assert!(is_problem);
    assert!(said.starts_with("adapter rows: sessions.internal:6379 refused"), "{said}");
    assert!(said.contains("; look at its address, and whether its server runs"), "{said}");
}

#[tokio::test]
async fn the_doctor_asks_redis() {
    let Ok(address) = std::env::var("TYPEGATE_TEST_REDIS") else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "TYPEGATE_TEST_REDIS is missing");
        eprintln!("not tested, because TYPEGATE_TEST_REDIS is not set");
        return;
    };
    let redis = RedisAdapter::connect(address, MemoryAdapter::new()).await.unwrap();
    let found = findings(DynamicAdapter::of(redis)).await;
    assert_eq!(found, [(false, "adapter rows: it answers".to_owned())]);
}
