//! Search as you type: folded texts of all rows, built once and kept up to date row by row.
//!
//! A record is found when each word of the query is found in it. Words at the start of a word rank
//! before words inside one, and those in the record's name before those elsewhere. Entries lie in
//! the order of names, so results of equal rank come out sorted.

mod score;

use super::field::Shape;
use super::order::{merge, sort_by};
use super::row::Row;
use super::{Kind, company, contact, deal, input, text, title};
use crate::id::RecordId;
use score::{IN_LIST, jump_score, phone_score, word_score};
use std::cmp::Ordering;

/// What is searched, of all rows. Entries stay in their slots; what moves when names change are
/// numbers, so that a workspace of many thousand records takes in a row in a moment.
#[derive(Debug, Clone, Default)]
pub struct Haystack {
    slots: Vec<Option<Entry>>,
    free: Vec<u32>,
    /// The slots in the order of names.
    order: Vec<u32>,
    /// The place of each slot in that order.
    places: Vec<u32>,
    /// The slot of each record, in the order of ids.
    ids: Vec<(RecordId, u32)>,
}

/// Finds the places of records that come in the order of names, or nearly so.
#[derive(Debug)]
pub struct Places<'a> {
    haystack: &'a Haystack,
    next: usize,
}

#[derive(Debug, Clone)]
struct Entry {
    kind: Kind,
    id: RecordId,
    /// What it sorts by among its kind.
    key: String,
    /// A space, the words of the name, a line feed, and each searched value after a space.
    text: String,
    /// Where the line feed is.
    name_end: usize,
    /// How long the text is without the company's name, which comes last.
    own: usize,
    company: Option<RecordId>,
    /// A space and the national digits of each phone number.
    phones: String,
    /// Each sign of the searched values that belongs to no word.
    signs: String,
}

/// How well a record fits a query: 0 is not at all, more is better.
pub type Score = u8;

/// What a person typed, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needle {
    /// Each word, and the same in one piece: `o brien` and `obrien` of `O’Brien`.
    words: Vec<(String, String)>,
    /// The national digits and all digits, when it may be part of a phone number.
    phone: Option<(String, String)>,
    /// The signs, where there is nothing else: `%`, an emoji.
    signs: String,
}

impl Needle {
    /// Folds what a person typed.
    pub fn new(typed: &str) -> Needle {
        let typed: String = text::clean(typed).chars().map(text::plain).collect();
        let words = typed
            .split_whitespace()
            .map(|word| in_one(text::words(word)))
            .filter(|(word, _)| !word.is_empty());
        let words: Vec<_> = words.collect();
        let dialled = |c: char| {
            c.is_ascii_digit() || " +.-()/".contains(c) || matches!(c, '\u{2010}'..='\u{2015}')
        };
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let is_phone = typed.chars().all(dialled) || input::dialled(&typed).is_some();
        let phone = (digits.len() >= 2 && is_phone).then(|| (input::phone_key(&typed), digits));
        let mut signs = String::new();
        if words.is_empty() && phone.is_none() {
            push_signs(&mut signs, &typed);
        }
        Needle {
            words,
            phone,
            signs,
        }
    }

    /// Whether nothing is asked, which everything fits.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phone.is_none() && self.signs.is_empty()
    }
}

