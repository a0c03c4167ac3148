//! The timeline: what was done and what changed, the latest first.

use super::Page;
use super::comment::Comment;
use super::next::{icon_of, name_of};
use crate::ui::Group;
use crate::ui::few::use_few;
use crate::ui::icon::small_icon;
use shared::bridge::HistoryLine;
use shared::crm::due::done_at;
use shared::crm::field::Field;
use shared::crm::order::sort_by;
use shared::crm::row::{Mark, Row};
use shared::crm::{Kind, activity};
use shared::id::PersonId;
use shared::time::Timestamp;
use std::rc::Rc;
use yew::prelude::*;

/// How many entries show before more are asked for.
const SHOWN: usize = 8;
/// Edits of one person within this time are one entry.
const TOGETHER_MS: i64 = 10 * 60_000;

/// Whether two edits that follow each other are of one sitting.
pub(super) fn together(first: Mark, then: Mark) -> bool {
    first.by == then.by && (then.at.0 - first.at.0).abs() < TOGETHER_MS
}

#[derive(PartialEq, Properties)]
pub(super) struct TimelineProps {
    pub page: Page,
}

struct Entry {
    key: String,
    icon: &'static str,
    title: AttrValue,
    text: AttrValue,
    at: Timestamp,
    /// Where it stands: later entries come first.
    place: i64,
}

/// The timeline of a record.
#[component]
pub(super) fn Timeline(props: &TimelineProps) -> Html {
    let page = &props.page;
    let few = use_few(SHOWN);
    let done = page.store.linked(page.row.id, Kind::Activity);
    let open = page.store.open();
    let open = open.filter(|open| open.record == page.row.id);
    let changes = open.map_or_else(Vec::new, |open| changes(&told(page, &open.history)));
    let (first, places) = places(&changes);
    // The last of what has one place comes first.
    let changes = changes.iter().zip(places).rev();
    let mut entries: Vec<Entry> = done
        .iter()
        .filter_map(|row| deed(page, row, first))
        .chain(changes.map(|(change, place)| changed(page, change, place)))
        .collect();
    sort_by(&mut entries, &|a, b| b.place.cmp(&a.place));
    if entries.is_empty() && page.store.row(page.row.id).is_none() {
        return html! {};
    }
    let count = entries.len();
    html! {
        <Group title={page.w.t("timeline")}>
            <Comment page={page.clone()} />
            if count > 0 {
                <ol class="time">{ for entries.iter().take(few.shown()).map(|entry| line(page, entry)) }</ol>
            }
            { few.more(count, &page.w) }
        </Group>
    }
}

fn line(page: &Page, entry: &Entry) -> Html {
    html! {
        <li class="time__item" key={entry.key.clone()}>
            <span class="time__dot">{ small_icon(entry.icon) }</span>
            <div>
                <strong>{ entry.title.clone() }</strong>
                if !entry.text.is_empty() { <p>{ entry.text.clone() }</p> }
            </div>
            <time class="time__when" title={page.w.exact(entry.at)}>{ page.w.age(entry.at) }</time>
        </li>
    }
}

/// Where changes stand that follow each other, the first of them first: at their time, but none before
/// the first, which all others follow, and one of a clock that was never set with the one before it.
fn places(changes: &[Change]) -> (i64, Vec<i64>) {
    let known = |change: &Change| change.mark.at.known();
    let first = changes.first().and_then(known).map_or(i64::MIN, |at| at.0);
    let mut last = first;
    let places = changes.iter().map(|change| {
        last = known(change).map_or(last, |at| at.0.max(first));
        last
    });
    (first, places.collect())
}

