//! The default policy: how many attempts each client and each account is allowed.
//!
//! | asked by | shares an allowance with |
//! |---|---|
//! | a client that has signed in to the account before | nobody: it is the client's own |
//! | whoever holds a live session of the account's owner | all who do |
//! | a stranger | this client at all accounts, this client at this account, all strangers at this account |
//!
//! So strangers use up only what strangers have: whatever they send, the owner's part is untouched.

use std::borrow::Cow;

use jiff::Timestamp;

use super::key::Share;
use super::{
    Attempt, AttemptKey, AttemptStore, LimitedAction, MemoryAttempts, RateLimit, Refusal, Verdict,
};
use crate::error::{AdapterError, CallbackError, ConfigError};
use crate::runtime::clock::after;

/// A quarter of an hour, in seconds.
const WINDOW: u32 = 15 * 60;
/// Thirty days, in seconds.
const MEMORY: u32 = 30 * 24 * 60 * 60;

/// How many attempts are allowed in a window, a quarter of an hour by default. It is the rate limit
/// unless another is given.
///
/// | of one client | all accounts | one account |
/// |---|---|---|
/// | tries of credentials | 100 | 10 |
/// | messages with a link | 100 | 5 |
/// | log lines | 100 | |
///
/// Besides, all clients together that have never signed in to an account have 30 tries of its
/// credentials and 10 messages to its mailbox. A client that has signed in within the last 30 days
/// is not among them: it has the numbers of the right-hand column to itself, and so has, for
/// messages, whoever holds a live session of the mailbox's owner. Credentials that are right are
/// given back to the account and not to the client, and so is an attempt that came to nothing
/// because the database, the mail server or what `authorize` asks was down.
///
/// A window starts with the first attempt. Attempts are counted in this process; several processes
/// of one site share a store by [`counted_in`](Self::counted_in), and then counters outlive a
/// restart.
///
/// A number of 0 is a [`ConfigError`] of `build()`: nobody would get in.
///
/// What remains: a person who signs in for the first time, or from a new network, is a stranger.
/// While others use up what strangers have, that person waits, or asks from a network or with a
/// session that is known.
///
/// ```
/// use typegate::rate_limit::Allowances;
///
/// let limit = Allowances::default().per_client(20).per_recipient(3).window(60 * 60);
/// ```
#[derive(Clone, Debug)]
pub struct Allowances<S = MemoryAttempts> {
    store: S,
    window: u32,
    remembered: u32,
    per_client: u32,
    per_account: u32,
    per_client_and_account: u32,
    per_recipient: u32,
    per_client_and_recipient: u32,
}

impl Default for Allowances {
    fn default() -> Self {
        Self {
            store: MemoryAttempts::default(),
            window: WINDOW,
            remembered: MEMORY,
            per_client: 100,
            per_account: 30,
            per_client_and_account: 10,
            per_recipient: 10,
            per_client_and_recipient: 5,
        }
    }
}

