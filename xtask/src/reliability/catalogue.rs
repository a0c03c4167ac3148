//! The faults that Terrain is built to survive, and what must come of each.

/// A fault.
pub struct Fault {
    /// Its number.
    pub row: &'static str,
    /// What it has to do with.
    pub area: &'static str,
    /// What goes wrong.
    pub fault: &'static str,
    /// What must come of it.
    pub outcome: &'static str,
}

macro_rules! catalogue {
    ($($area:literal { $($row:literal $fault:literal => $outcome:literal;)* })*) => {
        /// All of them, area by area.
        pub const CATALOGUE: &[Fault] = &[
            $($(Fault { row: $row, area: $area, fault: $fault, outcome: $outcome },)*)*
        ];
    };
}

catalogue! {
    "The tablet and its storage" {
        "F1" "The browser is killed in the middle of a write"
            => "Change, row and outbox entry are on the disk together or not at all; what was shown as saved is there.";
        "F2" "The browser is killed after an edit was saved and before it was sent"
            => "The edit is sent at the next start.";
        "F3" "The browser is killed after the server took an edit and before the device stored that"
            => "The edit is sent again, acknowledged again and stored once.";
        "F4" "The storage quota is used up"
            => "The write is undone as a whole, the person is told in the open form, earlier data stays, and work goes on once there is room.";
        "F5" "The browser drops the connection to the database"
            => "It is opened again and the write repeated from memory; nothing is dropped silently.";
        "F6" "Everything of the origin is evicted"
            => "The device begins as a new one with new writers and takes over by its link all that was ever sent.";
        "F7" "The browser offers no storage"
            => "The app says so and takes no work that it could not keep.";
        "F8" "A stored block is torn or has a flipped bit"
            => "Its hash tells; the rest goes on, the block is kept aside, and the record is fetched anew from the server.";
        "F9" "The engine or the server dies while history is made into snapshots"
            => "Single changes go only in the transaction that stores a snapshot which was loaded again with equal heads: one or the other is always there.";
        "F10" "The database was written by a newer version of the app"
            => "Nothing is read, changed or deleted; the person is asked to update.";
        "F11" "Another tab holds the database while a newer version wants to open it"
            => "The older tab lets go and asks to be loaded anew; one that does not is named within seconds.";
        "F12" "A storage upgrade is cut off half-way"
            => "What was there is still what counts; the next start does it whole.";
        "F20" "A record is too large for the device's memory"
            => "No record grows past what a device opens; one that did is named, and everything else works.";
    }
    "Tabs, engines, devices" {
        "F13" "Two tabs of one device edit the same record"
            => "One writes for both, both show both edits, no writer's number is used twice.";
        "F14" "The tab that writes is frozen, another takes over, and the first thaws"
            => "The fence in its next transaction stops it; what it was asked to do is done by the other.";
        "F15" "Two tabs run different builds"
            => "The older one stops writing and asks to be loaded anew; nothing that was saved is missing.";
        "F16" "The device's clock is years off, or jumps"
            => "No order depends on it; a device in touch with the server writes corrected times, a change with an impossible time is refused and made again by the right clock; waits end all the same.";
        "F17" "A device is restored from a backup"
            => "Its engine writes under a new writer; what had been sent since comes back from the server, what had not been is sent.";
        "F18" "A tablet's image runs on a second tablet"
            => "Each start of an engine is a writer of its own, so both go on and nothing of either is lost.";
        "F19" "The engine crashes on what it received"
            => "It is started again from the disk; what crashed it twice is set aside, visibly, and the rest goes on; it is tried again by itself, each time after a longer wait.";
    }
    "The way between device and server" {
        "F21" "The network goes in the middle of a push"
            => "What the server took is not sent twice, what it did not take waits in the outbox.";
        "F22" "A frame arrives twice"
            => "It is acknowledged twice and stored once.";
        "F23" "Changes arrive before those that they build on"
            => "Only their record is held up until the rest is sent; others go on.";
        "F24" "A frame is cut short"
            => "It is refused by name with its length; nothing is stored and the connection lives.";
        "F25" "A bit of a frame is flipped, with or without the checksum put right"
            => "A hash tells; nothing is stored and the change is sent again.";
        "F26" "A frame is larger than allowed, up to 40 MiB"
            => "It is refused by name; the runtime closes the socket above its own limit; the device sends smaller batches.";
        "F27" "A message is of a type that only a later version knows"
            => "It is answered as unsupported and the connection lives.";
        "F28" "A captured push is replayed"
            => "With the right secret it is acknowledged and changes nothing; without, the door stays shut.";
        "F30" "An acknowledgement never comes"
            => "After ten seconds the device connects again and sends again; until then the edit counts as waiting.";
        "F38" "The server is overloaded, or gone for hours"
            => "Pauses grow and differ from device to device; the outbox grows on the disk and nothing is dropped.";
    }
    "The server" {
        "F29" "One device opens socket after socket, and they idle"
            => "Twenty a device, the oldest is closed with its own code; idle ones sleep without the room's memory.";
        "F31" "The room is evicted or deployed in the middle of a push"
            => "What was committed is recognised by its hash, the rest is sent again; no truth was in memory.";
        "F32" "The room fails after the first statement of a write"
            => "The transaction is rolled back whole; no acknowledgement was sent.";
        "F33" "Another workspace's room crashes in the same process"
            => "This one goes on, after one more attempt at most.";
        "F34" "The validator runs out of time or memory"
            => "Only the record that costs too much is refused, with the reason, after its own second try; the room goes on.";
        "F35" "The server's storage is full"
            => "The push fails as a whole and is told as such; reading works; it is taken once there is room.";
        "F36" "A change or a record outgrows what a row of the server may hold"
            => "Limits of our own refuse it first, on the device and on the server, here as there.";
        "F37" "Background work of the server keeps failing"
            => "It is tried again with pauses and given up for that record only, visibly; pushes go on.";
        "F39" "Device, room and validator are of different versions"
            => "Device and room speak the lower protocol or the device asks to be updated; an answer that does not fit counts as none, and nothing is refused for it.";
        "F40" "The server is killed"
            => "What was acknowledged is there; devices send the rest again.";
        "F41" "The server is restored to an older state"
            => "Its log has another era where a device had come, or another epoch: devices take it from the start and offer all that they have, and nothing is lost, even once the log has outgrown them.";
        "F42" "The server is lost and one device survives"
            => "The device gives a new server everything, as changes with their history.";
        "F43" "Two servers are started on one state folder"
            => "The second ends with a clear line.";
    }
    "Versions" {
        "F44" "A newer app writes fields that this one does not know"
            => "They are kept, shown as other fields and sent on unharmed.";
        "F45" "An older app edits a record that a newer one changed"
            => "It writes only the fields it was asked to.";
        "F70" "Files of two builds are served together"
            => "The mark in page, glue and wasm tells: one forced reload, never a loop.";
    }
    "Hostile or impossible input" {
        "F46" "A record of tens of thousands of fields"
            => "The change that would make it is refused; a document that has them opens all the same.";
        "F47" "A change that inflates a thousandfold"
            => "Deflated changes are refused before anything is inflated, and a batch inflates to its limit at most.";
        "F48" "A hundred bytes that stand for a million operations"
            => "They are counted, not unfolded, and refused.";
        "F49" "Changes with the largest and smallest times there are"
            => "The time window refuses them before anything is applied.";
        "F50" "A malformed change with a right checksum"
            => "The trial refuses it, it is kept aside, and no other device ever sees it.";
        "F51" "Input that makes a reader loop for ever"
            => "That type of chunk is refused unread; the validator's time limit is the second line.";
        "F52" "A member's changes write over what everything is read from, or put there what no device puts"
            => "The server refuses them; where an earlier one took them, old and fresh devices show the same, the record stays and everyone goes on.";
    }
    "People at the same time" {
        "F59" "Two people make the same contact offline"
            => "Typed by hand both stay; imported from the same source they are one.";
        "F90" "Two people import different people who share an address"
            => "Each stays a record of their own, in whichever order they come; who only may be the same is for a person to say.";
        "F91" "A file is imported over what a person changed or deleted"
            => "The person's stays, and the preview asks; a second import of the file changes nothing.";
        "F60" "A record is deleted here and edited there"
            => "The edit brings it back, marked as such; nothing is lost.";
        "F61" "Two people start the same part of a record offline"
            => "It is the same part for both by construction, and holds what both wrote.";
        "F62" "Two people move one deal to different stages"
            => "All show the same winner with the other move beside it; one tap takes it, and the history has both.";
    }
}
