//! An import that was made, and what takes it back: at once or days later.
//!
//! Taking back deletes what the import made and restores what it changed, only where that still
//! stands as the import left it. A record that it made and that somebody worked on since stays, and
//! so does what such a record or an activity or deal hangs on.

use super::command::{DELETED, Edit, Write};
use super::row::Row;
use super::{Kind, contact};
use crate::id::{PersonId, RecordId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form of imports as bytes. What has another form was kept by a later version and is left.
const FORM: u8 = 1;

/// An import that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// When it began, which tells it from others.
    pub at: Timestamp,
    /// When it was done, by the clock of the device that made it.
    pub until: Timestamp,
    /// Who made it.
    pub by: PersonId,
    /// The file's name.
    pub name: String,
    /// How many contacts it made or completed.
    pub count: u32,
    /// The edits that take it back, in pieces, in the order to do them.
    pub undo: Vec<Vec<Edit>>,
}

/// Imports as bytes.
pub fn to_bytes(made: &[Made]) -> Vec<u8> {
    let encoded = postcard::to_allocvec(made).expect("plain data always encodes");
    [&[FORM], encoded.as_slice()].concat()
}

/// Imports from bytes; `None` when they are damaged or of another form.
pub fn from_bytes(bytes: &[u8]) -> Option<Vec<Made>> {
    let (form, made) = bytes.split_first()?;
    (*form == FORM).then(|| postcard::from_bytes(made).ok())?
}

impl Made {
    /// The records that it made and that stay, since somebody worked on them or on what hangs on
    /// them. `row` finds a record; `linked` finds the records of a type that link to one.
    pub fn staying<R: AsRef<Row>>(
        &self,
        row: impl Fn(RecordId) -> Option<R>,
        linked: impl Fn(RecordId, Kind) -> Vec<R>,
    ) -> BTreeSet<RecordId> {
        let made: BTreeSet<RecordId> = self.undo.iter().flatten().filter_map(deleted).collect();
        let is_worked_on = |id: &RecordId| {
            row(*id).is_some_and(|row| {
                let row = row.as_ref();
                row.edited.at > self.until || row.edited.by != self.by
            })
        };
        let mut staying: BTreeSet<RecordId> = made.iter().copied().filter(is_worked_on).collect();
        loop {
            let goes = |id: RecordId| made.contains(&id) && !staying.contains(&id);
            let is_held = |id: &RecordId| {
                let kinds = [Kind::Contact, Kind::Deal, Kind::Activity];
                let mut sources = kinds.into_iter().flat_map(|kind| linked(*id, kind));
                goes(*id) && sources.any(|source| !goes(source.as_ref().id))
            };
            let held: Vec<RecordId> = made.iter().copied().filter(is_held).collect();
            if held.is_empty() {
                return staying;
            }
            staying.extend(held);
        }
    }
}

/// The record that an edit deletes.
pub fn deleted(edit: &Edit) -> Option<RecordId> {
    let write = edit.writes.first()?;
    (write.at.field == DELETED && write.put.is_some()).then_some(edit.record)
}

