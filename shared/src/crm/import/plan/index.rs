//! Which contact a line is about.

use super::new_company;
use crate::crm::command::Edit;
use crate::crm::import::draft::Draft;
use crate::crm::import::imported::Imported;
use crate::crm::row::Row;
use crate::crm::{Kind, company, contact, text};
use crate::id::{RecordId, WorkspaceId};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// What the workspace holds, by what identifies a contact or a company.
pub(super) struct Index<'a> {
    workspace: WorkspaceId,
    source: String,
    rows: Vec<&'a Row>,
    /// Where each record lies in `rows`.
    places: BTreeMap<RecordId, usize>,
    by_email: BTreeMap<String, Vec<RecordId>>,
    by_phone: BTreeMap<String, Vec<RecordId>>,
    by_name: BTreeMap<String, Vec<RecordId>>,
    /// The names of contacts that lines of this file are about.
    names: Vec<Names>,
    /// Where each of those lies in `names`.
    named: BTreeMap<RecordId, usize>,
    /// The first is the one that is meant.
    companies: BTreeMap<String, Vec<RecordId>>,
}

#[derive(Clone, Default)]
struct Names {
    first: String,
    last: String,
}

impl Names {
    fn new(first: &str, last: &str) -> Names {
        Names {
            first: text::words(first),
            last: text::words(last),
        }
    }

    /// Whether two people who share an address may be one: their given names agree where both have
    /// one, else their family names.
    fn may_be(&self, other: &Names) -> bool {
        if self.first.is_empty() || other.first.is_empty() {
            agree(&self.last, &other.last)
        } else {
            agree(&self.first, &other.first)
        }
    }
}

/// Whether either is empty, or a word of one starts a word of the other.
fn agree(a: &str, b: &str) -> bool {
    let starts = |a: &str, b: &str| b.split(' ').any(|b| a.split(' ').any(|a| b.starts_with(a)));
    a.is_empty() || b.is_empty() || starts(a, b) || starts(b, a)
}

