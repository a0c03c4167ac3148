//! A field of a record, edited in place: rest, editing, saved, wrong, empty. It is saved when it is
//! left or Enter is pressed; Esc restores it.

mod control;
mod theirs;

use super::IconButton;
use crate::browser::{Timer, drafts, press};
use crate::i18n::use_words;
use crate::ui::icon::small_icon;
use control::{Control, Left};
pub use control::{fresh_id, stays_within};
use theirs::use_theirs;
use web_sys::HtmlElement;
use yew::prelude::*;

/// How a value is typed.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Keyboard {
    /// A line of text.
    #[default]
    Text,
    /// A name: each word begins with a capital.
    Name,
    /// Several lines.
    Lines,
    /// A telephone number.
    Tel,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A day.
    Date,
    /// An amount.
    Amount,
    /// One of these: value and words. The first stands for none.
    Choice(Vec<(AttrValue, AttrValue)>),
}

/// What was typed.
#[derive(Clone)]
pub struct Typed {
    /// The text, or the chosen value.
    pub text: String,
    /// What stood there when editing began.
    pub begun: AttrValue,
    /// The chosen label, where there are labels.
    pub label: AttrValue,
    /// To be called when it is saved (`true`) or could not be.
    pub done: Callback<bool>,
}

/// Properties of [`Field`].
#[derive(PartialEq, Properties)]
pub struct FieldProps {
    /// What it is.
    pub label: AttrValue,
    /// The value as it is shown; `None` when there is none.
    pub shown: Option<Html>,
    /// What editing begins with.
    pub typed: AttrValue,
    /// What stands there when there is no value: `Ajouter une date`.
    pub empty: AttrValue,
    /// How it is typed.
    #[prop_or_default]
    pub keyboard: Keyboard,
    /// Labels to choose from while editing: value and words.
    #[prop_or_default]
    pub labels: Vec<(AttrValue, AttrValue)>,
    /// The chosen label.
    #[prop_or_default]
    pub labelled: AttrValue,
    /// Saves what was typed, or says what is wrong with it.
    pub onsave: Callback<Typed, Option<AttrValue>>,
    /// Takes the value away.
    #[prop_or_default]
    pub onremove: Option<Callback<()>>,
    /// Begins in editing: a new item.
    #[prop_or_default]
    pub fresh: bool,
    /// Editing was left without anything to save.
    #[prop_or_default]
    pub onleave: Callback<()>,
    /// A deed at the right: call, write, map.
    #[prop_or_default]
    pub act: Html,
    /// Values that lost a concurrent edit.
    #[prop_or_default]
    pub other: Html,
    /// Who wrote to the record last, and when.
    #[prop_or_default]
    pub last: (AttrValue, AttrValue),
    /// Where what is typed is kept until it is saved.
    #[prop_or_default]
    pub place: AttrValue,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    Rest,
    Editing,
    Wrong(AttrValue),
    Saving(AttrValue),
    /// Nothing was saved: what was typed, and its label, are still there.
    Unsaved(AttrValue, AttrValue),
    /// So are they after the page was thrown away.
    Kept(AttrValue, AttrValue),
    Saved,
}

