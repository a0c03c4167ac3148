//! A list of any length, of which only what can be seen is drawn: rows of 64 pixels under sticky
//! heads of 28, a scroll index at the edge, arrows and Enter. It comes back where it was left.

mod layout;
mod scrub;

use crate::browser::Listener;
use layout::{Layout, ROW_PX};
use scrub::Scrub;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

pub use layout::Section;

thread_local! {
    /// Where each list was left, by name.
    static LEFT_AT: RefCell<BTreeMap<&'static str, i32>> = const { RefCell::new(BTreeMap::new()) };
}

/// How many rows are drawn at most for paper.
const PRINTED: i32 = 10_000;

/// Drawn above and below what can be seen, so that a swipe does not outrun the drawing.
const MARGIN_PX: i32 = 8 * ROW_PX;

/// Properties of [`VirtualList`].
#[derive(PartialEq, Properties)]
pub struct VirtualListProps {
    /// Tells lists apart, so that each comes back where it was left.
    pub name: &'static str,
    /// What is listed, for screen readers.
    pub label: AttrValue,
    /// How many rows.
    pub count: usize,
    /// Heads, and the row each stands before; none when the order is not by name.
    pub sections: Rc<Vec<Section>>,
    /// What the list shows: it goes to its top when that changes.
    pub shows: AttrValue,
    /// The chosen row.
    pub selected: Option<usize>,
    /// Draws what is in a row.
    pub row: Callback<usize, Html>,
    /// The key of a row.
    pub key_of: Callback<usize, String>,
    /// The two letters in the bubble of the scroll index.
    pub letters: Callback<usize, AttrValue>,
    /// A row was chosen.
    pub onopen: Callback<usize>,
}

/// A long list.
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let node = use_node_ref();
    let id = use_memo((), |()| super::field::fresh_id("list"));
    let layout = use_memo(
        (props.count, props.sections.clone()),
        |(count, sections)| Layout::new(*count, sections),
    );
    // Where the list stands, in steps of a few rows: scrolling within one draws nothing.
    let view = use_state(|| (0, 900));
    let active = use_state(|| props.selected);
    use_place(props, &node, &layout, &view);
    let measure = {
        let (node, view, name) = (node.clone(), view.setter(), props.name);
        Callback::from(move |()| look(&node, &view, name))
    };
    let onscroll = measure.reform(|_: Event| ());
    {
        let (measure, print) = (measure.clone(), view.setter());
        use_effect_with((), move |()| {
            let look = measure.clone();
            let resized = Listener::on("resize", move |_| look.emit(()));
            let printing = Listener::on("beforeprint", move |_| print.set((0, PRINTED * ROW_PX)));
            let printed = Listener::on("afterprint", move |_| measure.emit(()));
            move || drop((resized, printing, printed))
        });
    }
    let onfocus = {
        let (active, first) = (active.clone(), props.selected.unwrap_or(0));
        Callback::from(move |_: FocusEvent| {
            if active.is_none() {
                active.set(Some(first));
            }
        })
    };
    let onkeydown = arrows(props, &node, &layout, &active);
    let (top, height) = *view;
    let shown = layout.between(top - MARGIN_PX, top + height + MARGIN_PX);
    let cursor = active.filter(|at| shown.rows.contains(at));
    let row = |at: usize| {
        let onclick = {
            let (onopen, active) = (props.onopen.clone(), active.setter());
            Callback::from(move |_: MouseEvent| {
                active.set(Some(at));
                onopen.emit(at);
            })
        };
        let class = classes!("row", (cursor == Some(at)).then_some("is-active"));
        html! {
            <li key={props.key_of.emit(at)} id={format!("{id}-{at}")} {class} role="option" aria-selected={(props.selected == Some(at)).to_string()}
                aria-setsize={props.count.to_string()} aria-posinset={(at + 1).to_string()} {onclick}>
                { props.row.emit(at) }
            </li>
        }
    };
    let head = |section: &Section| {
        html! { <li class="row__head" role="presentation" key={format!("head {}", section.head)}>{ section.head }</li> }
    };
    let mut lines: Vec<Html> = Vec::with_capacity(shown.rows.len() + 8);
    if let Some(current) = shown.current {
        lines.push(space("before", shown.before));
        lines.push(head(&current));
        lines.push(space("above", shown.above));
    } else {
        lines.push(space("before", shown.before + shown.above));
    }
    for at in shown.rows.clone() {
        if let Some(section) = layout
            .section_at(at)
            .filter(|_| shown.current.map(|c| c.first) != Some(at))
        {
            lines.push(head(&section));
        }
        lines.push(row(at));
    }
    lines.push(space("after", shown.after));
    let here = layout.section_before(layout.row_at(top));
    html! {
        <div class="listpane__wrap">
            <ul ref={node.clone()} class="listpane__rows" role="listbox" aria-label={props.label.clone()} tabindex="0"
                aria-activedescendant={cursor.map(|at| format!("{id}-{at}"))} {onscroll} {onfocus} {onkeydown}>
                { for lines }
            </ul>
            if props.sections.len() > 1 {
                <Scrub sections={props.sections.clone()} count={props.count} current={here.map(|s| s.head)} letters={props.letters.clone()}
                    onmove={scroll_to(node, layout)} />
            }
        </div>
    }
}

