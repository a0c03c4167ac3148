//! Where a lifted card would land, read from what is on screen.

use shared::crm::pipeline::{self, Stage};
use shared::id::RecordId;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// How near to an edge the board begins to scroll, and how fast at most, in CSS pixels.
const EDGE: f64 = 64.0;
const SPEED: f64 = 14.0;
/// How far beside the board a card is still dropped on it, in CSS pixels.
const BESIDE: f64 = 24.0;

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

/// What is nearest to the pointer. `middle` is the height of the lifted card's middle, which decides between
/// two cards.
pub fn find(board: &Element, at: (f64, f64), middle: f64, lifted: RecordId) -> Option<Target> {
    let rect = board.get_bounding_client_rect();
    let is_within = |at: f64, low: f64, high: f64| at >= low - BESIDE && at < high + BESIDE;
    if !is_within(at.0, rect.left(), rect.right()) || !is_within(at.1, rect.top(), rect.bottom()) {
        return None;
    }
    if at.1 >= bar(board) {
        let drop = nearest(board, "[data-drop]", at)?;
        return match drop.get_attribute("data-drop").as_deref() {
            Some("won") => Some(Target::Won),
            Some("lost") => Some(Target::Lost),
            _ => Some(Target::Hold),
        };
    }
    let column = nearest(board, "[data-stage]", at)?;
    let stage = pipeline::stage(&column.get_attribute("data-stage")?);
    let lifted = lifted.to_string();
    let above = all(&column, "[data-deal]").into_iter().filter(|card| {
        let rect = card.get_bounding_client_rect();
        card.get_attribute("data-deal").as_ref() != Some(&lifted)
            && rect.top() + rect.height() / 2.0 < middle
    });
    Some(Target::Column(stage, above.count()))
}

/// What scrolls because the pointer is near an edge, the board or the column there, and how far to the right
/// and down. From the bar on nothing does.
pub fn pulls(board: &Element, at: (f64, f64)) -> Vec<(Element, i32, i32)> {
    let bar = bar(board);
    if at.1 >= bar {
        return Vec::new();
    }
    let columns = nearest(board, "[data-columns]", at).map(|columns| {
        let rect = columns.get_bounding_client_rect();
        (columns, pull(at.0, rect.left(), rect.right()), 0)
    });
    let cards = nearest(board, "[data-cards]", at).map(|cards| {
        let rect = cards.get_bounding_client_rect();
        (cards, 0, pull(at.1, rect.top(), rect.bottom().min(bar)))
    });
    let pulls = columns.into_iter().chain(cards);
    pulls.filter(|(_, x, y)| (*x, *y) != (0, 0)).collect()
}

/// Where the bar begins, which all below belongs to.
fn bar(board: &Element) -> f64 {
    let bar = board.query_selector("[data-bar]").ok().flatten();
    bar.map_or(f64::INFINITY, |bar| bar.get_bounding_client_rect().top())
}

fn pull(at: f64, low: f64, high: f64) -> i32 {
    let near = |distance: f64| (1.0 - distance / EDGE).clamp(0.0, 1.0) * SPEED;
    (near(high - at) - near(at - low)).round() as i32
}

/// The one of these whose left and right edges are nearest to the pointer, or around it.
fn nearest(board: &Element, selector: &str, at: (f64, f64)) -> Option<Element> {
    let away = |element: &Element| {
        let rect = element.get_bounding_client_rect();
        (rect.left() - at.0).max(at.0 - rect.right())
    };
    let found = all(board, selector).into_iter();
    found.min_by(|a, b| away(a).total_cmp(&away(b)))
}

fn all(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = within.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.item(at)?.dyn_into().ok())
        .collect()
}
