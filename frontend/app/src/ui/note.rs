//! The editor of a note. The field is the person's: nothing is written into it for what they type
//! themselves; what others type comes as small changes beside it, and not while a word is being composed
//! or dictated. What is typed goes to the engine splice by splice, and is kept here until it is safe.

use crate::browser::{Listener, Timer, drafts, letter, now, press, random};
use gloo::events::{EventListener, EventListenerOptions};
use shared::bridge::{Note, encode};
use shared::crm::command::Splice;
use shared::crm::typing::{Answer, Sent, Steps, Typing, Version};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// A splice that got lost goes again after so long.
const AGAIN_MS: i32 = 2_000;
/// Dictation and replacements come in several steps: so long after one the field is left alone.
const DICTATED_MS: i32 = 1_000;

/// A splice for the engine.
#[derive(Clone)]
pub struct Keystroke {
    /// What was typed.
    pub sent: Sent,
    /// To be called with what became of it.
    pub answer: Callback<Answer>,
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
    /// Where what is not safe yet is kept.
    pub place: AttrValue,
    /// Sends a splice.
    pub onsplice: Callback<Keystroke>,
}

struct Editor {
    typing: RefCell<Typing>,
    steps: RefCell<Steps>,
    area: NodeRef,
    timer: RefCell<Option<Timer>>,
    dictating: RefCell<Option<Timer>>,
    is_alive: Cell<bool>,
    /// Until all is safe, also after the editor was left.
    flush: RefCell<Option<drafts::Flush>>,
    place: AttrValue,
    onsplice: RefCell<Callback<Keystroke>>,
}

/// A note as the engine told it.
pub fn version(note: &Note) -> Version {
    Version {
        order: note.order,
        revision: note.revision,
        text: note.text.clone(),
    }
}

/// A note.
#[component]
pub fn NoteEditor(props: &NoteEditorProps) -> Html {
    let area = use_node_ref();
    let editor = {
        let (area, note) = (area.clone(), props.note.clone());
        let (place, onsplice) = (props.place.clone(), props.onsplice.clone());
        use_memo((), move |()| Editor {
            typing: RefCell::new(Typing::new(version(&note))),
            steps: RefCell::default(),
            area,
            timer: RefCell::new(None),
            dictating: RefCell::new(None),
            is_alive: Cell::new(true),
            flush: RefCell::new(None),
            place,
            onsplice: RefCell::new(onsplice),
        })
    };
    editor.onsplice.replace(props.onsplice.clone());
    {
        let editor = editor.clone();
        use_effect_with(props.note.clone(), move |note| {
            let changes = editor.typing.borrow_mut().told(version(note));
            show(&editor, &changes);
        });
    }
    {
        let editor = editor.clone();
        use_effect_with((), move |()| {
            let listeners = begin(&editor);
            move || {
                editor.is_alive.set(false);
                editor.timer.replace(None);
                drop(listeners);
                leave(&editor);
                rest(&editor);
            }
        });
    }
    let oninput = {
        let editor = editor.clone();
        Callback::from(move |event: InputEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            let at = now().0;
            if event.is_composing() {
                editor.typing.borrow_mut().hold();
            } else if event.input_type() == "insertReplacementText" {
                dictated(&editor);
            }
            typed(&editor, &area.value(), at);
            fit(&area);
            keep(&editor);
            later(&editor);
        })
    };
    let onkeydown = {
        let editor = editor.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(is_back) = undoes(&event) {
                event.prevent_default();
                step(&editor, is_back);
            }
        })
    };
    let onfocusout = Callback::from(move |_: FocusEvent| {
        let editor = editor.clone();
        press::after(move || leave(&editor));
    });
    html! {
        <textarea ref={area} class="notes" rows="3" aria-label={props.label.clone()} placeholder={props.placeholder.clone()} {oninput} {onkeydown} {onfocusout} />
    }
}

fn typed(editor: &Editor, text: &str, at_ms: i64) {
    let mut typing = editor.typing.borrow_mut();
    let splice = Splice::between(typing.shown(), text);
    let mut steps = editor.steps.borrow_mut();
    steps.typed(typing.shown(), &splice, at_ms);
    typing.typed(text.to_owned(), at_ms);
}

/// Whether a key takes back what was typed last, or does it again.
fn undoes(event: &KeyboardEvent) -> Option<bool> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || event.is_composing() {
        return None;
    }
    match (
        letter(&event.key(), &event.code()).as_str(),
        event.shift_key(),
    ) {
        ("z", false) => Some(true),
        ("z", true) | ("y", false) => Some(false),
        _ => None,
    }
}

/// Takes back what was typed last, or does it again: as if it were typed.
fn step(editor: &Rc<Editor>, is_back: bool) {
    let Some(area) = editor.area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    let before = editor.typing.borrow().shown().to_owned();
    let Some((text, caret)) = editor.steps.borrow_mut().step(&before, is_back) else {
        return;
    };
    area.set_value(&text);
    let caret = units(&text, caret);
    let _ = area.set_selection_range(caret, caret);
    editor.typing.borrow_mut().typed(text, now().0);
    fit(&area);
    keep(editor);
    later(editor);
}

