//! Joining a workspace: by the link that opened the app, or by one that is pasted.

use crate::browser;
use crate::i18n::use_words;
use crate::route::{Route, join_link, use_nav};
use crate::store::{Say, Topic, use_store, use_watch};
use crate::ui::icon::sprite;
use crate::ui::icon::{icon_as, small_icon};
use crate::ui::problem;
use crate::ui::typing::typing;
use shared::bridge::{Call, JoinLink, Problem};
use shared::crm::text::clean;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The screen that a join link opens: says what is joined, asks for a name where there is none, joins.
#[component]
pub fn Join() -> Html {
    let (words, nav) = (use_words(), use_nav());
    let store = use_watch(&[Topic::Device]);
    let address = use_memo((), |()| join_link().unwrap_or_default());
    let link = address.parse::<JoinLink>().ok();
    let known = store
        .device()
        .map(|device| device.person_name.clone())
        .unwrap_or_default();
    let name = use_state_eq(|| known.clone());
    let wrong = use_state_eq(|| None::<Problem>);
    let busy = use_state_eq(|| false);
    let already = link.as_ref().is_some_and(|link| {
        store
            .device()
            .is_some_and(|device| device.workspaces.iter().any(|w| w.id == link.workspace))
    });
    let ontype = typing(name.setter());
    let onsubmit = {
        let (store, nav, link, name) = (store.clone(), nav.clone(), link.clone(), name.clone());
        let (wrong, busy) = (wrong.setter(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(link), false) = (link.clone(), *busy) else {
                return;
            };
            let name = clean(&name);
            if name.is_empty() {
                return;
            }
            busy.set(true);
            wrong.set(None);
            let (store, nav, wrong, busy) =
                (store.clone(), nav.clone(), wrong.clone(), busy.setter());
            let person = known_name(&store);
            spawn_local(async move {
                if person != name {
                    // a name that could not be kept is asked for again
                    let _ = store.call(Call::NamePerson(name)).await;
                }
                let joined = store.call(Call::JoinWorkspace(link)).await;
                busy.set(false);
                match joined {
                    Ok(_) => nav.replace_if_here(Route::Contacts(None)),
                    Err(problem) => wrong.set(Some(problem)),
                }
            });
        })
    };
    let away = {
        let nav = nav.clone();
        Callback::from(move |_: MouseEvent| nav.replace(Route::Contacts(None)))
    };
    let Some(link) = link else {
        return frame(html! {
            <>
                <div><h1>{ words.t("join-team") }</h1><p class="hello__lead">{ problem::words_of(&Problem::BadLink, &words) }</p></div>
                <PasteLink />
                <button type="button" class="btn btn--plain" onclick={away}>{ words.t("join-not") }</button>
            </>
        });
    };
    let team = if link.name.is_empty() {
        words.t("join-unnamed")
    } else {
        link.name.clone().into()
    };
    let title = words.with("join-title", &[("name", team.to_string().into())]);
    let lead = words.t(if already { "join-already" } else { "join-lead" });
    frame(html! {
        <>
            <div><h1>{ title }</h1><p class="hello__lead">{ lead }</p></div>
            <form class="step1" {onsubmit} novalidate=true>
                <label>
                    <span class="label">{ words.t("your-name") }</span>
                    <input class="input" value={(*name).clone()} oninput={ontype} autocomplete="name" maxlength="120" />
                </label>
                if let Some(wrong) = wrong.as_ref() {
                    <p class="hint hint--wrong" role="alert">{ small_icon("circle-alert") }{ problem::words_of(wrong, &words) }</p>
                }
                <button type="submit" class="btn btn--primary btn--wide" disabled={*busy || clean(&name).is_empty()}>
                    { words.t(if *busy { "join-busy" } else if wrong.is_some() { "join-again" } else { "join" }) }
                </button>
                <button type="button" class="btn btn--plain" onclick={away}>{ words.t("join-not") }</button>
            </form>
        </>
    })
}

fn known_name(store: &crate::store::Store) -> String {
    store
        .device()
        .map(|device| device.person_name.clone())
        .unwrap_or_default()
}

/// The contour lines, the mark, and one column.
fn frame(children: Html) -> Html {
    html! {
        <div class="hello hello--join">
            <svg class="hello__art" aria-hidden="true"><use href={sprite("contours")}></use></svg>
            <div class="hello__box">{ icon_as("terrain", "hello__mark") }{ children }</div>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct PasteLinkProps {
    /// Whether the link is the open workspace's new one.
    #[prop_or_default]
    pub renew: bool,
}

/// A field that takes a join link: joins its workspace, or renews the open one's link.
#[component]
pub fn PasteLink(props: &PasteLinkProps) -> Html {
    let (words, store, nav) = (use_words(), use_store(), use_nav());
    let typed = use_state_eq(String::new);
    let wrong = use_state_eq(|| None::<Problem>);
    let busy = use_state_eq(|| false);
    let renew = props.renew;
    let ontype = typing(typed.setter());
    let onsubmit = {
        let (store, nav, words, typed) = (store.clone(), nav.clone(), words.clone(), typed.clone());
        let (wrong, busy) = (wrong.setter(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let link = match typed.parse::<JoinLink>() {
                Ok(link) => link,
                Err(problem) => return wrong.set(Some(problem)),
            };
            busy.set(true);
            wrong.set(None);
            let call = if renew {
                Call::UseLink(link)
            } else {
                Call::JoinWorkspace(link)
            };
            let answer = store.call(call);
            let (store, nav, words, wrong, busy) = (
                store.clone(),
                nav.clone(),
                words.clone(),
                wrong.clone(),
                busy.setter(),
            );
            spawn_local(async move {
                let answer = answer.await;
                busy.set(false);
                match answer {
                    Ok(_) if renew => store.say(Say::Words(words.t("join-link-taken"))),
                    Ok(_) => nav.replace_if_here(Route::Contacts(None)),
                    Err(problem) => wrong.set(Some(problem)),
                }
            });
        })
    };
    let id = use_memo((), |()| format!("paste-{:02x}", browser::random::<1>()[0]));
    let hint = wrong.is_some().then(|| format!("{id}-hint"));
    html! {
        <form {onsubmit} novalidate=true>
            <label class="label" for={(*id).clone()}>{ words.t("join-link") }</label>
            <div class="share__link">
                <input id={(*id).clone()} class={classes!("input", wrong.is_some().then_some("is-wrong"))} value={(*typed).clone()} oninput={ontype}
                    inputmode="url" autocomplete="off" autocapitalize="off" spellcheck="false" placeholder={words.t("join-link-example")}
                    aria-invalid={wrong.is_some().then_some("true")} aria-describedby={hint.clone()} />
                <button type="submit" class="btn" disabled={*busy}>{ words.t(if renew { "join-use-link" } else { "join" }) }</button>
            </div>
            if let Some(wrong) = wrong.as_ref() {
                <p id={hint} class="hint hint--wrong" role="alert">{ small_icon("circle-alert") }{ problem::words_of(wrong, &words) }</p>
            }
        </form>
    }
}
