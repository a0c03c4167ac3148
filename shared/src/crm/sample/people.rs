//! Colleagues, companies and contacts.

use super::{COMPANIES, CONTACTS, Firm, Person, Team, domain, grammar, put_item, slug};
use crate::crm::command::Write;
use crate::crm::row::Item;
use crate::crm::{Kind, company, contact, member, text};
use crate::id::{PersonId, sha256};
use crate::time::Date;

impl Team {
    pub(super) fn colleagues(&mut self) {
        for name in self.words.colleagues {
            let hash = sha256(format!("{}{name}", self.workspace).as_bytes());
            let mut person = PersonId([0; 8]);
            person.0.copy_from_slice(&hash[..8]);
            self.people.push(person);
            let writes = vec![
                Write::put(member::NAME.key, name),
                Write::put(member::PERSON.key, person.to_string()),
            ];
            let id = member::record_of(self.workspace, person);
            self.make(id, Kind::Member, writes);
        }
    }

    /// The person owns the most, so that lists of their own are worth looking at.
    pub(super) fn owner(&mut self) -> PersonId {
        let share = self.random.below(100);
        let at = match share {
            0..40 => 0,
            40..60 => 1,
            60..78 => 2,
            78..91 => 3,
            _ => 4,
        };
        self.people[at]
    }

    pub(super) fn companies(&mut self) {
        let words = self.words;
        let mut names = Vec::new();
        for n in 0..COMPANIES {
            let (name, trade, town) = match words.companies.get(n) {
                Some((name, trade, town)) => ((*name).to_owned(), *trade, *town),
                None => loop {
                    let (pattern, trade) = *self.random.pick(words.company_names);
                    let town = self.random.below(words.towns.len());
                    let last = self.random.pick(words.last_names);
                    let name = grammar::with_family(pattern, last);
                    let name = grammar::with_town(&name, words.towns[town].1);
                    if !names.contains(&name) {
                        break (name, trade, town);
                    }
                },
            };
            names.push(name.clone());
            let (id, owner) = (self.id(Kind::Company, n), self.owner());
            let mut writes = vec![
                Write::put(company::NAME.key, name.as_str()),
                Write::put(company::INDUSTRY.key, words.trades[trade]),
                Write::put(company::OWNER.key, owner.to_string()),
            ];
            self.address(&mut writes, town, 90);
            if self.random.chance(80) {
                let number = self.random.digits(words.phones[1]);
                writes.push(put_item(company::PHONES.key, "work", &number));
            }
            if self.random.chance(60) {
                let site = domain(&name);
                writes.push(put_item(
                    company::EMAILS.key,
                    "work",
                    &format!("contact@{site}"),
                ));
                writes.push(Write::put(
                    company::WEBSITE.key,
                    format!("https://www.{site}"),
                ));
            }
            self.tags(&mut writes, company::TAGS.key, 45);
            if self.random.chance(15) {
                writes.push(Write::put(
                    company::NOTES.key,
                    *self.random.pick(words.notes),
                ));
            }
            self.make(id, Kind::Company, writes);
            self.companies.push(Firm {
                id,
                name,
                town,
                owner,
            });
        }
    }

    pub(super) fn address(&mut self, writes: &mut Vec<Write>, town: usize, percent: usize) {
        let (postcode, name) = self.words.towns[town];
        if self.random.chance(percent) {
            let number = self.random.between(1, 90);
            let street = *self.random.pick(self.words.streets);
            // The fields of contacts and companies have the same keys.
            writes.push(Write::put(
                company::STREET.key,
                format!("{number} {street}"),
            ));
            writes.push(Write::put(company::POSTCODE.key, postcode));
            let irish = postcode.len() == 8
                && postcode.as_bytes()[3] == b' '
                && !self.words.country.starts_with('F');
            let country = if irish { "Ireland" } else { self.words.country };
            writes.push(Write::put(company::COUNTRY.key, country));
        }
        writes.push(Write::put(company::CITY.key, name));
    }

