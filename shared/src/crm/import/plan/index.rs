//! Which contact a line is about.
//!
//! Sure is only what the source's own id says, or an address, number or customer number together with
//! a name that agrees whole. What else may be the same person is a suspicion for a person to judge.

use super::name::Name;
use super::{Suspect, Why, new_company};
use crate::crm::command::{DELETED, Edit, Write};
use crate::crm::field::Field;
use crate::crm::import::draft::Draft;
use crate::crm::import::imported::{Imported, alias};
use crate::crm::row::Row;
use crate::crm::{Kind, company, contact, text};
use crate::id::{RecordId, WorkspaceId};
use std::collections::BTreeMap;

/// How many records that share an address or number are looked at for a suspicion.
const LOOKED_AT: usize = 50;

/// What the workspace holds, by what identifies a contact or a company.
pub(super) struct Index<'a> {
    workspace: WorkspaceId,
    source: &'a str,
    drafts: &'a [Draft],
    rows: BTreeMap<RecordId, &'a Row>,
    /// Those of them that are not taken in yet, the last first.
    unread: Vec<&'a Row>,
    /// Contacts by what they are known by.
    known: [BTreeMap<String, Vec<RecordId>>; 4],
    /// Names of contacts that are there.
    names: BTreeMap<RecordId, Name>,
    /// Contacts by keys of sources that a person said to mean them.
    aliases: BTreeMap<&'a str, RecordId>,
    /// The lines of this file that are about a record, by place in `drafts`, each with its name.
    lines: BTreeMap<RecordId, Vec<(usize, Name)>>,
    /// By name; the first is the one that is meant.
    companies: BTreeMap<String, RecordId>,
}

/// What contacts are known by, the surest first.
#[derive(Clone, Copy)]
enum By {
    Id,
    Email,
    Phone,
    Name,
}

/// Whom a line is about.
pub(super) struct Found {
    /// The record, there or to be made.
    pub id: RecordId,
    /// What identifies the line.
    pub key: String,
    /// What identifies it in its source.
    pub source: String,
    /// Who else it may be.
    pub suspect: Option<Suspect>,
}

