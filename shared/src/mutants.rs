//! Deliberate bugs, for the simulation to find: one that finds none of them proves nothing. None is
//! compiled without the feature `mutants`.

#[cfg(feature = "mutants")]
pub use bugs::*;

/// Whether a deliberate bug is switched on; false for good without the feature `mutants`.
macro_rules! mutant {
    ($name:ident) => {{
        #[cfg(feature = "mutants")]
        let is_on = crate::mutants::is_on(crate::mutants::Mutant::$name);
        #[cfg(not(feature = "mutants"))]
        let is_on = false;
        is_on
    }};
}
pub(crate) use mutant;

#[cfg(feature = "mutants")]
mod bugs {
    use std::cell::Cell;

    macro_rules! mutants {
        ($($name:ident = $text:literal;)*) => {
            /// A deliberate bug.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub enum Mutant { $(#[doc = $text] $name,)* }

            impl Mutant {
                /// All of them.
                pub const ALL: &[Mutant] = &[$(Mutant::$name,)*];

                /// What it breaks.
                pub const fn text(self) -> &'static str {
                    match self { $(Mutant::$name => $text,)* }
                }
            }
        };
    }

    mutants! {
        AcknowledgesFirst = "the room acknowledges before the log has stored";
        SkipsDedupe = "the room takes a change that it has for a new one";
        PublishesFirst = "the room publishes before the validator has answered";
        SilenceAccepts = "silence of the validator is taken for acceptance";
        AnyoneMaySign = "the room does not compare the signer with the session";
        IgnoresEpoch = "the device does not look at the epoch";
        IgnoresMark = "the room does not look at which era a device's position is of";
        TakesLateStretch = "the device takes a stretch that begins behind its cursor";
        ConfirmsAll = "the device takes every answer for an acceptance";
        ForgetsLastRound = "the device takes a walk for ended when its first round is";
        KeepsGeneration = "a new generation has the number of the old one";
        SkipsChecksum = "the checksum of a frame is not compared";
        TakesAnything = "the validator takes what no device writes";
    }

    thread_local! {
        static ON: Cell<Option<Mutant>> = const { Cell::new(None) };
    }

    /// Switches one on, on this thread, and all others off.
    pub fn switch(mutant: Option<Mutant>) {
        ON.set(mutant);
    }

    /// Whether it is switched on.
    pub fn is_on(mutant: Mutant) -> bool {
        ON.get() == Some(mutant)
    }
}
