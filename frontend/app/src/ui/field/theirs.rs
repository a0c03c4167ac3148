//! What a colleague wrote into a field while it was edited here: it was written over, and stands beside
//! the field until the person chooses.

use super::{FieldProps, Keyboard, Typed};
use crate::i18n::Words;
use crate::ui::other::{OtherValue, other};
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// A value that somebody wrote.
#[derive(Clone, PartialEq)]
pub(super) struct Value {
    typed: AttrValue,
    label: AttrValue,
    shown: AttrValue,
    who: AttrValue,
    when: AttrValue,
}

/// The value that came last, and the one that was written over.
#[derive(Clone)]
pub(super) struct Theirs {
    came: Rc<RefCell<Value>>,
    over: UseStateHandle<Option<Value>>,
    onsave: Callback<Typed, Option<AttrValue>>,
}

/// Notes who wrote the value that stands there.
#[hook]
pub(super) fn use_theirs(props: &FieldProps) -> Theirs {
    let (who, when) = props.last.clone();
    let words = match &props.keyboard {
        Keyboard::Choice(choices) => choices.iter().find(|(value, _)| *value == props.typed),
        Keyboard::Text
        | Keyboard::Name
        | Keyboard::Lines
        | Keyboard::Tel
        | Keyboard::Email
        | Keyboard::Url
        | Keyboard::Date
        | Keyboard::Amount => None,
    };
    let value = Value {
        typed: props.typed.clone(),
        label: props.labelled.clone(),
        shown: words.map_or_else(|| props.typed.clone(), |(_, words)| words.clone()),
        who,
        when,
    };
    let came = use_mut_ref(|| value.clone());
    let is_new = came.borrow().typed != value.typed;
    if is_new {
        came.replace(value);
    }
    Theirs {
        came,
        over: use_state(|| None),
        onsave: props.onsave.clone(),
    }
}

impl Theirs {
    /// What goes where a text is saved that was typed onto what stood there when editing began.
    pub(super) fn written_over(&self, begun: &AttrValue, text: &str) -> Option<Value> {
        let came = self.came.borrow().clone();
        (came.typed != *begun && came.typed != text.trim()).then_some(came)
    }

    /// It stands beside the field from then on.
    pub(super) fn put_beside(&self, value: Option<Value>) {
        self.over.set(value);
    }

    /// The value, to take or to ignore.
    pub(super) fn strip(&self, w: &Words) -> Html {
        let Some(value) = (*self.over).clone() else {
            return html! {};
        };
        let close = {
            let over = self.over.setter();
            Callback::from(move |_: MouseEvent| over.set(None))
        };
        let take = {
            let (onsave, close, value) = (self.onsave.clone(), close.clone(), value.clone());
            let begun = self.came.borrow().typed.clone();
            Callback::from(move |event: MouseEvent| {
                onsave.emit(Typed {
                    text: value.typed.to_string(),
                    begun: begun.clone(),
                    label: value.label.clone(),
                    done: Callback::noop(),
                });
                close.emit(event);
            })
        };
        let shown = OtherValue {
            who: Some(value.who),
            value: Some(value.shown).filter(|shown| !shown.is_empty()),
            when: value.when,
            ontake: take,
            onignore: close,
        };
        other(shown, "theirs".to_owned(), w)
    }
}
