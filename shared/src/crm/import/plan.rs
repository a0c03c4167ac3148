//! What will happen to each line, and the edits that do it.

use super::draft::{Draft, Problem};
use super::imported::Imported;
use crate::crm::command::{DELETED, Edit, Write};
use crate::crm::field::Field;
use crate::crm::row::{Item, Row};
use crate::crm::{Kind, company, contact, text};
use crate::id::{RecordId, WorkspaceId};
use std::borrow::Borrow;
use std::collections::BTreeMap;

mod index;
use index::Index;

/// Which lines are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only contacts that are not there yet.
    Create,
    /// Only contacts that are there.
    Complete,
    /// All.
    Both,
}

/// What will happen to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A contact is made.
    New(RecordId),
    /// A contact that is there gets values it lacks, or that changed in the file.
    Completes(RecordId),
    /// A deleted contact comes back.
    Restores(RecordId),
    /// Everything stands there already.
    Unchanged(RecordId),
    /// It is about the same contact as an earlier line, and adds to that.
    Double {
        /// The earlier line's number.
        of: u32,
    },
    /// It is left out.
    Skipped(Skip),
}

/// Why a line is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    /// Something is wrong in it.
    Problems(Vec<Problem>),
    /// Only new contacts are wanted, and this one is there.
    AlreadyThere(RecordId),
    /// Only contacts that are there are wanted, and this one is not.
    NotThere,
}

impl Outcome {
    /// The key of its words.
    pub const fn key(&self) -> &'static str {
        match self {
            Outcome::New(_) => "import-new",
            Outcome::Completes(_) => "import-completes",
            Outcome::Restores(_) => "import-restores",
            Outcome::Unchanged(_) => "import-unchanged",
            Outcome::Double { .. } => "import-double",
            Outcome::Skipped(Skip::Problems(_)) => "import-problems",
            Outcome::Skipped(Skip::AlreadyThere(_)) => "import-already-there",
            Outcome::Skipped(Skip::NotThere) => "import-not-there",
        }
    }
}

/// What will happen to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The line's number in the file.
    pub line: u32,
    /// What will happen.
    pub outcome: Outcome,
}

/// How many lines have which outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Contacts made.
    pub new: u32,
    /// Contacts completed.
    pub completed: u32,
    /// Deleted contacts brought back.
    pub restored: u32,
    /// Contacts that stay as they are.
    pub unchanged: u32,
    /// Lines about the contact of an earlier line.
    pub doubles: u32,
    /// Lines left out.
    pub skipped: u32,
    /// Of those, lines with problems.
    pub problems: u32,
    /// Companies made.
    pub companies: u32,
}

/// An import, thought through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What will happen to each line.
    pub rows: Vec<Planned>,
    /// The edits that do it, companies first. Doing some and then planning again leads to the same.
    pub edits: Vec<Edit>,
    /// The sums.
    pub counts: Counts,
}

/// A contact that lines are about.
struct Pending {
    id: RecordId,
    line: u32,
    draft: Draft,
    key: String,
}

/// Thinks an import through. `source` is [`super::File::source_key`].
pub fn plan<R: Borrow<Row>>(
    rows: &[R],
    drafts: &[Draft],
    workspace: WorkspaceId,
    source: &str,
    mode: Mode,
) -> Plan {
    let mut index = Index::of(rows.iter().map(Borrow::borrow), workspace, source);
    let mut plan = Plan::default();
    let mut pending: Vec<Pending> = Vec::new();
    let mut places: BTreeMap<RecordId, usize> = BTreeMap::new();
    let mut row_places: Vec<usize> = Vec::new();
    for draft in drafts {
        let outcome = if draft.problems.is_empty() {
            let (id, key) = index.resolve(draft);
            let there = index.row(id).is_some_and(Row::is_there);
            match (places.get(&id), mode) {
                (None, Mode::Create) if there => Outcome::Skipped(Skip::AlreadyThere(id)),
                (None, Mode::Complete) if !there => Outcome::Skipped(Skip::NotThere),
                (None, Mode::Create | Mode::Complete | Mode::Both) => {
                    places.insert(id, pending.len());
                    row_places.push(plan.rows.len());
                    index.note(id, draft);
                    pending.push(Pending {
                        id,
                        line: draft.line,
                        draft: draft.clone(),
                        key,
                    });
                    Outcome::Unchanged(id)
                }
                (Some(place), _) => {
                    index.note(id, draft);
                    let first = &mut pending[*place];
                    join(&mut first.draft, draft);
                    Outcome::Double { of: first.line }
                }
            }
        } else {
            Outcome::Skipped(Skip::Problems(draft.problems.clone()))
        };
        plan.rows.push(Planned {
            line: draft.line,
            outcome,
        });
    }
    let mut contacts = Vec::new();
    for (one, place) in pending.iter().zip(row_places) {
        let row = index.row(one.id);
        let writes = writes(one, row, &mut index, &mut plan.edits);
        plan.rows[place].outcome = match row {
            None => Outcome::New(one.id),
            Some(row) if !row.is_there() => Outcome::Restores(one.id),
            Some(_) if writes.is_empty() => Outcome::Unchanged(one.id),
            Some(_) => Outcome::Completes(one.id),
        };
        match row {
            None => contacts.push(Edit::make(one.id, Kind::Contact, writes)),
            Some(_) if writes.is_empty() => {}
            Some(_) => contacts.push(Edit::of(one.id, writes)),
        }
    }
    plan.counts = counts(&plan.rows, plan.edits.len());
    plan.edits.append(&mut contacts);
    plan
}

