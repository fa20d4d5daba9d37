//! People who sign in and out while servers come and go.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use super::servers::until;
use crate::adapter::{RedisAdapter, SessionStore as _, SqliteAdapter};
use crate::testing::adapter::fixture::{session, time};

/// What was acknowledged.
#[derive(Default)]
pub(super) struct Acknowledged {
    pub(super) sessions: Vec<String>,
    pub(super) ended: Vec<String>,
}

/// One who signs in again and again, out of every third session, and looks at the latest.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    signed_in: Arc<AtomicUsize>,
    latest_error: Arc<Mutex<String>>,
    task: JoinHandle<Acknowledged>,
}

impl Load {
    /// One of several has a number.
    pub(super) fn start(
        adapter: &RedisAdapter<SqliteAdapter>,
        user_id: &str,
        person: usize,
    ) -> Self {
        let (stop, signed_in) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (adapter, user_id) = (adapter.clone(), user_id.to_owned());
        let (is_over, count) = (Arc::clone(&stop), Arc::clone(&signed_in));
        let latest_error = Arc::<Mutex<String>>::default();
        let latest = Arc::clone(&latest_error);
        let task = tokio::spawn(async move {
            let mut acknowledged = Acknowledged::default();
            for number in 0.. {
                if is_over.load(Ordering::SeqCst) {
                    break;
                }
                let token = format!("under-load-{person}-{number}");
                let failed = |error| *latest.lock().unwrap() = crate::error::chain(&error);
                if let Err(error) = adapter.create_session(session(&token, &user_id, time())).await
                {
                    failed(error);
                    continue;
                }
                count.fetch_add(1, Ordering::SeqCst);
                // An error says nothing, and an absence would sign somebody out.
                match adapter.session_and_user(&token.as_str().into()).await {
                    Ok(found) => assert!(found.is_some(), "{token}"),
                    Err(error) => failed(error),
                }
                if number % 3 != 0 {
                    acknowledged.sessions.push(token);
                    continue;
                }
                match adapter.delete_session(&token.as_str().into()).await {
                    Ok(_) => acknowledged.ended.push(token),
                    Err(error) => failed(error),
                }
            }
            acknowledged
        });
        Self { stop, signed_in, latest_error, task }
    }

    /// Waits for sign-ins that succeed from now on.
    pub(super) async fn goes_on(&self) {
        const PATIENCE: Duration = Duration::from_secs(50);
        let start = Instant::now();
        let before = self.signed_in.load(Ordering::SeqCst);
        until("people sign in", async || {
            assert!(!self.task.is_finished(), "somebody was signed out");
            assert!(start.elapsed() < PATIENCE, "{}", self.latest_error.lock().unwrap());
            self.signed_in.load(Ordering::SeqCst) > before + 20
        })
        .await;
    }

    /// Nothing failed so far.
    pub(super) fn met_no_error(&self, when: &str) {
        assert_eq!(*self.latest_error.lock().unwrap(), "", "{when}");
    }

    pub(super) async fn end(self) -> Acknowledged {
        self.stop.store(true, Ordering::SeqCst);
        self.task.await.unwrap()
    }
}

/// Every session that was acknowledged is there, and none that was ended.
pub(super) async fn is_kept(adapter: &RedisAdapter<SqliteAdapter>, acknowledged: &Acknowledged) {
    for token in &acknowledged.sessions {
        let found = adapter.session_and_user(&token.as_str().into()).await.unwrap();
        assert!(found.is_some(), "{token} is lost");
    }
    for token in &acknowledged.ended {
        let found = adapter.session_and_user(&token.as_str().into()).await.unwrap();
        assert!(found.is_none(), "{token} came back");
    }
}
