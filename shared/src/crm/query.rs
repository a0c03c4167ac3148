//! Lists: which records, in which order. Filters on different fields must all hold; of several on
//! one field, one is enough.

use super::due::{Agenda, Due};
use super::field::{Field, Shape};
use super::order::sort_by;
use super::row::Row;
use super::search::{Haystack, Needle};
use super::{Kind, activity, company, contact, deal, text};
use crate::id::{PersonId, RecordId};
use crate::money::Currency;
use crate::time::Date;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::mem::discriminant;

/// What a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Records of this type.
    pub kind: Kind,
    /// What is typed in search; empty shows all.
    pub text: String,
    /// What must hold.
    pub filters: Vec<Filter>,
    /// The order.
    pub sort: Sort,
    /// Whether the order is turned round. Records without the value come last either way.
    pub descending: bool,
}

/// What must hold for a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// This colleague looks after it.
    Owner(PersonId),
    /// Nobody looks after it.
    WithoutOwner,
    /// It has this tag (case and accents do not matter).
    Tag(String),
    /// It is in this town (case and accents do not matter).
    City(String),
    /// It belongs to this company.
    Company(RecordId),
    /// It is about this contact.
    Contact(RecordId),
    /// What comes next is so urgent; `Due::Nothing` finds what has nothing planned.
    Due(Due),
    /// Something is planned.
    Planned,
    /// The deal is in this stage.
    Stage(String),
    /// The deal is open, won, lost or on hold.
    Status(String),
    /// A value waits for a choice.
    Undecided,
}

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// How well it fits what is typed; by name when nothing is.
    Best,
    /// Name; contacts by family name.
    Name,
    /// The company's name.
    Company,
    /// Town.
    City,
    /// When it was last edited.
    Edited,
    /// When it was made.
    Created,
    /// What is planned next.
    Next,
    /// Amount, currency by currency.
    Amount,
    /// When it should close.
    CloseOn,
}

impl Sort {
    /// The orders that make sense for a type.
    pub const fn of(kind: Kind) -> &'static [Sort] {
        use Sort::{Amount, City, CloseOn, Company, Created, Edited, Name, Next};
        match kind {
            Kind::Contact => &[Name, Company, City, Next, Edited, Created],
            Kind::Company => &[Name, City, Next, Edited, Created],
            Kind::Deal => &[Name, Company, Amount, CloseOn, Next, Edited, Created],
            Kind::Activity | Kind::Member => &[Name, Edited, Created],
        }
    }
}

/// What a query needs beside the rows. Both are kept up to date with them.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The searched texts.
    pub haystack: &'a Haystack,
    /// What is planned.
    pub agenda: &'a Agenda,
    /// The day on the person's calendar.
    pub today: Date,
}

impl Query {
    /// All records of a type by name.
    pub fn all(kind: Kind) -> Query {
        Query {
            kind,
            text: String::new(),
            filters: Vec::new(),
            sort: Sort::Best,
            descending: false,
        }
    }

    /// Whether some filter or text narrows the list.
    pub fn narrows(&self) -> bool {
        !self.filters.is_empty() || !Needle::new(&self.text).is_empty()
    }
}

/// Where the rows that fit lie in `rows`, in the order asked for.
pub fn query<R: Borrow<Row>>(rows: &[R], query: &Query, context: Context) -> Vec<usize> {
    let needle = Needle::new(&query.text);
    let scores = (!needle.is_empty()).then(|| context.haystack.scores(query.kind, &needle));
    let filters = folded(&query.filters);
    let mut found: Vec<Found> = Vec::new();
    let mut places = context.haystack.places();
    for (at, row) in rows.iter().enumerate() {
        let row = row.borrow();
        if row.kind != query.kind || !row.is_there() {
            continue;
        }
        let place = places.of(row.id).unwrap_or(usize::MAX);
        let score = match &scores {
            Some(scores) => scores.get(place).copied().unwrap_or(0),
            None => 1,
        };
        if score > 0 && fits(row, &filters, context) {
            let key = key(row, query.sort, score, place, context);
            found.push(Found { key, place, at });
        }
    }
    sort_by(&mut found, &|a, b| {
        let by_key = match (&a.key, &b.key) {
            (Some(a), Some(b)) if query.descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        };
        by_key.then((a.place, a.at).cmp(&(b.place, b.at)))
    });
    found.into_iter().map(|found| found.at).collect()
}