impl<S> Allowances<S> {
    /// Counts somewhere else: in what several processes share, such as a clone of the adapter.
    ///
    /// ```
    /// # #[cfg(feature = "sqlite")] {
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), typegate::AdapterError> {
    /// use typegate::adapter::SqliteAdapter;
    /// use typegate::rate_limit::Allowances;
    ///
    /// let adapter = SqliteAdapter::connect("sqlite::memory:").await?;
    /// adapter.migrate().await?;
    /// let limit = Allowances::default().counted_in(adapter.clone());
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    #[must_use]
    pub fn counted_in<T: AttemptStore>(self, store: T) -> Allowances<T> {
        Allowances {
            store,
            window: self.window,
            remembered: self.remembered,
            per_client: self.per_client,
            per_account: self.per_account,
            per_client_and_account: self.per_client_and_account,
            per_recipient: self.per_recipient,
            per_client_and_recipient: self.per_client_and_recipient,
        }
    }

    /// Attempts of one kind by one client.
    #[must_use]
    pub fn per_client(mut self, attempts: u32) -> Self {
        self.per_client = attempts;
        self
    }

    /// Tries of one account's credentials by all strangers together.
    #[must_use]
    pub fn per_account(mut self, tries: u32) -> Self {
        self.per_account = tries;
        self
    }

    /// Tries of one account's credentials by one client.
    #[must_use]
    pub fn per_client_and_account(mut self, tries: u32) -> Self {
        self.per_client_and_account = tries;
        self
    }

    /// Messages to one mailbox at the wish of all strangers together.
    #[must_use]
    pub fn per_recipient(mut self, messages: u32) -> Self {
        self.per_recipient = messages;
        self
    }

    /// Messages to one mailbox at the wish of one client.
    #[must_use]
    pub fn per_client_and_recipient(mut self, messages: u32) -> Self {
        self.per_client_and_recipient = messages;
        self
    }

    /// How long a window is, in seconds. 0 is a `ConfigError` of `build()`: every attempt would be
    /// the first of its window.
    #[must_use]
    pub fn window(mut self, seconds: u32) -> Self {
        self.window = seconds;
        self
    }

    /// For how many seconds a client that has signed in is remembered. A store keeps the hash of
    /// account and network for so long.
    #[must_use]
    pub fn remembered(mut self, seconds: u32) -> Self {
        self.remembered = seconds;
        self
    }

    /// The number for one client or session at one account, and that for all strangers there.
    fn at_account(&self, action: LimitedAction) -> (u32, u32) {
        match action {
            LimitedAction::EmailRequest => (self.per_client_and_recipient, self.per_recipient),
            _ => (self.per_client_and_account, self.per_account),
        }
    }
}

impl<S: AttemptStore> Allowances<S> {
    /// Those whom an attempt is counted for, in the order in which they are asked, each with its
    /// number.
    async fn shares<'a>(
        &self,
        attempt: &'a Attempt,
    ) -> Result<Vec<(AttemptKey<'a>, Share, u32)>, AdapterError> {
        let (own, strangers) = self.at_account(attempt.action);
        let for_each_account = |share, number| {
            let accounts = attempt.accounts.iter();
            accounts
                .map(move |account| (AttemptKey::new(share, attempt, Some(account)), share, number))
        };
        if self.is_known(attempt).await? {
            return Ok(for_each_account(Share::KnownClient, own).collect());
        }
        if attempt.has_session && attempt.owner.is_some() {
            let key = AttemptKey::new(Share::Session, attempt, attempt.owner.as_deref());
            return Ok(vec![(key, Share::Session, own)]);
        }
        let mut shares = Vec::new();
        if attempt.client.is_some() {
            let key = AttemptKey::new(Share::Client, attempt, None);
            shares.push((key, Share::Client, self.per_client));
            shares.extend(for_each_account(Share::ClientAtAccount, own));
        }
        shares.extend(for_each_account(Share::Strangers, strangers));
        Ok(shares)
    }

    /// Whether the client has signed in by what the attempt says, and by all of it: a form may name
    /// an account that was not the one signed in to.
    async fn is_known(&self, attempt: &Attempt) -> Result<bool, AdapterError> {
        match acquaintance(attempt) {
            Some(key) => self.store.remembers(key, attempt.now).await,
            None => Ok(false),
        }
    }

    async fn decide(&self, attempt: &Attempt) -> Result<Verdict, AdapterError> {
        for (key, share, number) in self.shares(attempt).await? {
            let counted = self.store.count(key, attempt.now, self.window).await?;
            if counted.attempts > number {
                // The first one of a window is news.
                let is_news = counted.attempts == number.saturating_add(1);
                return Ok(Verdict::Refused(Refusal {
                    retry_after: seconds_until(counted.ends, attempt.now, self.window),
                    warning: is_news.then(|| warning(share, attempt, number, self.window)),
                }));
            }
        }
        Ok(Verdict::Allowed)
    }

    /// To the account and not to the client, who asks for work all the same.
    async fn give_back(&self, attempt: &Attempt) -> Result<(), AdapterError> {
        for (key, share, _) in self.shares(attempt).await? {
            if share != Share::Client {
                self.store.take_back(key, attempt.now).await?;
            }
        }
        Ok(())
    }

    async fn acquaint(&self, attempt: &Attempt) -> Result<(), AdapterError> {
        // A message was sent, whoever opens the link. A password that is right was no guess.
        if attempt.action == LimitedAction::Credentials {
            self.give_back(attempt).await?;
        }
        if let Some(key) = acquaintance(attempt) {
            let until = after(attempt.now, self.remembered.into());
            self.store.remember(key, attempt.now, until).await?;
        }
        Ok(())
    }
}

