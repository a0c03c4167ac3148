//! The day it is, on the person's calendar. Midnight passes while the app is open; a tablet sleeps
//! through several and wakes: what says "today" is then drawn again at once.

use crate::browser::{Listener, Timer, now, today, utc_offset_minutes};
use shared::time::{Date, Timestamp};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

const DAY_MS: i64 = 86_400_000;
/// Midnight is looked for at least so often: the clock may be set, or the zone crossed, meanwhile.
const LOOK_MS: i64 = 15 * 60_000;
/// What brings a page back that slept, or was put away.
const WAKES: [&str; 4] = ["visibilitychange", "pageshow", "focus", "online"];

/// The day it is; the component is drawn again when it is another.
#[hook]
pub fn use_day() -> Date {
    let day = use_state_eq(today);
    {
        let set = day.setter();
        use_effect_with((), move |()| {
            let timer = Rc::new(RefCell::new(None));
            look_again(&timer, &set);
            let wakes = WAKES.map(|event| {
                let set = set.clone();
                Listener::on(event, move |_| set.set(today()))
            });
            move || drop((timer.take(), wakes))
        });
    }
    *day
}

fn look_again(timer: &Rc<RefCell<Option<Timer>>>, set: &UseStateSetter<Date>) {
    let wait = wait_ms(now(), utc_offset_minutes());
    let (weak, set) = (Rc::downgrade(timer), set.clone());
    let next = Timer::after(wait, move || {
        set.set(today());
        if let Some(timer) = weak.upgrade() {
            look_again(&timer, &set);
        }
    });
    timer.replace(Some(next));
}

/// How long to wait until the day may be another: until midnight, but not too long.
fn wait_ms(now: Timestamp, utc_offset_minutes: i32) -> i32 {
    let local = now.0 + i64::from(utc_offset_minutes) * 60_000;
    (DAY_MS - local.rem_euclid(DAY_MS)).min(LOOK_MS) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_not_slept_through() {
        let day = |at: i64, offset| Timestamp(at).day(offset);
        for offset in [-570, -60, 0, 60, 345, 840] {
            for start in [1_780_000_000_000, 1_780_012_345_678, -5_000] {
                let mut at = start;
                for _ in 0..200 {
                    let wait = i64::from(wait_ms(Timestamp(at), offset));
                    assert!(wait > 0 && wait <= LOOK_MS);
                    // Until it looks again the day is the one that it saw.
                    assert_eq!(day(at, offset), day(at + wait - 1, offset));
                    at += wait;
                }
                assert_ne!(day(start, offset), day(at, offset));
            }
        }
    }

    #[test]
    fn just_before_midnight_it_waits_for_it() {
        let midnight = 20_000 * DAY_MS;
        assert_eq!(wait_ms(Timestamp(midnight - 1), 0), 1);
        assert_eq!(wait_ms(Timestamp(midnight), 0), LOOK_MS as i32);
        assert_eq!(wait_ms(Timestamp(midnight - 3_600_000 - 250), 60), 250);
    }
}
