//! The first visit: a name, then where to begin.

use crate::i18n::{Arg, Lang, Words, use_words};
use crate::route::{Nav, Route, use_nav};
use crate::store::{Say, Store, use_store};
use crate::ui::icon::sprite;
use crate::ui::icon::{icon, icon_as, small_icon};
use crate::ui::{Seg, problem};
use shared::bridge::{Call, JoinLink, Problem, Reply};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What a person is asked before anything else.
#[component]
pub fn FirstVisit() -> Html {
    let w = use_words();
    let store = use_store();
    let known = store.device().map(|device| device.person_name.clone());
    let known = known.filter(|name| !name.is_empty());
    let step = use_state(|| if known.is_some() { 2 } else { 1 });
    let name = use_state(|| known.unwrap_or_default());
    let named = {
        let (store, step, name) = (store.clone(), step.setter(), name.setter());
        Callback::from(move |given: String| {
            name.set(given.clone());
            step.set(2);
            store.send(Call::NamePerson(given));
        })
    };
    let rename = {
        let step = step.setter();
        Callback::from(move |_: MouseEvent| step.set(1))
    };
    html! {
        <main class="hello" data-step={step.to_string()}>
            <svg class="hello__art" aria-hidden="true"><use href={sprite("contours")}></use></svg>
            <Languages class="langs" />
            <div class="hello__box">
                if *step == 1 {
                    <AskName name={(*name).clone()} onname={named} />
                } else {
                    { choices(&name, rename, &w) }
                }
            </div>
        </main>
    }
}

/// Properties of [`Languages`].
#[derive(PartialEq, Properties)]
pub struct LanguagesProps {
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
}

/// The languages, each by its own name.
#[component]
pub fn Languages(props: &LanguagesProps) -> Html {
    let w = use_words();
    let choices = Lang::ALL.map(|(lang, name)| (lang.tag().into(), name.into()));
    let onchoose = {
        let w = w.clone();
        Callback::from(move |tag: AttrValue| {
            if let Some(lang) = Lang::of_tag(&tag) {
                w.choose(lang);
            }
        })
    };
    html! {
        <Seg class={props.class.clone()} label={w.t("language")} choices={choices.to_vec()} chosen={w.lang().tag()} {onchoose} />
    }
}

#[derive(PartialEq, Properties)]
struct AskNameProps {
    name: String,
    onname: Callback<String>,
}

#[component]
fn AskName(props: &AskNameProps) -> Html {
    let w = use_words();
    let input = use_node_ref();
    let missing = use_state(|| false);
    let onsubmit = {
        let (input, missing, onname) = (input.clone(), missing.setter(), props.onname.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            let name = shared::crm::text::clean(&input.value());
            missing.set(name.is_empty());
            if name.is_empty() {
                let _ = input.focus();
            } else {
                onname.emit(name);
            }
        })
    };
    html! {
        <form class="step1" {onsubmit} novalidate=true>
            { icon_as("terrain", "hello__mark") }
            <div>
                <h1>{ w.t("hello-name") }</h1>
                <p class="hello__lead">{ w.t("hello-name-lead") }</p>
            </div>
            <div>
                <label class="label" for="name">{ w.t("your-name") }</label>
                <input id="name" ref={input} class={classes!("input", missing.then_some("is-wrong"))} ~defaultValue={props.name.clone()}
                    autocomplete="name" maxlength="120" aria-invalid={missing.then_some("true")} aria-describedby={missing.then_some("name-hint")} />
                if *missing {
                    <p id="name-hint" class="hint hint--wrong" role="alert">{ w.t("hello-name-missing") }</p>
                }
            </div>
            <button type="submit" class="btn btn--primary btn--wide">{ w.t("continue") }</button>
        </form>
    }
}

fn choices(name: &str, rename: Callback<MouseEvent>, w: &Words) -> Html {
    let first = name.split_whitespace().next().unwrap_or_default();
    html! {
        <section class="step2">
            { icon_as("terrain", "hello__mark") }
            <div>
                <h1>{ w.with("hello-where", &[("name", Arg::from(first))]) }</h1>
                <p class="hello__lead">
                    { w.t("hello-where-lead") }{ " " }
                    <button type="button" class="link" onclick={rename}>{ w.t("hello-rename") }</button>
                </p>
            </div>
            <Choices />
        </section>
    }
}

