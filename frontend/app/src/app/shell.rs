//! What lies over the screen, and whether the list shows as a drawer.

use yew::prelude::*;

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    /// Nothing.
    None,
    /// The panel that says all about sync.
    Sync,
    /// The palette: jump to a record, a screen or an action.
    Palette,
    /// The link of the workspace.
    Share,
    /// All keys.
    Keys,
}

/// What lies over the screen, and ways to change it.
#[derive(Clone, PartialEq)]
pub struct Shell {
    /// What lies over the screen.
    pub overlay: Overlay,
    /// Whether the list is open as a drawer, on a tablet held upright.
    pub drawer: bool,
    pub(super) set_overlay: Callback<Overlay>,
    pub(super) set_drawer: Callback<bool>,
}

impl Shell {
    /// Opens something over the screen.
    pub fn open(&self, overlay: Overlay) {
        self.set_overlay.emit(overlay);
    }

    /// Closes what lies over the screen.
    pub fn close(&self) {
        self.set_overlay.emit(Overlay::None);
    }

    /// Opens or closes the list as a drawer.
    pub fn set_drawer(&self, open: bool) {
        self.set_drawer.emit(open);
    }
}

/// What lies over the screen.
#[hook]
pub fn use_shell() -> Shell {
    use_context::<Shell>().expect("the app provides the shell")
}