impl Haystack {
    /// The haystack of these rows; deleted ones are left out.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Haystack {
        let mut haystack = Haystack::default();
        haystack.put(rows);
        haystack
    }

    /// Takes in rows that are new, changed or deleted. Of a record that comes several times the last
    /// row counts. Activities are left out: they are found with the record that they are about.
    pub fn put<'a>(&mut self, rows: impl IntoIterator<Item = &'a Row>) {
        let mut rows: Vec<&Row> = rows.into_iter().collect();
        rows.reverse();
        sort_by(&mut rows, &|a, b| a.id.cmp(&b.id));
        rows.dedup_by_key(|row| row.id);
        let mut fresh: Vec<Entry> = Vec::new();
        let mut companies: Vec<(RecordId, String)> = Vec::new();
        for row in &rows {
            if row.kind == Kind::Company && row.is_there() {
                companies.push((row.id, text::words(row.text(&company::NAME))));
            } else if self.company(row.id).is_some() {
                companies.push((row.id, String::new()));
            }
            if row.is_there() && row.kind != Kind::Activity {
                fresh.push(Entry::of(row));
            }
        }
        for entry in &mut fresh {
            let Some(id) = entry.company else { continue };
            match companies.binary_search_by_key(&id, |(id, _)| *id) {
                Ok(at) => entry.set_company(&companies[at].1),
                Err(_) => entry.set_company(self.company(id).unwrap_or_default()),
            }
        }
        if !companies.is_empty() {
            for entry in self.slots.iter_mut().flatten() {
                let Some(id) = entry.company else { continue };
                if let Ok(at) = companies.binary_search_by_key(&id, |(id, _)| *id) {
                    entry.set_company(&companies[at].1);
                }
            }
        }
        self.remove(&rows);
        self.insert(fresh);
    }

    fn remove(&mut self, rows: &[&Row]) {
        let free = self.free.len();
        for row in rows {
            if let Some(slot) = self.slot(row.id)
                && self.slots[slot as usize].take().is_some()
            {
                self.free.push(slot);
            }
        }
        if self.free.len() > free {
            let slots = &self.slots;
            let is_there = |slot: u32| slots[slot as usize].is_some();
            self.order.retain(|slot| is_there(*slot));
            self.ids.retain(|(_, slot)| is_there(*slot));
        }
    }

    fn insert(&mut self, fresh: Vec<Entry>) {
        let mut new: Vec<u32> = Vec::with_capacity(fresh.len());
        for entry in fresh {
            let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
            if slot as usize == self.slots.len() {
                self.slots.push(None);
            }
            self.slots[slot as usize] = Some(entry);
            new.push(slot);
        }
        let slots = &self.slots;
        let by_name = |a: &u32, b: &u32| match (&slots[*a as usize], &slots[*b as usize]) {
            (Some(a), Some(b)) => a.order(b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        let id = |slot: u32| slots[slot as usize].as_ref().map(|entry| (entry.id, slot));
        let mut ids: Vec<_> = new.iter().filter_map(|slot| id(*slot)).collect();
        sort_by(&mut new, &by_name);
        sort_by(&mut ids, &|a, b| a.0.cmp(&b.0));
        merge(&mut self.order, new, &by_name);
        merge(&mut self.ids, ids, &|a, b| a.0.cmp(&b.0));
        self.places.resize(self.slots.len(), 0);
        for (place, slot) in self.order.iter().enumerate() {
            self.places[*slot as usize] = place as u32;
        }
    }

    fn slot(&self, id: RecordId) -> Option<u32> {
        let at = self.ids.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.ids[at].1)
    }

    fn entry(&self, id: RecordId) -> Option<&Entry> {
        self.slots[self.slot(id)? as usize].as_ref()
    }

    fn at(&self, place: usize) -> Option<&Entry> {
        self.slots[*self.order.get(place)? as usize].as_ref()
    }

    /// The entries in the order of names.
    fn entries(&self) -> impl Iterator<Item = &Entry> {
        let slots = self.order.iter();
        slots.filter_map(|slot| self.slots[*slot as usize].as_ref())
    }

    /// The records of a type, in the order of names.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = RecordId> {
        let entries = self.entries().filter(move |entry| entry.kind == kind);
        entries.map(|entry| entry.id)
    }

    /// Finds the places of records that come in the order of names, or nearly so.
    pub fn places(&self) -> Places<'_> {
        Places {
            haystack: self,
            next: 0,
        }
    }

    /// The records of a type that fit, the best first.
    pub fn search(&self, kind: Kind, typed: &str) -> Vec<RecordId> {
        let scores = self.scores(kind, &Needle::new(typed));
        let mut found: Vec<usize> = (0..scores.len()).filter(|at| scores[*at] > 0).collect();
        sort_by(&mut found, &|a, b| scores[*b].cmp(&scores[*a]));
        let ids = found.into_iter().filter_map(|at| self.at(at));
        ids.map(|entry| entry.id).collect()
    }

    /// How well each entry fits, by place; 0 for entries of other types.
    pub fn scores(&self, kind: Kind, needle: &Needle) -> Vec<Score> {
        let mut scores = Vec::with_capacity(self.order.len());
        scores.extend(self.entries().map(|entry| {
            if entry.kind == kind {
                entry.score(needle)
            } else {
                0
            }
        }));
        scores
    }

    /// Where a record stands in the order of names among all records.
    pub fn place(&self, id: RecordId) -> Option<usize> {
        let slot = self.slot(id)?;
        Some(self.places[slot as usize] as usize)
    }

    /// What a record sorts by among its kind.
    pub fn sort_key(&self, id: RecordId) -> Option<&str> {
        Some(&self.entry(id)?.key)
    }

    /// The words of a company's name, folded.
    fn company(&self, id: RecordId) -> Option<&str> {
        let entry = self.entry(id).filter(|entry| entry.kind == Kind::Company)?;
        Some(entry.name())
    }

    /// The records that a few typed letters may mean, over contacts, companies and deals, the best
    /// first: words of the name in any order (`smi john`), initials (`js`), whatever else the lists
    /// find, or letters of the name in order (`jhnsm`). `recent` come before others that fit as well.
    pub fn jump(&self, typed: &str, recent: &[RecordId]) -> Vec<RecordId> {
        let needle = Needle::new(typed);
        if needle.is_empty() {
            return recent.to_vec();
        }
        let words: Vec<String> = typed.split_whitespace().map(text::words).collect();
        let ones: Vec<String> = words.iter().map(|word| word.replace(' ', "")).collect();
        let letters: String = words.concat();
        let mut found: Vec<_> = self
            .entries()
            .filter(|entry| matches!(entry.kind, Kind::Contact | Kind::Company | Kind::Deal))
            .filter_map(|entry| {
                let by_name = jump_score(&entry.text[..entry.name_end], &words, &ones, &letters);
                let score = match by_name.unwrap_or(0) {
                    by_name @ ..IN_LIST if entry.score(&needle) == 0 => by_name,
                    ..IN_LIST => IN_LIST,
                    by_name => by_name,
                };
                if score == 0 {
                    return None;
                }
                let seen = recent.iter().position(|id| *id == entry.id);
                let age = seen.unwrap_or(usize::MAX);
                Some((std::cmp::Reverse(score), age, entry.name().len(), entry.id))
            })
            .collect();
        // Stable, so that what is equal stays in the order of names.
        sort_by(&mut found, &|a, b| (&a.0, a.1, a.2).cmp(&(&b.0, b.1, b.2)));
        found.into_iter().map(|found| found.3).collect()
    }
}

