//! The screens.

pub mod board;
pub mod companies;
pub mod contacts;
pub mod deal;
pub mod deals;
pub mod first_visit;
pub mod import;
pub mod join;
pub mod list;
pub mod palette;
pub mod record;
pub mod settings;
pub mod share;
pub mod sync;
pub mod titles;
