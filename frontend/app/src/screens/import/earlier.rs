//! The imports of the last days, each with its way back.

use crate::i18n::use_words;
use crate::store::{Topic, use_watch};
use crate::ui::Group;
use crate::ui::icon::small_icon;
use shared::crm::made::Made;
use shared::time::Timestamp;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The imports that can be taken back.
#[component]
pub fn Earlier() -> Html {
    let words = use_words();
    let store = use_watch(&[Topic::Imports, Topic::Device]);
    let busy = use_state_eq(|| None::<Timestamp>);
    let loaded = store.is_loaded();
    {
        let store = store.clone();
        use_effect_with(store.workspace().map(|open| open.id), move |_| {
            store.read_imports();
        });
    }
    let imports = store.imports();
    let line = |made: &Made| {
        let at = made.at;
        let undo = {
            let (store, busy) = (store.clone(), busy.setter());
            Callback::from(move |_: MouseEvent| {
                let (store, busy) = (store.clone(), busy.clone());
                busy.set(Some(at));
                spawn_local(async move {
                    // A toast tells what came of it.
                    let _ = store.take_back(at).await;
                    busy.set(None);
                });
            })
        };
        let count = words.with("list-contact-count", &[("n", (made.count as usize).into())]);
        let label = words.with("import-undo-named", &[("name", made.name.clone().into())]);
        html! {
            <div class="set" key={at.0}>
                <span class="set__main"><strong class="clip">{ made.name.clone() }</strong><span class="muted">{ format!("{} · {count}", words.exact(at)) }</span></span>
                <button type="button" class="btn" aria-label={label} disabled={busy.is_some() || !loaded} onclick={undo}>{ small_icon("undo-2") }{ words.t("undo") }</button>
            </div>
        }
    };
    if imports.is_empty() {
        return html! {};
    }
    html! {
        <Group title={words.t("import-earlier")}>{ for imports.iter().map(line) }</Group>
    }
}
