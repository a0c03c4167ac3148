//! What lies over a screen, as a dialog does: the way back leads out of it before it leads elsewhere.

use std::cell::RefCell;
use std::rc::Rc;

type Close = Rc<dyn Fn()>;

thread_local! {
    /// How to leave what lies over the screen, the topmost last.
    static OVER: RefCell<Vec<Close>> = const { RefCell::new(Vec::new()) };
}

/// Something lies over the screen until this is dropped.
pub struct Over(Close);

impl Over {
    /// With what leaves it, where it lets itself be left.
    pub fn new(close: impl Fn() + 'static) -> Over {
        let close: Close = Rc::new(close);
        OVER.with_borrow_mut(|over| over.push(Rc::clone(&close)));
        Over(close)
    }
}

impl Drop for Over {
    fn drop(&mut self) {
        OVER.with_borrow_mut(|over| over.retain(|other| !Rc::ptr_eq(other, &self.0)));
    }
}

/// Leaves the topmost of what lies over the screen; `false` where nothing does.
pub fn leave() -> bool {
    let top = OVER.with_borrow(|over| over.last().cloned());
    if let Some(close) = &top {
        close();
    }
    top.is_some()
}
