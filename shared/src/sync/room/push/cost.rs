//! What a question costs the validator, guessed before it is asked.
//!
//! Measured natively: 0.35 ms a record, 10 µs a value of 41 bytes, 0.02 µs a byte of history, more where the
//! validator does not have it open.

/// What a record, or a question, costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::sync::room) struct Cost {
    /// Bytes that travel.
    pub(in crate::sync::room) bytes: usize,
    /// Microseconds of the validator.
    pub(in crate::sync::room) us: u64,
}

/// A record that takes longer than this is heavy: nothing can be done in between.
const HEAVY_US: u64 = 25_000;

impl Cost {
    /// Of a record with so many bytes of history, and changes of so many bytes and operations.
    pub(super) fn of(history: usize, changes: usize, operations: u64) -> Cost {
        // The letters of a note are operations, too, and cheap; they have few bytes each. And one long value
        // costs little more than a short one.
        let values = (operations * 10).min(changes as u64 / 4);
        let changing = values.max(operations / 2) + changes as u64 / 100;
        Cost {
            bytes: history + changes,
            us: 400 + changing + history as u64 / 50,
        }
    }

    /// Both together.
    pub(super) fn and(self, other: Cost) -> Cost {
        Cost {
            bytes: self.bytes + other.bytes,
            us: self.us + other.us,
        }
    }

    /// Whether nothing else is served for long meanwhile.
    pub(super) fn is_heavy(self) -> bool {
        self.us > HEAVY_US
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_light_and_one_of_five_thousand_values_is_heavy() {
        assert!(!Cost::of(0, 1_500, 360).is_heavy());
        assert!(!Cost::of(3_000, 150, 1).is_heavy());
        assert!(!Cost::of(400_000, 200_000, 1).is_heavy());
        assert!(Cost::of(0, 201_046, 4_901).is_heavy());
        // What is told in few bytes is counted all the same.
        assert!(Cost::of(0, 104, 10_000).us > 5_000);
        let two = Cost::of(0, 400, 7).and(Cost::of(1_000, 400, 7));
        assert_eq!((two.bytes, two.us), (1_800, 968));
    }
}
