//! Who made a record and who edited it last, of all its changes.

use super::Document;
use super::genesis::{GENESIS_PERSON, am_hash};
use super::project::mark;
use crate::crm::row::Mark;
use automerge::ChangeHash;

/// What was found up to some heads: only what came since is to be looked at.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    heads: Vec<ChangeHash>,
    /// Several people may have made it without knowing of each other: the earliest.
    pub(super) created: Option<Mark>,
    /// The latest.
    pub(super) edited: Option<Mark>,
}

impl Document {
    /// Who made it and who edited it last; nobody where it holds nothing of a person.
    pub(super) fn marks(&self) -> Marks {
        let known = self.marks.take().unwrap_or_else(|| Marks {
            heads: vec![am_hash()],
            created: None,
            edited: None,
        });
        let marks = self.marks_after(known);
        self.marks.replace(Some(marks.clone()));
        marks
    }

    fn marks_after(&self, known: Marks) -> Marks {
        let heads = self.am.get_heads();
        if heads == known.heads {
            return known;
        }
        let mut marks = known;
        // Whoever made it may have seen the start of its note.
        let is_everyones = |hash: &ChangeHash| {
            let meta = self.am.get_change_meta_by_hash(hash);
            let mark = meta.as_ref().and_then(mark);
            mark.is_some_and(|mark| mark.by == GENESIS_PERSON)
        };
        for meta in self.am.get_changes_meta(&marks.heads) {
            let Some(mark) = mark(&meta).filter(|mark| mark.by != GENESIS_PERSON) else {
                continue;
            };
            let order = |mark: &Mark| (mark.at, mark.by);
            marks.edited = marks.edited.into_iter().chain([mark]).max_by_key(order);
            if meta.deps.iter().all(is_everyones) {
                marks.created = marks.created.into_iter().chain([mark]).min_by_key(order);
            }
        }
        marks.heads = heads;
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Kind;
    use crate::crm::command::{Edit, Write};
    use crate::id::{PersonId, RecordId, Writer};
    use crate::time::Timestamp;

    const ID: RecordId = RecordId([7; 16]);

    fn by(n: u8) -> Writer {
        Writer {
            person: PersonId([n; 8]),
            instance: [n; 8],
        }
    }

    fn city(name: &str) -> Edit {
        Edit::of(ID, vec![Write::put("city", name)])
    }

    #[test]
    fn what_came_since_they_were_read_counts_too() {
        let mut here = Document::new();
        let mut there = Document::new();
        let make = Edit::make(ID, Kind::Contact, vec![Write::put("city", "Brest")]);
        here.edit(&make, by(1), Timestamp(50)).unwrap();
        let mut came = there.edit(&make, by(2), Timestamp(40)).unwrap().changes;
        let row = here.row(ID).unwrap();
        assert_eq!((row.created.at.0, row.edited.at.0), (50, 50));
        here.edit(&city("Nantes"), by(1), Timestamp(60)).unwrap();
        assert_eq!(here.row(ID).unwrap().edited.at.0, 60);
        // Made elsewhere before, edited elsewhere later, seen here only now.
        came.extend(
            there
                .edit(&city("Rennes"), by(2), Timestamp(70))
                .unwrap()
                .changes,
        );
        here.apply(came.iter().map(|change| change.bytes.as_slice()))
            .unwrap();
        let row = here.row(ID).unwrap();
        assert_eq!((row.created.by, row.created.at.0), (by(2).person, 40));
        assert_eq!((row.edited.by, row.edited.at.0), (by(2).person, 70));
        let fresh = Document::open(&here.save()).unwrap();
        assert_eq!(fresh.row(ID).unwrap(), row);
    }

    #[test]
    fn who_made_it_may_have_seen_the_start_of_its_note() {
        let mut document = Document::new();
        let start = super::super::genesis::note_start("notes", "");
        document.apply([start.raw_bytes()]).unwrap();
        let make = Edit::make(ID, Kind::Contact, vec![Write::put("city", "Brest")]);
        document.edit(&make, by(1), Timestamp(50)).unwrap();
        let row = document.row(ID).unwrap();
        assert_eq!((row.created.by, row.created.at.0), (by(1).person, 50));
        // A new generation is signed by people alone.
        let (changes, anew) = document.squash(ID).unwrap();
        assert_eq!(anew.created, row.created);
        let bytes = changes.iter().map(|change| change.bytes.as_slice());
        let anew = Document::load(bytes).unwrap();
        let by_nobody = anew.am.get_changes_meta(&[am_hash()]);
        let by_nobody = by_nobody.iter().filter_map(mark);
        assert_eq!(
            by_nobody.filter(|mark| mark.by == GENESIS_PERSON).count(),
            1
        );
    }
}
