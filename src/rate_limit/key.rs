//! The keys of counting: which attempts are counted together, and what is remembered of them.

use super::{Attempt, ClientNetwork, LimitedAction};
use crate::crypto::hash::sha256_hexadecimal;

/// Who shares an allowance.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Share {
    /// One client, whatever account it tries.
    Client,
    /// One client that tries one account.
    ClientAtAccount,
    /// All clients that are strangers to one account.
    Strangers,
    /// One client that has signed in to the account before.
    KnownClient,
    /// Whoever holds a live session of the account's owner.
    Session,
    /// No allowance: that the client has signed in to the account.
    Acquaintance,
}

/// Under what a store counts or remembers something.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct AttemptKey<'a> {
    share: Share,
    action: LimitedAction,
    /// Accounts are those of one provider; a mailbox is the same for all.
    provider: Option<&'a str>,
    account: Option<&'a str>,
    client: Option<ClientNetwork>,
}

impl<'a> AttemptKey<'a> {
    pub(super) fn new(share: Share, attempt: &'a Attempt, account: Option<&'a str>) -> Self {
        let is_by_client =
            matches!(share, Share::Client | Share::ClientAtAccount | Share::KnownClient)
                || share == Share::Acquaintance;
        let is_of_provider = attempt.action == LimitedAction::Credentials && account.is_some();
        Self {
            share,
            action: attempt.action,
            provider: attempt.provider.as_deref().filter(|_| is_of_provider),
            account,
            client: attempt.client.filter(|_| is_by_client),
        }
    }

    /// The counter of all strangers at an account.
    #[cfg(test)]
    pub(crate) fn of_strangers(attempt: &'a Attempt, account: &'a str) -> Self {
        Self::new(Share::Strangers, attempt, Some(account))
    }

    /// The key as 64 hexadecimal digits: its SHA-256. It hides an address from whoever reads over
    /// an administrator's shoulder and not from whoever tries all addresses.
    #[must_use]
    pub fn digest(&self) -> String {
        let client = self.client.map(|client| client.to_string());
        let parts = [self.provider, self.account, client.as_deref()];
        let mut text = format!("{:?} {:?}", self.share, self.action);
        for part in parts {
            // With its length, so that no two keys are one text.
            let (mark, part) = part.map_or(("-", ""), |part| ("+", part));
            text.push_str(&format!(" {mark}{}:{part}", part.len()));
        }
        sha256_hexadecimal(&[text.as_bytes()])
    }
}