fn space(key: &'static str, px: i32) -> Html {
    html! { <li {key} role="presentation" aria-hidden="true" ~style={format!("block-size: {px}px")}></li> }
}

fn look(node: &NodeRef, view: &UseStateSetter<(i32, i32)>, name: &'static str) {
    if let Some(list) = node.cast::<HtmlElement>() {
        let top = list.scroll_top();
        LEFT_AT.with_borrow_mut(|left| left.insert(name, top));
        let step = 4 * ROW_PX;
        view.set((top / step * step, list.client_height().max(1) + step));
    }
}

fn scroll_to(node: NodeRef, layout: Rc<Layout>) -> Callback<usize> {
    Callback::from(move |row: usize| {
        if let Some(list) = node.cast::<HtmlElement>() {
            list.set_scroll_top(layout.top_under_head(row));
        }
    })
}

/// Brings the list back where it was left, to its top when it shows something else, and to the
/// chosen row when that cannot be seen.
#[hook]
fn use_place(
    props: &VirtualListProps,
    node: &NodeRef,
    layout: &Rc<Layout>,
    view: &UseStateHandle<(i32, i32)>,
) {
    let before = use_mut_ref(|| None::<AttrValue>);
    let (node, view, layout) = (node.clone(), view.setter(), layout.clone());
    let (name, selected) = (props.name, props.selected);
    use_effect_with(
        (props.shows.clone(), selected, props.count > 0),
        move |(shows, _, _)| {
            let Some(list) = node.cast::<HtmlElement>() else {
                return;
            };
            match before.replace(Some(shows.clone())) {
                None => {
                    let left = LEFT_AT.with_borrow(|left| left.get(name).copied());
                    list.set_scroll_top(left.unwrap_or_default());
                }
                Some(old) if old != *shows => list.set_scroll_top(0),
                Some(_) => {}
            }
            if let Some(row) = selected {
                reveal(&list, &layout, row);
            }
            look(&node, &view, name);
        },
    );
}

fn reveal(list: &HtmlElement, layout: &Layout, row: usize) {
    let (top, height) = (list.scroll_top(), list.client_height());
    let above = layout.top_under_head(row);
    let below = layout.top_of(row) + ROW_PX;
    if above < top {
        list.set_scroll_top(above);
    } else if below > top + height {
        list.set_scroll_top(below - height);
    }
}

fn arrows(
    props: &VirtualListProps,
    node: &NodeRef,
    layout: &Rc<Layout>,
    active: &UseStateHandle<Option<usize>>,
) -> Callback<KeyboardEvent> {
    let (node, layout, active) = (node.clone(), layout.clone(), active.clone());
    let (count, selected, onopen) = (props.count, props.selected, props.onopen.clone());
    Callback::from(move |event: KeyboardEvent| {
        let Some(list) = node.cast::<HtmlElement>() else {
            return;
        };
        let Some(last) = count.checked_sub(1) else {
            return;
        };
        let page = (list.client_height() / ROW_PX).max(1) as usize;
        let here = active.or(selected);
        let next = match event.key().as_str() {
            "ArrowDown" => here.map_or(0, |at| at + 1),
            "ArrowUp" => here.map_or(0, |at| at.saturating_sub(1)),
            "PageDown" => here.map_or(page, |at| at + page),
            "PageUp" => here.map_or(0, |at| at.saturating_sub(page)),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                if let Some(at) = here.filter(|at| *at <= last) {
                    event.prevent_default();
                    onopen.emit(at);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let next = next.min(last);
        active.set(Some(next));
        reveal(&list, &layout, next);
    })
}
