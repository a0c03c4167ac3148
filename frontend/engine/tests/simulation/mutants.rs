//! Deliberate bugs, one at a time: a simulation that finds none of them proves nothing.

use super::disk::Broken;
use super::storage::BrokenLog;
use shared::mutants::{self, Mutant};

macro_rules! bugs {
    (drivers { $($name:ident, $text:literal;)* } product { $($mutant:ident,)* }) => {
        /// A bug of a driver, or one that is compiled into the product.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Bug {
            $($name,)*
            Product(Mutant),
        }

        impl Bug {
            pub const ALL: &[Bug] = &[$(Bug::$name,)* $(Bug::Product(Mutant::$mutant),)*];

            pub fn text(self) -> &'static str {
                match self {
                    $(Bug::$name => $text,)*
                    Bug::Product(mutant) => mutant.text(),
                }
            }
        }
    };
}

bugs! {
    drivers {
    DropsOutboxOnSend, "what is sent leaves the outbox before it is acknowledged";
    ReusesActor, "an engine goes on with the writer of an earlier one";
    MovesCursorBeforeStoring, "the cursor is stored before what it covers";
    SaysSavedBeforeCommit, "an edit is said to be saved before it is";
    IgnoresFence, "a tab that was frozen writes over its successor";
    DeletesFirst, "the tail is deleted before the blocks are stored";
    TearsTransactions, "a transaction of the device is two";
    OfferNotStored, "that all is to be offered is not stored";
    FoldsTooFar, "folding deletes what came while the snapshot was made";
    LosesBlocks, "raw changes are deleted and the block is not stored";
    KeepsEra, "a start of the server goes on in the era of an earlier one";
    }
    product {
    AcknowledgesFirst,
    SkipsDedupe,
    PublishesFirst,
    SilenceAccepts,
    AnyoneMaySign,
    IgnoresEpoch,
    IgnoresMark,
    TakesLateStretch,
    ConfirmsAll,
    ForgetsLastRound,
    KeepsGeneration,
    SkipsChecksum,
    TakesAnything,
    }
}

impl Bug {
    /// How it breaks the storage of devices.
    pub fn breaks(self) -> Option<Broken> {
        match self {
            Bug::IgnoresFence => Some(Broken::Fence),
            Bug::DeletesFirst => Some(Broken::DeletesFirst),
            Bug::TearsTransactions => Some(Broken::Torn),
            Bug::DropsOutboxOnSend
            | Bug::ReusesActor
            | Bug::MovesCursorBeforeStoring
            | Bug::SaysSavedBeforeCommit
            | Bug::OfferNotStored
            | Bug::FoldsTooFar
            | Bug::LosesBlocks
            | Bug::KeepsEra
            | Bug::Product(_) => None,
        }
    }

    /// How it breaks the storage of the server.
    pub fn breaks_log(self) -> Option<BrokenLog> {
        match self {
            Bug::FoldsTooFar => Some(BrokenLog::FoldsTooFar),
            Bug::LosesBlocks => Some(BrokenLog::LosesBlocks),
            Bug::DropsOutboxOnSend
            | Bug::ReusesActor
            | Bug::MovesCursorBeforeStoring
            | Bug::SaysSavedBeforeCommit
            | Bug::IgnoresFence
            | Bug::DeletesFirst
            | Bug::TearsTransactions
            | Bug::OfferNotStored
            | Bug::KeepsEra
            | Bug::Product(_) => None,
        }
    }

    pub fn switch_on(self) {
        if let Bug::Product(mutant) = self {
            mutants::switch(Some(mutant));
        }
    }

    pub fn switch_off() {
        mutants::switch(None);
    }
}
