//! Importing contacts from a file: choose it, see what each column and line becomes, correct what is
//! wrong, import, and undo the whole of it if need be.

mod ask;
mod choose;
mod columns;
mod earlier;
mod foot;
mod lead;
mod preview;
mod remembered;
mod result;
mod run;
mod sheet;

use crate::browser::press;
use crate::i18n::use_words;
use crate::route::{Route, use_nav};
use crate::store::use_store;
use crate::ui::IconButton;
use crate::ui::icon::small_icon;
use choose::Choose;
use columns::Columns;
use earlier::Earlier;
use foot::foot;
use lead::lead;
use preview::Preview;
use result::{ResultFoot, result_page};
use run::{Running, start};
use shared::crm::import::FileError;
use sheet::{Change, Sheet};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How far the import is.
#[derive(Clone, PartialEq)]
enum Step {
    /// No file yet, or one that could not be read.
    Choose(Option<FileError>),
    /// The file lies open.
    Map(Rc<Sheet>),
    /// It is being written: how many of how many edits.
    Running(Rc<Sheet>, usize, usize),
    /// It is done.
    Done(Rc<run::Finished>),
}

/// What is being thought through.
#[derive(Default)]
struct Latest {
    /// Counts what was asked for.
    turn: u64,
    /// The sheet as the person wants it, until it is thought through.
    sheet: Option<Sheet>,
    /// Whether it is imported then.
    runs: bool,
}

/// The screen that brings contacts in from a file.
#[component]
pub fn Import() -> Html {
    let (words, store, nav) = (use_words(), use_store(), use_nav());
    let step = use_state(|| Step::Choose(None));
    let back = {
        let nav = nav.clone();
        Callback::from(move |_: MouseEvent| nav.back(Route::Contacts(None)))
    };
    let latest = use_mut_ref(Latest::default);
    let show = {
        let step = step.setter();
        Callback::from(move |running: Running| {
            step.set(match running {
                Running::On(sheet, done, all) => Step::Running(sheet, done, all),
                Running::Stopped(sheet) => Step::Map(sheet),
                Running::Finished(finished) => Step::Done(finished),
            });
        })
    };
    // What a person changes while the page still thinks about the change before is not lost.
    let think = {
        let (step, store, words) = (step.setter(), store.clone(), words.clone());
        let (latest, show) = (latest.clone(), show.clone());
        Callback::from(move |sheet: Sheet| {
            let turn = latest.borrow().turn + 1;
            *latest.borrow_mut() = Latest {
                turn,
                sheet: Some(sheet.clone()),
                ..Latest::default()
            };
            let (step, store, words) = (step.clone(), store.clone(), words.clone());
            let (latest, show) = (latest.clone(), show.clone());
            spawn_local(async move {
                let overtaken = || latest.borrow().turn != turn;
                let thought = sheet.thought_through(store.clone(), words, overtaken);
                let Some(sheet) = thought.await else { return };
                press::after(move || {
                    let mut latest = latest.borrow_mut();
                    if latest.turn != turn {
                        return;
                    }
                    latest.sheet = None;
                    let sheet = Rc::new(sheet);
                    step.set(Step::Map(sheet.clone()));
                    if latest.runs && sheet.count() > 0 {
                        start(&store, sheet, show);
                    }
                });
            });
        })
    };
    let on_file = {
        let (step, think) = (step.setter(), think.clone());
        Callback::from(
            move |(name, bytes): (String, Vec<u8>)| match Sheet::open(name, &bytes) {
                Ok(sheet) => think.emit(sheet),
                Err(error) => step.set(Step::Choose(Some(error))),
            },
        )
    };
    let on_change = {
        let (step, think, latest) = (step.clone(), think.clone(), latest.clone());
        Callback::from(move |change: Change| {
            let awaited = latest.borrow().sheet.clone();
            match (&*step, awaited) {
                (_, Some(sheet)) => think.emit(sheet.changed(change)),
                (Step::Map(sheet), None) => think.emit(sheet.changed(change)),
                (Step::Choose(_) | Step::Running(..) | Step::Done(_), None) => {}
            }
        })
    };
    let on_run = {
        let (step, store) = (step.clone(), store.clone());
        Callback::from(move |_: MouseEvent| {
            let mut latest = latest.borrow_mut();
            if latest.sheet.is_some() {
                latest.runs = true;
            } else if let Step::Map(sheet) = &*step {
                start(&store, sheet.clone(), show.clone());
            }
        })
    };
    let again = {
        let step = step.setter();
        Callback::from(move |()| step.set(Step::Choose(None)))
    };
    let title = words.t(if matches!(*step, Step::Done(_)) {
        "import-done"
    } else {
        "import-contacts"
    });
    let known = match &*step {
        Step::Map(sheet) | Step::Running(sheet, ..) => sheet.file.source,
        Step::Choose(_) | Step::Done(_) => None,
    };
    let (body, end) = match &*step {
        Step::Choose(error) => (
            html! { <><Choose error={error.clone()} {on_file} /><Earlier /></> },
            Html::default(),
        ),
        Step::Map(sheet) => (
            html! {
                <>
                    { lead(sheet, Some(on_change.clone()), &words) }
                    <Columns sheet={sheet.clone()} on_change={on_change.clone()} />
                    <Preview sheet={sheet.clone()} on_change={on_change.clone()} />
                </>
            },
            foot(sheet, on_change.reform(Change::Mode), on_run, &words),
        ),
        Step::Running(sheet, done, all) => (
            html! { <>{ lead(sheet, None, &words) }{ run::progressing(*done, *all, &words) }</> },
            Html::default(),
        ),
        Step::Done(finished) => (
            result_page(finished, &words),
            html! { <ResultFoot finished={finished.clone()} on_undone={again} /> },
        ),
    };
    html! {
        <>
            <div class="app__scroll">
                <div class="page">
                    <div class="page__bar">
                        <IconButton icon="chevron-left" label={words.t("import-back")} onclick={back} />
                        <h1>{ title }</h1>
                        if let Some(source) = known {
                            <span class="tag tag--accent">{ small_icon("check") }{ words.t(&format!("import-from-{}", source.key)) }</span>
                        }
                    </div>
                    { body }
                </div>
            </div>
            { end }
        </>
    }
}
