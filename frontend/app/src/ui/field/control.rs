//! The field while it is edited.

use super::{IconButton, Keyboard};
use crate::browser::{self, drafts};
use crate::i18n::use_words;
use crate::ui::icon::small_icon;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Node,
};
use yew::prelude::*;

thread_local! {
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

/// An id for an element that a label points to.
pub fn fresh_id(prefix: &str) -> String {
    let number = NUMBER.get() + 1;
    NUMBER.set(number);
    format!("{prefix}-{number}")
}

#[derive(PartialEq, Properties)]
pub(super) struct ControlProps {
    pub label: AttrValue,
    pub typed: AttrValue,
    pub keyboard: Keyboard,
    pub labels: Vec<(AttrValue, AttrValue)>,
    pub labelled: AttrValue,
    /// Text and label that could not be saved: editing goes on with them, wherever the focus is by then.
    pub draft: Option<(AttrValue, AttrValue)>,
    pub wrong: Option<AttrValue>,
    pub onsave: Callback<Left>,
    /// Left without a change, by a key or not.
    pub onleave: Callback<bool>,
    pub onremove: Option<Callback<()>>,
    pub fresh: bool,
    pub place: AttrValue,
}

/// A field that was left with something to save.
pub(super) struct Left {
    /// What editing began with, whatever others wrote since.
    pub begun: AttrValue,
    pub text: String,
    pub label: AttrValue,
    pub by_key: bool,
}

/// Whether the focus goes to something else within the element.
pub fn stays_within(node: &NodeRef, event: &FocusEvent) -> bool {
    let next = event
        .related_target()
        .and_then(|t| t.dyn_into::<Node>().ok());
    let here = node.cast::<Node>();
    matches!((here, next), (Some(here), Some(next)) if here.contains(Some(&next)))
}

/// A press on a button of the row leaves the focus where it is: some browsers would end editing
/// before the button hears of it.
fn keep_focus(event: MouseEvent) {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let button = target.and_then(|element| element.closest("button").ok().flatten());
    if button.is_some() {
        event.prevent_default();
    }
}

#[component]
pub(super) fn Control(props: &ControlProps) -> Html {
    let w = use_words();
    let id = use_memo((), |()| fresh_id("field"));
    let (row, input, select) = (use_node_ref(), use_node_ref(), use_node_ref());
    let over = use_memo((), |()| Cell::new(false));
    // What a colleague writes meanwhile is not what the person saw.
    let begun = use_memo((), |()| (props.typed.clone(), props.labelled.clone()));
    {
        let (input, select) = (input.clone(), select.clone());
        let is_draft = props.draft.is_some();
        let is_amount = props.keyboard == Keyboard::Amount;
        let fresh = || (props.typed.clone(), props.labelled.clone());
        let (text, label) = props.draft.clone().unwrap_or_else(fresh);
        use_effect_with((), move |()| {
            set_value(&input, &text);
            if let Some(select) = select.cast::<HtmlSelectElement>() {
                select.set_value(&label);
            }
            if !is_draft {
                begin(&input, is_amount);
            }
        });
    }
    let finish = {
        let (input, select, over) = (input.clone(), select.clone(), over.clone());
        let (typed, labelled) = (*begun).clone();
        let (onsave, onleave) = (props.onsave.clone(), props.onleave.clone());
        move |by_key: bool| {
            if over.get() {
                return;
            }
            let text = value_of(&input);
            let label = select
                .cast::<HtmlSelectElement>()
                .map_or(labelled.clone(), |select| AttrValue::from(select.value()));
            if text.trim() == typed.as_str() && label == labelled {
                over.set(true);
                onleave.emit(by_key);
            } else {
                let begun = typed.clone();
                onsave.emit(Left {
                    begun,
                    text,
                    label,
                    by_key,
                });
            }
        }
    };
    let onkeydown = keys(
        &props.keyboard,
        over.clone(),
        finish.clone(),
        props.onleave.clone(),
    );
    let chosen = {
        let finish = finish.clone();
        Callback::from(move |_: Event| {
            // Under a finger a choice is final; the arrow keys go through the choices one by one.
            if browser::matches("(pointer: coarse)") {
                finish(false);
            }
        })
    };
    let onfocusout = {
        let row = row.clone();
        Callback::from(move |event: FocusEvent| {
            if !stays_within(&row, &event) {
                finish(false);
            }
        })
    };
    let oninput = {
        let (input, select, place) = (input.clone(), select.clone(), props.place.clone());
        let labelled = props.labelled.clone();
        Callback::from(move |_: InputEvent| {
            let label = select.cast::<HtmlSelectElement>();
            let label = label.map_or(labelled.to_string(), |select| select.value());
            drafts::keep(&place, Some(&format!("{label}\n{}", value_of(&input))));
        })
    };
    let remove = {
        let place = props.place.clone();
        move |over: &Cell<bool>| {
            over.set(true);
            drafts::keep(&place, None);
        }
    };
    let hint = format!("{id}-hint");
    let described = props.wrong.is_some().then(|| AttrValue::from(hint.clone()));
    let class = classes!(
        "field",
        "is-editing",
        props.wrong.is_some().then_some("is-wrong")
    );
    html! {
        <div ref={row} {class} {oninput} {onkeydown} {onfocusout} onmousedown={keep_focus}>
            <div class="field__edit">
                if props.labels.is_empty() {
                    <label class="field__label" for={(*id).clone()}>{ props.label.clone() }</label>
                } else {
                    <select ref={select} class="field__label field__kind" aria-label={w.t("kind-of-item")}>
                        { for props.labels.iter().map(option) }
                    </select>
                }
                { element(props, &id, input, described, chosen) }
                if let Some(wrong) = &props.wrong {
                    <p id={hint} class="hint hint--wrong" role="alert">
                        { small_icon("circle-alert") }<span>{ wrong.clone() }</span>
                    </p>
                }
            </div>
            if let Some(onremove) = &props.onremove {
                <IconButton icon="x" class="field__act" label={w.t("remove")} onclick={onremove.reform(move |_| remove(&over))} />
            }
        </div>
    }
}

fn keys(
    keyboard: &Keyboard,
    over: Rc<Cell<bool>>,
    finish: impl Fn(bool) + 'static,
    onleave: Callback<bool>,
) -> Callback<KeyboardEvent> {
    let lines = *keyboard == Keyboard::Lines;
    Callback::from(move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Enter" if !lines || command => finish(true),
            "Escape" => {
                over.set(true);
                onleave.emit(true);
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}

fn option((value, words): &(AttrValue, AttrValue)) -> Html {
    html! { <option key={value.to_string()} value={value.clone()}>{ words.clone() }</option> }
}

fn element(
    props: &ControlProps,
    id: &str,
    node: NodeRef,
    described: Option<AttrValue>,
    onchange: Callback<Event>,
) -> Html {
    let id = AttrValue::from(id.to_owned());
    let invalid = props.wrong.is_some().then_some("true");
    let label = (!props.labels.is_empty()).then(|| props.label.clone());
    let (mode, capitals) = match &props.keyboard {
        Keyboard::Choice(choices) => {
            return html! {
                <select ref={node} {id} class="field__value" aria-label={label} aria-invalid={invalid} aria-describedby={described} {onchange}>
                    { for choices.iter().map(option) }
                </select>
            };
        }
        Keyboard::Lines => {
            return html! {
                <textarea ref={node} {id} class="field__value" rows="2" aria-label={label} aria-invalid={invalid} aria-describedby={described} />
            };
        }
        Keyboard::Text => ("text", "sentences"),
        Keyboard::Name => ("text", "words"),
        Keyboard::Tel => ("tel", "off"),
        Keyboard::Email => ("email", "off"),
        Keyboard::Url => ("url", "off"),
        Keyboard::Date => ("text", "off"),
        Keyboard::Amount => ("decimal", "off"),
    };
    html! {
        <input ref={node} {id} class="field__value" type="text" inputmode={mode} autocapitalize={capitals} autocomplete="off"
            enterkeyhint="done" aria-label={label} aria-invalid={invalid} aria-describedby={described} />
    }
}

fn set_value(node: &NodeRef, text: &str) {
    if let Some(input) = node.cast::<HtmlInputElement>() {
        input.set_value(text);
    } else if let Some(area) = node.cast::<HtmlTextAreaElement>() {
        area.set_value(text);
    } else if let Some(select) = node.cast::<HtmlSelectElement>() {
        select.set_value(text);
    }
}

fn value_of(node: &NodeRef) -> String {
    let element = node.cast::<Element>();
    let value = element.and_then(|e| js_sys::Reflect::get(&e, &"value".into()).ok());
    value
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

fn begin(node: &NodeRef, is_amount: bool) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
        // With a keyboard, typing replaces, and an amount is written anew anywhere; under a finger, the
        // caret is what one wants.
        if (is_amount || browser::matches("(hover: hover)"))
            && let Ok(input) = element.dyn_into::<HtmlInputElement>()
        {
            input.select();
        }
    }
}
