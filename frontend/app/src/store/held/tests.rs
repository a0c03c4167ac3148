//! Whatever comes in whichever order, and whenever it is read in between: what the page derives is
//! what follows from the rows alone.

mod any;

use super::*;
use any::{RECORDS, any_row, empty, id};
use proptest::prelude::*;
use shared::crm::board::{columns, totals};
use shared::crm::deal;
use shared::crm::due::{Agenda, Due};
use shared::crm::field::{Field, Shape};
use shared::crm::query::{Context, Filter, Query, Sort, query};
use shared::crm::row::Value;
use shared::crm::search::Haystack;
use shared::time::Date;
use std::collections::BTreeMap;

/// A message of the engine, or a look at what is held.
#[derive(Debug, Clone)]
enum Deed {
    Open(Option<u8>),
    Part(u8, bool, bool, Vec<Row>),
    Changed(Vec<Row>),
    Read(u8),
}

fn today() -> Date {
    "2026-11-21".parse().unwrap()
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let rows = || prop::collection::vec(any_row(), 0..7);
    prop_oneof![
        2 => prop::option::of(1..3u8).prop_map(Deed::Open),
        3 => (1..3u8, any::<bool>(), any::<bool>(), rows())
            .prop_map(|(of, first, last, rows)| Deed::Part(of, first, last, rows)),
        12 => rows().prop_map(Deed::Changed),
        6 => any::<u8>().prop_map(Deed::Read),
    ]
}

/// The rows as the messages tell them, and nothing derived.
#[derive(Default)]
struct Plain {
    open: Option<u8>,
    begun: bool,
    rows: BTreeMap<RecordId, Row>,
}

impl Plain {
    fn take(&mut self, deed: &Deed) {
        match deed {
            Deed::Open(open) if *open != self.open => {
                *self = Plain {
                    open: *open,
                    ..Plain::default()
                };
            }
            Deed::Part(of, first, _, rows) if self.open == Some(*of) && (*first || self.begun) => {
                if *first {
                    self.rows.clear();
                }
                self.begun = true;
                self.put(rows);
            }
            Deed::Changed(rows) if self.begun => self.put(rows),
            Deed::Open(_) | Deed::Part(..) | Deed::Changed(_) | Deed::Read(_) => {}
        }
    }

    fn put(&mut self, rows: &[Row]) {
        for row in rows {
            self.rows.insert(row.id, row.clone());
        }
    }

    fn of_kind(&self, kind: Kind) -> Vec<&Row> {
        let rows = self.rows.values();
        rows.filter(|row| row.kind == kind && row.is_there())
            .collect()
    }

    fn linked(&self, target: RecordId, kind: Kind) -> Vec<RecordId> {
        let links = |row: &Row, field: &Field| {
            let plural = matches!(field.shape, Shape::Links(_));
            row.link(field) == Some(target) || plural && row.links(field).any(|id| id == target)
        };
        let rows = self.of_kind(kind).into_iter();
        rows.filter(|row| kind.fields().iter().any(|field| links(row, field)))
            .map(|row| row.id)
            .collect()
    }
}

fn take(held: &mut Held, deed: Deed) -> Option<Changes> {
    let workspace = |n: u8| WorkspaceId([n; 16]);
    match deed {
        Deed::Open(open) => held.open(open.map(workspace)),
        Deed::Part(of, first, last, rows) => held.part(workspace(of), first, last, rows),
        Deed::Changed(rows) => Some(held.changed(rows)),
        Deed::Read(what) => {
            match what % 4 {
                0 => drop(held.rows.agenda()),
                1 => held.rows.searched(|_| ()),
                2 => drop(held.rows.of_kind(Kind::ALL[usize::from(what / 4) % 5])),
                _ => drop(held.rows.query(&Query::all(Kind::Deal), today())),
            }
            None
        }
    }
}

fn asked(kind: Kind) -> Vec<Query> {
    let all = Query::all(kind);
    let mut queries = vec![all.clone()];
    queries.extend(Sort::of(kind).iter().map(|sort| Query {
        sort: *sort,
        ..all.clone()
    }));
    queries.extend(["goff", "abel carte", "0612", "z"].map(|text| Query {
        text: text.into(),
        ..all.clone()
    }));
    let filters = [
        Filter::Due(Due::Overdue),
        Filter::Planned,
        Filter::Company(id(1)),
    ];
    queries.extend(filters.map(|filter| Query {
        filters: vec![filter],
        ..all.clone()
    }));
    queries
}