fn acquaintance(attempt: &Attempt) -> Option<AttemptKey<'_>> {
    attempt.client?;
    let owner = attempt.owner.as_deref()?;
    Some(AttemptKey::new(Share::Acquaintance, attempt, Some(owner)))
}

/// At least a second, at most a window.
fn seconds_until(end: Timestamp, now: Timestamp, window: u32) -> Option<u32> {
    let left = end.as_millisecond().saturating_sub(now.as_millisecond());
    let left = left.saturating_add(999) / 1000;
    u32::try_from(left.clamp(1, i64::from(window.max(1)))).ok()
}

/// Which allowance was used up. It names a network, for whoever wants to block it, and no account.
fn warning(share: Share, attempt: &Attempt, number: u32, window: u32) -> Cow<'static, str> {
    let what = match attempt.action {
        LimitedAction::EmailRequest => "sign-in links",
        LimitedAction::Credentials => "tries of credentials",
        LimitedAction::LogLine => "log lines",
    };
    let client = attempt.client.map(|client| client.to_string());
    let client = client.as_deref().unwrap_or("a client");
    let who = match share {
        Share::Client => format!("{client} has used up its"),
        Share::ClientAtAccount => format!("{client} has used up, for one account, its"),
        Share::KnownClient => format!("{client} has used up, for an account of its own, its"),
        Share::Session => "a signed-in person has used up, for the own address, the".to_owned(),
        Share::Strangers | Share::Acquaintance => {
            "clients that never signed in to it have used up, for one account, their".to_owned()
        }
    };
    format!("too many attempts: {who} {number} {what} in {window} s").into()
}

impl<S: AttemptStore> RateLimit for Allowances<S> {
    async fn allow(&self, attempt: Attempt) -> Result<Verdict, CallbackError> {
        self.decide(&attempt).await.map_err(CallbackError::new)
    }

    async fn signed_in(&self, attempt: Attempt) -> Result<(), CallbackError> {
        self.acquaint(&attempt).await.map_err(CallbackError::new)
    }

