//! What is fuzzed: one file a reader of bytes.

mod columns;
mod csv;
mod frames;
mod header;
mod packed;
mod parcel;
mod validator;

use fastrand::Rng;

/// A reader of bytes, and what it promises whatever they are.
pub struct Target {
    /// Its name, and that of its folder in the corpus.
    pub name: &'static str,
    /// The inputs that it can make itself, with their names.
    pub seeds: fn() -> Vec<(String, Vec<u8>)>,
    /// Makes another input of one, mostly one that comes past the first checks.
    pub mutate: fn(&mut Rng, &[u8]) -> Vec<u8>,
    /// Tries an input. Panics where a promise is broken. What it returns tells inputs apart that went
    /// different ways: one that goes a new way is mutated further.
    pub run: fn(&[u8]) -> String,
    /// The most milliseconds that an input may take, on a slow machine and without optimisation.
    pub limit_ms: u64,
    /// The most bytes that may be held at once while an input of this length is tried.
    pub memory: fn(usize) -> usize,
}

/// All of them.
pub static ALL: [Target; 8] = [
    frames::TO_ROOM,
    frames::TO_CLIENT,
    packed::TARGET,
    parcel::TARGET,
    header::TARGET,
    columns::TARGET,
    validator::TARGET,
    csv::TARGET,
];

/// The first word of a `Debug` form: which variant it is.
fn variant(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

/// The number of binary digits: tells sizes apart, but not every single one.
fn magnitude(number: usize) -> u32 {
    usize::BITS - number.leading_zeros()
}

/// Changes of every kind that the app makes.
pub fn changes_of_a_contact() -> Vec<Vec<u8>> {
    let changes = packed::contact().changes();
    changes.into_iter().map(|change| change.bytes).collect()
}
