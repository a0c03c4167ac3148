//! One person's copy of a record, and what happens when two of them meet.

use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::{Mark, Row};
use shared::document::{Document, Edited};
use shared::id::{PersonId, RecordId, Writer};
use shared::time::Timestamp;

/// The record that the stories are about.
pub const RECORD: RecordId = RecordId([7; 16]);

/// One person's copy of one record.
#[derive(Clone)]
pub struct Copy {
    pub person: PersonId,
    pub document: Document,
    pub now: i64,
}

impl Copy {
    /// A contact that this person made and the others have.
    pub fn with(person: u8, writes: Vec<Write>) -> Copy {
        let mut copy = Copy {
            person: PersonId([person; 8]),
            document: Document::new(),
            now: 0,
        };
        copy.edit(&Edit::make(RECORD, Kind::Contact, writes));
        copy
    }

    /// Somebody else's copy of the same.
    pub fn for_person(&self, person: u8) -> Copy {
        Copy {
            person: PersonId([person; 8]),
            ..self.clone()
        }
    }

    pub fn edit(&mut self, edit: &Edit) -> Edited {
        self.now += 10;
        let writer = self.writer();
        self.document
            .edit(edit, writer, Timestamp(self.now))
            .unwrap()
    }

    pub fn write(&mut self, writes: Vec<Write>) -> Edited {
        self.edit(&Edit::of(RECORD, writes))
    }

    pub fn put(&mut self, field: &str, value: &str) -> Edited {
        self.write(vec![Write::put(field, value)])
    }

    /// Types into the notes as they look now.
    pub fn types(&mut self, at: usize, remove: usize, insert: &str) {
        self.now += 10;
        let splice = Splice {
            at,
            remove,
            insert: insert.into(),
        };
        let (heads, writer) = (self.document.heads(), self.writer());
        self.document
            .splice("notes", &heads, &splice, writer, Timestamp(self.now))
            .unwrap();
    }

    pub fn writer(&self) -> Writer {
        Writer {
            person: self.person,
            instance: self.person.0,
        }
    }

    pub fn row(&self) -> Row {
        self.document.row(RECORD).unwrap()
    }

    pub fn text(&self, field: &shared::crm::field::Field) -> String {
        self.row().text(field).to_owned()
    }

    pub fn note(&self) -> String {
        self.document.note("notes")
    }

    pub fn mark(&self) -> Mark {
        Mark {
            by: self.person,
            at: Timestamp(self.now),
        }
    }
}

/// Both get all changes of the other, and must then see the same.
pub fn meet(a: &mut Copy, b: &mut Copy) {
    let (from_a, from_b) = (a.document.changes(), b.document.changes());
    // Backwards, since nothing promises an order.
    a.document
        .apply(from_b.iter().rev().map(|change| change.bytes.as_slice()))
        .unwrap();
    b.document
        .apply(from_a.iter().map(|change| change.bytes.as_slice()))
        .unwrap();
    let now = a.now.max(b.now);
    (a.now, b.now) = (now, now);
    assert_eq!(a.row(), b.row());
    assert_eq!(a.note(), b.note());
    assert_eq!(a.document.heads(), b.document.heads());
}

pub fn two() -> (Copy, Copy) {
    let ann = Copy::with(
        1,
        vec![
            Write::put("last_name", "Carriès"),
            Write::put("city", "Sarzeau"),
        ],
    );
    let ben = ann.for_person(2);
    (ann, ben)
}
