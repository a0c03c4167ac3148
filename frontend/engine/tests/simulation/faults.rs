//! What goes wrong, how often in a run, and how often it did.

use super::random::Random;

macro_rules! faults {
    ($($name:ident: $rate:literal, $text:literal;)*) => {
        /// Something that goes wrong. The rate is once in so many chances, where a run has it at all; 0
        /// where it is what other faults lead to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault { $($name,)* }

        impl Fault {
            pub const ALL: &[Fault] = &[$(Fault::$name,)*];

            pub fn text(self) -> &'static str {
                match self { $(Fault::$name => $text,)* }
            }

            pub fn rate(self) -> u64 {
                match self { $(Fault::$name => $rate,)* }
            }
        }
    };
}

faults! {
    FrameLost: 12, "a frame is lost";
    FrameDoubled: 8, "a frame comes twice";
    FrameLate: 6, "a frame comes after later ones";
    FrameCut: 15, "a frame is cut short";
    FrameFlipped: 15, "a bit of a frame flips";
    UnknownMessage: 12, "a message of a newer protocol comes";
    SocketsBroken: 12, "all sockets break";
    Partition: 8, "a device hears nothing and is not heard, its socket open";
    Offline: 6, "a device is offline for minutes or hours";
    OldProtocol: 8, "a device speaks an older protocol for a while";
    EngineKilled: 8, "an engine is killed";
    EngineKilledBetween: 20, "an engine is killed between two effects";
    KilledBeforeSave: 15, "an engine is killed before an edit is saved";
    KilledAfterSave: 15, "an engine is killed after an edit was saved, before it says so";
    KilledBeforeStore: 12, "an engine is killed before it stores what came";
    KilledAfterStore: 12, "an engine is killed after it stored what came";
    KilledBeforeFold: 10, "an engine is killed before it folds its tail";
    KilledAfterFold: 10, "an engine is killed after it folded a part of its tail";
    DiskRefuses: 20, "a transaction of the device fails";
    DiskLost: 20, "the connection to the device's storage is lost before a commit";
    DiskLostAfter: 20, "the connection to the device's storage is lost after a commit";
    DiskFull: 8, "the device has no space for a while";
    TabTakesOver: 8, "another tab takes over from one that is frozen, which thaws later";
    ClockOff: 8, "a device's clock is years off";
    ClockJumps: 8, "a device's clock jumps by hours";
    DeviceRestored: 10, "a device is restored from an older copy of its disk";
    DeviceCloned: 14, "a device is cloned";
    RoomKilled: 10, "the room's process is killed";
    RoomKilledBetween: 20, "the room is killed between two effects";
    RoomSleeps: 6, "the room sleeps while its sockets stay open";
    LogFull: 12, "the server has no space for a transaction";
    LogFails: 15, "a transaction of the server fails";
    ValidatorSilent: 10, "the validator does not answer a question";
    ValidatorDown: 12, "the validator is down for a while";
    DeadlyRecord: 14, "the validator dies of a record";
    ServerRestored: 12, "the server is restored from an older copy of its log";
    ServerLost: 0, "a lost server is made anew, with nothing";
    ServerOutgrows: 0, "a restored server grows past the position of a device that was away";
    Folds: 1, "raw changes are folded into a block";
    Walks: 1, "a device is brought records instead of changes";
    Squashed: 10, "a record begins a new generation";
    Remade: 1, "unsent edits are made again in a new generation";
    Erased: 25, "a record is erased";
    Hidden: 10, "a record is hidden from somebody";
    Doubted: 0, "what came is taken for the cause of two crashes";
    TriedAgain: 0, "it is tried again";
    OfferedAgain: 0, "it is from before the server was set back, and all is offered again";
    Attacked: 0, "a member sends what no device writes";
    SignedAsAnother: 0, "it signs as a colleague's next change";
    Forged: 10, "someone pushes a change that another person signed";
}

/// The faults of one run.
pub struct Faults {
    on: Vec<bool>,
    fired: Vec<u64>,
    are_over: bool,
}

impl Faults {
    /// Each run has some of them: what only shows without a certain fault shows, too.
    pub fn new(random: &mut Random) -> Faults {
        let one_in = 2 + random.below(6);
        Faults {
            on: Fault::ALL
                .iter()
                .map(|fault| fault.rate() > 0 && random.once_in(one_in))
                .collect(),
            fired: vec![0; Fault::ALL.len()],
            are_over: false,
        }
    }

    /// Whether it strikes here.
    pub fn strikes(&mut self, fault: Fault, random: &mut Random) -> bool {
        self.is_on(fault) && random.once_in(fault.rate())
    }

    pub fn are_over(&self) -> bool {
        self.are_over
    }

    pub fn is_on(&self, fault: Fault) -> bool {
        self.on[fault as usize] && !self.are_over
    }

    /// All that this run has.
    pub fn all_on(&self) -> Vec<Fault> {
        let on = Fault::ALL.iter().filter(|fault| self.is_on(**fault));
        on.copied().collect()
    }

    pub fn note(&mut self, fault: Fault) {
        self.fired[fault as usize] += 1;
    }

    pub fn fired(&self, fault: Fault) -> u64 {
        self.fired[fault as usize]
    }

    /// From here on nothing goes wrong.
    pub fn end(&mut self) {
        self.are_over = true;
    }
}
