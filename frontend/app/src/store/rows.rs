//! All rows of the open workspace, by id, by type and by what they link to.

use shared::crm::Kind;
use shared::crm::due::Agenda;
use shared::crm::field::Shape;
use shared::crm::order::sort_by;
use shared::crm::query::{Context, Query, query};
use shared::crm::row::{Row, Value};
use shared::crm::search::Haystack;
use shared::id::RecordId;
use shared::time::Date;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The rows. What lists, search and the agenda are read from is derived when it is read, from the
/// records that changed since; each of them is there once, however often it changed.
#[derive(Default)]
pub struct Rows {
    by_id: HashMap<RecordId, Rc<Row>>,
    linked_by: HashMap<RecordId, Vec<RecordId>>,
    lists: RefCell<BTreeMap<Kind, Rc<Vec<Rc<Row>>>>>,
    versions: BTreeMap<Kind, u64>,
    edits: u64,
    agenda: RefCell<Rc<Agenda>>,
    /// Records whose activities changed since the agenda was read; some several times.
    unplanned: RefCell<Vec<RecordId>>,
    haystack: RefCell<Haystack>,
    /// Records that changed since something was searched; some several times.
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
            edits: self.edits + 1,
            ..Rows::default()
        };
    }

    /// Keeps a row, in place of an older one. Adds the types whose lists may show the difference:
    /// what is typed into a note, letter by letter, they do not.
    pub fn put(&mut self, row: Row, shown: &mut Vec<Kind>) {
        let (id, kind) = (row.id, row.kind);
        let links = links_of(&row);
        let row = Rc::new(row);
        let old = self.by_id.insert(id, row.clone());
        let was = old.as_ref().map_or(kind, |old| old.kind);
        self.edits += 1;
        for kind in [kind, was] {
            self.lists.get_mut().remove(&kind);
        }
        if old.as_ref().is_some_and(|old| is_same_in_lists(old, &row)) {
            return;
        }
        let before = old.as_deref().map(links_of).unwrap_or_default();
        let left = |target: &&RecordId| links.binary_search(target).is_err();
        for target in before.iter().filter(left) {
            if let Some(sources) = self.linked_by.get_mut(target) {
                sources.retain(|source| *source != id);
            }
        }
        let came = |target: &&RecordId| before.binary_search(target).is_err();
        for target in links.iter().filter(came) {
            self.linked_by.entry(*target).or_default().push(id);
        }
        if kind == Kind::Activity || was == Kind::Activity {
            let unplanned = self.unplanned.get_mut();
            unplanned.extend(links.into_iter().chain(before));
        }
        if kind != Kind::Activity || was != Kind::Activity {
            self.unsearched.get_mut().push(id);
        }
        for kind in [kind, was] {
            if !shown.contains(&kind) {
                shown.push(kind);
            }
            *self.versions.entry(kind).or_default() += 1;
        }
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

    /// A number that grows with every edit of any record, also of one that lists do not show.
    pub fn edits(&self) -> u64 {
        self.edits
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

    /// The records of a list, in its order, on that day.
    pub fn query(&self, asked: &Query, today: Date) -> Vec<Rc<Row>> {
        let rows = self.of_kind(asked.kind);
        let agenda = self.agenda();
        self.searched(|haystack| {
            let context = Context {
                haystack,
                agenda: &agenda,
                today,
            };
            let found = query(&rows, asked, context);
            found.into_iter().map(|at| rows[at].clone()).collect()
        })
    }

    /// The records of a type that link to this one and are there, in the order of their ids.
    pub fn linked(&self, id: RecordId, kind: Kind) -> Vec<Rc<Row>> {
        let sources = self.linked_by.get(&id).into_iter().flatten();
        let mut rows: Vec<Rc<Row>> = sources
            .filter_map(|source| self.by_id.get(source))
            .filter(|row| row.kind == kind && row.is_there())
            .cloned()
            .collect();
        sort_by(&mut rows, &|a, b| a.id.cmp(&b.id));
        rows
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
    old.kind == new.kind
        && old.created == new.created
        && old.presence == new.presence
        && old.items == new.items
        && old.others == new.others
        && old.unknown == new.unknown
        && shown(old) == shown(new)
}

/// The records that a row links to, each once, in the order of their ids.
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
    let mut links: Vec<RecordId> = single.chain(plural).collect();
    links.sort_unstable();
    links.dedup();
    links
}

#[cfg(test)]
mod tests;