/// How often each value of a text or tags field stands in records of a type, most used first.
pub fn choices<R: Borrow<Row>>(rows: &[R], kind: Kind, field: &Field) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for row in rows.iter().map(Borrow::borrow) {
        if row.kind != kind || !row.is_there() {
            continue;
        }
        let one = Some(row.text(field)).filter(|text| !text.is_empty());
        let several = row.items(field).map(|item| item.text.as_str());
        let plural = field.shape.is_plural();
        for text in several.filter(|_| plural).chain(one.filter(|_| !plural)) {
            counts.entry(text::words(text)).or_insert((text, 0)).1 += 1;
        }
    }
    let mut choices: Vec<_> = counts.into_iter().collect();
    // Stable: what is used as often stays in alphabetical order.
    sort_by(&mut choices, &|a, b| b.1.1.cmp(&a.1.1));
    choices
        .into_iter()
        .map(|(_, (text, count))| (text.to_owned(), count))
        .collect()
}

struct Found {
    key: Option<Key>,
    place: usize,
    at: usize,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64, i64),
    Text(String),
}

fn key(row: &Row, sort: Sort, score: u8, place: usize, context: Context) -> Option<Key> {
    let number = |n: i64| Some(Key::Number(n, 0));
    match sort {
        Sort::Best => number(-i64::from(score)),
        Sort::Name => number(place as i64),
        Sort::Company => number(context.haystack.place(company_of(row)?)? as i64),
        Sort::City => Some(text::words(city(row)))
            .filter(|city| !city.is_empty())
            .map(Key::Text),
        Sort::Edited => number(row.edited.at.0),
        Sort::Created => number(row.created.at.0),
        Sort::Next => {
            let next = context.agenda.next(row.id)?;
            let day = next.day().map_or(i64::MAX, |day| i64::from(day.to_days()));
            let time = next.time.bytes().filter(u8::is_ascii_digit);
            let minutes = time.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
            Some(Key::Number(day, minutes))
        }
        Sort::Amount => {
            let money = row.money(&deal::AMOUNT)?;
            let offered = &Currency::OFFERED;
            let currency = offered.iter().position(|offer| *offer == money.currency);
            Some(Key::Number(
                currency.unwrap_or(offered.len()) as i64,
                money.minor,
            ))
        }
        Sort::CloseOn => number(i64::from(row.date(&deal::CLOSE_ON)?.to_days())),
    }
}

/// Tags and towns are compared folded, which is done once.
fn folded(filters: &[Filter]) -> Vec<Filter> {
    let fold = |filter: &Filter| match filter {
        Filter::Tag(tag) => Filter::Tag(text::words(tag)),
        Filter::City(city) => Filter::City(text::words(city)),
        Filter::Owner(_) | Filter::WithoutOwner | Filter::Company(_) | Filter::Contact(_) => {
            filter.clone()
        }
        Filter::Due(_) | Filter::Planned | Filter::Stage(_) | Filter::Status(_) => filter.clone(),
        Filter::Undecided => Filter::Undecided,
    };
    filters.iter().map(fold).collect()
}

fn fits(row: &Row, filters: &[Filter], context: Context) -> bool {
    filters.iter().all(|filter| {
        let same = |other: &&Filter| discriminant(*other) == discriminant(filter);
        filters
            .iter()
            .filter(same)
            .any(|one| holds(row, one, context))
    })
}

