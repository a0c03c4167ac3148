//! What each list shows. It is kept while the page runs, so that going back finds it as it was.

use shared::crm::Kind;
use shared::crm::query::Query;
use std::cell::RefCell;
use yew::prelude::*;

thread_local! {
    static SHOWN: RefCell<Vec<(Kind, Query, u32)>> = const { RefCell::new(Vec::new()) };
}

/// What the list shows, a number that tells it from what it showed before, and a way to show
/// something else.
#[hook]
pub fn use_query(kind: Kind) -> (Query, u32, Callback<Query>) {
    let update = use_force_update();
    let shown = SHOWN.with_borrow(|shown| {
        let held = shown.iter().find(|(of, _, _)| *of == kind);
        held.map(|(_, query, number)| (query.clone(), *number))
    });
    let set = use_callback(kind, move |query: Query, _| {
        show(query);
        update.force_update();
    });
    let (query, number) = shown.unwrap_or_else(|| (Query::all(kind), 0));
    (query, number, set)
}

fn show(query: Query) {
    SHOWN.with_borrow_mut(
        |shown| match shown.iter_mut().find(|(of, _, _)| *of == query.kind) {
            Some((_, held, number)) => {
                *held = query;
                *number += 1;
            }
            None => shown.push((query.kind, query, 1)),
        },
    );
}

/// Lets the list of a type show what fits, once it is drawn again.
pub fn search(kind: Kind, typed: &str) {
    let text = typed.to_owned();
    show(Query {
        text,
        ..Query::all(kind)
    });
}