impl<'a> Index<'a> {
    pub fn of(
        rows: impl Iterator<Item = &'a Row>,
        drafts: &'a [Draft],
        workspace: WorkspaceId,
        source: &'a str,
    ) -> Index<'a> {
        let of_import = |row: &&Row| matches!(row.kind, Kind::Contact | Kind::Company);
        let rows: BTreeMap<RecordId, &Row> =
            rows.filter(of_import).map(|row| (row.id, row)).collect();
        // In the order of ids, so that of several equal ones everybody takes the same.
        let unread: Vec<&Row> = rows.values().rev().copied().collect();
        Index {
            workspace,
            source,
            drafts,
            rows,
            unread,
            known: Default::default(),
            names: BTreeMap::new(),
            aliases: BTreeMap::new(),
            lines: BTreeMap::new(),
            companies: BTreeMap::new(),
        }
    }

    /// Takes in the next row; whether there was one. No line may be resolved before all are in.
    pub fn read_row(&mut self) -> bool {
        let Some(row) = self.unread.pop() else {
            return false;
        };
        if !row.is_there() {
            return true;
        }
        if row.kind == Kind::Company {
            let name = text::words(row.text(&company::NAME));
            self.companies.entry(name).or_insert(row.id);
            return true;
        }
        for alias in Imported::aliases(row.text(&contact::IMPORTED)) {
            self.aliases.insert(alias, row.id);
        }
        if let Some((_, id)) = row.text(&contact::SOURCE).split_once(" id:") {
            self.add(By::Id, id.to_owned(), row.id);
        }
        for item in row.items(&contact::EMAILS) {
            self.add(By::Email, text::lower(&item.text), row.id);
        }
        for item in row.items(&contact::PHONES) {
            self.add(By::Phone, text::phone_key(&item.text), row.id);
        }
        let name = Name::of_row(row);
        self.add(By::Name, name.key().to_owned(), row.id);
        self.names.insert(row.id, name);
        true
    }

    fn add(&mut self, by: By, key: String, id: RecordId) {
        let ids = self.known[by as usize].entry(key).or_default();
        if ids.last() != Some(&id) {
            ids.push(id);
        }
    }

    /// The source of the file.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The record of that id, deleted or not.
    pub fn row(&self, id: RecordId) -> Option<&'a Row> {
        self.rows.get(&id).copied()
    }

    /// The contact that a line is about. `same` is whom a person says it is.
    pub fn resolve(&self, at: usize, same: Option<RecordId>) -> Found {
        let draft = &self.drafts[at];
        let name = Name::of(&draft.first_name, &draft.last_name);
        let title = text::words(&draft.title());
        let mut marks: Vec<(By, String)> = Vec::new();
        if let Some(id) = &draft.id {
            marks.push((By::Id, format!("{}:{id}", self.source)));
        }
        let emails = draft.emails.iter();
        marks.extend(emails.map(|(_, email)| (By::Email, text::lower(email))));
        let phones = draft.phones.iter().map(|(_, phone)| text::phone_key(phone));
        let phones = phones.filter(|digits| digits.len() >= 6);
        marks.extend(phones.map(|digits| (By::Phone, digits)));
        let base = match marks.first() {
            Some((By::Id, id)) => format!("id:{id}"),
            Some((By::Email, email)) => format!("email:{email}"),
            Some((By::Phone | By::Name, phone)) => format!("phone:{phone}"),
            None => {
                let company = draft.company.as_deref().unwrap_or_default();
                format!("name:{title}|{}", text::words(company))
            }
        };
        // A product's own id needs no name beside it; one from any table is only as good as an address.
        let key = match marks.first() {
            Some((By::Id, _)) if self.source != super::ANY_SOURCE => base.clone(),
            Some(_) => format!("{base}:{title}"),
            None => self.of_name(&base, draft),
        };
        let found = |id| Found {
            id,
            key: key.clone(),
            source: if draft.id.is_some() {
                base.clone()
            } else {
                key.clone()
            },
            suspect: None,
        };
        if !self.aliases.is_empty()
            && let Some(id) = self.aliases.get(alias(&key).as_str())
        {
            return found(*id);
        }
        let own = self.derived(&key);
        let there = |id: &RecordId| self.row(*id).is_some_and(Row::is_there);
        if there(&own) || self.lines.contains_key(&own) {
            return found(own);
        }
        for (by, mark) in &marks {
            let sharing = self.known[*by as usize].get(mark).into_iter().flatten();
            for id in sharing {
                if self.is(*id, &name, draft) {
                    return found(*id);
                }
            }
        }
        // Earlier versions derived the id of whoever came first from the address alone.
        let plain = (base != key && !marks.is_empty()).then(|| self.derived(&base));
        let plain = plain.filter(|id| self.rows.contains_key(id) && self.is(*id, &name, draft));
        if let Some(id) = plain.filter(there) {
            return found(id);
        }
        if self.rows.contains_key(&own) {
            return found(own);
        }
        if let Some(id) = plain {
            return found(id);
        }
        let mut found = found(own);
        found.suspect = self.suspect(marks, &name, &base, same);
        if let Some(suspect) = found.suspect.filter(|suspect| suspect.same) {
            found.id = suspect.id;
        }
        found
    }

    /// The key of a line that has nothing but a name: what it says beside tells namesakes apart.
    fn of_name(&self, base: &str, draft: &Draft) -> String {
        let mut key = format!("{base}:");
        for (field, stored) in &draft.fields {
            key.push_str(&format!("{field}={stored};"));
        }
        let particular = self.derived(&key);
        if self.rows.contains_key(&particular) || self.lines.contains_key(&particular) {
            return key;
        }
        let plain = self.derived(base);
        let lines = self.lines.get(&plain).into_iter().flatten();
        let mut before = lines.map(|(at, _)| &self.drafts[*at]);
        let differs = |other: &Draft| {
            draft.fields.iter().any(|(field, stored)| {
                let others = other.fields.iter();
                others
                    .filter(|(own, _)| own == field)
                    .any(|(_, other)| other != stored)
            })
        };
        let other = self.row(plain).is_some_and(|row| contradicts(row, draft));
        if other || before.any(differs) {
            key
        } else {
            base.to_owned()
        }
    }

    /// Who the line may be about, though that is not sure: whoever is most like its name.
    fn suspect(
        &self,
        mut marks: Vec<(By, String)>,
        name: &Name,
        base: &str,
        same: Option<RecordId>,
    ) -> Option<Suspect> {
        let mut best: Option<(usize, Suspect)> = None;
        let plain = self.derived(base);
        if marks.is_empty() && (self.names.contains_key(&plain) || self.lines.contains_key(&plain))
        {
            best = Some((usize::MAX, self.suspicion(plain, Why::Name, same)));
        }
        marks.push((By::Name, name.key().to_owned()));
        for (by, mark) in marks {
            let why = match by {
                By::Id => Why::Id,
                By::Email => Why::Email,
                By::Phone => Why::Phone,
                By::Name => Why::Name,
            };
            let sharing = self.known[by as usize].get(&mark).into_iter().flatten();
            for id in sharing.take(LOOKED_AT) {
                let likeness = self.likeness(*id, name);
                if likeness > best.as_ref().map_or(0, |(most, _)| *most) {
                    best = Some((likeness, self.suspicion(*id, why, same)));
                }
            }
        }
        best.map(|(_, suspect)| suspect)
    }

    fn suspicion(&self, id: RecordId, why: Why, same: Option<RecordId>) -> Suspect {
        let lines = self.lines.get(&id).and_then(|lines| lines.first());
        Suspect {
            id,
            line: lines
                .filter(|_| self.row(id).is_none())
                .map(|(at, _)| self.drafts[*at].line),
            why,
            same: same == Some(id),
        }
    }

    fn likeness(&self, id: RecordId, name: &Name) -> usize {
        let lines = self.lines.get(&id).into_iter().flatten();
        let names = lines.map(|(_, name)| name).chain(self.names.get(&id));
        names.map(|own| own.likeness(name)).max().unwrap_or(0)
    }

    /// Whether a record that shares something with a line is its person: the name agrees whole, or is
    /// the one that was imported and that somebody changed since.
    fn is(&self, id: RecordId, name: &Name, draft: &Draft) -> bool {
        let lines = self.lines.get(&id).into_iter().flatten();
        let mut names = lines.map(|(_, name)| name).chain(self.names.get(&id));
        if names.any(|own| own.agrees(name)) {
            return true;
        }
        let Some(row) = self.row(id) else {
            return false;
        };
        let imported = Imported::of(row);
        let was = |field: &Field, text: &str| match text {
            "" => !imported.has(field),
            text => imported.holds(field, text),
        };
        let renamed = !imported.is_empty()
            && was(&contact::FIRST_NAME, &draft.first_name)
            && was(&contact::LAST_NAME, &draft.last_name);
        renamed || Name::of_row(row).agrees(name)
    }

    /// Notes that a line is about a record, for the lines after it.
    pub fn note(&mut self, id: RecordId, at: usize) {
        let draft = &self.drafts[at];
        if let Some(own) = &draft.id {
            self.add(By::Id, format!("{}:{own}", self.source), id);
        }
        for (_, email) in &draft.emails {
            self.add(By::Email, text::lower(email), id);
        }
        for (_, phone) in &draft.phones {
            self.add(By::Phone, text::phone_key(phone), id);
        }
        let name = Name::of(&draft.first_name, &draft.last_name);
        self.add(By::Name, name.key().to_owned(), id);
        self.lines.entry(id).or_default().push((at, name));
    }

    /// The company of that name: one that is called so, or that was made for that name and is called
    /// otherwise since.
    pub fn company(&self, name: &str) -> RecordId {
        let words = text::words(name);
        match self.companies.get(&words) {
            Some(id) => *id,
            None => self.derived_company(&words).0,
        }
    }

    /// As [`Index::company`]; where it is not there, an edit makes it or brings it back.
    pub fn make_company(&mut self, name: &str, edits: &mut Vec<Edit>) -> RecordId {
        let words = text::words(name);
        if let Some(id) = self.companies.get(&words) {
            return *id;
        }
        let (id, key) = self.derived_company(&words);
        match self.row(id) {
            Some(row) if row.is_there() => {}
            Some(row) if !row.text(&company::NAME).is_empty() => {
                edits.push(Edit::of(id, vec![Write::clear(DELETED)]));
            }
            _ => edits.push(new_company(id, name, &format!("{} {key}", self.source))),
        }
        self.companies.insert(words, id);
        id
    }

    fn derived_company(&self, words: &str) -> (RecordId, String) {
        let key = format!("name:{words}");
        let id = RecordId::derived(self.workspace, Kind::Company.name(), &key);
        (id, key)
    }

    fn derived(&self, key: &str) -> RecordId {
        RecordId::derived(self.workspace, Kind::Contact.name(), key)
    }
}

/// Whether a line says something else than a record does, and than was imported into it.
fn contradicts(row: &Row, draft: &Draft) -> bool {
    let imported = Imported::of(row);
    let fields = draft.fields.iter().filter_map(|(key, stored)| {
        let field = Kind::Contact.field(key)?;
        Some((field, row.value(field)?.to_stored(), stored))
    });
    fields
        .filter(|(field, ..)| **field != contact::NOTES)
        .any(|(field, current, stored)| current != *stored && !imported.holds(field, stored))
}
