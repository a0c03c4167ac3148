//! Sample data: a believable field team with its contacts, companies, deals and activities.
//!
//! The same workspace, language, day and person give the same edits.

mod english;
mod french;
mod grammar;
mod people;
mod random;
mod sales;
mod words;

use super::command::{Edit, Write};
use super::input::Language;
use super::row::{Item, Value};
use super::{Kind, text};
use crate::id::{PersonId, RecordId, WorkspaceId};
use crate::time::{Date, Timestamp};
use random::Random;
use words::Words;

/// How many of each are made.
const CONTACTS: usize = 400;
const COMPANIES: usize = 120;
const DEALS: usize = 150;
const ACTIVITIES: usize = 250;

/// The edits that fill a workspace. `me` owns a share of it.
pub fn sample(workspace: WorkspaceId, language: Language, today: Date, me: PersonId) -> Vec<Edit> {
    let words = if language.is_french() {
        &french::FRENCH
    } else {
        &english::ENGLISH
    };
    let mut team = Team {
        workspace,
        words,
        today,
        people: vec![me],
        random: Random::new(0x7e22_a1d0),
        companies: Vec::new(),
        contacts: Vec::new(),
        deals: Vec::new(),
        activities: 0,
        edits: Vec::new(),
    };
    team.colleagues();
    team.companies();
    team.contacts();
    team.deals();
    team.planned();
    team.done();
    team.edits
}

struct Team {
    workspace: WorkspaceId,
    words: &'static Words,
    today: Date,
    /// The person, then colleagues.
    people: Vec<PersonId>,
    random: Random,
    companies: Vec<Firm>,
    contacts: Vec<Person>,
    deals: Vec<Sale>,
    activities: usize,
    edits: Vec<Edit>,
}

struct Firm {
    id: RecordId,
    name: String,
    town: usize,
    owner: PersonId,
}

struct Person {
    id: RecordId,
    /// Place in `companies`.
    company: Option<usize>,
    owner: PersonId,
}

struct Sale {
    id: RecordId,
    company: usize,
    contact: Option<RecordId>,
    owner: PersonId,
    open: bool,
    /// Days until what is planned next, where that was decided.
    next: Option<Option<i32>>,
}

/// The links of an activity.
struct About {
    contact: Option<RecordId>,
    company: Option<RecordId>,
    deal: Option<RecordId>,
    owner: PersonId,
}

impl Team {
    fn id(&self, kind: Kind, n: usize) -> RecordId {
        RecordId::derived(self.workspace, kind.name(), &format!("sample:{n}"))
    }

    fn make(&mut self, id: RecordId, kind: Kind, writes: Vec<Write>) {
        self.edits.push(Edit::make(id, kind, writes));
    }

    fn moment(&self, days_ago: i64, hour: i64) -> String {
        let day = i64::from(self.today.to_days()) - days_ago;
        let at = Timestamp((day * 24 + hour) * 3_600_000);
        Value::Moment(at).to_stored()
    }
}

fn put_item(field: &str, label: &str, text: &str) -> Write {
    let key = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let item = Item {
        key,
        label: label.to_owned(),
        text: text.to_owned(),
    };
    Write::put_item(field, &item)
}

fn slug(name: &str) -> String {
    text::words(name).replace(' ', "-")
}

/// A name that no server has (RFC 2606).
fn domain(company: &str) -> String {
    let mut slug = slug(company);
    slug.truncate(40);
    format!("{}.example", slug.trim_matches('-'))
}

#[cfg(test)]
mod tests;
