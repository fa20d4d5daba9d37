//! The channel between several views of one session: each hears when another changed it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::broadcast;

/// A member that is this many announcements behind has only missed that it should look again.
const CAPACITY: usize = 16;

/// A channel between clients and session providers of one process, as there is one between the
/// tabs of a browser. Clones are the same channel.
///
/// What is announced is only *that* the session may have changed; everybody asks the site anew.
/// To reach other processes, [`join`](Self::join) and pass on what the member hears.
///
/// ```
/// use typegate::client::SessionChannel;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let channel = SessionChannel::new();
/// let (here, mut there) = (channel.join(), channel.join());
/// here.announce();
/// there.changed().await;
/// # }
/// ```
#[derive(Clone)]
pub struct SessionChannel {
    sender: broadcast::Sender<u64>,
    members: Arc<AtomicU64>,
}

impl SessionChannel {
    /// A channel without members.
    #[must_use]
    pub fn new() -> Self {
        Self { sender: broadcast::Sender::new(CAPACITY), members: Arc::default() }
    }

    /// A new member, who hears everybody but itself.
    #[must_use]
    pub fn join(&self) -> Member {
        Member {
            id: self.members.fetch_add(1, Ordering::Relaxed),
            sender: self.sender.clone(),
            receiver: self.sender.subscribe(),
        }
    }
}

impl Default for SessionChannel {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SessionChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionChannel")
    }
}

/// A member of a [`SessionChannel`].
pub struct Member {
    id: u64,
    sender: broadcast::Sender<u64>,
    receiver: broadcast::Receiver<u64>,
}

impl Member {
    /// Tells the others that the session may have changed.
    pub fn announce(&self) {
        // It is not a failure if nobody listens.
        let _ = self.sender.send(self.id);
    }

    /// Waits until another member announces something.
    pub async fn changed(&mut self) {
        loop {
            match self.receiver.recv().await {
                Ok(id) if id == self.id => {}
                // The missed announcements said the same.
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                // Cannot be: this member holds a sender.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }

    /// Forgets announcements that have come and says whether there were any.
    pub(super) fn has_changed(&mut self) -> bool {
        let mut changed = false;
        loop {
            match self.receiver.try_recv() {
                Ok(id) => changed |= id != self.id,
                Err(broadcast::error::TryRecvError::Lagged(_)) => changed = true,
                Err(_) => return changed,
            }
        }
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member").field("id", &self.id).finish_non_exhaustive()
    }
}
