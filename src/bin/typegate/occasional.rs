//! Occasional log lines: what happens again and again is said once a minute.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const PAUSE: Duration = Duration::from_secs(60);

/// Something that anybody may cause as often as they like, and that whoever runs the server has to
/// hear of.
#[derive(Default)]
pub(crate) struct Occasional(Mutex<Heard>);

#[derive(Default)]
struct Heard {
    last_said: Option<Instant>,
    since: u64,
}

impl Occasional {
    /// It happened: how often since it was last said, if it is time to say so.
    pub(crate) fn happened(&self) -> Option<u64> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.since = heard.since.saturating_add(1);
        if heard.last_said.is_some_and(|said| said.elapsed() < PAUSE) {
            return None;
        }
        heard.last_said = Some(Instant::now());
        Some(std::mem::take(&mut heard.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn r198_a_flood_at_the_door_is_a_line_a_minute_with_its_count() {
        let refused = Occasional::default();
        assert_eq!(refused.happened(), Some(1));
        for _ in 0..1000 {
            assert_eq!(refused.happened(), None);
        }
        tokio::time::advance(PAUSE).await;
        assert_eq!(refused.happened(), Some(1001));
        assert_eq!(refused.happened(), None);
    }
}