/// The three ways to begin.
#[component]
fn Choices() -> Html {
    let w = use_words();
    let (store, nav) = (use_store(), use_nav());
    let busy = use_state(|| false);
    let joining = use_state(|| false);
    let create = |sample: bool| {
        let (store, nav, busy) = (store.clone(), nav.clone(), busy.clone());
        let name = w.t(if sample {
            "workspace-sample"
        } else {
            "workspace-own"
        });
        Callback::from(move |_: MouseEvent| {
            if !*busy {
                busy.set(true);
                make_workspace(&store, &nav, name.to_string(), sample, busy.setter());
            }
        })
    };
    let join = {
        let joining = joining.clone();
        Callback::from(move |_: MouseEvent| joining.set(!*joining))
    };
    html! {
        <div class="hello__choices" aria-busy={busy.to_string()}>
            { pick("map", true, "hello-sample", "hello-sample-lead", create(true), None, &w) }
            { pick("folder-plus", false, "hello-empty", "hello-empty-lead", create(false), None, &w) }
            { pick("link", false, "hello-join", "hello-join-lead", join, Some(*joining), &w) }
            if *joining { <JoinForm /> }
        </div>
    }
}

fn make_workspace(
    store: &Store,
    nav: &Nav,
    name: String,
    sample: bool,
    busy: UseStateSetter<bool>,
) {
    let (nav, store) = (nav.clone(), store.clone());
    let made = store.call(Call::CreateWorkspace { name, sample });
    spawn_local(async move {
        match made.await {
            Ok(_) => nav.replace_if_here(Route::Contacts(None)),
            Err(problem) => {
                busy.set(false);
                store.say(Say::Problem(problem));
            }
        }
    });
}

fn pick(
    sign: &'static str,
    first: bool,
    title: &str,
    lead: &str,
    onclick: Callback<MouseEvent>,
    expanded: Option<bool>,
    w: &Words,
) -> Html {
    html! {
        <button type="button" class={classes!("pick", first.then_some("pick--first"))} {onclick} aria-expanded={expanded.map(|open| open.to_string())}>
            <span class="pick__icon">{ icon(sign) }</span>
            <span class="pick__main"><strong>{ w.t(title) }</strong><span>{ w.t(lead) }</span></span>
            { icon(if expanded == Some(true) { "chevron-down" } else { "chevron-right" }) }
        </button>
    }
}

/// Takes a pasted link.
#[component]
fn JoinForm() -> Html {
    let w = use_words();
    let (store, nav) = (use_store(), use_nav());
    let input = use_node_ref();
    let problem = use_state(|| None::<Problem>);
    let busy = use_state(|| false);
    let onsubmit = {
        let (input, problem, busy) = (input.clone(), problem.setter(), busy.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = input.cast::<HtmlInputElement>().map(|input| input.value());
            match text.unwrap_or_default().parse::<JoinLink>() {
                Err(wrong) => problem.set(Some(wrong)),
                Ok(link) if !*busy => {
                    busy.set(true);
                    problem.set(None);
                    let joined = store.call(Call::JoinWorkspace(link));
                    let (nav, problem, busy) = (nav.clone(), problem.clone(), busy.setter());
                    spawn_local(async move {
                        busy.set(false);
                        match joined.await {
                            Ok(Reply::Done) | Ok(_) => nav.replace_if_here(Route::Contacts(None)),
                            Err(wrong) => problem.set(Some(wrong)),
                        }
                    });
                }
                Ok(_) => {}
            }
        })
    };
    let wrong = problem
        .as_ref()
        .map(|problem| problem::words_of(problem, &w));
    html! {
        <form {onsubmit} novalidate=true>
            <label class="label" for="join-link">{ w.t("join-link") }</label>
            <div class="share__link">
                <input id="join-link" ref={input} class={classes!("input", wrong.is_some().then_some("is-wrong"))} inputmode="url" autocomplete="off" spellcheck="false"
                    aria-invalid={wrong.is_some().then_some("true")} aria-describedby={wrong.is_some().then_some("join-hint")} />
                <button type="submit" class="btn btn--primary" disabled={*busy}>{ w.t("join") }</button>
            </div>
            if let Some(wrong) = wrong {
                <p id="join-hint" class="hint hint--wrong" role="alert">
                    { small_icon("circle-alert") }{ wrong }
                </p>
            }
        </form>
    }
}