impl<'a> Index<'a> {
    pub fn of(
        rows: impl Iterator<Item = &'a Row>,
        workspace: WorkspaceId,
        source: &str,
    ) -> Index<'a> {
        let mut index = Index {
            workspace,
            source: source.to_owned(),
            rows: Vec::new(),
            places: BTreeMap::new(),
            by_email: BTreeMap::new(),
            by_phone: BTreeMap::new(),
            by_name: BTreeMap::new(),
            names: Vec::new(),
            named: BTreeMap::new(),
            companies: BTreeMap::new(),
        };
        for row in rows {
            if matches!(row.kind, Kind::Contact | Kind::Company) {
                index.places.insert(row.id, index.rows.len());
                index.rows.push(row);
            }
        }
        // In the order of ids, so that of several equal ones everybody takes the same.
        let there = index.places.values().map(|at| index.rows[*at]);
        let there: Vec<&Row> = there.filter(|row| row.is_there()).collect();
        for row in there {
            if row.kind == Kind::Company {
                let name = text::words(row.text(&company::NAME));
                add(&mut index.companies, name, row.id);
                continue;
            }
            for item in row.items(&contact::EMAILS) {
                add(&mut index.by_email, text::lower(&item.text), row.id);
            }
            for item in row.items(&contact::PHONES) {
                add(&mut index.by_phone, text::phone_key(&item.text), row.id);
            }
            let company = row.link(&contact::COMPANY);
            let company = company.and_then(|id| index.row(id));
            let company = company.map_or("", |company| company.text(&company::NAME));
            add(&mut index.by_name, name_key(&row.title(), company), row.id);
        }
        index
    }

    /// The record of that id, deleted or not.
    pub fn row(&self, id: RecordId) -> Option<&'a Row> {
        self.places.get(&id).map(|at| self.rows[*at])
    }

    /// The contact that a line is about, there or to be made, and what identifies it in its source.
    pub fn resolve(&self, draft: &Draft) -> (RecordId, String) {
        let names = Names::new(&draft.first_name, &draft.last_name);
        let company = draft.company.as_deref().unwrap_or_default();
        let by_name = name_key(&draft.title(), company);
        let email = draft.emails.first().map(|(_, email)| text::lower(email));
        let phones = draft.phones.iter().map(|(_, phone)| text::phone_key(phone));
        let phones: Vec<String> = phones.filter(|digits| digits.len() >= 6).collect();
        let key = match (&draft.id, &email, phones.first()) {
            (Some(id), _, _) => format!("id:{}:{id}", self.source),
            (None, Some(email), _) => format!("email:{email}"),
            (None, None, Some(phone)) => format!("phone:{phone}"),
            (None, None, None) => format!("name:{by_name}"),
        };
        let (own, own_key) = self.derived(key.clone());
        if draft.id.is_some() && (self.places.contains_key(&own) || self.named.contains_key(&own)) {
            return (own, own_key);
        }
        let emails = draft.emails.iter().map(|(_, email)| text::lower(email));
        let known = emails
            .filter_map(|email| self.by_email.get(&email))
            .flatten()
            .find(|id| self.is(**id, &names, draft))
            .or_else(|| {
                let numbers = phones.iter().filter_map(|phone| self.by_phone.get(phone));
                let last = |id: RecordId| agree(&self.names(id).last, &names.last);
                numbers
                    .flatten()
                    .find(|id| self.is(**id, &names, draft) && last(**id))
            })
            .or_else(|| match (&email, phones.first()) {
                (None, None) => self.by_name.get(&by_name)?.first(),
                _ => None,
            });
        if let Some(id) = known {
            return (*id, own_key);
        }
        if self.is(own, &names, draft) {
            (own, own_key)
        } else {
            // Somebody else of the same address has that id.
            self.derived(format!("{key}:{}", text::words(&draft.title())))
        }
    }

    /// Notes what a line says, for the lines after it.
    pub fn note(&mut self, id: RecordId, draft: &Draft) {
        for (_, email) in &draft.emails {
            add(&mut self.by_email, text::lower(email), id);
        }
        for (_, phone) in &draft.phones {
            add(&mut self.by_phone, text::phone_key(phone), id);
        }
        if let Entry::Vacant(free) = self.named.entry(id) {
            free.insert(self.names.len());
            let names = Names::new(&draft.first_name, &draft.last_name);
            self.names.push(names);
        }
    }

    /// The company of that name; where there is none, an edit makes it.
    pub fn company(&mut self, name: &str, edits: &mut Vec<Edit>) -> RecordId {
        let words = text::words(name);
        if let Some([id, ..]) = self.companies.get(&words).map(Vec::as_slice) {
            return *id;
        }
        let key = format!("name:{words}");
        let id = RecordId::derived(self.workspace, Kind::Company.name(), &key);
        edits.push(new_company(id, name, &format!("{} {key}", self.source)));
        add(&mut self.companies, words, id);
        id
    }

    fn derived(&self, key: String) -> (RecordId, String) {
        let id = RecordId::derived(self.workspace, Kind::Contact.name(), &key);
        (id, format!("{} {key}", self.source))
    }

    fn names(&self, id: RecordId) -> Names {
        if let Some(at) = self.named.get(&id) {
            return self.names[*at].clone();
        }
        let row = self.row(id);
        let name = |field| row.map_or("", |row| row.text(field));
        Names::new(name(&contact::FIRST_NAME), name(&contact::LAST_NAME))
    }

    /// Whether a record may be the person of a line: by name, or since the line's name was imported
    /// into it and changed there.
    fn is(&self, id: RecordId, names: &Names, draft: &Draft) -> bool {
        if self.names(id).may_be(names) {
            return true;
        }
        let imported = self.row(id).map_or("", |row| row.text(&contact::IMPORTED));
        let imported = Imported::parse(imported);
        let first = &draft.first_name;
        (first.is_empty() || imported.holds(&contact::FIRST_NAME, first))
            && imported.holds(&contact::LAST_NAME, &draft.last_name)
    }
}

fn add(map: &mut BTreeMap<String, Vec<RecordId>>, key: String, id: RecordId) {
    let ids = map.entry(key).or_default();
    if !ids.contains(&id) {
        ids.push(id);
    }
}

fn name_key(name: &str, company: &str) -> String {
    format!("{}|{}", text::words(name), text::words(company))
}
