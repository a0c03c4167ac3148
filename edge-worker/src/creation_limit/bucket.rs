//! A bucket of tokens. A token is held while it is found out whether it has to be spent: who comes
//! meanwhile waits for it, and is not turned away before it is gone.

use std::collections::BTreeMap;

const HOUR_MS: f64 = 3_600_000.0;
/// A token that is held for longer is spent: whoever held it is gone.
const HELD_MS: f64 = 15_000.0;

/// How fast a bucket fills.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Tokens of a full bucket.
    pub burst: f64,
    /// Tokens that come in an hour.
    pub per_hour: f64,
}

impl Rate {
    /// So many times as much.
    pub fn times(self, factor: f64) -> Rate {
        Rate {
            burst: self.burst * factor,
            per_hour: self.per_hour * factor,
        }
    }
}

/// Names a token that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

/// What becomes of one who wants a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is held for them.
    Go(Ticket),
    /// All that are left are held by others, and may come back.
    Wait,
    /// There is none.
    Refused {
        /// Seconds until there is one.
        retry_after_s: u32,
    },
}

/// The tokens of a network, of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    rate: Rate,
    tokens: f64,
    /// When they were counted, in milliseconds.
    at: f64,
    /// When each of those that are held was taken.
    held: BTreeMap<Ticket, f64>,
    last: u64,
}

impl Bucket {
    /// With so many tokens at a time in milliseconds.
    pub fn new(rate: Rate, tokens: f64, at: f64) -> Bucket {
        Bucket {
            rate,
            tokens,
            at,
            held: BTreeMap::new(),
            last: 0,
        }
    }

    /// How many tokens there are, those that are held among them, and when they were counted.
    pub fn stands(&self) -> (f64, f64) {
        (self.tokens, self.at)
    }

    /// Holds a token, where there is one.
    pub fn turn(&mut self, now: f64) -> Turn {
        self.count(now);
        let left = self.tokens - self.held.len() as f64;
        if left >= 1.0 {
            self.last += 1;
            let ticket = Ticket(self.last);
            self.held.insert(ticket, now);
            Turn::Go(ticket)
        } else if self.held.is_empty() {
            let missing = (1.0 - self.tokens) * HOUR_MS / self.rate.per_hour;
            Turn::Refused {
                retry_after_s: (missing / 1_000.0).ceil() as u32,
            }
        } else {
            Turn::Wait
        }
    }

    /// Puts a token back.
    pub fn release(&mut self, ticket: Ticket) {
        self.held.remove(&ticket);
    }

    /// Spends a token that is held.
    pub fn spend(&mut self, ticket: Ticket) {
        if self.held.remove(&ticket).is_some() {
            self.tokens -= 1.0;
        }
    }

    fn count(&mut self, now: f64) {
        let passed = (now - self.at).max(0.0);
        let filled = self.tokens + passed / HOUR_MS * self.rate.per_hour;
        self.tokens = filled.min(self.rate.burst);
        self.at = now;
        let before = self.held.len();
        self.held
            .retain(|_, taken| (0.0..HELD_MS).contains(&(now - *taken)));
        self.tokens -= (before - self.held.len()) as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 10.0,
        per_hour: 20.0,
    };

    fn refused(retry_after_s: u32) -> Turn {
        Turn::Refused { retry_after_s }
    }

    fn take(bucket: &mut Bucket, now: f64) -> Ticket {
        match bucket.turn(now) {
            Turn::Go(ticket) => ticket,
            turn @ (Turn::Wait | Turn::Refused { .. }) => panic!("{turn:?}"),
        }
    }

    fn empty() -> Bucket {
        let mut bucket = Bucket::new(RATE, RATE.burst, 0.0);
        for _ in 0..10 {
            let ticket = take(&mut bucket, 0.0);
            bucket.spend(ticket);
        }
        bucket
    }

    #[test]
    fn ten_are_spent_at_once_and_then_one_every_three_minutes() {
        let mut bucket = empty();
        assert_eq!(bucket.turn(0.0), refused(180));
        assert_eq!(bucket.turn(90_000.0), refused(90));
        let ticket = take(&mut bucket, 180_000.0);
        bucket.spend(ticket);
        assert_eq!(bucket.turn(180_000.0), refused(180));
        // A clock that jumps back takes nothing away, one that jumps ahead fills no more than the bucket.
        assert_eq!(bucket.turn(-5.0), refused(180));
        take(&mut bucket, f64::MAX);
        assert_eq!(bucket.stands().0, RATE.burst);
    }

    #[test]
    fn while_tokens_are_held_nobody_is_turned_away() {
        let mut bucket = Bucket::new(RATE, RATE.burst, 0.0);
        let held: Vec<Ticket> = (0..10).map(|_| take(&mut bucket, 0.0)).collect();
        assert_eq!(bucket.turn(0.0), Turn::Wait);
        // Five come back: so many more may look.
        for ticket in &held[..5] {
            bucket.release(*ticket);
        }
        let more: Vec<Ticket> = (0..5).map(|_| take(&mut bucket, 0.0)).collect();
        assert_eq!(bucket.turn(0.0), Turn::Wait);
        for ticket in held[5..].iter().chain(&more) {
            bucket.spend(*ticket);
        }
        assert_eq!(bucket.turn(0.0), refused(180));
        // Nothing is spent twice, or put back once it was spent.
        bucket.spend(held[9]);
        bucket.release(held[9]);
        assert_eq!(bucket.stands().0, 0.0);
    }

    #[test]
    fn a_token_whose_holder_is_gone_is_spent() {
        let mut bucket = Bucket::new(RATE, 1.0, 0.0);
        let gone = take(&mut bucket, 0.0);
        assert_eq!(bucket.turn(HELD_MS - 1.0), Turn::Wait);
        assert!(matches!(bucket.turn(HELD_MS), Turn::Refused { .. }));
        bucket.spend(gone);
        let (tokens, _) = bucket.stands();
        assert!((0.0..0.2).contains(&tokens), "{tokens}");
    }
}
