//! Places for connections: how many are open, altogether and of one client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use typegate::rate_limit::ClientNetwork;

/// The connections that are open.
#[derive(Clone)]
pub(crate) struct Places {
    open: Arc<Mutex<Open>>,
    maximum: usize,
    maximum_of_client: usize,
}

#[derive(Default)]
struct Open {
    all: usize,
    /// Of clients that have one. There are no more of them than connections.
    by_client: HashMap<ClientNetwork, usize>,
}

/// The place of one connection, given back when it is dropped.
pub(crate) struct Place {
    open: Arc<Mutex<Open>>,
    client: Option<ClientNetwork>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Taken {
    /// There are as many connections as there may be.
    All,
    /// The client has as many as it may.
    OfClient,
}

impl Places {
    pub(crate) fn new(maximum: usize, maximum_of_client: usize) -> Self {
        Self { open: Arc::default(), maximum, maximum_of_client }
    }

    /// A place for a client, unless there are too many connections, its own or all. A proxy is
    /// nobody's client: it has as many as there are.
    pub(crate) fn take(&self, peer: IpAddr, is_proxy: bool) -> Result<Place, Taken> {
        let client = (!is_proxy).then(|| ClientNetwork::of(peer));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.maximum {
            return Err(Taken::All);
        }
        if let Some(client) = &client {
            let own = open.by_client.entry(*client).or_default();
            if *own >= self.maximum_of_client {
                return Err(Taken::OfClient);
            }
            *own += 1;
        }
        open.all += 1;
        Ok(Place { open: Arc::clone(&self.open), client })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        if let Some(client) = &self.client
            && let Some(own) = open.by_client.get_mut(client)
        {
            *own -= 1;
            if *own == 0 {
                open.by_client.remove(client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn r199_a_client_has_so_many_connections_and_leaves_room_for_others() {
        let places = Places::new(5, 2);
        let own = [(); 2].map(|()| places.take(address("192.0.2.7"), false).unwrap());
        assert_eq!(places.take(address("192.0.2.7"), false).err(), Some(Taken::OfClient));
        assert!(places.take(address("::ffff:192.0.2.7"), false).is_err());
        let other = places.take(address("2001:db8::1"), false).unwrap();
        let _another = places.take(address("2001:db8::ffff"), false).unwrap();
        assert!(places.take(address("2001:db8::2"), false).is_err());
        let _last = places.take(address("2001:db8:0:1::1"), false).unwrap();
        assert_eq!(places.take(address("198.51.100.1"), false).err(), Some(Taken::All));
        drop(own);
        drop(other);
        assert!(places.take(address("192.0.2.7"), false).is_ok());
        assert!(places.take(address("2001:db8::2"), false).is_ok());
    }

    #[test]
    fn r199_nothing_is_kept_of_clients_that_have_gone() {
        let places = Places::new(2, 1);
        for number in 0..10_000_u32 {
            drop(places.take(IpAddr::from(number.to_be_bytes()), false).unwrap());
        }
        let open = places.open.lock().unwrap();
        assert!(open.all == 0 && open.by_client.is_empty());
    }

    #[test]
    fn r199_a_proxy_is_nobodys_client() {
        let places = Places::new(3, 1);
        let proxy = address("127.0.0.1");
        let _own = [(); 3].map(|()| places.take(proxy, true).unwrap());
        assert_eq!(places.take(proxy, true).err(), Some(Taken::All));
    }
}
