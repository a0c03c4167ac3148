//! Shared components, each named as its CSS prefix. They know words and record types; what they
//! need else comes in as properties, what they do goes out as callbacks.

pub mod avatar;
pub mod dialog;
pub mod draft;
pub mod due;
pub mod empty;
pub mod few;
pub mod field;
pub mod focus;
pub mod group;
pub mod icon;
pub mod linkrow;
pub mod modal;
pub mod note;
pub mod other;
pub mod picker;
pub mod problem;
pub mod seg;
pub mod typing;
pub mod value;
pub mod virtual_list;

pub use dialog::Dialog;
pub use draft::use_draft;
pub use due::Due;
pub use empty::Empty;
pub use field::{Field, Keyboard, Typed};
pub use group::Group;
pub use icon::IconButton;
pub use linkrow::LinkRow;
pub use note::{Keystroke, NoteEditor};
pub use picker::{Candidate, Picker};
pub use seg::Seg;
pub use virtual_list::{Section, VirtualList};
