//! Where sockets come from, how many a network may open in a room, and whether other rooms are busy.

use crate::creation_limit::network;
use shared::id::sha256;
use shared::sync::room::Address;
use shared::time::Timestamp;
use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};

/// Requests to a room that a network may make at once: a company whose server came back has hundreds of devices.
const AT_ONCE: i64 = 500;
/// And in a second, for long.
const A_SECOND: i64 = 20;
/// Sockets of a network that open at once beside a busy room, and then one after so long: on the local runtime
/// each takes its neighbours' thread for some milliseconds, before any of it is the room's.
const ABREAST: i64 = 8;
const APART_MS: i64 = 20;
/// For so long one that is turned away waits for its answer, so that it does not knock again at once.
const REFUSED_MS: i64 = 1_000;
/// So many wait for such an answer at most.
const REFUSED: usize = 64;
/// Networks that are remembered before those that rest are forgotten.
const NETWORKS: usize = 1_024;
/// Requests to erase or squash that a room takes at once, a hundred records each.
const WORK: i64 = 20;
/// And in a minute, for long.
const WORK_A_MINUTE: i64 = 60;
/// A room that did something within so long is busy.
const BUSY_MS: i64 = 1_000;

/// The number that stands for the network of an address.
pub fn address(address: &str) -> Address {
    let hash = sha256(network(address).as_bytes());
    let first = hash.first_chunk().copied().unwrap_or_default();
    Address(u64::from_le_bytes(first))
}

/// What networks have opened lately. Losing it costs nothing.
#[derive(Debug, Default)]
pub struct Door {
    spent: BTreeMap<Address, (Timestamp, i64)>,
    /// When the next socket of each opens, where others open beside a busy room.
    turns: BTreeMap<Address, Timestamp>,
    /// When those that are turned away are answered.
    refused: VecDeque<Timestamp>,
    /// What was erased and squashed lately, in thousandths of requests.
    work: (Timestamp, i64),
}

impl Door {
    /// Counts a request; `Err` says after how many seconds another one is let in.
    pub fn passes(&mut self, address: Address, now: Timestamp) -> Result<(), u32> {
        let drained = |(at, spent): (Timestamp, i64)| {
            let passed = now.0.saturating_sub(at.0).clamp(0, 60_000);
            (spent - passed * A_SECOND).max(0)
        };
        if self.spent.len() >= NETWORKS {
            self.spent.retain(|_, spent| drained(*spent) > 0);
        }
        let spent = self.spent.entry(address).or_insert((now, 0));
        *spent = (now, drained(*spent));
        if spent.1 + 1_000 > AT_ONCE * 1_000 {
            return Err(1);
        }
        spent.1 += 1_000;
        Ok(())
    }

    /// For how many milliseconds a socket waits before it opens, beside a busy room.
    pub fn waits(&mut self, address: Address, now: Timestamp) -> u64 {
        if self.turns.len() >= NETWORKS {
            self.turns.retain(|_, at| at.0 > now.0);
        }
        // A clock that jumped back holds nobody up.
        let latest = Timestamp(now.0 + AT_ONCE * APART_MS);
        let at = self.turns.entry(address).or_insert(now);
        *at = if *at > latest { now } else { (*at).max(now) };
        at.0 += APART_MS;
        let ahead = at.0 - now.0 - ABREAST * APART_MS;
        u64::try_from(ahead).unwrap_or_default()
    }

    /// For how many milliseconds one that is turned away waits for its answer.
    pub fn detains(&mut self, now: Timestamp) -> u64 {
        let lately = now.0..=now.0 + REFUSED_MS;
        self.refused.retain(|at| lately.contains(&at.0));
        if self.refused.len() >= REFUSED {
            return 0;
        }
        self.refused.push_back(Timestamp(now.0 + REFUSED_MS));
        REFUSED_MS.unsigned_abs()
    }

    /// Counts a request to erase or squash; `false` where the room had enough of them.
    pub fn takes_work(&mut self, now: Timestamp) -> bool {
        let passed = now.0.saturating_sub(self.work.0.0).clamp(0, 600_000);
        let left = (self.work.1 - passed * WORK_A_MINUTE / 60).max(0);
        let takes = left + 1_000 <= WORK * 1_000;
        self.work = (now, left + if takes { 1_000 } else { 0 });
        takes
    }
}

