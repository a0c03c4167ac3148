//! Sharing: the link, its QR code, and a new link.

mod qr;

use crate::app::shell::use_shell;
use crate::browser::window;
use crate::i18n::use_words;
use crate::screens::settings::file::copy;
use crate::store::{Say, Topic, use_watch};
use crate::ui::icon::icon;
use crate::ui::{Dialog, problem};
use js_sys::{Function, Reflect};
use shared::bridge::{Call, JoinLink, Problem, Reply};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The dialog that shares the open workspace.
#[component]
pub fn Share() -> Html {
    let words = use_words();
    let store = use_watch(&[Topic::Device]);
    let shell = use_shell();
    let asked = use_state_eq(|| None::<Result<String, Problem>>);
    let renewing = use_state_eq(|| false);
    {
        let (store, asked) = (store.clone(), asked.setter());
        use_effect_with((), move |()| {
            let answer = store.call(Call::Share);
            spawn_local(async move { asked.set(Some(address(answer.await))) });
        });
    }
    let name = store
        .workspace()
        .map(|workspace| workspace.name)
        .unwrap_or_default();
    let name_of = [("name", name.into())];
    let renew = {
        let (store, words) = (store.clone(), words.clone());
        let (asked, renewing) = (asked.setter(), renewing.setter());
        Callback::from(move |_: MouseEvent| {
            renewing.set(false);
            let answer = store.call(Call::RenewLink);
            let (store, words, asked) = (store.clone(), words.clone(), asked.clone());
            spawn_local(async move {
                match address(answer.await) {
                    Ok(link) => {
                        asked.set(Some(Ok(link)));
                        store.say(Say::Words(words.t("share-renewed")));
                    }
                    Err(problem) => store.say(Say::Problem(problem)),
                }
            });
        })
    };
    let show = |on: bool| {
        let renewing = renewing.setter();
        Callback::from(move |_: MouseEvent| renewing.set(on))
    };
    let close = move |()| shell.close();
    if *renewing {
        let foot = html! {
            <>
                <button type="button" class="btn" onclick={show(false)}>{ words.t("cancel") }</button>
                <button type="button" class="btn btn--danger" onclick={renew}>{ words.t("share-renew-now") }</button>
            </>
        };
        return html! {
            <Dialog key="renew" title={words.with("share-renew-ask", &name_of)} onclose={close} {foot}>
                <p class="muted">{ words.t("share-renew-lead") }</p>
            </Dialog>
        };
    }
    let body = match asked.as_ref() {
        None => html! { <p class="muted" role="status">{ words.t("share-wait") }</p> },
        Some(Err(problem)) => html! {
            <p class="hint hint--wrong" role="alert">{ icon("circle-alert") }{ problem::words_of(problem, &words) }</p>
        },
        Some(Ok(link)) => html! { <Ready link={link.clone()} on_renew={show(true)} /> },
    };
    html! {
        <Dialog key="share" title={words.with("share-title", &name_of)} onclose={close} class="dialog--share">{ body }</Dialog>
    }
}

/// The link as people pass it on.
fn address(answer: Result<Reply, Problem>) -> Result<String, Problem> {
    let link: JoinLink = match answer? {
        Reply::Link(link) => link,
        Reply::Done
        | Reply::Edited { .. }
        | Reply::Record(_)
        | Reply::Note(_)
        | Reply::Unplaced(_)
        | Reply::File(_)
        | Reply::Restored { .. }
        | Reply::Report(_) => return Err(Problem::BadLink),
    };
    let origin = window().location().origin().unwrap_or_default();
    Ok(format!("{origin}/#{link}"))
}

#[derive(Properties, PartialEq)]
struct ReadyProps {
    link: String,
    on_renew: Callback<MouseEvent>,
}

#[component]
fn Ready(props: &ReadyProps) -> Html {
    let words = use_words();
    let store = use_watch(&[]);
    let code = use_memo(props.link.clone(), |link| qr::path(link));
    let copied = {
        let (store, words, link) = (store.clone(), words.clone(), props.link.clone());
        Callback::from(move |_: MouseEvent| {
            let (store, words, link) = (store.clone(), words.clone(), link.clone());
            spawn_local(async move {
                let key = if copy(&link).await {
                    "share-copied"
                } else {
                    "share-copy-by-hand"
                };
                store.say(Say::Words(words.t(key)));
            });
        })
    };
    let send = {
        let (link, title) = (props.link.clone(), words.t("share-subject"));
        Callback::from(move |_: MouseEvent| send(&link, &title))
    };
    let shown = words.t("share-link");
    html! {
        <>
            <div class="share">
                if let Some((path, size)) = code.as_ref() {
                    <div class="qr" role="img" aria-label={words.t("share-qr")}>
                        <svg viewBox={format!("0 0 {size} {size}")} shape-rendering="crispEdges"><path d={path.clone()} /></svg>
                    </div>
                }
                <div class="stack">
                    <p>{ words.t("share-lead") }</p>
                    if can_send() {
                        <button type="button" class="btn btn--primary" onclick={send}>{ icon("share") }{ words.t("share-send") }</button>
                    }
                </div>
            </div>
            <div>
                <label class="label" for="share-link">{ shown }</label>
                <div class="share__link">
                    <input id="share-link" class="input num" readonly=true value={props.link.clone()} onfocus={select_all()} />
                    <button type="button" class="btn" onclick={copied}>{ icon("copy") }{ words.t("share-copy") }</button>
                </div>
                <p class="hint">{ words.t("share-keep") }</p>
            </div>
            <div class="group__body">
                <button type="button" class="set" onclick={props.on_renew.clone()}>
                    <span class="set__main"><strong>{ words.t("share-renew") }</strong><span>{ words.t("share-renew-what") }</span></span>
                    { icon("chevron-right") }
                </button>
            </div>
        </>
    }
}

fn select_all() -> Callback<FocusEvent> {
    Callback::from(|event: FocusEvent| {
        if let Some(input) = event
            .target()
            .and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok())
        {
            input.select();
        }
    })
}

fn share_method() -> Option<Function> {
    Reflect::get(&window().navigator(), &"share".into())
        .ok()?
        .dyn_into()
        .ok()
}

fn can_send() -> bool {
    share_method().is_some()
}

/// Opens the system's share sheet.
fn send(link: &str, title: &str) {
    let data = js_sys::Object::new();
    let _ = Reflect::set(&data, &"title".into(), &title.into());
    let _ = Reflect::set(&data, &"url".into(), &link.into());
    if let Some(share) = share_method() {
        // a share that the person calls off is no failure
        if let Ok(promise) = share.call1(&window().navigator(), &JsValue::from(data))
            && let Ok(promise) = promise.dyn_into::<js_sys::Promise>()
        {
            spawn_local(async move {
                let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
            });
        }
    }
}
