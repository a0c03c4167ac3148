//! The workspaces on this device: switch, name, share, add, remove.

use super::super::join::PasteLink;
use super::name::Name;
use crate::app::shell::{Overlay, use_shell};
use crate::i18n::{Words, use_words};
use crate::route::{Nav, Route, use_nav};
use crate::screens::settings::file::save_file;
use crate::store::{Say, Store, Topic, use_store, use_watch};
use crate::ui::avatar::drawn;
use crate::ui::draft::{is_begun, use_draft};
use crate::ui::icon::{icon, small_icon};
use crate::ui::{Dialog, Group};
use shared::bridge::{Call, Device, Workspace};
use shared::crm::text::clean;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct WorkspacesProps {
    pub device: Rc<Device>,
}

/// All workspaces; a tap opens one.
#[component]
pub fn Workspaces(props: &WorkspacesProps) -> Html {
    let (words, shell, nav) = (use_words(), use_shell(), use_nav());
    let store = use_watch(&Topic::COUNTED);
    let adding = use_state_eq(|| is_begun(ADDING));
    let leaving = use_state_eq(|| false);
    let open = store.workspace();
    let show = |state: &UseStateHandle<bool>, on: bool| {
        let state = state.setter();
        move || state.set(on)
    };
    let (add, close_add) = (show(&adding, true), show(&adding, false));
    let (leave, close_leave) = (show(&leaving, true), show(&leaving, false));
    let share = Callback::from(move |_: MouseEvent| shell.open(Overlay::Share));
    let line = |workspace: &Workspace| {
        let here = props.device.open == Some(workspace.id);
        let count = here.then(|| store.count());
        let (store, id) = (store.clone(), workspace.id);
        let onclick = Callback::from(move |_: MouseEvent| {
            if !here {
                store.send(Call::OpenWorkspace(id));
            }
        });
        html! {
            <button type="button" key={workspace.id.to_string()} class="set" aria-current={here.then_some("true")} {onclick}>
                { drawn(&workspace.name, if here { "avatar--company avatar--me" } else { "avatar--company" }) }
                <span class="set__main"><strong>{ workspace.name.clone() }</strong><span>{ about(workspace, count, &words) }</span></span>
                { icon(if here { "check" } else { "chevron-right" }) }
            </button>
        }
    };
    html! {
        <Group title={words.t("workspaces")}>
            { for props.device.workspaces.iter().map(line) }
            if let Some(open) = open {
                { rename(&open, &words, &store) }
                <button type="button" class="set" onclick={share}>
                    <span class="set__main"><strong>{ words.with("share-title", &[("name", open.name.clone().into())]) }</strong><span>{ words.t("share-lead") }</span></span>
                    { icon("chevron-right") }
                </button>
                <button type="button" class="set set--danger" onclick={move |_: MouseEvent| leave()}>
                    <span class="set__main"><strong>{ words.t(if open.sample { "workspace-remove-sample" } else { "workspace-remove" }) }</strong></span>
                    { icon("chevron-right") }
                </button>
                if *leaving {
                    { leave_dialog(&open, &words, &store, &nav, Callback::from(move |()| close_leave())) }
                }
            }
            <button type="button" class="group__add" onclick={move |_: MouseEvent| add()}>
                { small_icon("plus") }{ words.t("workspace-add") }
            </button>
            if *adding {
                <Add on_close={move |()| close_add()} />
            }
        </Group>
    }
}

/// What it is; of the open one, how many records it holds.
fn about(workspace: &Workspace, count: Option<usize>, words: &Words) -> AttrValue {
    let (counted, other) = match (workspace.shared, workspace.sample) {
        (true, _) => ("workspace-shared", "workspace-shared-other"),
        (false, true) => ("workspace-is-sample", "workspace-is-sample-other"),
        (false, false) => ("workspace-local", "workspace-local-other"),
    };
    match count {
        Some(count) => words.with(counted, &[("count", count.into())]),
        None => words.t(other),
    }
}

fn rename(workspace: &Workspace, words: &Words, store: &Store) -> Html {
    let onsave = {
        let store = store.clone();
        Callback::from(move |(name, done): (String, Callback<bool>)| {
            store.send_then(Call::NameWorkspace(name), done);
        })
    };
    let id = workspace.id;
    html! {
        <Name key={id.to_string()} label={words.t("workspace-name")} why={words.t("workspace-name-why")} value={workspace.name.clone()}
            place={format!("form/{id}/workspace")} {onsave} />
    }
}

