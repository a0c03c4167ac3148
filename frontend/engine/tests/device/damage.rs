//! What becomes of damaged storage: it heals, is told, and leaves nothing behind for ever.

use crate::desk::{Desk, WORKSPACE, contact, id};
use crate::faults::{damage, foreign, store, values};
use crate::record::fault;
use engine::leader::Leader;
use engine::platform::native::run;
use engine::tab::Origin;
use shared::crm::command::{Edit, Splice, Write};
use shared::id::RecordId;
use shared::sync::client::{ForgetWhy, Point, Store};
use shared::time::Timestamp;

const DAY_MS: i64 = 86_400_000;

fn put(n: u32, value: &str) -> Edit {
    Edit::of(id(n), vec![Write::put("city", value)])
}

fn alone(desk: &Desk) -> Leader {
    desk.step();
    run(Leader::open(WORKSPACE, false, |_| ())).unwrap()
}

fn copies(desk: &Desk) -> usize {
    values(&desk.disk().borrow(), "corrupt").len()
}

#[test]
fn folding_loses_no_row_of_a_block_that_turned_unreadable() {
    for store_name in ["rows", "changes"] {
        for torn in [true, false] {
            let desk = Desk::new(31);
            let mut leader = desk.open();
            let all: Vec<Edit> = (0..40).map(|n| contact(n, "Anaïs")).collect();
            desk.edit(&mut leader, &all).unwrap();
            desk.fold(&mut leader).unwrap();
            assert!(store(&mut leader, Vec::new(), 40));
            damage(&desk, store_name, torn);
            desk.edit(&mut leader, &[contact(900, "Bruno")]).unwrap();
            desk.fold(&mut leader).unwrap();
            assert_eq!(desk.rows(&mut leader).len(), 41, "{store_name}");
            drop(leader);
            let mut leader = desk.open();
            assert_eq!(desk.rows(&mut leader).len(), 41, "{store_name}");
            // Rows are made from histories; histories are had from the server again.
            assert_eq!(leader.workspace.point.cursor == 0, store_name == "changes");
        }
    }
    fault!(
        "F8",
        "a block of rows, and one of changes, turns unreadable after the workspace was opened, and the tail is folded into it",
        "every record still has its row; what histories are missing is fetched again"
    );
}

#[test]
fn a_damaged_history_that_no_server_has_begins_anew_from_its_row() {
    let desk = Desk::new(32);
    let mut leader = alone(&desk);
    let note = vec![Write::put("notes", "un été"), Write::put("city", "Brest")];
    desk.edit(&mut leader, &[contact(0, "Anaïs"), Edit::of(id(0), note)])
        .unwrap();
    desk.edit(&mut leader, &[contact(1, "Bruno"), contact(2, "Chloé")])
        .unwrap();
    desk.fold(&mut leader).unwrap();
    let before = desk.row(&mut leader, id(0));
    drop(leader);
    damage(&desk, "changes", true);
    let mut leader = alone(&desk);
    let opened = run(leader.open_record(Origin::Page, id(0))).unwrap();
    assert_eq!(opened.notes[0].text, "un été");
    assert!(leader.workspace.unread().is_empty(), "nothing was begun");
    desk.edit(&mut leader, &[put(0, "Nantes"), put(1, "Vannes")])
        .unwrap();
    let opened = run(leader.open_record(Origin::Page, id(2))).unwrap();
    let splice = Splice {
        at: 0,
        remove: 0,
        insert: "vue hier".into(),
    };
    let (field, revision) = (opened.notes[0].field.clone(), opened.notes[0].revision);
    let typed = |leader: &mut Leader, revision| {
        let place = (id(2), field.as_str(), revision);
        let author = (desk.writer, desk.step());
        run(leader.type_into((Origin::Page, 0), place, &splice, author)).unwrap()
    };
    // The page begins from the state that it is told, and types there.
    let told = typed(&mut leader, revision);
    if told.row.is_none() {
        typed(&mut leader, told.note.revision);
    }
    desk.fold(&mut leader).unwrap();
    drop(leader);
    let mut leader = alone(&desk);
    let row = desk.row(&mut leader, id(0));
    assert_eq!(row.title(), before.title());
    let town = row
        .values
        .iter()
        .find(|(_, value)| value.to_stored() == "Nantes");
    assert!(town.is_some() && row.values.len() == before.values.len());
    let opened = run(leader.open_record(Origin::Page, id(2))).unwrap();
    assert_eq!(opened.notes[0].text, "vue hier");
    let told = leader.sync_state(None).unread;
    let told: Vec<(RecordId, &str)> = told.iter().map(|it| (it.record, it.why.as_str())).collect();
    assert_eq!(told, [(id(0), "anew"), (id(1), "anew"), (id(2), "anew")]);
    desk.wait(15 * DAY_MS);
    assert!(leader.sync_state(None).unread.is_empty());
    fault!(
        "F8",
        "the histories of a workspace that no server has are damaged",
        "each record opens with what its row shows, is edited, and its history begins anew; the panel names it for two weeks"
    );
}

#[test]
fn copies_of_what_was_damaged_are_few_and_go() {
    let desk = Desk::new(33);
    let mut leader = desk.open();
    for n in 0..60 {
        desk.edit(&mut leader, &[contact(n, "Anaïs")]).unwrap();
    }
    drop(leader);
    for _ in 0..40 {
        damage(&desk, "tail", true);
        drop(desk.open());
    }
    assert_eq!(copies(&desk), 16);
    // A record is erased: nobody can tell whether it is in one of them.
    let mut leader = desk.open();
    assert!(store(&mut leader, foreign(900), 1));
    assert_eq!(copies(&desk), 16);
    let forget = Store {
        forget: vec![(id(900), ForgetWhy::Erased)],
        point: Point {
            cursor: 2,
            ..leader.workspace.point
        },
        ..Store::default()
    };
    run(leader.store(forget, (desk.writer, desk.step()))).unwrap();
    assert_eq!(copies(&desk), 0);
    // One of a month ago, of which nobody noted when it was made, goes a month from here.
    drop(leader);
    desk.disk()
        .borrow_mut()
        .put("corrupt", "outbox-7".into(), vec![1]);
    drop(desk.open());
    desk.wait(29 * DAY_MS);
    drop(desk.open());
    assert_eq!(copies(&desk), 1);
    desk.wait(2 * DAY_MS);
    drop(desk.open());
    assert_eq!(copies(&desk), 0);
    // One of a block goes with the first start after all was had again.
    let mut leader = desk.open();
    desk.fold(&mut leader).unwrap();
    drop(leader);
    damage(&desk, "rows", false);
    damage(&desk, "changes", false);
    drop(desk.open());
    drop(desk.open());
    assert_eq!(copies(&desk), 1);
    let mut leader = desk.open();
    assert!(store(&mut leader, Vec::new(), 60));
    drop(leader);
    drop(desk.open());
    assert_eq!(copies(&desk), 0);
    assert!(desk.step() > Timestamp(0));
    fault!(
        "F8",
        "blocks are damaged again and again, a record is erased, and months pass",
        "at most sixteen copies of damaged values are kept, none after an erasure, a month, or once everything was fetched again"
    );
}