    async fn not_made(&self, attempt: Attempt) -> Result<(), CallbackError> {
        self.give_back(&attempt).await.map_err(CallbackError::new)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let numbers = [
            ("per_client", self.per_client),
            ("per_account", self.per_account),
            ("per_client_and_account", self.per_client_and_account),
            ("per_recipient", self.per_recipient),
            ("per_client_and_recipient", self.per_client_and_recipient),
        ];
        if let Some((setting, _)) = numbers.into_iter().find(|(_, number)| *number == 0) {
            return Err(ConfigError::new(format!(
                "`{setting}(0)` lets nobody in: write how many attempts are allowed in a window, or \
                 take `.rate_limit(Unlimited)`"
            )));
        }
        if self.window == 0 {
            return Err(ConfigError::new(
                "a window of 0 seconds limits nothing: write how many seconds it lasts, such as \
                 `.window(900)`, or take `.rate_limit(Unlimited)`",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::ClientNetwork;
    use super::*;

    fn attempt(action: LimitedAction, client: Option<&str>, account: &str, second: i64) -> Attempt {
        let client = client.map(|address| ClientNetwork::of(address.parse().unwrap()));
        let mut attempt = Attempt::new(action, client, Timestamp::from_second(second).unwrap());
        attempt.name(vec![("username".into(), account.to_owned())]);
        attempt
    }

    async fn allowed(limit: &Allowances, attempt: Attempt) -> bool {
        limit.allow(attempt).await.unwrap() == Verdict::Allowed
    }

    #[tokio::test]
    async fn r081_the_101st_attempt_of_a_client_is_refused_until_the_window_ends() {
        let limit = Allowances::default();
        let by = |number: u32, second| {
            let account = format!("account {number}");
            attempt(LimitedAction::Credentials, Some("2001:db8::1"), &account, second)
        };
        for number in 0..100 {
            assert!(allowed(&limit, by(number, 0)).await);
        }
        let refused = async |number, second| match limit.allow(by(number, second)).await.unwrap() {
            Verdict::Refused(refusal) => (refusal.retry_after, refusal.warning.is_some()),
            Verdict::Allowed => panic!("the limit has been reached"),
        };
        assert_eq!(refused(100, 1).await, (Some(899), true));
        assert_eq!(refused(101, 10).await, (Some(890), false));
        assert_eq!(refused(102, 899).await, (Some(1), false));
        assert!(allowed(&limit, by(103, 900)).await);
    }

    /// Whatever strangers send, and in whatever order, a client that has signed in before has what
    /// it had.
    #[tokio::test]
    async fn r194_nothing_that_strangers_send_changes_a_known_clients_allowance() {
        let home = "198.51.100.7";
        // A fixed sequence (xorshift), so that a failure can be repeated.
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |below: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed % below
        };
        for action in [LimitedAction::Credentials, LimitedAction::EmailRequest] {
            for round in 0..50 {
                let limit = Allowances::default();
                limit.signed_in(attempt(action, Some(home), "ada", 0)).await.unwrap();
                let (own, _) = limit.at_account(action);
                let mut left = own;
                let mut second = 0;
                for _ in 0..300 + round {
                    second += random(2).cast_signed();
                    if random(40) == 0 {
                        // The owner, too, has a number, and it is the owner who uses it up.
                        let is_allowed =
                            allowed(&limit, attempt(action, Some(home), "ada", second));
                        assert_eq!(is_allowed.await, left > 0);
                        left = left.saturating_sub(1);
                        continue;
                    }
                    let address = format!("203.0.113.{}", random(200));
                    let client = (random(8) != 0).then_some(address.as_str());
                    let account = ["ada", "ada", "ada", "grace"][random(4) as usize];
                    let stranger = attempt(action, client, account, second);
                    if random(10) == 0 && account != "ada" {
                        // Strangers sign in to accounts of their own.
                        limit.signed_in(stranger).await.unwrap();
                    } else {
                        limit.allow(stranger).await.unwrap();
                    }
                }
                while left > 0 {
                    assert!(allowed(&limit, attempt(action, Some(home), "ada", second)).await);
                    left -= 1;
                }
                assert!(!allowed(&limit, attempt(action, Some(home), "ada", second)).await);
            }
        }
    }

    #[tokio::test]
    async fn r194_right_credentials_use_up_nothing_of_the_account() {
        let limit = Allowances::default();
        for number in 0..200_u32 {
            let address = format!("10.0.{}.{}", number / 200, number % 200);
            let guest = || attempt(LimitedAction::Credentials, Some(&address), "guest", 0);
            assert!(allowed(&limit, guest()).await, "{number}");
            limit.signed_in(guest()).await.unwrap();
        }
        for _ in 0..200 {
            let unknown = || attempt(LimitedAction::Credentials, None, "guest", 0);
            assert!(allowed(&limit, unknown()).await);
            limit.signed_in(unknown()).await.unwrap();
        }
    }

    #[tokio::test]
    async fn r194_who_signed_in_is_remembered_for_thirty_days() {
        let limit = Allowances::default().per_recipient(0);
        let ask = |second| attempt(LimitedAction::EmailRequest, Some("192.0.2.1"), "ada", second);
        assert!(!allowed(&limit, ask(0)).await);
        limit.signed_in(ask(0)).await.unwrap();
        assert!(allowed(&limit, ask(30 * 86_400 - 1)).await);
        assert!(!allowed(&limit, ask(30 * 86_400)).await);
        // Of that account only, and of that action.
        let other = attempt(LimitedAction::EmailRequest, Some("192.0.2.1"), "grace", 1);
        assert!(!allowed(&limit, other).await);
        let limit = Allowances::default().per_account(0);
        limit.signed_in(ask(0)).await.unwrap();
        let other = attempt(LimitedAction::Credentials, Some("192.0.2.1"), "ada", 1);
        assert!(!allowed(&limit, other).await);
    }
}
