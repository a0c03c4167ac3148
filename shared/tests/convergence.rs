//! Whatever several people do, and in whichever order and however often they get each other's changes:
//! in the end all see the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed};
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::Item;
use shared::document::{Document, RawChange};
use shared::id::{PersonId, RecordId, Writer};
use shared::time::Timestamp;

const PEOPLE: usize = 4;
const RECORD: RecordId = RecordId([7; 16]);

/// What happens to one of the copies.
#[derive(Debug, Clone)]
enum Deed {
    /// A field gets one of a few values, so that people agree at times.
    Put(usize, u8, u8),
    /// A field is cleared.
    Clear(usize, u8),
    /// An item comes or changes.
    PutItem(usize, u8, u8),
    /// An item goes.
    ClearItem(usize, u8),
    /// Something is typed in a note, at a place of a hundred.
    Type(usize, u8, u8, &'static str),
    /// The note is written whole.
    PutNote(usize, &'static str),
    /// The record is deleted.
    Delete(usize),
    /// It is brought back.
    Restore(usize),
    /// The last command of the copy is undone.
    Undo(usize),
    /// One copy gets what another has, shuffled and twice where the seed says so.
    Deliver(usize, usize, u64),
    /// The copy is saved and opened again.
    Reopen(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..PEOPLE;
    let text = prop::sample::select(vec!["sec", "🥂", "", "l’été ", "\n", "é"]);
    let note = prop::sample::select(vec!["", "blanc", "blanc sec 🍇"]);
    prop_oneof![
        4 => (who.clone(), 0u8..3, 0u8..3).prop_map(|(who, field, value)| Deed::Put(who, field, value)),
        1 => (who.clone(), 0u8..3).prop_map(|(who, field)| Deed::Clear(who, field)),
        3 => (who.clone(), 0u8..3, 0u8..3).prop_map(|(who, item, value)| Deed::PutItem(who, item, value)),
        1 => (who.clone(), 0u8..3).prop_map(|(who, item)| Deed::ClearItem(who, item)),
        4 => (who.clone(), 0u8..100, 0u8..4, text).prop_map(|(who, at, gone, text)| Deed::Type(who, at, gone, text)),
        1 => (who.clone(), note).prop_map(|(who, note)| Deed::PutNote(who, note)),
        1 => who.clone().prop_map(Deed::Delete),
        1 => who.clone().prop_map(Deed::Restore),
        1 => who.clone().prop_map(Deed::Undo),
        5 => (who.clone(), who.clone(), any::<u64>()).prop_map(|(from, to, seed)| Deed::Deliver(from, to, seed)),
        1 => who.prop_map(Deed::Reopen),
    ]
}

struct Copy {
    document: Document,
    writer: Writer,
    now: i64,
    undo: Vec<Write>,
}

impl Copy {
    fn of(person: usize) -> Copy {
        let id = [person as u8 + 1; 8];
        Copy {
            document: Document::new(),
            writer: Writer {
                person: PersonId(id),
                instance: id,
            },
            now: 0,
            undo: Vec::new(),
        }
    }

    fn edit(&mut self, write: Write) {
        self.writes(vec![write]);
    }

    /// Everyone makes the record, since nobody knows who was first.
    fn writes(&mut self, writes: Vec<Write>) {
        self.now += 1;
        let edit = Edit::make(RECORD, Kind::Contact, writes);
        let edited = self
            .document
            .edit(&edit, self.writer, Timestamp(self.now))
            .unwrap();
        self.undo = edited.undo;
    }

    fn types(&mut self, at: u8, gone: u8, insert: &str) {
        if self.document.kind().is_none() {
            self.writes(Vec::new());
        }
        self.now += 1;
        let length = self.document.note("notes").chars().count();
        let at = length * usize::from(at) / 100;
        let splice = Splice {
            at,
            remove: usize::from(gone).min(length - at),
            insert: insert.into(),
        };
        let heads = self.document.heads();
        self.document
            .splice("notes", &heads, &splice, self.writer, Timestamp(self.now))
            .unwrap();
    }

    fn take(&mut self, changes: &[RawChange]) {
        let bytes = changes.iter().map(|change| change.bytes.as_slice());
        self.document.apply(bytes).unwrap();
    }
}

const FIELDS: [&str; 3] = ["city", "last_name", "birthday"];
const VALUES: [&str; 3] = ["Auray", "2026-11-21", "É"];

fn item(item: u8, value: u8) -> Item {
    Item {
        key: format!("i{item}"),
        label: "work".into(),
        text: VALUES[usize::from(value)].into(),
    }
}

fn carry_out(deed: &Deed, copies: &mut [Copy]) {
    match deed {
        Deed::Put(who, field, value) => {
            copies[*who].edit(Write::put(
                FIELDS[usize::from(*field)],
                VALUES[usize::from(*value)],
            ));
        }
        Deed::Clear(who, field) => copies[*who].edit(Write::clear(FIELDS[usize::from(*field)])),
        Deed::PutItem(who, key, value) => {
            copies[*who].edit(Write::put_item("phones", &item(*key, *value)))
        }
        Deed::ClearItem(who, key) => {
            copies[*who].edit(Write::clear_item("phones", &format!("i{key}")))
        }
        Deed::Type(who, at, gone, text) => copies[*who].types(*at, *gone, text),
        Deed::PutNote(who, note) => copies[*who].edit(Write::put("notes", *note)),
        Deed::Delete(who) => copies[*who].writes(Edit::delete(RECORD).writes),
        Deed::Restore(who) => copies[*who].writes(Edit::restore(RECORD).writes),
        Deed::Undo(who) => {
            let undo = std::mem::take(&mut copies[*who].undo);
            copies[*who].writes(undo);
        }
        Deed::Deliver(from, to, seed) => {
            let mut changes = copies[*from].document.changes();
            let mut seed = *seed;
            for at in (1..changes.len()).rev() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                changes.swap(at, (seed >> 33) as usize % (at + 1));
            }
            copies[*to].take(&changes);
            if seed % 2 == 0 {
                copies[*to].take(&changes);
            }
        }
        Deed::Reopen(who) => {
            let copy = &mut copies[*who];
            copy.document = Document::open(&copy.document.save()).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(Config {
        cases: 120,
        rng_seed: RngSeed::Fixed(20_261_121),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("seeds"))),
        ..Config::default()
    })]

    #[test]
    fn all_see_the_same_in_the_end(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut copies: Vec<Copy> = (0..PEOPLE).map(Copy::of).collect();
        for deed in &deeds {
            carry_out(deed, &mut copies);
        }
        for copy in &mut copies {
            // Whoever did nothing has at least a record.
            if copy.document.kind().is_none() {
                copy.writes(Vec::new());
            }
        }
        let all: Vec<Vec<RawChange>> = copies.iter().map(|copy| copy.document.changes()).collect();
        for (at, copy) in copies.iter_mut().enumerate() {
            for step in 1..PEOPLE {
                copy.take(&all[(at + step) % PEOPLE]);
            }
        }
        let first = &copies[0].document;
        let row = first.row(RECORD).unwrap();
        for copy in &copies[1..] {
            prop_assert_eq!(&copy.document.row(RECORD).unwrap(), &row);
            prop_assert_eq!(copy.document.note("notes"), first.note("notes"));
            prop_assert_eq!(copy.document.heads(), first.heads());
        }
        let changes = first.changes();
        let bytes: Vec<&[u8]> = changes.iter().rev().map(|change| change.bytes.as_slice()).collect();
        prop_assert_eq!(Document::load(bytes).unwrap().row(RECORD).unwrap(), row);
    }
}