fn holds(row: &Row, filter: &Filter, context: Context) -> bool {
    match filter {
        Filter::Owner(person) => owner(row) == Some(*person),
        Filter::WithoutOwner => owner(row).is_none(),
        Filter::Tag(tag) => tags(row).any(|text| text::words(text) == *tag),
        Filter::City(wanted) => text::words(city(row)) == *wanted,
        Filter::Company(company) => row.id == *company || company_of(row) == Some(*company),
        Filter::Contact(contact) => {
            row.link(&activity::CONTACT) == Some(*contact) && row.kind == Kind::Activity
                || row.kind == Kind::Deal && row.links(&deal::CONTACTS).any(|id| id == *contact)
        }
        Filter::Due(due) => context.agenda.due(row.id, context.today) == *due,
        Filter::Planned => context.agenda.next(row.id).is_some(),
        Filter::Stage(stage) => row.kind == Kind::Deal && row.text(&deal::STAGE) == stage,
        Filter::Status(status) => row.kind == Kind::Deal && deal_status(row) == status,
        Filter::Undecided => !row.others.is_empty(),
    }
}

/// The status of a deal; open when none was written.
fn deal_status(row: &Row) -> &str {
    match row.text(&deal::STATUS) {
        "" => "open",
        status => status,
    }
}

/// The colleague who looks after a record, whatever its type.
pub fn owner(row: &Row) -> Option<PersonId> {
    row.person(match row.kind {
        Kind::Contact => &contact::OWNER,
        Kind::Company => &company::OWNER,
        Kind::Deal => &deal::OWNER,
        Kind::Activity => &activity::OWNER,
        Kind::Member => return None,
    })
}

/// The company a record belongs to, whatever its type.
pub fn company_of(row: &Row) -> Option<RecordId> {
    row.link(match row.kind {
        Kind::Contact => &contact::COMPANY,
        Kind::Deal => &deal::COMPANY,
        Kind::Activity => &activity::COMPANY,
        Kind::Company | Kind::Member => return None,
    })
}

fn city(row: &Row) -> &str {
    match row.kind {
        Kind::Contact => row.text(&contact::CITY),
        Kind::Company => row.text(&company::CITY),
        Kind::Deal | Kind::Activity | Kind::Member => "",
    }
}