/// A field row.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let w = use_words();
    let place = props.place.clone();
    let state = use_state(|| match drafts::kept(&place) {
        Some(draft) => {
            let (label, text) = draft.split_once('\n').unwrap_or_default();
            State::Kept(text.to_owned().into(), label.to_owned().into())
        }
        None if props.fresh => State::Editing,
        None => State::Rest,
    });
    let button = use_node_ref();
    let refocus = use_mut_ref(|| false);
    let theirs = use_theirs(props);
    use_saved_timer(&state);
    {
        // What was typed stands until the row has it.
        let state = state.clone();
        use_effect_with(props.typed.clone(), move |_| {
            if matches!(*state, State::Saving(_)) {
                state.set(State::Saved);
            }
        });
    }
    {
        let (button, refocus) = (button.clone(), refocus.clone());
        use_effect_with((*state).clone(), move |_| {
            if refocus.replace(false)
                && let Some(button) = button.cast::<HtmlElement>()
            {
                let _ = button.focus();
            }
        });
    }
    let edit = {
        let state = state.setter();
        Callback::from(move |_: MouseEvent| state.set(State::Editing))
    };
    let leave = {
        let (state, refocus, onleave) = (state.setter(), refocus.clone(), props.onleave.clone());
        let place = place.clone();
        Callback::from(move |by_key: bool| {
            drafts::keep(&place, None);
            refocus.replace(by_key);
            let (state, onleave) = (state.clone(), onleave.clone());
            press::after(move || {
                state.set(State::Rest);
                onleave.emit(());
            });
        })
    };
    let save = {
        let (state, onsave, theirs) = (state.clone(), props.onsave.clone(), theirs.clone());
        Callback::from(move |left: Left| {
            let Left {
                begun,
                text,
                label,
                by_key,
            } = left;
            let (theirs, over) = (theirs.clone(), theirs.written_over(&begun, &text));
            let set = state.setter();
            let draft = AttrValue::from(text.clone());
            let (kept, place) = ((draft.clone(), label.clone()), place.clone());
            let done = Callback::from(move |saved: bool| {
                if saved {
                    drafts::keep(&place, None);
                    theirs.put_beside(over.clone());
                }
                let (draft, label) = kept.clone();
                let (set, next) = (
                    set.clone(),
                    match saved {
                        true => State::Saved,
                        false => State::Unsaved(draft, label),
                    },
                );
                press::after(move || set.set(next));
            });
            let next = match onsave.emit(Typed {
                text,
                begun,
                label,
                done,
            }) {
                Some(sentence) => State::Wrong(sentence),
                None => {
                    refocus.replace(by_key);
                    State::Saving(draft)
                }
            };
            let set = state.setter();
            press::after(move || set.set(next));
        })
    };
    let wrong = match &*state {
        State::Wrong(sentence) => Some(sentence.clone()),
        State::Unsaved(..) => Some(w.t("not-saved")),
        State::Kept(..) => Some(w.t("draft-kept")),
        State::Rest | State::Editing | State::Saving(_) | State::Saved => None,
    };
    let draft = match &*state {
        State::Unsaved(draft, label) | State::Kept(draft, label) => {
            Some((draft.clone(), label.clone()))
        }
        State::Rest | State::Editing | State::Wrong(_) | State::Saving(_) | State::Saved => None,
    };
    if matches!(
        *state,
        State::Editing | State::Wrong(_) | State::Unsaved(..) | State::Kept(..)
    ) {
        return html! {
            <Control label={props.label.clone()} typed={props.typed.clone()} keyboard={props.keyboard.clone()}
                labels={props.labels.clone()} labelled={props.labelled.clone()} {draft} {wrong} place={props.place.clone()}
                onsave={save} onleave={leave} onremove={props.onremove.clone()} fresh={props.fresh} />
        };
    }
    let value = match (&*state, &props.shown) {
        (State::Saving(draft), _)
            if !matches!(props.keyboard, Keyboard::Choice(_)) && !draft.is_empty() =>
        {
            html! { <span class="field__value">{ draft.clone() }</span> }
        }
        (_, Some(shown)) => html! { <span class="field__value">{ shown.clone() }</span> },
        (_, None) => {
            html! { <span class="field__value field__value--empty">{ props.empty.clone() }</span> }
        }
    };
    html! {
        <div class="field">
            <button ref={button} type="button" class="field__edit" onclick={edit}>
                <span class="field__label">
                    { props.label.clone() }
                    <span role="status">
                        if *state == State::Saved {
                            <span class="field__saved">
                                { small_icon("check") }{ w.t("saved") }
                            </span>
                        }
                    </span>
                </span>
                { value }
            </button>
            { props.act.clone() }
            { props.other.clone() }
            { theirs.strip(&w) }
        </div>
    }
}

#[hook]
fn use_saved_timer(state: &UseStateHandle<State>) {
    let set = state.setter();
    use_effect_with(**state == State::Saved, move |saved| {
        let timer = saved.then(|| Timer::after(2_000, move || set.set(State::Rest)));
        move || drop(timer)
    });
}