/// Adds what a later line says about the same contact; what an earlier one says stays.
fn join(first: &mut Draft, draft: &Draft) {
    for (own, other) in [
        (&mut first.first_name, &draft.first_name),
        (&mut first.last_name, &draft.last_name),
    ] {
        if own.is_empty() {
            own.clone_from(other);
        }
    }
    for (key, stored) in &draft.fields {
        if !first.fields.iter().any(|(own, _)| own == key) {
            first.fields.push((key, stored.clone()));
        }
    }
    first.phones.extend_from_slice(&draft.phones);
    first.emails.extend_from_slice(&draft.emails);
    first.tags.extend_from_slice(&draft.tags);
    if first.company.is_none() {
        first.company.clone_from(&draft.company);
    }
}

/// The writes that bring a contact to what its lines say; companies that it needs are made.
fn writes(
    one: &Pending,
    row: Option<&Row>,
    index: &mut Index,
    companies: &mut Vec<Edit>,
) -> Vec<Write> {
    let draft = &one.draft;
    let before = Imported::parse(row.map_or("", |row| row.text(&contact::IMPORTED)));
    let mut imported = before.clone();
    let mut writes = Vec::new();
    if row.is_some_and(|row| !row.is_there()) {
        writes.push(Write::clear(DELETED));
    }
    let names = [
        (&contact::FIRST_NAME, &draft.first_name),
        (&contact::LAST_NAME, &draft.last_name),
    ];
    let fields = draft.fields.iter().filter_map(|(key, stored)| {
        let field = Kind::Contact.field(key)?;
        Some((field, stored))
    });
    for (field, stored) in names.into_iter().chain(fields) {
        let current = row
            .and_then(|row| row.value(field))
            .map(|value| value.to_stored());
        if stored.is_empty() || before.holds(field, stored) {
            continue;
        }
        match current.as_deref() {
            Some(current) if current == stored => imported.note(field, stored),
            Some(current) if !may_replace(field, current, &before) => {}
            _ => {
                imported.note(field, stored);
                writes.push(Write::put(field.key, stored.as_str()));
            }
        }
    }
    if let Some(name) = &draft.company {
        let basis = text::words(name);
        let current = row.and_then(|row| row.link(&contact::COMPANY));
        let free = current.is_none() || before.has(&contact::COMPANY);
        if !before.holds(&contact::COMPANY, &basis) && free {
            let id = index.company(name, companies);
            imported.note(&contact::COMPANY, &basis);
            if current != Some(id) {
                writes.push(Write::put(contact::COMPANY.key, id.to_string()));
            }
        }
    }
    for (field, item) in items(draft) {
        let same = |own: &Item| own.key == item.key || item_key(field, &own.text) == item.key;
        let there = row.is_some_and(|row| row.items(field).any(same));
        // One that was imported before and is gone was taken out by somebody.
        if before.holds(field, &item.key) || imported.holds(field, &item.key) {
            continue;
        }
        imported.note(field, &item.key);
        if !there {
            writes.push(Write::put_item(field.key, &item));
        }
    }
    let never = before == Imported::default();
    if (writes.is_empty() && never && row.is_some()) || imported == before {
        return writes;
    }
    if row.is_none_or(|row| row.text(&contact::SOURCE).is_empty()) {
        writes.push(Write::put(contact::SOURCE.key, one.key.as_str()));
    }
    writes.push(Write::put(contact::IMPORTED.key, imported.to_stored()));
    writes
}

/// Whether a value that differs in the file takes the place of what stands there: only of what was
/// imported, and of a note only while nobody wrote in it.
fn may_replace(field: &Field, current: &str, before: &Imported) -> bool {
    let untouched = || current.chars().count() < Row::NOTE_EXCERPT && before.holds(field, current);
    current.is_empty() || (before.has(field) && (*field != contact::NOTES || untouched()))
}

/// The items that a draft asks for.
fn items(draft: &Draft) -> Vec<(&'static Field, Item)> {
    let item = |field: &'static Field, label: &str, text: &str| {
        let item = Item {
            key: item_key(field, text),
            label: label.to_owned(),
            text: text.to_owned(),
        };
        (field, item)
    };
    let phones = draft
        .phones
        .iter()
        .map(|(label, text)| item(&contact::PHONES, label, text));
    let emails = draft
        .emails
        .iter()
        .map(|(label, text)| item(&contact::EMAILS, label, text));
    let tags = draft.tags.iter().map(|text| item(&contact::TAGS, "", text));
    phones.chain(emails).chain(tags).collect()
}

/// The key of an item, the same for everyone who imports it.
fn item_key(field: &Field, text: &str) -> String {
    if *field == contact::PHONES {
        let digits = text::phone_key(text);
        if !digits.is_empty() {
            return digits;
        }
    }
    text::lower(text)
}

fn counts(rows: &[Planned], companies: usize) -> Counts {
    let mut counts = Counts {
        companies: companies as u32,
        ..Counts::default()
    };
    for row in rows {
        match &row.outcome {
            Outcome::New(_) => counts.new += 1,
            Outcome::Completes(_) => counts.completed += 1,
            Outcome::Restores(_) => counts.restored += 1,
            Outcome::Unchanged(_) => counts.unchanged += 1,
            Outcome::Double { .. } => counts.doubles += 1,
            Outcome::Skipped(skip) => {
                counts.skipped += 1;
                counts.problems += u32::from(matches!(skip, Skip::Problems(_)));
            }
        }
    }
    counts
}

/// A company made by an import.
fn new_company(id: RecordId, name: &str, source: &str) -> Edit {
    let writes = vec![
        Write::clear(DELETED),
        Write::put(company::NAME.key, name),
        Write::put(company::SOURCE.key, source),
    ];
    Edit::make(id, Kind::Company, writes)
}