fn tags(row: &Row) -> impl Iterator<Item = &str> {
    let fields = row.kind.fields().iter();
    fields
        .filter(|field| field.shape == Shape::Tags)
        .flat_map(|field| row.items(field).map(|item| item.text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::test_rows::row_with;

    const ME: &str = "0101010101010101";

    fn rows() -> Vec<Row> {
        let company = RecordId([9; 16]).to_string();
        let deal = RecordId([7; 16]).to_string();
        vec![
            row_with(
                Kind::Contact,
                1,
                &[
                    (&contact::LAST_NAME, "Zola"),
                    (&contact::CITY, "Nîmes"),
                    (&contact::OWNER, ME),
                    (&contact::TAGS, "\tCave"),
                    (&contact::TAGS, "\tSalon"),
                ],
            ),
            row_with(
                Kind::Contact,
                2,
                &[
                    (&contact::LAST_NAME, "Abel"),
                    (&contact::TAGS, "\tcavé"),
                    (&contact::COMPANY, &company),
                ],
            ),
            row_with(Kind::Contact, 3, &[(&contact::CITY, "NIMES")]),
            row_with(Kind::Company, 9, &[(&company::NAME, "Le Goff")]),
            row_with(
                Kind::Deal,
                7,
                &[
                    (&deal::NAME, "Carte"),
                    (&deal::AMOUNT, "EUR 900"),
                    (&deal::STAGE, "offer"),
                ],
            ),
            row_with(
                Kind::Deal,
                8,
                &[
                    (&deal::NAME, "Banc"),
                    (&deal::AMOUNT, "EUR 1000"),
                    (&deal::STATUS, "won"),
                ],
            ),
            row_with(
                Kind::Deal,
                6,
                &[(&deal::NAME, "Adieu"), (&deal::AMOUNT, "CHF 1")],
            ),
            row_with(Kind::Deal, 5, &[(&deal::NAME, "Zut")]),
            row_with(
                Kind::Activity,
                4,
                &[(&activity::DEAL, &deal), (&activity::DUE_ON, "2026-11-20")],
            ),
        ]
    }

    fn found(query_: &Query) -> Vec<u8> {
        let rows = rows();
        let context = Context {
            haystack: &Haystack::of(&rows),
            agenda: &Agenda::of(&rows),
            today: "2026-11-21".parse().unwrap(),
        };
        let found = query(&rows, query_, context);
        found.into_iter().map(|at| rows[at].id.0[0]).collect()
    }

    fn filtered(kind: Kind, filters: &[Filter]) -> Vec<u8> {
        found(&Query {
            filters: filters.to_vec(),
            ..Query::all(kind)
        })
    }

    #[test]
    fn lists_come_in_the_order_of_names_and_the_nameless_last() {
        assert_eq!(found(&Query::all(Kind::Contact)), [2, 1, 3]);
        let reversed = Query {
            sort: Sort::Name,
            descending: true,
            ..Query::all(Kind::Deal)
        };
        assert_eq!(found(&reversed), [5, 7, 8, 6]);
    }

    #[test]
    fn one_of_several_tags_is_enough_but_every_field_must_fit() {
        let tag = |tag: &str| Filter::Tag(tag.into());
        assert_eq!(filtered(Kind::Contact, &[tag("cave")]), [2, 1]);
        assert_eq!(
            filtered(Kind::Contact, &[tag("salon"), tag("cave")]),
            [2, 1]
        );
        let mine = Filter::Owner(ME.parse().unwrap());
        assert_eq!(filtered(Kind::Contact, &[tag("cave"), mine]), [1]);
        assert_eq!(
            filtered(Kind::Contact, &[Filter::City("nimes".into())]),
            [1, 3]
        );
        assert_eq!(
            filtered(Kind::Contact, &[Filter::Company(RecordId([9; 16]))]),
            [2]
        );
    }

    #[test]
    fn deals_filter_by_stage_status_and_what_comes_next() {
        assert_eq!(filtered(Kind::Deal, &[Filter::Stage("offer".into())]), [7]);
        assert_eq!(
            filtered(Kind::Deal, &[Filter::Status("open".into())]),
            [6, 7, 5]
        );
        assert_eq!(filtered(Kind::Deal, &[Filter::Due(Due::Overdue)]), [7]);
        assert_eq!(filtered(Kind::Deal, &[Filter::Planned]), [7]);
        assert_eq!(
            filtered(Kind::Deal, &[Filter::Due(Due::Nothing)]),
            [6, 8, 5]
        );
    }

    #[test]
    fn amounts_sort_within_their_currency_and_none_come_last() {
        let mut by_amount = Query {
            sort: Sort::Amount,
            ..Query::all(Kind::Deal)
        };
        assert_eq!(found(&by_amount), [7, 8, 6, 5]);
        by_amount.descending = true;
        assert_eq!(found(&by_amount), [6, 8, 7, 5]);
    }

    #[test]
    fn what_is_typed_narrows_the_list() {
        let typed = Query {
            text: "abe".into(),
            ..Query::all(Kind::Contact)
        };
        assert_eq!(found(&typed), [2]);
        assert!(typed.narrows());
    }

    #[test]
    fn towns_are_counted_whichever_way_they_are_written() {
        assert_eq!(
            choices(&rows(), Kind::Contact, &contact::CITY),
            [("Nîmes".into(), 2)]
        );
        assert_eq!(choices(&rows(), Kind::Contact, &contact::TAGS)[0].1, 2);
    }
}
