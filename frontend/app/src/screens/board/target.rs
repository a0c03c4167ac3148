//! Where a lifted card would land, read from what is on screen.

use shared::crm::pipeline::{self, Stage};
use shared::id::RecordId;
use wasm_bindgen::JsCast;
use web_sys::{DomRect, Element};

/// How near to an edge the board begins to scroll, and how fast at most, in CSS pixels.
const EDGE: f64 = 64.0;
const SPEED: f64 = 14.0;

/// Where a card can be dropped.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// In a column, before the card at this place (not counting the lifted one).
    Column(&'static Stage, usize),
    /// On the bar: won.
    Won,
    /// On the bar: lost.
    Lost,
    /// On the bar: on hold.
    Hold,
}

/// What is under the pointer. `middle` is the height of the lifted card's middle, which decides between
/// two cards.
pub fn find(board: &Element, at: (f64, f64), middle: f64, lifted: RecordId) -> Option<Target> {
    let under = |element: &Element| holds(&element.get_bounding_client_rect(), at);
    if let Some(drop) = all(board, "[data-drop]")
        .into_iter()
        .find(|drop| under(drop))
    {
        return match drop.get_attribute("data-drop").as_deref() {
            Some("won") => Some(Target::Won),
            Some("lost") => Some(Target::Lost),
            _ => Some(Target::Hold),
        };
    }
    let column = all(board, "[data-stage]").into_iter().find(|column| {
        let rect = column.get_bounding_client_rect();
        at.0 >= rect.left() && at.0 < rect.right() && at.1 >= rect.top()
    })?;
    let stage = pipeline::stage(&column.get_attribute("data-stage")?);
    let lifted = lifted.to_string();
    let above = all(&column, "[data-deal]").into_iter().filter(|card| {
        let rect = card.get_bounding_client_rect();
        card.get_attribute("data-deal").as_ref() != Some(&lifted)
            && rect.top() + rect.height() / 2.0 < middle
    });
    Some(Target::Column(stage, above.count()))
}

/// Scrolls the board, and the column under the pointer, when the pointer is near an edge.
pub fn autoscroll(board: &Element, at: (f64, f64)) {
    if let Ok(Some(columns)) = board.query_selector("[data-columns]") {
        let rect = columns.get_bounding_client_rect();
        let by = pull(at.0, rect.left(), rect.right());
        columns.set_scroll_left(columns.scroll_left() + by);
    }
    let body = all(board, "[data-stage] > [data-cards]")
        .into_iter()
        .find(|body| {
            let rect = body.get_bounding_client_rect();
            at.0 >= rect.left() && at.0 < rect.right()
        });
    if let Some(body) = body {
        let rect = body.get_bounding_client_rect();
        body.set_scroll_top(body.scroll_top() + pull(at.1, rect.top(), rect.bottom()));
    }
}

fn pull(at: f64, low: f64, high: f64) -> i32 {
    let near = |distance: f64| (1.0 - distance / EDGE).clamp(0.0, 1.0) * SPEED;
    (near(high - at) - near(at - low)).round() as i32
}

fn holds(rect: &DomRect, at: (f64, f64)) -> bool {
    at.0 >= rect.left() && at.0 < rect.right() && at.1 >= rect.top() && at.1 < rect.bottom()
}

fn all(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.item(at)?.dyn_into().ok())
        .collect()
}
