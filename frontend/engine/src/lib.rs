//! The engine: keeps the documents, stores them and syncs them.
//!
//! In the browser it is a Web Worker: one task owns everything and takes one input after another:
//! calls of the page and of other tabs, frames of the server, timers. So nothing is ever half done
//! when the next one comes. Natively it is what lies below that, the [`leader::Leader`], over a host
//! that offers storage, clock and chance.

pub mod block;
pub mod documents;
pub mod failure;
pub mod file;
pub mod leader;
pub mod limits;
pub mod outbox;
pub mod platform;
pub mod registry;
pub mod revision;
pub mod seal;
pub mod tab;
pub mod table;
pub mod workspace;

#[cfg(target_arch = "wasm32")]
mod commands;
#[cfg(target_arch = "wasm32")]
mod driver;
#[cfg(target_arch = "wasm32")]
mod engine;
#[cfg(target_arch = "wasm32")]
mod files;
#[cfg(target_arch = "wasm32")]
mod notes;
#[cfg(target_arch = "wasm32")]
mod open;
#[cfg(target_arch = "wasm32")]
mod tabs;
#[cfg(target_arch = "wasm32")]
mod uplink;

#[cfg(target_arch = "wasm32")]
pub use engine::start;