impl Places<'_> {
    /// Where a record stands in the order of names among all records.
    pub fn of(&mut self, id: RecordId) -> Option<usize> {
        let is_next = self
            .haystack
            .at(self.next)
            .is_some_and(|entry| entry.id == id);
        let place = if is_next {
            self.next
        } else {
            self.haystack.place(id)?
        };
        self.next = place + 1;
        Some(place)
    }
}

impl Entry {
    fn order(&self, other: &Entry) -> Ordering {
        (self.kind, &self.key, self.id).cmp(&(other.kind, &other.key, other.id))
    }

    fn of(row: &Row) -> Entry {
        let mut own = String::with_capacity(96);
        own.push(' ');
        let title = row.whole_title();
        text::push_words(&mut own, &title);
        let name_end = own.len();
        own.push('\n');
        let (mut phones, mut signs) = (String::new(), String::new());
        push_signs(&mut signs, &title);
        let title: &[u8] = match row.kind {
            Kind::Contact => &[contact::FIRST_NAME.tag, contact::LAST_NAME.tag],
            Kind::Company => &[company::NAME.tag],
            Kind::Deal => &[deal::NAME.tag],
            Kind::Activity | Kind::Member => &[],
        };
        for field in row.kind.fields().iter().filter(|field| field.searched) {
            if field.shape == Shape::Phones {
                let mut put = |phone: &str| {
                    phones.push(' ');
                    phones.push_str(&input::phone_key(phone));
                };
                for item in row.items(field) {
                    push_signs(&mut signs, &item.text);
                    // A cell of a table may hold several.
                    match (item.text.len() > 20).then(|| input::phones(&item.text)) {
                        Some(Ok(several)) => several.iter().for_each(|one| put(one)),
                        Some(Err(_)) | None => put(&item.text),
                    }
                }
            } else if field.shape.is_plural() {
                for item in row.items(field) {
                    own.push(' ');
                    text::push_words(&mut own, &item.text);
                    push_signs(&mut signs, &item.text);
                }
            } else if !title.contains(&field.tag) && !row.text(field).is_empty() {
                own.push(' ');
                text::push_words(&mut own, row.text(field));
                push_signs(&mut signs, row.text(field));
            }
        }
        let company = match row.kind {
            Kind::Contact => row.link(&contact::COMPANY),
            Kind::Deal => row.link(&deal::COMPANY),
            Kind::Company | Kind::Activity | Kind::Member => None,
        };
        Entry {
            kind: row.kind,
            id: row.id,
            key: title::sort_key(row),
            name_end,
            own: own.len(),
            text: own,
            company,
            phones,
            signs,
        }
    }

    fn set_company(&mut self, name: &str) {
        self.text.truncate(self.own);
        if !name.is_empty() {
            self.text.push(' ');
            self.text.push_str(name);
        }
    }

    fn name(&self) -> &str {
        self.text.get(1..self.name_end).unwrap_or_default()
    }

    fn score(&self, needle: &Needle) -> Score {
        if !needle.signs.is_empty() {
            let held = |sign| self.signs.contains(sign);
            return u8::from(needle.signs.chars().all(held));
        }
        let by_words = needle
            .words
            .iter()
            .map(|(word, one)| word_score(&self.text, self.name_end, word, one))
            .min()
            .unwrap_or(u8::from(needle.phone.is_none()));
        let by_phone = needle
            .phone
            .as_ref()
            .map_or(0, |(key, digits)| phone_score(&self.phones, key, digits));
        by_words.max(by_phone)
    }
}

/// Appends the signs of a text that are in no word, each once.
fn push_signs(signs: &mut String, text: &str) {
    for sign in text.chars().map(text::plain) {
        // What chooses between an emoji's forms is not typed by everybody.
        let is_none = sign.is_alphanumeric() || sign.is_whitespace() || sign == '\u{fe0f}';
        if !is_none && !signs.contains(sign) {
            signs.push(sign);
        }
    }
}

/// A word, and the same in one piece.
fn in_one(word: String) -> (String, String) {
    let one = word.replace(' ', "");
    (word, one)
}

#[cfg(test)]
mod tests;
