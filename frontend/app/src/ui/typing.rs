//! What is typed in a plain input, on its way to a component's state.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Keeps what stands in the input that the event comes from.
pub fn typing(value: UseStateSetter<String>) -> Callback<InputEvent> {
    Callback::from(move |event: InputEvent| {
        let input = event.target().and_then(|input| input.dyn_into().ok());
        if let Some(input) = input.as_ref().map(HtmlInputElement::value) {
            value.set(input);
        }
    })
}