/// The edit with which an import is taken back. A contact that goes loses what imports know it by:
/// the same file makes it again, where one that a person deleted stays deleted.
pub fn taking_back(edit: &Edit, row: Option<&Row>) -> Edit {
    let mut edit = edit.clone();
    let is_marked =
        |row: &Row| row.kind == Kind::Contact && !row.text(&contact::IMPORTED).is_empty();
    if deleted(&edit).is_some() && row.is_some_and(is_marked) {
        edit.writes.push(Write::clear(contact::IMPORTED.key));
    }
    edit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::activity;
    use crate::crm::test_rows::{row, row_with};
    use std::rc::Rc;

    fn id(n: u8) -> RecordId {
        RecordId([n; 16])
    }

    fn made() -> Made {
        Made {
            at: Timestamp(1_000),
            until: Timestamp(2_000),
            by: PersonId([1; 8]),
            name: "contacts.csv".into(),
            count: 3,
            undo: vec![
                vec![Edit::delete(id(1)), Edit::delete(id(2))],
                vec![
                    Edit::of(id(3), vec![Write::clear("city")]),
                    Edit::delete(id(9)),
                ],
            ],
        }
    }

    /// Which of the records of [`made`] stay when these rows are there.
    fn staying(rows: &[Row]) -> Vec<u8> {
        let rows: Vec<Rc<Row>> = rows.iter().cloned().map(Rc::new).collect();
        let find = |id: RecordId| rows.iter().find(|row| row.id == id).cloned();
        let linked = |target: RecordId, kind: Kind| {
            let links = |row: &&Rc<Row>| {
                let fields = [&contact::COMPANY, &activity::CONTACT];
                row.kind == kind && fields.iter().any(|field| row.link(field) == Some(target))
            };
            rows.iter().filter(links).cloned().collect()
        };
        let staying = made().staying(find, linked);
        staying.into_iter().map(|id| id.0[0]).collect()
    }

    fn contact(n: u8) -> Row {
        row_with(Kind::Contact, n, &[(&contact::COMPANY, &id(9).to_string())])
    }

    #[test]
    fn a_contact_that_is_taken_back_is_no_longer_known_to_imports() {
        let marked = row_with(Kind::Contact, 1, &[(&contact::IMPORTED, "m")]);
        let taken = taking_back(&Edit::delete(id(1)), Some(&marked));
        let clear = Write::clear(contact::IMPORTED.key);
        assert_eq!(taken.writes[1..], [clear]);
        assert_eq!(deleted(&taken), Some(id(1)));
        let company = row(Kind::Company, 9);
        let plain = Edit::delete(id(9));
        assert_eq!(taking_back(&plain, Some(&company)), plain);
        assert_eq!(taking_back(&plain, None), plain);
    }

    #[test]
    fn what_nobody_touched_since_goes() {
        let company = row(Kind::Company, 9);
        assert!(staying(&[contact(1), contact(2), company]).is_empty());
    }

    #[test]
    fn a_contact_that_was_worked_on_stays_with_its_company() {
        let company = row(Kind::Company, 9);
        let mut edited = contact(1);
        edited.edited.at = Timestamp(2_001);
        assert_eq!(staying(&[edited, contact(2), company.clone()]), [1, 9]);
        let mut by_a_colleague = contact(2);
        by_a_colleague.edited.by = PersonId([7; 8]);
        assert_eq!(staying(&[contact(1), by_a_colleague, company]), [2, 9]);
    }

    #[test]
    fn what_a_visit_or_another_contact_hangs_on_stays() {
        let company = row(Kind::Company, 9);
        let visit = row_with(
            Kind::Activity,
            5,
            &[(&activity::CONTACT, &id(2).to_string())],
        );
        assert_eq!(
            staying(&[contact(1), contact(2), company.clone(), visit]),
            [2, 9]
        );
        assert_eq!(staying(&[contact(1), contact(6), company]), [9]);
    }

    #[test]
    fn imports_survive_their_bytes_and_those_of_a_later_version_are_left() {
        let bytes = to_bytes(&[made()]);
        assert_eq!(from_bytes(&bytes), Some(vec![made()]));
        assert_eq!(from_bytes(&[2, 0]), None);
        assert_eq!(from_bytes(&[]), None);
        let saved = "0101d00fa01f01010101010101010c636f6e74616374732e63737603020201010101010101010101\
            01010101010100010764656c6574656400010131000202020202020202020202020202020200010764656c65\
            7465640001013100020303030303030303030303030303030300010463697479000000090909090909090909\
            0909090909090900010764656c657465640001013100";
        let byte = |at: usize| u8::from_str_radix(&saved[at..at + 2], 16).unwrap();
        let saved: Vec<u8> = (0..saved.len()).step_by(2).map(byte).collect();
        assert_eq!(from_bytes(&saved), Some(vec![made()]));
    }
}