/// What the page shows of the rows, against the same computed from nothing.
fn compare(held: &Held, plain: &Plain) -> Result<(), TestCaseError> {
    let rows: Vec<&Row> = plain.rows.values().collect();
    let (haystack, agenda) = (
        Haystack::of(rows.iter().copied()),
        Agenda::of(rows.iter().copied()),
    );
    prop_assert_eq!(held.rows.len(), rows.len());
    prop_assert_eq!(&*held.rows.agenda(), &agenda);
    for kind in Kind::ALL.iter().copied() {
        let mut shown: Vec<Row> = held
            .rows
            .of_kind(kind)
            .iter()
            .map(|row| (**row).clone())
            .collect();
        if kind == Kind::Activity {
            shown.sort_by_key(|row| row.id);
            prop_assert_eq!(shown.iter().collect::<Vec<_>>(), plain.of_kind(kind));
            continue;
        }
        let order: Vec<RecordId> = haystack.of_kind(kind).collect();
        let expected: Vec<Row> = order.iter().map(|id| plain.rows[id].clone()).collect();
        prop_assert_eq!(shown, expected, "the list of {:?}", kind);
        for asked in asked(kind) {
            let context = Context {
                haystack: &haystack,
                agenda: &agenda,
                today: today(),
            };
            let places = query(&rows, &asked, context);
            let expected: Vec<RecordId> = places.iter().map(|at| rows[*at].id).collect();
            let found = held.rows.query(&asked, today());
            let found: Vec<RecordId> = found.iter().map(|row| row.id).collect();
            prop_assert_eq!(found, expected, "{:?}", asked);
        }
    }
    for typed in ["a", "le", "zoe", ""] {
        let jumped = held.rows.searched(|held| held.jump(typed, &[id(2)]));
        prop_assert_eq!(jumped, haystack.jump(typed, &[id(2)]));
    }
    for target in (0..RECORDS).map(id) {
        for kind in Kind::ALL.iter().copied() {
            let linked = held.rows.linked(target, kind);
            let linked: Vec<RecordId> = linked.iter().map(|row| row.id).collect();
            prop_assert_eq!(
                linked,
                plain.linked(target, kind),
                "{:?} of {}",
                kind,
                target
            );
        }
    }
    let held_deals = held.rows.of_kind(Kind::Deal);
    let (board, expected) = (
        columns(held_deals.iter().map(|row| &**row)),
        columns(plain.of_kind(Kind::Deal)),
    );
    prop_assert_eq!(board, expected);
    let due = |deal: &Row| agenda.due(deal.id, today()) == Due::Overdue;
    prop_assert_eq!(
        totals(held_deals.iter().map(|row| &**row), today(), due),
        totals(plain.of_kind(Kind::Deal), today(), due)
    );
    Ok(())
}

/// A row without what changes while a note is typed.
fn face(row: &Row) -> Row {
    let notes = [Kind::Contact, Kind::Company, Kind::Deal].map(|kind| (kind, "notes"));
    let note = notes.iter().find(|(kind, _)| *kind == row.kind);
    let tag = note
        .and_then(|(kind, key)| kind.field(key))
        .map(|field| field.tag);
    let mut row = row.clone();
    row.values.retain(|(of, _)| Some(*of) != tag);
    row.edited = row.created;
    row
}

/// Someone who reads the list of a type only when told that it may have changed.
#[derive(Default)]
struct Reader {
    lists: BTreeMap<Kind, (u64, Vec<Row>)>,
}

impl Reader {
    fn hear(&mut self, kinds: &[Kind], held: &Held) {
        for kind in kinds {
            let mut rows: Vec<Row> = held
                .rows
                .of_kind(*kind)
                .iter()
                .map(|row| face(row))
                .collect();
            rows.sort_by_key(|row| row.id);
            self.lists.insert(*kind, (held.rows.version(*kind), rows));
        }
    }

    fn check(&self, held: &Held, plain: &Plain) -> Result<(), TestCaseError> {
        for (kind, (version, shown)) in &self.lists {
            let expected: Vec<Row> = plain.of_kind(*kind).into_iter().map(face).collect();
            prop_assert_eq!(shown, &expected, "{:?} was not told of", kind);
            prop_assert_eq!(*version, held.rows.version(*kind));
        }
        Ok(())
    }
}

fn run(deeds: Vec<Deed>) -> Result<(), TestCaseError> {
    let (mut held, mut plain) = (Held::default(), Plain::default());
    let mut reader = Reader::default();
    reader.hear(Kind::ALL, &held);
    let begun = [Deed::Open(Some(1)), Deed::Part(1, true, true, Vec::new())];
    for deed in begun.into_iter().chain(deeds) {
        plain.take(&deed);
        let changes = take(&mut held, deed).unwrap_or_default();
        reader.hear(&changes.kinds, &held);
        reader.check(&held, &plain)?;
    }
    compare(&held, &plain)
}

#[test]
fn a_deal_that_was_edited_thrice_stands_on_the_board_once() {
    let deal = |amount: &str| {
        let mut row = empty(1, Kind::Deal);
        let amount = amount.parse().map(Value::Money).unwrap();
        row.values = vec![(deal::AMOUNT.tag, amount)];
        row
    };
    let mut held = Held::default();
    let (of, rows) = (WorkspaceId([1; 16]), vec![deal("EUR 120000")]);
    held.open(Some(of));
    held.part(of, true, true, rows);
    for amount in ["EUR 150000", "EUR 180000"] {
        held.changed(vec![deal(amount)]);
    }
    let deals = held.rows.of_kind(Kind::Deal);
    let board = columns(deals.iter().map(|row| &**row));
    assert_eq!(board[0].deals.len(), 1);
    assert_eq!(board[0].sum, ["EUR 180000".parse().unwrap()]);
    let found = held
        .rows
        .searched(|haystack| haystack.search(Kind::Deal, ""));
    assert_eq!(found, [id(1)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_the_page_shows_is_what_follows_from_the_rows(deeds in prop::collection::vec(any_deed(), 0..24)) {
        run(deeds)?;
    }
}
