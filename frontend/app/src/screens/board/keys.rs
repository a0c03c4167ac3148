//! The board's keyboard: arrows between cards, Space to lift, arrows to move what is lifted.

use super::target::Target;
use crate::browser::focused;
use shared::crm::board::Column;
use shared::crm::row::Row;
use shared::id::RecordId;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// A key that the board knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One card up.
    Up,
    /// One card down.
    Down,
    /// One column to the left.
    Left,
    /// One column to the right.
    Right,
    /// Lift, or drop.
    Space,
    /// Drop.
    Enter,
    /// Put back.
    Escape,
}

/// The key pressed, without modifiers.
pub fn arrow(event: &KeyboardEvent) -> Option<Key> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    Some(match event.key().as_str() {
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        " " => Key::Space,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        _ => return None,
    })
}

/// Where a lifted card is after one more key.
pub fn step(columns: &[Column<Rc<Row>>], deal: RecordId, target: &Target, key: Key) -> Target {
    let Target::Column(stage, at) = target else {
        return target.clone();
    };
    let own = columns
        .iter()
        .position(|column| column.stage == *stage)
        .unwrap_or_default();
    let last = columns.len().saturating_sub(1);
    let (column, at) = match key {
        Key::Up => (own, at.saturating_sub(1)),
        Key::Down => (own, at + 1),
        Key::Left => (own.saturating_sub(1), *at),
        Key::Right => ((own + 1).min(last), *at),
        Key::Space | Key::Enter | Key::Escape => (own, *at),
    };
    let Some(column) = columns.get(column) else {
        return target.clone();
    };
    let room = column.deals.iter().filter(|other| other.id != deal).count();
    Target::Column(column.stage, at.min(room))
}

/// Moves the focus from one card to its neighbour.
pub fn focus_neighbour(board: &NodeRef, columns: &[Column<Rc<Row>>], deal: RecordId, key: Key) {
    let place = columns.iter().enumerate().find_map(|(column, cards)| {
        let at = cards.deals.iter().position(|other| other.id == deal)?;
        Some((column, at))
    });
    let Some((column, at)) = place else { return };
    let card = |column: usize, at: usize| {
        let cards = &columns.get(column)?.deals;
        Some(cards.get(at.min(cards.len().checked_sub(1)?))?.id)
    };
    let next = match key {
        Key::Up => at.checked_sub(1).and_then(|at| card(column, at)),
        Key::Down => card(column, at + 1),
        Key::Left => (0..column).rev().find_map(|column| card(column, at)),
        Key::Right => (column + 1..columns.len()).find_map(|column| card(column, at)),
        Key::Space | Key::Enter | Key::Escape => None,
    };
    if let Some(next) = next {
        focus_card(board, next);
    }
}

/// Gives the card of a deal the focus back when it was lost; `false` when something else has it.
pub fn keep_focus(board: &NodeRef, deal: RecordId) -> bool {
    let card = card_of(board, deal);
    match (focused(), card) {
        (Some(here), Some(card)) if here == card => true,
        (Some(here), _) if here.tag_name() != "BODY" => false,
        (_, Some(card)) => card.focus().is_ok(),
        (_, None) => true,
    }
}

fn focus_card(board: &NodeRef, deal: RecordId) {
    if let Some(card) = card_of(board, deal) {
        let _ = card.focus();
    }
}

fn card_of(board: &NodeRef, deal: RecordId) -> Option<HtmlElement> {
    let selector = format!("[data-deal=\"{deal}\"]");
    let card = board.cast::<Element>()?.query_selector(&selector).ok()??;
    card.dyn_into().ok()
}
