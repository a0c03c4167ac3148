//! All rows of the open workspace, by id, by type and by what they link to.

use crate::browser;
use shared::crm::Kind;
use shared::crm::due::Agenda;
use shared::crm::field::Shape;
use shared::crm::query::{Context, Query, query};
use shared::crm::row::{Row, Value};
use shared::crm::search::Haystack;
use shared::id::RecordId;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The rows.
#[derive(Default)]
pub struct Rows {
    by_id: HashMap<RecordId, Rc<Row>>,
    linked_by: HashMap<RecordId, Vec<RecordId>>,
    lists: RefCell<BTreeMap<Kind, Rc<Vec<Rc<Row>>>>>,
    versions: BTreeMap<Kind, u64>,
    agenda: RefCell<Rc<Agenda>>,
    /// Records whose activities changed since the agenda was read.
    unplanned: RefCell<Vec<RecordId>>,
    haystack: RefCell<Haystack>,
    unsearched: RefCell<Vec<RecordId>>,
}

impl Rows {
    /// Forgets all rows. The versions go on, so that nothing takes new rows for the old ones.
    pub fn clear(&mut self) {
        let mut versions = std::mem::take(&mut self.versions);
        for kind in Kind::ALL {
            *versions.entry(*kind).or_default() += 1;
        }
        *self = Rows {
            versions,
            ..Rows::default()
        };
    }

    /// Keeps a row, in place of an older one. Returns whether lists may show the difference: what
    /// is typed into a note, letter by letter, they do not.
    pub fn put(&mut self, row: Row) -> bool {
        let (id, kind) = (row.id, row.kind);
        let links = links_of(&row);
        let row = Rc::new(row);
        let old = self.by_id.insert(id, row.clone());
        self.lists.borrow_mut().remove(&kind);
        if old.as_ref().is_some_and(|old| is_same_in_lists(old, &row)) {
            return false;
        }
        let before = old.as_deref().map(links_of).unwrap_or_default();
        for target in before.iter().filter(|target| !links.contains(target)) {
            if let Some(sources) = self.linked_by.get_mut(target) {
                sources.retain(|source| *source != id);
            }
        }
        for target in links.iter().filter(|target| !before.contains(target)) {
            self.linked_by.entry(*target).or_default().push(id);
        }
        if kind == Kind::Activity {
            self.unplanned
                .get_mut()
                .extend(links.into_iter().chain(before));
        } else {
            self.unsearched.get_mut().push(id);
        }
        *self.versions.entry(kind).or_default() += 1;
        true
    }

    /// How many records are held, deleted ones too.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// A record, also a deleted one.
    pub fn get(&self, id: RecordId) -> Option<Rc<Row>> {
        self.by_id.get(&id).cloned()
    }

    /// All records of a type that are there; contacts, companies and deals by name.
    pub fn of_kind(&self, kind: Kind) -> Rc<Vec<Rc<Row>>> {
        let known = self.lists.borrow().get(&kind).cloned();
        known.unwrap_or_else(|| {
            let shown: Vec<Rc<Row>> = if kind == Kind::Activity {
                let rows = self.by_id.values();
                rows.filter(|row| row.kind == kind && row.is_there())
                    .cloned()
                    .collect()
            } else {
                self.searched(|haystack| {
                    let ids = haystack.of_kind(kind);
                    ids.filter_map(|id| self.by_id.get(&id).cloned()).collect()
                })
            };
            let shown = Rc::new(shown);
            self.lists.borrow_mut().insert(kind, shown.clone());
            shown
        })
    }

    /// All records of these types, deleted ones too: what an import compares with.
    pub fn all_of(&self, kinds: &[Kind]) -> Vec<Rc<Row>> {
        let rows = self.by_id.values().filter(|row| kinds.contains(&row.kind));
        rows.cloned().collect()
    }

    /// A number that grows whenever a record of the type changes.
    pub fn version(&self, kind: Kind) -> u64 {
        self.versions.get(&kind).copied().unwrap_or_default()
    }

    /// What is planned, for all records.
    pub fn agenda(&self) -> Rc<Agenda> {
        let mut unplanned = self.unplanned.take();
        let mut agenda = self.agenda.borrow_mut();
        if !unplanned.is_empty() {
            unplanned.sort_unstable();
            unplanned.dedup();
            let agenda = Rc::make_mut(&mut agenda);
            for record in unplanned {
                let sources = self.linked_by.get(&record).into_iter().flatten();
                let rows = sources.filter_map(|source| self.by_id.get(source));
                agenda.refresh(record, rows.map(Rc::as_ref));
            }
        }
        agenda.clone()
    }