thread_local! {
    /// The two rooms of this process that did something last, and when.
    static BUSY: Cell<[(u64, i64); 2]> = const { Cell::new([(0, 0); 2]) };
    static ROOMS: Cell<u64> = const { Cell::new(0) };
}

/// Names a room among those of this process.
pub fn number_of_room() -> u64 {
    ROOMS.set(ROOMS.get() + 1);
    ROOMS.get()
}

/// Says that a room does something; tells whether others did lately.
pub fn has_neighbours(room: u64, now: Timestamp) -> bool {
    let [last, before] = BUSY.get();
    BUSY.set([(room, now.0), if last.0 == room { before } else { last }]);
    are_busy([last, before], room, now)
}

/// Whether other rooms did something lately.
pub fn is_beside_busy(room: u64, now: Timestamp) -> bool {
    are_busy(BUSY.get(), room, now)
}

fn are_busy(rooms: [(u64, i64); 2], room: u64, now: Timestamp) -> bool {
    let is_busy = |(of, at): &(u64, i64)| *of != room && *of != 0 && now.0 - at < BUSY_MS;
    rooms.iter().any(is_busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_opens_five_hundred_at_once_and_then_twenty_a_second() {
        let mut door = Door::default();
        let now = Timestamp(1_000_000);
        let here = address("203.0.113.7");
        let let_in = (0..2_000).filter(|_| door.passes(here, now).is_ok());
        assert_eq!(let_in.count() as i64, AT_ONCE);
        assert_eq!(door.passes(address("203.0.113.200"), now), Err(1));
        assert!(door.passes(address("198.51.100.1"), now).is_ok());
        let later = Timestamp(now.0 + 1_000);
        let let_in = (0..2_000).filter(|_| door.passes(here, later).is_ok());
        assert_eq!(let_in.count() as i64, A_SECOND);
    }

    #[test]
    fn beside_a_busy_room_eight_sockets_open_at_once_and_then_one_each_twenty_milliseconds() {
        let mut door = Door::default();
        let mut now = Timestamp(1_000_000);
        let here = address("203.0.113.7");
        let waits: Vec<u64> = (0..12).map(|_| door.waits(here, now)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 20, 40, 60, 80]);
        assert_eq!(door.waits(address("198.51.100.1"), now), 0);
        now.0 += 80;
        assert_eq!(door.waits(here, now), 20);
        // All that a network may open at once are in before their devices give up.
        let longest = (0..AT_ONCE).map(|_| door.waits(here, now)).max();
        assert!(longest.is_some_and(|ms| ms <= 10_500), "{longest:?}");
        now.0 -= 3_600_000;
        assert_eq!(door.waits(here, now), 0);
    }

    #[test]
    fn some_of_those_who_are_turned_away_wait_for_their_answer() {
        let mut door = Door::default();
        let mut now = Timestamp(1_000_000);
        let detained = |door: &mut Door, now| (0..200).filter(|_| door.detains(now) > 0).count();
        assert_eq!(detained(&mut door, now), REFUSED);
        now.0 += REFUSED_MS + 1;
        assert_eq!(detained(&mut door, now), REFUSED);
        now.0 -= 3_600_000;
        assert_eq!(detained(&mut door, now), REFUSED);
    }

    #[test]
    fn a_room_erases_twenty_times_at_once_and_then_once_a_second() {
        let mut door = Door::default();
        let mut now = Timestamp(1_000_000);
        let taken = |door: &mut Door, now| (0..100).filter(|_| door.takes_work(now)).count();
        assert_eq!(taken(&mut door, now) as i64, WORK);
        now.0 += 3_000;
        assert_eq!(taken(&mut door, now), 3);
    }

    #[test]
    fn a_room_alone_has_no_neighbours_and_one_beside_another_has() {
        let (one, other) = (number_of_room(), number_of_room());
        let at = |ms: i64| Timestamp(1_000_000 + ms);
        assert!(!has_neighbours(one, at(0)));
        assert!(!has_neighbours(one, at(10)));
        assert!(is_beside_busy(other, at(15)) && !is_beside_busy(one, at(15)));
        assert!(has_neighbours(other, at(20)));
        assert!(has_neighbours(one, at(30)));
        assert!(has_neighbours(one, at(900)));
        assert!(!has_neighbours(one, at(1_100)));
    }
}