/// What was done, not before the record was there; at the top where nobody knows when.
fn deed(page: &Page, row: &Rc<Row>, first: i64) -> Option<Entry> {
    let at = done_at(row)?;
    let kind = page.w.choice("activity", row.text(&activity::TYPE));
    let who = page.person(author(row));
    let parts = [
        who.as_str(),
        row.text(&activity::SUBJECT),
        row.text(&activity::OUTCOME),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let title = if row.text(&activity::TYPE).is_empty() {
        name_of(row, page)
    } else {
        kind
    };
    Some(Entry {
        key: row.id.to_string(),
        icon: icon_of(row),
        title,
        text: AttrValue::from(parts.join(" · ")),
        at,
        place: at.known().map_or(i64::MAX, |at| at.0.max(first)),
    })
}

/// What people are told of a history.
pub(super) fn told(page: &Page, history: &[HistoryLine]) -> Vec<HistoryLine> {
    let field = |line: &HistoryLine| page.row.kind.field(&line.field);
    let is_told = |line: &&HistoryLine| field(line).is_none_or(Field::is_told);
    history.iter().filter(is_told).cloned().collect()
}

/// Whose activity it is: of a file that was restored, not who restored it.
fn author(row: &Row) -> PersonId {
    row.person(&activity::OWNER).unwrap_or(row.created.by)
}

/// What one person changed at a sitting: the mark of the last edit and the fields.
#[derive(Debug, PartialEq)]
struct Change {
    mark: Mark,
    fields: Vec<String>,
    made: bool,
    /// Whether the record was deleted then, or brought back.
    deleted: Option<bool>,
}

fn changes(history: &[HistoryLine]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for line in history {
        let made = line.field == "type";
        let deleted = (line.field == "deleted").then_some(line.after.is_some());
        let last = changes.last_mut();
        let last = last.filter(|change| together(change.mark, line.mark));
        match last {
            Some(change) => {
                change.mark = line.mark;
                change.made |= made;
                change.deleted = deleted.or(change.deleted);
                if !made && !change.fields.contains(&line.field) {
                    change.fields.push(line.field.clone());
                }
            }
            None => changes.push(Change {
                mark: line.mark,
                fields: (!made).then(|| line.field.clone()).into_iter().collect(),
                made,
                deleted,
            }),
        }
    }
    changes
}

fn changed(page: &Page, change: &Change, place: i64) -> Entry {
    let kind = page.row.kind;
    let who = page.person(change.mark.by);
    let first = change.fields.first().map(|key| page.w.field(kind, key));
    let others = change.fields.len().saturating_sub(1);
    let title = match (first, change.deleted) {
        _ if change.made => page.w.t(&format!("created-{}", kind.name())),
        (_, Some(true)) => page.w.t("deletion"),
        (_, Some(false)) => page.w.t("restoration"),
        (Some(field), None) => page.w.with(
            "field-changed",
            &[("field", field.to_string().into()), ("n", others.into())],
        ),
        (None, None) => page.w.t("history"),
    };
    Entry {
        key: format!("{} {}", change.mark.by, change.mark.at.0),
        icon: if change.made { "plus" } else { "pencil" },
        title,
        text: who,
        at: change.mark.at,
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::row::{Presence, Value};
    use shared::id::RecordId;

    fn line(by: u8, minutes: i64, field: &str) -> HistoryLine {
        HistoryLine {
            mark: Mark {
                by: PersonId([by; 8]),
                at: Timestamp(Timestamp::FIRST.0 + minutes * 60_000),
            },
            field: field.into(),
            item: String::new(),
            before: None,
            after: None,
        }
    }

    #[test]
    fn a_deed_is_its_owners_and_else_of_who_made_it() {
        let mark = Mark {
            by: PersonId([2; 8]),
            at: Timestamp::FIRST,
        };
        let mut row = Row {
            id: RecordId([9; 16]),
            kind: Kind::Activity,
            values: vec![],
            items: vec![],
            others: vec![],
            unknown: vec![],
            presence: Presence::There,
            created: mark,
            edited: Mark {
                by: PersonId([3; 8]),
                ..mark
            },
        };
        assert_eq!(author(&row), PersonId([2; 8]));
        let owner = Value::Person(PersonId([1; 8]));
        row.values.push((activity::OWNER.tag, owner));
        assert_eq!(author(&row), PersonId([1; 8]));
    }

    #[test]
    fn clocks_that_are_off_put_nothing_below_the_beginning() {
        let history = [
            line(1, 100, "type"),
            line(2, -3_000_000, "city"),
            line(1, 300, "phones"),
            line(3, 50, "emails"),
        ];
        let changes = changes(&history);
        assert_eq!(changes.len(), 4);
        let of = |minutes: i64| Timestamp::FIRST.0 + minutes * 60_000;
        let (first, found) = places(&changes);
        assert_eq!(first, of(100));
        assert_eq!(found, [of(100), of(100), of(300), of(100)]);
        let (_, unset) = places(&super::changes(&[
            line(1, -9_000, "type"),
            line(1, -8_000, "city"),
        ]));
        assert_eq!(unset, [i64::MIN, i64::MIN]);
    }

    #[test]
    fn edits_of_a_sitting_are_one_entry() {
        let history = [
            line(1, 0, "type"),
            line(1, 1, "city"),
            line(1, 2, "city"),
            line(2, 3, "phones"),
            line(2, 30, "emails"),
        ];
        let changes = changes(&history);
        let fields: Vec<_> = changes
            .iter()
            .map(|change| change.fields.join(" "))
            .collect();
        assert_eq!(fields, ["city", "phones", "emails"]);
        assert!(changes[0].made && !changes[1].made);
    }
}