    /// Reads in the searched texts, which take in what changed since they were last read.
    /// Activities are not among them: they are found with the record that they are about.
    pub fn searched<T>(&self, read: impl FnOnce(&Haystack) -> T) -> T {
        let unsearched = self.unsearched.take();
        if !unsearched.is_empty() {
            let rows = unsearched.iter().filter_map(|id| self.by_id.get(id));
            let mut haystack = self.haystack.borrow_mut();
            haystack.put(rows.map(Rc::as_ref));
        }
        read(&self.haystack.borrow())
    }

    /// The records of a list, in its order.
    pub fn query(&self, asked: &Query) -> Vec<Rc<Row>> {
        let rows = self.of_kind(asked.kind);
        let agenda = self.agenda();
        self.searched(|haystack| {
            let context = Context {
                haystack,
                agenda: &agenda,
                today: browser::today(),
            };
            let found = query(&rows, asked, context);
            found.into_iter().map(|at| rows[at].clone()).collect()
        })
    }

    /// The records of a type that link to this one and are there.
    pub fn linked(&self, id: RecordId, kind: Kind) -> Vec<Rc<Row>> {
        let sources = self.linked_by.get(&id).map(Vec::as_slice).unwrap_or(&[]);
        sources
            .iter()
            .filter_map(|source| self.by_id.get(source))
            .filter(|row| row.kind == kind && row.is_there())
            .cloned()
            .collect()
    }
}

fn is_same_in_lists(old: &Row, new: &Row) -> bool {
    let is_note = |tag: u8| {
        let field = new.kind.fields().iter().find(|field| field.tag == tag);
        field.is_some_and(|field| matches!(field.shape, Shape::Note))
    };
    let shown = |row: &Row| -> Vec<(u8, Value)> {
        let values = row.values.iter().filter(|(tag, _)| !is_note(*tag));
        values.cloned().collect()
    };
    old.presence == new.presence
        && old.items == new.items
        && old.others == new.others
        && old.unknown == new.unknown
        && shown(old) == shown(new)
}

fn links_of(row: &Row) -> Vec<RecordId> {
    let single = row.values.iter().filter_map(|(_, value)| match value {
        Value::Link(id) => Some(*id),
        Value::Text(_)
        | Value::Date(_)
        | Value::Moment(_)
        | Value::Money(_)
        | Value::Flag(_)
        | Value::Person(_) => None,
    });
    let plural = row
        .kind
        .fields()
        .iter()
        .filter(|field| matches!(field.shape, Shape::Links(_)))
        .flat_map(|field| row.links(field));
    single.chain(plural).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::contact;
    use shared::crm::row::{Mark, Presence};
    use shared::id::PersonId;
    use shared::time::Timestamp;

    fn row(id: u8, kind: Kind, values: Vec<(u8, Value)>) -> Row {
        let mark = Mark {
            by: PersonId([1; 8]),
            at: Timestamp(0),
        };
        Row {
            id: RecordId([id; 16]),
            kind,
            values,
            items: vec![],
            others: vec![],
            unknown: vec![],
            presence: Presence::There,
            created: mark,
            edited: mark,
        }
    }

    #[test]
    fn a_company_knows_its_contacts_until_they_leave() {
        let (mut rows, company) = (Rows::default(), RecordId([9; 16]));
        let at = |id| vec![(contact::COMPANY.tag, Value::Link(RecordId([id; 16])))];
        assert!(rows.put(row(1, Kind::Contact, at(9))));
        assert!(!rows.put(row(1, Kind::Contact, at(9))));
        assert_eq!(rows.linked(company, Kind::Contact).len(), 1);
        assert!(rows.linked(company, Kind::Deal).is_empty());
        rows.put(row(1, Kind::Contact, at(8)));
        assert!(rows.linked(company, Kind::Contact).is_empty());
        assert_eq!(rows.linked(RecordId([8; 16]), Kind::Contact).len(), 1);
    }

    #[test]
    fn typing_into_a_note_leaves_lists_alone() {
        let mut rows = Rows::default();
        let with = |text: &str| vec![(contact::NOTES.tag, Value::Text(text.into()))];
        rows.put(row(1, Kind::Contact, with("a")));
        assert!(!rows.put(row(1, Kind::Contact, with("ab"))));
        assert_eq!(rows.version(Kind::Contact), 1);
        assert_eq!(rows.of_kind(Kind::Contact)[0].text(&contact::NOTES), "ab");
    }

    #[test]
    fn a_deleted_record_is_found_by_id_and_in_no_list() {
        let mut rows = Rows::default();
        let mut gone = row(1, Kind::Contact, vec![]);
        rows.put(gone.clone());
        assert_eq!(rows.of_kind(Kind::Contact).len(), 1);
        gone.presence = Presence::Deleted(gone.created);
        rows.put(gone);
        assert!(rows.of_kind(Kind::Contact).is_empty());
        assert!(rows.get(RecordId([1; 16])).is_some());
        assert_eq!(rows.version(Kind::Contact), 2);
    }
}
