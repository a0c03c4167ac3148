//! The protocol between a device and the room of its workspace.
//!
//! ```text
//!   device                                   room                        validator
//!     | Hello {epoch, cursor} ---------------> |
//!     | <--------------- Welcome {epoch, head} |
//!     | <-- Changes {after, upto, head} ------ |   until upto = head, one Pull for each further one
//!     | Pull {after} ------------------------> |
//!     |                                        |
//!     | Push {batch, changes} ---------------> | header check, dedupe, binding
//!     |                                        | ---- changes and history ----> | trial apply
//!     |                                        | <--- a verdict for each ------ |
//!     |                                        | one transaction
//!     | <-- Ack {batch, after, upto, outcomes} |
//!     |          Changes {after, upto} --------+--> every other device that is up to date
//! ```
//!
//! What holds:
//! - The room stores before it acknowledges or publishes, and validates before it stores.
//! - A device sends only what it has saved, and moves its cursor only in the transaction that
//!   stores what the cursor covers.
//! - Positions `after + 1 ..= upto` of one message lie next to each other in the log; a message
//!   that does not begin at the receiver's position is answered by a pull.
//! - Every step may happen twice: a change is known by its hash.
//!
//! Both ends are state machines, `handle(event, now) -> effects`, that do no I/O, read no clock and
//! draw no random numbers. Nothing here knows what a document means.

pub mod client;
pub mod header;
pub mod message;
pub mod packed;
pub mod parcel;
pub mod room;
mod strands;
pub mod validation;
