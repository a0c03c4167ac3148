//! The data: ready for offline, everything to a file and back, import.

use super::file::{bytes_of, save_file};
use crate::i18n::{Words, use_words};
use crate::pwa::{
    StorageState, keep_storage, storage_state, use_app_is_here, use_ready_for_offline,
};
use crate::route::{Route, use_nav};
use crate::screens::sync::progress;
use crate::store::{Say, Store, Topic, use_watch};
use crate::ui::icon::{icon, small_icon};
use crate::ui::{Dialog, Group, problem};
use shared::bridge::{Call, Problem, Reply};
use shared::crm::Kind;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

/// The most bytes a rescue file may have: beyond that no tablet could read it.
const FILE_LIMIT: f64 = 300_000_000.0;

/// The rows about data.
#[component]
pub fn Data() -> Html {
    let words = use_words();
    let store = use_watch(&[Topic::Device, Topic::Sync]);
    let nav = use_nav();
    let restoring = use_state_eq(|| false);
    let input = use_node_ref();
    let chosen = use_state(|| None::<File>);
    let save = {
        let (store, words) = (store.clone(), words.clone());
        Callback::from(move |_: MouseEvent| save_file(&store, &words))
    };
    let pick = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value("");
                input.click();
            }
        })
    };
    let on_file = {
        let (store, words, restoring, chosen) = (
            store.clone(),
            words.clone(),
            restoring.setter(),
            chosen.setter(),
        );
        Callback::from(move |event: Event| {
            let file = event
                .target()
                .and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
                .and_then(|input| input.files()?.item(0));
            let Some(file) = file else { return };
            let kinds = [Kind::Contact, Kind::Company, Kind::Deal, Kind::Activity];
            if !store.all_of(&kinds).is_empty() {
                chosen.set(Some(file));
                restoring.set(true);
            } else {
                restore(&store, &words, file);
            }
        })
    };
    let close = {
        let restoring = restoring.setter();
        move || restoring.set(false)
    };
    let import = Callback::from(move |_: MouseEvent| nav.go(Route::Import));
    html! {
        <Group title={words.t("data")}>
            <Offline />
            { row(&words, "file-save", "file-save-lead", save) }
            { row(&words, "file-restore", "file-restore-lead", pick) }
            { row(&words, "import-contacts", "import-contacts-lead", import) }
            <input ref={input} type="file" accept=".json,.terrain,application/json" hidden={true} onchange={on_file} aria-label={words.t("file-restore")} />
            if let Some(file) = chosen.as_ref().filter(|_| *restoring) {
                { restore_elsewhere(file, &words, &store, Callback::from(move |()| close())) }
            }
        </Group>
    }
}

fn row(words: &Words, title: &str, lead: &str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button type="button" class="set" {onclick}>
            <span class="set__main"><strong>{ words.t(title) }</strong><span>{ words.t(lead) }</span></span>
            { icon("chevron-right") }
        </button>
    }
}

/// Whether app and data are here, with counts.
#[component]
fn Offline() -> Html {
    let words = use_words();
    let store = use_watch(&Topic::COUNTED);
    let (ready, app) = (use_ready_for_offline(), use_app_is_here());
    let storage = use_state_eq(StorageState::default);
    {
        let storage = storage.setter();
        let records = store.workspace().map(|workspace| workspace.records);
        use_effect_with(records, move |_| {
            spawn_local(async move { storage.set(storage_state().await) });
        });
    }
    let keep = {
        let storage = storage.setter();
        Callback::from(move |_: MouseEvent| {
            let storage = storage.clone();
            spawn_local(async move {
                keep_storage().await;
                storage.set(storage_state().await);
            });
        })
    };
    let records = store.count();
    let size = storage
        .used
        .map(|used| words.bytes(used))
        .unwrap_or_default();
    let text = words.with(
        if size.is_empty() {
            "offline-counts"
        } else {
            "offline-counts-size"
        },
        &[
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("count", records.into()),
            ("size", size.to_string().into()),
            ("kept", if storage.kept { "yes" } else { "no" }.into()),
        ],
    );
    let receiving = store.sync().receiving.filter(|(_, all)| *all > 0);
    html! {
        <div class="set">
            <span class="set__main">
                <strong>{ words.t(if ready { "offline-ready" } else { "offline-preparing" }) }</strong>
                <span>{ text }</span>
                if let Some((done, all)) = receiving {
                    <span>{ words.with("offline-progress", &[("here", (done as usize).into()), ("all", (all as usize).into())]) }</span>
                    { progress(done, all, words.t("offline-received")) }
                } else if !app {
                    <span>{ words.t("offline-app-coming") }</span>
                }
            </span>
            if !storage.kept && ready {
                <button type="button" class="btn" onclick={keep}>{ words.t("offline-keep") }</button>
            }
            if ready {
                <span class="tag tag--accent">{ small_icon("check") }{ words.t("yes") }</span>
            }
        </div>
    }
}

/// A file is read into an empty workspace: offers to make one.
fn restore_elsewhere(file: &File, words: &Words, store: &Store, on_close: Callback<()>) -> Html {
    let cancel = on_close.reform(|_: MouseEvent| ());
    let make = {
        let (store, words, file) = (store.clone(), words.clone(), file.clone());
        let on_close = on_close.clone();
        Callback::from(move |_: MouseEvent| {
            let (store, words, file) = (store.clone(), words.clone(), file.clone());
            on_close.emit(());
            spawn_local(async move {
                let name = words.t("workspace-restored").to_string();
                match store
                    .call(Call::CreateWorkspace {
                        name,
                        sample: false,
                    })
                    .await
                {
                    Ok(_) => restore(&store, &words, file),
                    Err(problem) => store.say(Say::Problem(problem)),
                }
            });
        })
    };
    let foot = html! {
        <>
            <button type="button" class="btn" onclick={cancel}>{ words.t("cancel") }</button>
            <button type="button" class="btn btn--primary" onclick={make}>{ words.t("file-restore-make") }</button>
        </>
    };
    html! {
        <Dialog title={words.t("file-restore-where")} onclose={on_close} {foot}>
            <p class="muted">{ problem::words_of(&Problem::NotEmpty, words) }</p>
        </Dialog>
    }
}

fn restore(store: &Store, words: &Words, file: File) {
    let (store, words) = (store.clone(), words.clone());
    spawn_local(async move {
        if file.size() > FILE_LIMIT {
            return store.say(Say::Problem(Problem::BadFile));
        }
        let Some(bytes) = bytes_of(&file).await else {
            return store.say(Say::Problem(Problem::BadFile));
        };
        match store.call(Call::RestoreFile(bytes)).await {
            Ok(Reply::Restored { records, left_out }) => {
                let restored = words.with("file-restored", &[("count", records.into())]);
                let mut told = restored.to_string();
                if left_out > 0 {
                    told.push_str(". ");
                    told += &words.with("file-left-out", &[("count", left_out.into())]);
                }
                store.say(Say::Words(told.into()));
            }
            Ok(_) => {}
            Err(problem) => store.say(Say::Problem(problem)),
        }
    });
}
