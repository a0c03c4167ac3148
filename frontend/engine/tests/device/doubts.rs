//! What came and is taken for the cause of crashes: only where the engine died over it, and not for ever.

use crate::desk::{Desk, contact};
use crate::faults::{foreign, store};
use engine::platform::memory::Fault;

#[test]
fn a_note_that_a_full_disk_kept_is_not_taken_for_a_crash() {
    let desk = Desk::new(31);
    let mut leader = desk.open();
    for n in 0..3 {
        // The disk takes the note, then neither what came nor the word that the engine lives.
        desk.disk().borrow_mut().fail(1, Fault::Full);
        desk.disk().borrow_mut().fail(2, Fault::Full);
        assert!(!store(&mut leader, foreign(7), 1));
        desk.edit(&mut leader, &[contact(n, "Anaïs")]).unwrap();
        drop(leader);
        leader = desk.open();
        assert!(!leader.workspace.is_careful());
    }
    assert!(store(&mut leader, foreign(7), 1));
    assert_eq!(desk.rows(&mut leader).len(), 4);
}
