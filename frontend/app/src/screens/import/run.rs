//! Writing the import in pieces, with a true count.

use super::sheet::Sheet;
use crate::browser::now;
use crate::i18n::Words;
use crate::screens::sync::progress;
use crate::store::{Say, Store};
use shared::bridge::{Call, Reply};
use shared::crm::made::Made;
use shared::time::Timestamp;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How many edits go to the engine at once: few enough for the count to move.
const PIECE: usize = 100;
/// After how many of them it is kept what takes them back.
const PIECES_A_KEEP: usize = 10;

/// How the import goes.
pub enum Running {
    /// So many of so many edits are safe.
    On(Rc<Sheet>, usize, usize),
    /// It stopped; what was written stays, and the rest can be tried again.
    Stopped(Rc<Sheet>),
    /// All is written.
    Finished(Rc<Finished>),
}

/// An import that is done.
#[derive(PartialEq)]
pub struct Finished {
    /// The sheet as it was imported.
    pub sheet: Rc<Sheet>,
    /// When it began: by this it is taken back. `None` when there is nothing to take back.
    pub made: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// Writes the plan of a sheet. What is written can be taken back, also when it stops half-way or the
/// app is closed meanwhile.
pub fn start(store: &Store, sheet: Rc<Sheet>, show: Callback<Running>) {
    let Some(by) = store.me() else { return };
    let store = store.clone();
    spawn_local(async move {
        let at = now();
        let all = sheet.plan.edits.len();
        let mut made = Made {
            at,
            until: at,
            by,
            name: sheet.name.clone(),
            count: sheet.count() as u32,
            undo: Vec::new(),
        };
        let mut done = 0;
        let mut stopped = false;
        store.begin_import();
        show.emit(Running::On(sheet.clone(), 0, all));
        for (number, piece) in sheet.plan.edits.chunks(PIECE).enumerate() {
            match store.call(Call::Edit(piece.to_vec())).await {
                Ok(Reply::Edited { undo }) if !undo.is_empty() => made.undo.insert(0, undo),
                Ok(_) => {}
                Err(problem) => {
                    store.say(Say::Problem(problem));
                    stopped = true;
                    break;
                }
            }
            done += piece.len();
            made.until = now();
            if number % PIECES_A_KEEP == 0 {
                // It is tried again, and told, when the import is done.
                let _ = store.keep_import(&made).await;
            }
            show.emit(Running::On(sheet.clone(), done, all));
        }
        let changed = !made.undo.is_empty();
        if changed && let Err(problem) = store.keep_import(&made).await {
            store.say(Say::Problem(problem));
        }
        let kept = store.imports().iter().any(|other| other.at == at);
        store.end_import(made);
        show.emit(if stopped {
            Running::Stopped(sheet)
        } else {
            Running::Finished(Rc::new(Finished {
                sheet,
                made: kept.then_some(at),
                took_ms: now().0 - at.0,
            }))
        });
    });
}

/// How far it is.
pub fn progressing(done: usize, all: usize, words: &Words) -> Html {
    let counts = [("done", done.into()), ("all", all.into())];
    html! {
        <div role="status">
            <p>{ words.with("import-progress", &counts) }</p>
            { progress(done as u64, all as u64, words.t("import-progress-label")) }
        </div>
    }
}