    pub(super) fn tags(&mut self, writes: &mut Vec<Write>, field: &str, percent: usize) {
        let mut rounds = 0;
        while rounds < 3 && self.random.chance(percent) {
            let tag = *self.random.pick(self.words.tags);
            let item = Item {
                key: text::lower(tag),
                label: String::new(),
                text: tag.to_owned(),
            };
            let write = Write::put_item(field, &item);
            if !writes.contains(&write) {
                writes.push(write);
            }
            rounds += 1;
        }
    }

    pub(super) fn contacts(&mut self) {
        let words = self.words;
        let mut names = Vec::new();
        for n in 0..CONTACTS {
            let (first, last, job, at) = match words.contacts.get(n) {
                Some((first, last, job, at)) => (*first, *last, Some(*job), Some(*at)),
                None => loop {
                    let first = *self.random.pick(words.first_names);
                    let last = *self.random.pick(words.last_names);
                    if !names.contains(&(first, last)) {
                        let job = self.random.chance(75);
                        let job = job.then(|| *self.random.pick(words.jobs));
                        let employed = self.random.chance(94);
                        // The first companies have the most people.
                        let at = self
                            .random
                            .below(COMPANIES)
                            .min(self.random.below(COMPANIES + 40));
                        break (first, last, job, employed.then_some(at));
                    }
                },
            };
            names.push((first, last));
            let id = self.id(Kind::Contact, n);
            let firm = at.map(|at| &self.companies[at]);
            let owner = firm.map(|firm| firm.owner);
            let site = firm.map(|firm| domain(&firm.name));
            let town = firm.map(|firm| firm.town);
            let company = firm.map(|firm| firm.id);
            let owner = owner.unwrap_or_else(|| self.owner());
            let town = town.unwrap_or_else(|| self.random.below(words.towns.len()));
            let known = n < words.contacts.len();
            let mut writes = vec![Write::put(contact::LAST_NAME.key, last)];
            if known || !self.random.chance(2) {
                writes.push(Write::put(contact::FIRST_NAME.key, first));
            }
            writes.push(Write::put(contact::OWNER.key, owner.to_string()));
            writes.extend(job.map(|job| Write::put(contact::JOB_TITLE.key, job)));
            writes.extend(company.map(|id| Write::put(contact::COMPANY.key, id.to_string())));
            if known || self.random.chance(82) {
                let number = self.random.digits(words.phones[0]);
                writes.push(put_item(contact::PHONES.key, "mobile", &number));
            }
            if self.random.chance(40) {
                let number = self.random.digits(words.phones[1]);
                writes.push(put_item(contact::PHONES.key, "work", &number));
            }
            let user = format!("{}.{}", slug(first), slug(last));
            if let Some(site) = site.filter(|_| known || self.random.chance(70)) {
                writes.push(put_item(
                    contact::EMAILS.key,
                    "work",
                    &format!("{user}@{site}"),
                ));
            }
            if self.random.chance(15) {
                writes.push(put_item(
                    contact::EMAILS.key,
                    "home",
                    &format!("{user}@mail.example"),
                ));
            }
            self.address(&mut writes, town, 35);
            if self.random.chance(22) {
                let year =
                    self.random.between(1955, 2001) as u16 * u16::from(self.random.chance(70));
                let (month, day) = (self.random.between(1, 12), self.random.between(1, 28));
                let date = Date {
                    year,
                    month: month as u8,
                    day: day as u8,
                };
                writes.push(Write::put(contact::BIRTHDAY.key, date.to_string()));
            }
            self.tags(&mut writes, contact::TAGS.key, 50);
            if n == 0 || self.random.chance(30) {
                let note = if n == 0 {
                    words.notes[0]
                } else {
                    *self.random.pick(words.notes)
                };
                writes.push(Write::put(contact::NOTES.key, note));
            }
            self.make(id, Kind::Contact, writes);
            self.contacts.push(Person {
                id,
                company: at,
                owner,
            });
        }
    }
}
