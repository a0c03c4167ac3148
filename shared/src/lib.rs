//! Terrain's domain and sync engine.
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and randomness come in as
//! arguments, effects go out as values. The same code runs natively in tests, in the engine's Web
//! Worker and in the Durable Object.

pub mod bridge;
pub mod crm;
#[cfg(feature = "document")]
pub mod document;
pub mod id;
pub mod money;
pub mod mutants;
pub mod sync;
pub mod time;
#[cfg(feature = "document")]
pub mod validate;
