//! The editor of a note: what is typed goes to the engine splice by splice, what others type comes
//! back merged, and the caret stays where it was.

mod typing;

use crate::browser::Timer;
use shared::bridge::Note;
use shared::crm::command::Splice;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use typing::Typing;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// The engine hears of typing at most this often.
const PAUSE_MS: i32 = 30;

/// A splice for the engine.
#[derive(Clone)]
pub struct Keystroke {
    /// The revision that it counts in.
    pub revision: u64,
    /// What was typed.
    pub splice: Splice,
    /// To be called with the note as the engine then has it, or `None` when it was not taken.
    pub answer: Callback<Option<Note>>,
}

/// Properties of [`NoteEditor`].
#[derive(PartialEq, Properties)]
pub struct NoteEditorProps {
    /// The note as the engine last told it.
    pub note: Note,
    /// What it is, for screen readers.
    pub label: AttrValue,
    /// What stands there while it is empty.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// Sends a splice.
    pub onsplice: Callback<Keystroke>,
}

struct Editor {
    typing: RefCell<Typing>,
    area: NodeRef,
    timer: RefCell<Option<Timer>>,
    alive: Cell<bool>,
    onsplice: RefCell<Callback<Keystroke>>,
}

/// A note.
#[component]
pub fn NoteEditor(props: &NoteEditorProps) -> Html {
    let area = use_node_ref();
    let editor = {
        let (area, note, onsplice) = (area.clone(), props.note.clone(), props.onsplice.clone());
        use_memo((), move |()| Editor {
            typing: RefCell::new(Typing::new(note.revision, note.text)),
            area,
            timer: RefCell::new(None),
            alive: Cell::new(true),
            onsplice: RefCell::new(onsplice),
        })
    };
    editor.onsplice.replace(props.onsplice.clone());
    {
        let editor = editor.clone();
        use_effect_with(props.note.clone(), move |note| {
            let caret = caret_of(&editor.area);
            let moved = editor
                .typing
                .borrow_mut()
                .told(note.revision, &note.text, caret);
            show(&editor, moved);
        });
    }
    {
        let editor = editor.clone();
        use_effect_with((), move |()| {
            show(&editor, None);
            move || {
                editor.alive.set(false);
                editor.timer.replace(None);
                send(&editor);
            }
        });
    }
    let oninput = Callback::from(move |event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        editor.typing.borrow_mut().typed(area.value());
        fit(&area);
        later(&editor);
    });
    html! {
        <textarea ref={area} class="notes" rows="3" aria-label={props.label.clone()} placeholder={props.placeholder.clone()} {oninput} />
    }
}

fn later(editor: &Rc<Editor>) {
    if editor.alive.get() {
        let waiting = editor.clone();
        let mut timer = editor.timer.borrow_mut();
        if timer.is_none() {
            *timer = Some(Timer::after(PAUSE_MS, move || {
                // The timer may not be dropped while it runs: it is taken out and dropped after.
                let done = waiting.timer.take();
                send(&waiting);
                drop(done);
            }));
        }
    } else {
        send(editor);
    }
}

fn send(editor: &Rc<Editor>) {
    let Some((revision, splice)) = editor.typing.borrow_mut().next_splice() else {
        return;
    };
    let answer = {
        let editor = editor.clone();
        Callback::from(move |note: Option<Note>| {
            let caret = caret_of(&editor.area);
            let moved = match note {
                Some(note) => {
                    let mut typing = editor.typing.borrow_mut();
                    typing.answered(note.revision, &note.text, caret)
                }
                None => {
                    editor.typing.borrow_mut().refused();
                    return;
                }
            };
            show(&editor, moved);
            if editor.typing.borrow().is_ahead() {
                later(&editor);
            }
        })
    };
    let onsplice = editor.onsplice.borrow().clone();
    onsplice.emit(Keystroke {
        revision,
        splice,
        answer,
    });
}

/// Shows the text, with the caret at so many characters when it had to move.
fn show(editor: &Editor, caret: Option<usize>) {
    let Some(area) = editor.area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    let typing = editor.typing.borrow();
    if area.value() != typing.shown() {
        area.set_value(typing.shown());
        if let Some(caret) = caret {
            let units = units_of(typing.shown(), caret);
            let _ = area.set_selection_range(units, units);
        }
    }
    fit(&area);
}

fn fit(area: &HtmlTextAreaElement) {
    let style = area.style();
    let _ = style.set_property("block-size", "auto");
    let height = area.scroll_height();
    let _ = style.set_property("block-size", &format!("{height}px"));
}

/// Where the caret is, in characters.
fn caret_of(area: &NodeRef) -> usize {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else {
        return 0;
    };
    let units = area.selection_start().ok().flatten().unwrap_or_default();
    let mut left = units as usize;
    area.value()
        .chars()
        .take_while(|c| {
            let inside = left > 0;
            left = left.saturating_sub(c.len_utf16());
            inside
        })
        .count()
}

/// So many characters, counted as the browser does.
fn units_of(text: &str, chars: usize) -> u32 {
    text.chars().take(chars).map(|c| c.len_utf16() as u32).sum()
}
