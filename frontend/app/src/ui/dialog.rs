//! A dialog: centred on a tablet, a sheet from the bottom on a phone. Focus goes in and comes back;
//! Esc and the ground around it close it, unless something was typed.

use super::IconButton;
use super::modal::use_modal;
use crate::browser;
use crate::i18n::use_words;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

const FOCUSABLE: &str =
    "button:not([disabled]), [href], input:not([disabled]), select, textarea, [tabindex='0']";

/// Properties of [`Dialog`].
#[derive(PartialEq, Properties)]
pub struct DialogProps {
    /// Asks or says what this is.
    pub title: AttrValue,
    /// It was closed without the deed.
    pub onclose: Callback<()>,
    /// Something was typed: neither Esc, nor a tap beside it, nor the way back throws that away. They show
    /// where it is closed.
    #[prop_or_default]
    pub keep: bool,
    /// The buttons: cancel, then the verb.
    #[prop_or_default]
    pub foot: Html,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
    /// The body.
    #[prop_or_default]
    pub children: Html,
}

/// A modal dialog.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let w = use_words();
    let (ground, node) = (use_node_ref(), use_node_ref());
    // By a key, a tap beside it or the way back.
    let leave = {
        let (node, onclose, keep) = (node.clone(), props.onclose.clone(), props.keep);
        Callback::from(move |()| match keep {
            true => point_at_close(&node),
            false => onclose.emit(()),
        })
    };
    {
        let node = node.clone();
        use_modal(&ground, leave.clone(), move || focus_first(&node));
    }
    let close = props.onclose.reform(|_: MouseEvent| ());
    let on_scrim = {
        let leave = leave.clone();
        Callback::from(move |event: MouseEvent| {
            let on_ground = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlElement>().ok())
                .is_some_and(|element| element.class_list().contains("scrim"));
            if on_ground {
                // What was typed into keeps the focus no more than the ground would.
                event.prevent_default();
                leave.emit(());
            }
        })
    };
    let onkeydown = {
        let node = node.clone();
        Callback::from(move |event: KeyboardEvent| {
            // Keys inside a dialog are the dialog's.
            event.stop_propagation();
            match event.key().as_str() {
                "Escape" => leave.emit(()),
                "Tab" => keep_inside(&node, &event),
                _ => {}
            }
        })
    };
    let host = browser::window()
        .document()
        .and_then(|document| document.get_element_by_id("dialogs"));
    let dialog = html! {
        <div ref={ground} class="scrim" onmousedown={on_scrim} {onkeydown}>
            <div ref={node} class={classes!("dialog", props.class.clone())} role="dialog" aria-modal="true" aria-labelledby="dialog-title" tabindex="-1">
                <header class="dialog__head">
                    <h2 id="dialog-title">{ props.title.clone() }</h2>
                    <IconButton icon="x" label={w.t("close")} onclick={close} />
                </header>
                <div class="dialog__body">{ props.children.clone() }</div>
                if props.foot != Html::default() {
                    <footer class="dialog__foot">{ props.foot.clone() }</footer>
                }
            </div>
        </div>
    };
    match host {
        Some(host) => create_portal(dialog, host),
        None => dialog,
    }
}

/// What closes it on purpose gets the focus, and moves.
fn point_at_close(node: &NodeRef) {
    let close = node
        .cast::<HtmlElement>()
        .and_then(|dialog| dialog.query_selector(".dialog__head button").ok().flatten())
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    let Some(close) = close else { return };
    let classes = close.class_list();
    let _ = classes.remove_1("is-pointed-at");
    // Only a style that was worked out meanwhile begins the motion anew.
    let _ = close.offset_width();
    let _ = classes.add_1("is-pointed-at");
    let _ = close.focus();
}

fn focusable(node: &NodeRef) -> Vec<HtmlElement> {
    let Some(list) = node
        .cast::<HtmlElement>()
        .and_then(|dialog| dialog.query_selector_all(FOCUSABLE).ok())
    else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|i| list.item(i)?.dyn_into().ok())
        .filter(|element: &HtmlElement| element.offset_parent().is_some())
        .collect()
}

fn focus_first(node: &NodeRef) {
    let marked = node
        .cast::<HtmlElement>()
        .and_then(|dialog| dialog.query_selector("[data-focus]").ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    // The first button is the one that closes: what comes after it is what the dialog is for.
    let elements = focusable(node);
    let first = marked.or_else(|| elements.get(1).or(elements.first()).cloned());
    if let Some(element) = first {
        let _ = element.focus();
    }
}

fn keep_inside(node: &NodeRef, event: &KeyboardEvent) {
    let elements = focusable(node);
    let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
        return;
    };
    let here = browser::focused();
    let next = match (event.shift_key(), here) {
        (true, Some(here)) if here == *first => last,
        (false, Some(here)) if here == *last => first,
        (_, Some(_)) => return,
        (_, None) => first,
    };
    event.prevent_default();
    let _ = next.focus();
}
