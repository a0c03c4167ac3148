//! The scroll index at the list's edge: letters that exist, and where a finger is on them. It is
//! hidden from screen readers: typing in search is their way.

use super::layout::Section;
use crate::i18n::use_words;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct ScrubProps {
    pub sections: Rc<Vec<Section>>,
    pub count: usize,
    pub current: Option<char>,
    pub letters: Callback<usize, AttrValue>,
    pub onmove: Callback<usize>,
}

#[component]
pub(super) fn Scrub(props: &ScrubProps) -> Html {
    let w = use_words();
    let held = use_state(|| None::<usize>);
    let node = use_node_ref();
    let follow = {
        let (sections, count, node) = (props.sections.clone(), props.count, node.clone());
        let (held, onmove) = (held.setter(), props.onmove.clone());
        move |event: &PointerEvent| {
            let Some(index) = node.cast::<Element>() else {
                return;
            };
            let area = index.get_bounding_client_rect();
            let part = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0);
            let row = row_at(&sections, count, part.clamp(0.0, 1.0));
            held.set(Some(row));
            onmove.emit(row);
        }
    };
    let onpointerdown = {
        let (follow, node) = (follow.clone(), node.clone());
        Callback::from(move |event: PointerEvent| {
            event.prevent_default();
            if let Some(index) = node.cast::<Element>() {
                let _ = index.set_pointer_capture(event.pointer_id());
            }
            follow(&event);
        })
    };
    let onpointermove = {
        let held = held.clone();
        Callback::from(move |event: PointerEvent| {
            if held.is_some() {
                follow(&event);
            }
        })
    };
    let leave = {
        let held = held.setter();
        Callback::from(move |_: PointerEvent| held.set(None))
    };
    let letter = |section: &Section| {
        let on = (props.current == Some(section.head)).then_some("is-on");
        html! { <span key={section.head.to_string()} class={classes!(on)}>{ section.head }</span> }
    };
    let bubble = held.map(|row| {
        let place = w.with("place-of", &[("n", (row + 1).into()), ("all", props.count.into())]);
        html! { <span class="scrub__bubble">{ props.letters.emit(row) }<small>{ place }</small></span> }
    });
    html! {
        <div ref={node} class="scrub" aria-hidden="true" {onpointerdown} {onpointermove} onpointerup={leave.clone()} onpointercancel={leave}>
            { for props.sections.iter().map(letter) }
            { bubble.unwrap_or_default() }
        </div>
    }
}

/// Each letter has an equal part of the index; within it the finger goes through its rows.
fn row_at(sections: &[Section], count: usize, part: f64) -> usize {
    let place = part * sections.len() as f64;
    let at = (place as usize).min(sections.len().saturating_sub(1));
    let first = sections.get(at).map_or(0, |section| section.first);
    let end = sections.get(at + 1).map_or(count, |section| section.first);
    let within = (place - at as f64).clamp(0.0, 1.0) * (end - first) as f64;
    (first + within as usize).min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finger_goes_through_all_rows_of_a_letter() {
        let section = |head, first| Section { head, first };
        let sections = [section('A', 0), section('M', 10)];
        assert_eq!(row_at(&sections, 110, 0.0), 0);
        assert_eq!(row_at(&sections, 110, 0.25), 5);
        assert_eq!(row_at(&sections, 110, 0.5), 10);
        assert_eq!(row_at(&sections, 110, 0.75), 60);
        assert_eq!(row_at(&sections, 110, 1.0), 109);
    }
}
