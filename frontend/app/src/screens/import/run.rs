//! Writing the import in pieces, with a true count; and taking the whole of it back.

use super::sheet::Sheet;
use crate::browser::now;
use crate::i18n::Words;
use crate::screens::sync::progress;
use crate::store::{Say, Store};
use shared::bridge::{Call, Problem, Reply};
use shared::crm::command::Edit;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How many edits go to the engine at once: few enough for the count to move.
const PIECE: usize = 100;

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
    /// The edits that take it back, in pieces, in the order to do them.
    pub undo: Vec<Vec<Edit>>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// Writes the plan of a sheet.
pub fn start(store: &Store, sheet: Rc<Sheet>, show: Callback<Running>) {
    let store = store.clone();
    spawn_local(async move {
        let began = now();
        let all = sheet.plan.edits.len();
        let mut undo = Vec::new();
        let mut done = 0;
        show.emit(Running::On(sheet.clone(), 0, all));
        for piece in sheet.plan.edits.chunks(PIECE) {
            match store.call(Call::Edit(piece.to_vec())).await {
                Ok(Reply::Edited { undo: back }) => undo.push(back),
                Ok(_) => {}
                Err(problem) => {
                    store.say(Say::Problem(problem));
                    return show.emit(Running::Stopped(sheet));
                }
            }
            done += piece.len();
            show.emit(Running::On(sheet.clone(), done, all));
        }
        undo.retain(|piece: &Vec<Edit>| !piece.is_empty());
        undo.reverse();
        let took_ms = now().0 - began.0;
        show.emit(Running::Finished(Rc::new(Finished {
            sheet,
            undo,
            took_ms,
        })));
    });
}

/// Takes an import back. Values that somebody changed since then stay.
///
/// # Errors
/// The engine's; what was taken back until then stays so.
pub async fn take_back(store: &Store, finished: &Finished) -> Result<(), Problem> {
    for piece in &finished.undo {
        store.call(Call::Edit(piece.clone())).await?;
    }
    Ok(())
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