/// Where the name of a workspace to be made is kept while it is typed.
const ADDING: &str = "form/device/workspace";

#[derive(Properties, PartialEq)]
struct AddProps {
    on_close: Callback<()>,
}

/// Makes a workspace, or joins one.
#[component]
fn Add(props: &AddProps) -> Html {
    let (words, store, nav) = (use_words(), use_store(), use_nav());
    let draft = use_draft(ADDING.into());
    let name = draft.text("name", "");
    let close = {
        let (draft, on_close) = (draft.clone(), props.on_close.clone());
        Callback::from(move |()| {
            draft.forget();
            on_close.emit(());
        })
    };
    let on_close = close.clone();
    let make = move |name: String, sample: bool| {
        let (store, nav, on_close) = (store.clone(), nav.clone(), on_close.clone());
        spawn_local(async move {
            match store.call(Call::CreateWorkspace { name, sample }).await {
                Ok(_) => {
                    on_close.emit(());
                    nav.go(Route::Contacts(None));
                }
                Err(problem) => store.say(Say::Problem(problem)),
            }
        });
    };
    let onsubmit = {
        let (make, name, words) = (make.clone(), name.clone(), words.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let typed = clean(&name);
            make(
                if typed.is_empty() {
                    words.t("workspace-own").to_string()
                } else {
                    typed
                },
                false,
            );
        })
    };
    let sample = {
        let words = words.clone();
        Callback::from(move |_: MouseEvent| make(words.t("workspace-sample").to_string(), true))
    };
    html! {
        <Dialog title={words.t("workspace-add")} onclose={close} keep={!name.is_empty()}>
            <form {onsubmit}>
                <label class="label" for="workspace-new">{ words.t("workspace-new") }</label>
                <div class="share__link">
                    <input id="workspace-new" class="input" data-focus="true" value={name} oninput={draft.typing("name")} placeholder={words.t("workspace-own")} autocomplete="off" maxlength="120" />
                    <button type="submit" class="btn btn--primary">{ words.t("workspace-make") }</button>
                </div>
            </form>
            <PasteLink />
            <button type="button" class="btn btn--plain" onclick={sample}>{ words.t("workspace-make-sample") }</button>
        </Dialog>
    }
}

/// Says what would be lost, and removes the workspace from this device.
fn leave_dialog(
    workspace: &Workspace,
    words: &Words,
    store: &Store,
    nav: &Nav,
    on_close: Callback<()>,
) -> Html {
    let waiting = store.sync().waiting as usize;
    let name = [("name", workspace.name.clone().into())];
    let (title, text) = match (workspace.sample, workspace.shared, waiting) {
        (true, ..) => (
            words.t("workspace-remove-sample-ask"),
            words.t("workspace-remove-sample-lead"),
        ),
        (false, true, 0) => (
            words.with("workspace-remove-ask", &name),
            words.t("workspace-remove-shared"),
        ),
        (false, true, _) => (
            words.with("workspace-only-here", &[("count", waiting.into())]),
            words.t("workspace-leave-waiting"),
        ),
        (false, false, _) => (
            words.with("workspace-remove-ask", &name),
            words.t("workspace-remove-local"),
        ),
    };
    let cancel = on_close.reform(|_: MouseEvent| ());
    let save = {
        let (store, words) = (store.clone(), words.clone());
        Callback::from(move |_: MouseEvent| save_file(&store, &words))
    };
    let remove = {
        let nav = nav.clone();
        let (store, id, on_close) = (store.clone(), workspace.id, on_close.clone());
        Callback::from(move |_: MouseEvent| {
            on_close.emit(());
            store.send(Call::RemoveWorkspace(id));
            nav.go(Route::Contacts(None));
        })
    };
    let lossy = !workspace.sample && (!workspace.shared || waiting > 0);
    let stay = if workspace.shared && waiting > 0 {
        "workspace-wait"
    } else {
        "cancel"
    };
    let foot = html! {
        <>
            if lossy {
                <button type="button" class="btn btn--plain" onclick={save}>{ words.t("sync-save-file") }</button>
            }
            <button type="button" class="btn" onclick={cancel}>{ words.t(stay) }</button>
            <button type="button" class="btn btn--danger" onclick={remove}>{ words.t(if workspace.shared { "workspace-leave" } else { "workspace-remove-now" }) }</button>
        </>
    };
    html! {
        <Dialog {title} onclose={on_close} {foot}><p class="muted">{ text }</p></Dialog>
    }
}
