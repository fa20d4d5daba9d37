//! The clean-up: what ended a day ago is removed from the database. Nobody else does, and strangers make
//! rows there.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use typegate::AdapterError;
use typegate::adapter::DeletedRows;
use typegate::dynamic::ServerSettings;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// When for the first time. Not at the start: a machine without a battery for its clock asks others for
/// the time then. Not after hours: there are processes that live for less.
const FIRST: Duration = Duration::from_secs(10 * 60);
/// How long it has to have ended: a clock that is wrong by hours, for a while, signs nobody out.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// Removes what has ended for as long as the process lives.
pub(crate) async fn clean_up(settings: Arc<ServerSettings>) {
    let delete = |end| {
        let settings = Arc::clone(&settings);
        async move { settings.delete_expired(end).await }
    };
    clean_up_by(Timestamp::now, delete).await;
}

async fn clean_up_by<D, A>(clock: impl Fn() -> Timestamp, delete: D)
where
    D: Fn(Timestamp) -> A,
    A: Future<Output = Result<Option<DeletedRows>, AdapterError>>,
{
    let mut last = (clock(), Instant::now());
    let mut pause = FIRST;
    loop {
        tokio::time::sleep(pause).await;
        pause = EVERY;
        let now = clock();
        let jumped = jump(last, now);
        last = (now, Instant::now());
        if jumped.abs() > GRACE {
            tracing::warn!(
                seconds = jumped.as_secs(),
                "this machine's clock was set: what has ended is not removed before the next hour"
            );
            continue;
        }
        // Nothing ended before the beginning of the calendar.
        let end = now.checked_sub(GRACE).unwrap_or(Timestamp::MIN);
        match delete(end).await {
            Ok(Some(deleted)) => tell(deleted),
            Ok(None) => return,
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, cause, "what has ended could not be removed");
            }
        }
    }
}

/// By how much the clock says more than has passed.
fn jump((then, start): (Timestamp, Instant), now: Timestamp) -> SignedDuration {
    let passed = SignedDuration::try_from(start.elapsed()).unwrap_or(SignedDuration::MAX);
    now.duration_since(then).saturating_sub(passed)
}

fn tell(deleted: DeletedRows) {
    let DeletedRows { sessions, verification_tokens, attempts, .. } = deleted;
    if deleted == DeletedRows::default() {
        tracing::debug!("nothing had ended");
    } else {
        tracing::info!(sessions, verification_tokens, attempts, "what had ended was removed");
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use jiff::ToSpan as _;
    use typegate::adapter::{SessionStore as _, SqliteAdapter, UserStore as _};
    use typegate::dynamic::{Configuration, Registry};
    use typegate::{NewSession, NewUser, SessionToken};

    use super::*;

    /// What was to be removed within so many hours, while the clock is set after some of them.
    async fn removed(hours: u32, set: &[(u32, SignedDuration)]) -> Vec<SignedDuration> {
        let begin: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let start = Instant::now();
        let ahead = Cell::new(SignedDuration::ZERO);
        let clock = || begin + SignedDuration::try_from(start.elapsed()).unwrap() + ahead.get();
        let ends = RefCell::new(Vec::new());
        let delete = |end: Timestamp| {
            ends.borrow_mut().push(end.duration_since(begin));
            async { Ok(Some(DeletedRows::default())) }
        };
        let setting = async {
            // Never at the time of a clean-up.
            tokio::time::sleep(FIRST / 2).await;
            for hour in 0..hours {
                for (_, by) in set.iter().filter(|(at, _)| *at == hour) {
                    ahead.set(ahead.get() + *by);
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        tokio::select! {
            () = clean_up_by(clock, delete) => {}
            () = setting => {}
        }
        ends.into_inner()
    }

    /// So many hours after the first time.
    fn ends(hours: &[i64]) -> Vec<SignedDuration> {
        let first = SignedDuration::try_from(FIRST).unwrap();
        hours.iter().map(|hour| first + SignedDuration::from_hours(*hour)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_ended_a_day_ago_is_removed_each_hour_and_not_at_the_start() {
        assert_eq!(removed(0, &[]).await, []);
        assert_eq!(removed(3, &[]).await, ends(&[-24, -23, -22]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_was_set_by_more_than_a_day_removes_nothing_for_an_hour() {
        let (year, day) = (SignedDuration::from_hours(365 * 24), SignedDuration::from_hours(24));
        // It was wrong at the start.
        assert_eq!(removed(3, &[(0, -year)]).await, ends(&[-365 * 24 - 23, -365 * 24 - 22]));
        // It was wrong for an hour.
        assert_eq!(removed(4, &[(1, year), (2, -year)]).await, ends(&[-24, -21]));
        assert_eq!(removed(2, &[(0, day)]).await, ends(&[0, 1]));
    }

    #[tokio::test(start_paused = true)]
    async fn r157_serve_removes_what_has_ended() {
        let folder = std::env::temp_dir().join(format!("typegate-ended-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("secret"), "a secret for tests, long enough for all").unwrap();
        let url = format!("sqlite://{}", folder.join("auth.db").display());
        let configuration = format!(
            "url = 'http://localhost:3000'\nsecret = {{ file = '{0}' }}\nadapter = {{ url = '{url}' }}\n\
             [[providers]]\ntype = 'github'\nclient_id = 'a'\nclient_secret = {{ file = '{0}' }}\n",
            folder.join("secret").display()
        );
        let configuration = Configuration::from_toml("auth.toml", configuration).unwrap();
        let (_, settings) = configuration.build_server(&Registry::new()).await.unwrap();
        let adapter = SqliteAdapter::connect(&url).await.unwrap();
        let ada = adapter.create_user(NewUser::default()).await.unwrap();
        let (ended, lasts) = (SessionToken::from("ended"), SessionToken::from("lasts"));
        let now = Timestamp::now();
        // For a day, what has ended might be what a wrong clock says.
        for (token, end) in [(&ended, now - 25.hours()), (&lasts, now - 23.hours())] {
            adapter.create_session(NewSession::new(token.clone(), &ada.id, end)).await.unwrap();
        }
        let is_gone = async {
            while adapter.session_and_user(&ended).await.unwrap().is_some() {
                tokio::time::sleep(EVERY / 10).await;
            }
        };
        tokio::select! {
            () = clean_up(Arc::new(settings)) => panic!("it ended"),
            () = is_gone => {}
        }
        assert!(adapter.session_and_user(&lasts).await.unwrap().is_some());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
