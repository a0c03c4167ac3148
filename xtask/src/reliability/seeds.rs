//! What the simulation's seeds found: each cause, and what was done about it.

/// A seed that failed, or several of one cause.
pub struct Found {
    /// The seeds, as they were when they failed: what a seed means changes with the simulation.
    pub seeds: &'static str,
    /// What was seen.
    pub seen: &'static str,
    /// Why.
    pub cause: &'static str,
    /// What was done about it.
    pub mended: &'static str,
}

/// All that is told, the first found first.
pub const FOUND: &[Found] = &[
    Found {
        seeds: "900791",
        seen: "a cursor past a position whose change is not on the disk",
        cause: "A change that was set aside did not remember of which generation of its record it was: the start of a note went into the old generation, which the new one then replaced.",
        mended: "What is set aside keeps its generation, and waits for that.",
    },
    Found {
        seeds: "5003365, 30001758",
        seen: "a device that has more, and other, than the log for good",
        cause: "What was taken for the cause of crashes, or came before what it builds on, lay apart while the server was set back, and went in when all had been offered: the log never heard of it.",
        mended: "On a device that met a log that was set back, whatever goes in that lay apart has all offered once more.",
    },
    Found {
        seeds: "5003542",
        seen: "a device that has less than the log for good",
        cause: "What is offered was read before the record left the device; its acknowledgement moved the cursor past changes that are not there.",
        mended: "Once records left, acknowledgements of what is offered do not move the cursor: it comes from the log.",
    },
    Found {
        seeds: "5003602, 10000293",
        seen: "an edit is lost",
        cause: "None in the product: a frame of the server as it was, on its way when the server was set back, had the device forget a record that only the lost part of the log had.",
        mended: "The simulation counts what went so among what was lost with the disk.",
    },
    Found {
        seeds: "10000456",
        seen: "a device that has more than the log for good",
        cause: "A log that was set back does not know that it hid a record: the device that offers it was refused, kept it, and had it beside the log when it was shown again.",
        mended: "Whoever offers a record that is hidden from them forgets it.",
    },
    Found {
        seeds: "20000792, 20001064",
        seen: "a device that has less than the log for good",
        cause: "None in the product: the simulation put the log back, and not what is hidden from whom, which lies beside it.",
        mended: "The copy of a server holds both.",
    },
    Found {
        seeds: "30000152",
        seen: "a history without its beginning",
        cause: "A device far behind that had kept a record's first change apart took the later ones for the whole record, for their row was known.",
        mended: "Where something of a record lies apart, what comes without a snapshot is applied change by change.",
    },
    Found {
        seeds: "40002010",
        seen: "an edit is refused for what it builds on, which nobody refused",
        cause: "A change that was forbidden to the device that offered it lay in the quarantine; what others built on it was refused for that.",
        mended: "What was forbidden to one is missing to the others: who builds on it offers it.",
    },
    Found {
        seeds: "60000260",
        seen: "an edit fails though nothing goes wrong any more",
        cause: "None in the product: a person undid what they had done to a record that was erased since.",
        mended: "The simulation knows that there is nothing to edit.",
    },
    Found {
        seeds: "10000542, 30000850, 40004519",
        seen: "a reason without a cause, an edit that is lost, a device that has less than the log",
        cause: "None in the product: the simulation asked a quarantine that was lost with the server, and an engine that lost its storage after the commit whether it had made edits again; it wanted the old generation of a device whose new one the validator dies of.",
        mended: "It asks what it noted itself.",
    },
    Found {
        seeds: "102000800",
        seen: "a cursor past a position whose change is not on the disk",
        cause: "What the server had refused stood among the refused ones though a server that was set back had taken it when all was offered; making the rest again took it away.",
        mended: "What the log has is refused no more, whether it was offered or comes from there.",
    },
    Found {
        seeds: "101003503",
        seen: "an edit fails though nothing goes wrong any more",
        cause: "A tab that another had replaced took a record that was erased since for a damaged one.",
        mended: "Whatever can't be read is first asked whether another tab writes.",
    },
    Found {
        seeds: "101000718",
        seen: "an edit is lost",
        cause: "None in the product: a value was put and taken back, and both were refused for their time; there was nothing to make again.",
        mended: "The simulation compares what the record shows before and after.",
    },
    Found {
        seeds: "121000075",
        seen: "a device that has less than the log for good",
        cause: "A change that could not go in beside an edit with its number waited for an acknowledgement; the edit was taken back before it was refused, so that there was nothing to acknowledge.",
        mended: "What is made again lets in at once what it stood in the way of.",
    },
    Found {
        seeds: "121003281",
        seen: "a cursor past a position whose change is not on the disk",
        cause: "A device that was put back sent what the log had and it had received since; the validator was silent, so it was refused, and making the rest again took it away.",
        mended: "What comes from the log waits no more; what may be in the log is never taken away.",
    },
    Found {
        seeds: "121004270",
        seen: "a device does not settle",
        cause: "An engine whose write had got no answer went on with what it remembered, though the write was done, and waited for what was gone.",
        mended: "It is opened anew at once.",
    },
    Found {
        seeds: "143002571, 144001453, 146003168, 150000103",
        seen: "a device that has more than the log for good",
        cause: "An edit whose write got no answer was on the disk and not in the memory of the engine, which had nothing more to write and so never noticed.",
        mended: "A workspace whose last write got no answer is opened anew at once.",
    },
    Found {
        seeds: "152004513",
        seen: "a reason without a cause",
        cause: "A batch was under way, and the one behind it, which builds on it, came first; its record had been offered whole before, so it was refused for what it builds on.",
        mended: "What builds on something that waits waits for that.",
    },
    Found {
        seeds: "146004765, 148004015",
        seen: "a cursor past a position whose change is not on the disk, a device that has more than the log for good",
        cause: "A damaged frame was refused as a message that is not known while a device greeted; it took that for its greeting and greeted as an older one, which hears of no eras, and did not see that the log was set back.",
        mended: "Only a refusal of the greeting itself counts.",
    },
    Found {
        seeds: "186003322",
        seen: "a device does not settle",
        cause: "None in the product: an edit was saved after others had been made again and before the client was told of those, which the driver does not let happen; their keys were lower than the last it knew, so it took them for known.",
        mended: "The simulation tells of what was made again before anything else is saved.",
    },
    Found {
        seeds: "188002036",
        seen: "a device that has more than the log for good",
        cause: "None in the product: a member's change to a record that nobody had made lay apart on the devices when the server was lost; the making of the record was refused, for the validator was silent, so nothing let it in and nobody offered it.",
        mended: "Where a log was set back, the simulation counts what lies apart only as far as the log has it.",
    },
    Found {
        seeds: "187004102",
        seen: "an edit is lost",
        cause: "A record came whole after one of its changes, which stayed before its base where it was stored; a server that had lost everything refused it for what it builds on when all was offered in that order, and nobody offered it again.",
        mended: "What is offered lies after what it builds on, however it came.",
    },
    Found {
        seeds: "184000234, 184002132",
        seen: "a reason without a cause",
        cause: "What was refused for its writer could not be made again since the disk failed at that moment, and then waited for a person.",
        mended: "It is made again at the next store, also after a restart.",
    },
    Found {
        seeds: "184001032, 184001519, 189000995, 191003263, 191004663, 194004581, 195000800, 198000031, 203002233",
        seen: "an edit is lost",
        cause: "None in the product: an engine died after it had made edits again and could not say so; a clone made again what its original had lost; a refusal that was made up for had been in a quarantine that was lost with the server; a record was hidden while a log that was set back had not been offered it; the start of a note went again under another key.",
        mended: "The simulation reads from the disk what was made again, whoever made it and whether it lived to say so.",
    },
    Found {
        seeds: "190003665",
        seen: "a device that has less than the log for good",
        cause: "A member signed as a colleague's next change; that could not go in beside the colleague's own with its number, which was refused for what it builds on, for the validator was silent about that, and so was not made again.",
        mended: "A refused edit whose number the log gave to another change is made again at once, whatever it was refused for.",
    },
    Found {
        seeds: "193004715",
        seen: "a device that has more than the log for good",
        cause: "The change that made a record built on the start of its note, so nobody counted as having made it, and its new generation was signed by nobody. When a server that had lost everything was offered it, that was refused; the start of the note was taken, and with it a generation without a record took the place of what others had.",
        mended: "Whoever made a record may have seen the start of its note. A generation that devices bring begins only with a record in it.",
    },
    Found {
        seeds: "205000700",
        seen: "a device that has more than the log for good",
        cause: "Of a generation that was brought to a server which had lost everything only the start of a note was taken, for the validator was silent about the rest; it took the place of what others had.",
        mended: "As above.",
    },
];