/// Shows the text, and listens for what ends the typing.
fn begin(editor: &Rc<Editor>) -> impl Sized + use<> {
    let area = editor.area.cast::<HtmlTextAreaElement>()?;
    area.set_value(editor.typing.borrow().shown());
    fit(&area);
    let on = |run: fn(&Rc<Editor>)| {
        let editor = editor.clone();
        move || run(&editor)
    };
    let (composed, hidden, gone) = (on(release), on(leave), on(leave));
    // By a gesture, or from a menu.
    let stepped = editor.clone();
    let by_hand = EventListener::new_with_options(
        &area,
        "beforeinput",
        EventListenerOptions::enable_prevent_default(),
        move |event| {
            let kind = event.dyn_ref::<InputEvent>().map(InputEvent::input_type);
            let is_back = match kind.as_deref() {
                Some("historyUndo") => true,
                Some("historyRedo") => false,
                _ => return,
            };
            event.prevent_default();
            step(&stepped, is_back);
        },
    );
    let flushed = editor.clone();
    editor.flush.replace(Some(drafts::on_flush(move || {
        leave(&flushed);
        flushed.typing.borrow().is_safe()
    })));
    Some((
        by_hand,
        EventListener::new(&area, "compositionend", move |_| composed()),
        Listener::on("visibilitychange", move |_| hidden()),
        Listener::on("pagehide", move |_| gone()),
    ))
}

/// Nothing more is to be sent of an editor that was left, once all is safe.
fn rest(editor: &Editor) {
    if !editor.is_alive.get() && editor.typing.borrow().is_safe() {
        editor.flush.take();
    }
}

fn dictated(editor: &Rc<Editor>) {
    editor.typing.borrow_mut().hold();
    let waiting = editor.clone();
    let timer = Timer::after(DICTATED_MS, move || {
        // The timer may not be dropped while it runs.
        let done = waiting.dictating.take();
        release(&waiting);
        drop(done);
    });
    editor.dictating.replace(Some(timer));
}

/// The field may be touched again.
fn release(editor: &Rc<Editor>) {
    let changes = editor.typing.borrow_mut().release();
    show(editor, &changes);
    later(editor);
}

/// Everything typed goes now.
fn leave(editor: &Rc<Editor>) {
    let changes = editor.typing.borrow_mut().release();
    show(editor, &changes);
    send(editor);
}

/// Keeps what is not safe yet, or forgets it.
fn keep(editor: &Editor) {
    let cut = editor.typing.borrow().cut();
    // Each byte is a letter there.
    let text = cut.map(|cut| encode(&cut).into_iter().map(char::from).collect::<String>());
    drafts::keep(&editor.place, text.as_deref());
}

fn later(editor: &Rc<Editor>) {
    let due = editor.typing.borrow().due_in_ms(now().0);
    match due {
        None => {}
        Some(_) if !editor.is_alive.get() => send(editor),
        Some(ms) => send_in(editor, ms as i32),
    }
}

fn send_in(editor: &Rc<Editor>, ms: i32) {
    let waiting = editor.clone();
    let timer = Timer::after(ms, move || {
        // The timer may not be dropped while it runs: it is taken out and dropped after.
        let done = waiting.timer.take();
        send(&waiting);
        drop(done);
    });
    editor.timer.replace(Some(timer));
}

fn send(editor: &Rc<Editor>) {
    let id = u64::from_le_bytes(random());
    let next = editor.typing.borrow_mut().next(id, now().0);
    let Some(sent) = next else { return };
    keep(editor);
    let id = sent.id;
    let answer = {
        let editor = editor.clone();
        Callback::from(move |answer: Answer| {
            let is_done = matches!(answer, Answer::Taken(_) | Answer::Unplaced(_));
            let is_lost = answer == Answer::Unknown;
            let changes = editor.typing.borrow_mut().answered(id, answer);
            show(&editor, &changes);
            keep(&editor);
            rest(&editor);
            if is_done {
                later(&editor);
            } else if is_lost && editor.is_alive.get() {
                send_in(&editor, AGAIN_MS);
            }
        })
    };
    let onsplice = editor.onsplice.borrow().clone();
    onsplice.emit(Keystroke { sent, answer });
}

/// Does to the field what others did; the browser keeps the caret and what is selected.
fn show(editor: &Editor, changes: &[Splice]) {
    let Some(area) = editor.area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    for change in changes {
        editor.steps.borrow_mut().others(change);
        let text = area.value();
        let begin = units(&text, change.at);
        let end = units(&text, change.at + change.remove);
        let _ =
            area.set_range_text_with_start_and_end_and_mode(&change.insert, begin, end, "preserve");
    }
    if !changes.is_empty() {
        let typing = editor.typing.borrow();
        // A browser has one kind of line break; a text from elsewhere may have another.
        if area.value() != typing.shown() {
            area.set_value(typing.shown());
        }
        fit(&area);
    }
}

fn fit(area: &HtmlTextAreaElement) {
    let style = area.style();
    let _ = style.set_property("block-size", "auto");
    let height = area.scroll_height();
    let _ = style.set_property("block-size", &format!("{height}px"));
}

/// So many characters, counted as the browser does.
fn units(text: &str, chars: usize) -> u32 {
    text.chars().take(chars).map(|c| c.len_utf16() as u32).sum()
}
