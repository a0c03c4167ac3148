//! Changes that Automerge takes and no device writes.

use super::{ID, NOW, ask, candidate, edited, writer};
use automerge::legacy::OpId;
use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{
    ActorId, Automerge, AutomergeError, Change, ExpandedChange, ObjId, ObjType, PatchLog, ROOT,
    ReadDoc, ScalarValue,
};
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::{Item, Row};
use shared::document::{Document, genesis_hash};
use shared::id::Writer;
use shared::sync::header::Header;
use shared::sync::message::Reason;
use shared::sync::validation::{Bytes, Task, Verdict};

type Deed = fn(&mut Transaction<'_>) -> Result<(), AutomergeError>;

fn at(put: &Transaction<'_>, map: &str) -> ObjId {
    put.get(ROOT, map).unwrap().unwrap().1
}

fn note(put: &Transaction<'_>) -> ObjId {
    put.get(at(put, "texts"), "notes").unwrap().unwrap().1
}

const DEEDS: &[(&str, Deed)] = &[
    ("writes over the map of fields", |put| {
        put.put(ROOT, "fields", "x")
    }),
    ("deletes the map of fields", |put| {
        put.delete(ROOT, "fields")
    }),
    ("puts another map in its place", |put| {
        let map = put.put_object(ROOT, "fields", ObjType::Map)?;
        put.put(&map, "type", "contact")
    }),
    ("deletes the map of items", |put| put.delete(ROOT, "items")),
    ("writes over the map of notes", |put| {
        put.put(ROOT, "texts", 7)
    }),
    ("adds to the root", |put| put.put(ROOT, "more", "x")),
    ("gives an unknown type", |put| {
        put.put(at(put, "fields"), "type", "spam")
    }),
    ("gives another type", |put| {
        put.put(at(put, "fields"), "type", "company")
    }),
    ("gives a number as the type", |put| {
        put.put(at(put, "fields"), "type", 1)
    }),
    ("takes the type away", |put| {
        put.delete(at(put, "fields"), "type")
    }),
    ("puts a list in a field", |put| {
        put.put_object(at(put, "fields"), "city", ObjType::List)
            .map(|_| ())
    }),
    ("puts a text in a field", |put| {
        put.put_object(at(put, "fields"), "city", ObjType::Text)
            .map(|_| ())
    }),
    ("puts a map in an item", |put| {
        let item = put.put_object(at(put, "items"), "tags/vip", ObjType::Map)?;
        put.put(&item, "label", "x")
    }),
    ("puts a number in a field", |put| {
        put.put(at(put, "fields"), "city", 29)
    }),
    ("puts bytes in a field", |put| {
        put.put(at(put, "fields"), "city", vec![0xff_u8])
    }),
    ("puts nothing in a field", |put| {
        put.put(at(put, "fields"), "city", ())
    }),
    ("puts a counter in a field", |put| {
        put.put(at(put, "fields"), "city", ScalarValue::counter(1))
    }),
    ("counts in a field", |put| {
        put.put(at(put, "fields"), "city", ScalarValue::counter(1))?;
        put.increment(at(put, "fields"), "city", 2)
    }),
    ("deletes a note", |put| {
        put.delete(at(put, "texts"), "notes")
    }),
    ("writes over a note", |put| {
        put.put(at(put, "texts"), "notes", "x")
    }),
    ("starts a note of its own", |put| {
        let text = put.put_object(at(put, "texts"), "notes", ObjType::Text)?;
        put.splice_text(&text, 0, 0, "mine")
    }),
    ("puts a list for a note", |put| {
        put.put_object(at(put, "texts"), "notes", ObjType::List)
            .map(|_| ())
    }),
    ("puts two letters in the place of one", |put| {
        let text = note(put);
        put.insert(&text, 0, "ab")
    }),
    ("puts a number among letters", |put| {
        let text = note(put);
        put.insert(&text, 1, 5)
    }),
    ("puts a map among letters", |put| {
        let text = note(put);
        put.insert_object(&text, 1, ObjType::Map).map(|_| ())
    }),
    ("writes over a letter", |put| {
        let text = note(put);
        put.put(&text, 0, "x")
    }),
    ("marks letters", |put| {
        let text = note(put);
        put.mark(
            &text,
            Mark::new("bold".into(), true, 0, 2),
            ExpandMark::Both,
        )
    }),
];

/// Somebody types at the beginning of the note.
fn types(document: &mut Document, history: &[Vec<u8>], name: &str) {
    let splice = Splice {
        at: 0,
        remove: 0,
        insert: "ici ".into(),
    };
    let heads = document.heads();
    let made = document.splice("notes", &heads, &splice, writer(1), NOW);
    let made: Vec<Vec<u8>> = made.expect(name).into_iter().map(|it| it.bytes).collect();
    let found = ask(candidate(history, &made, Task::Check));
    let taken = found.verdicts.iter().all(|it| *it == Verdict::Accepted);
    assert!(taken, "{name}: {:?}", found.verdicts);
    let fresh = Document::open(&document.save()).expect(name);
    assert_eq!(fresh.note("notes"), document.note("notes"), "{name}");
    assert!(document.note("notes").contains("ici "), "{name}");
    document.history();
}

/// A contact with a tag and a typed note, its changes, and those before the last edit.
fn noted() -> (Document, Vec<Vec<u8>>) {
    let (mut document, mut changes) = edited();
    let tag = shared::crm::row::Item {
        key: "vip".into(),
        label: String::new(),
        text: "vip".into(),
    };
    let tagged = Edit::of(ID, vec![Write::put_item("tags", &tag)]);
    let made = document.edit(&tagged, writer(1), NOW).unwrap().changes;
    changes.extend(made.into_iter().map(|it| it.bytes));
    let splice = Splice {
        at: 2,
        remove: 1,
        insert: " été".into(),
    };
    let heads = document.heads();
    let typed = document.splice("notes", &heads, &splice, writer(2), NOW);
    changes.extend(typed.unwrap().into_iter().map(|it| it.bytes));
    (document, changes)
}

/// What a hostile member makes of it.
fn forged(document: &Document, deed: Deed) -> Vec<u8> {
    let mut am = Automerge::load(&document.save()).unwrap();
    am.set_actor(ActorId::from(writer(66).to_bytes().as_slice()));
    let mut transaction = am.transaction();
    deed(&mut transaction).unwrap();
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(NOW.0));
    let change = am.get_change_by_hash(&hash.unwrap()).unwrap();
    Header::read(change.raw_bytes()).unwrap();
    change.raw_bytes().to_vec()
}

fn is_refused(history: &[Vec<u8>], change: &[u8]) -> bool {
    let found = ask(candidate(history, &[change.to_vec()], Task::Check));
    assert!(matches!(
        found.verdicts[..],
        [Verdict::Accepted | Verdict::Refused(_)]
    ));
    matches!(found.verdicts[..], [Verdict::Refused(_)])
}

#[test]
fn what_no_device_writes_is_refused() {
    let (document, changes) = noted();
    for (name, deed) in DEEDS {
        assert!(is_refused(&changes, &forged(&document, *deed)), "{name}");
    }
    // And so it is where it was made beside what stands there since.
    let mut later = document.clone();
    let edit = Edit::of(
        ID,
        vec![
            Write::put("city", "Auray"),
            Write::clear_item("tags", "vip"),
        ],
    );
    let more = later.edit(&edit, writer(1), NOW).unwrap().changes.remove(0);
    let history = [changes.clone(), vec![more.bytes]].concat();
    for (name, deed) in DEEDS {
        assert!(
            is_refused(&history, &forged(&document, *deed)),
            "{name}, beside an edit"
        );
    }
}

#[test]
fn a_record_that_two_make_has_the_type_that_came_first() {
    let (_, changes) = edited();
    for (name, fits) in [("contact", true), ("company", false), ("spam", true)] {
        let mut am = Automerge::load(&Document::new().save()).unwrap();
        // Whichever writer is last in the order of writers.
        for person in [0, 255] {
            am.set_actor(ActorId::from(writer(person).to_bytes().as_slice()));
            let heads = [automerge::ChangeHash(genesis_hash().0)];
            let mut put = am.transaction_at(PatchLog::inactive(), &heads).unwrap();
            put.put(at(&put, "fields"), "type", name).unwrap();
            let (hash, _) = put.commit_with(CommitOptions::default().with_time(NOW.0));
            let change = am.get_change_by_hash(&hash.unwrap()).unwrap();
            let change = change.raw_bytes().to_vec();
            let found = ask(candidate(&changes, &[change], Task::Check));
            assert_eq!(found.verdicts == [Verdict::Accepted], fits, "{name}");
            let row = Row::from_bytes(&found.row.0);
            assert!(!fits || row.is_some_and(|row| row.kind == Kind::Contact));
        }
    }
    // What only a newer version knows does not keep a type that is known from standing beside it.
    let mut am = Automerge::load(&Document::new().save()).unwrap();
    am.set_actor(ActorId::from(writer(255).to_bytes().as_slice()));
    let mut put = am.transaction();
    put.put(at(&put, "fields"), "type", "spam").unwrap();
    put.commit_with(CommitOptions::default().with_time(NOW.0));
    let first = am.get_last_local_change().unwrap().raw_bytes().to_vec();
    let found = ask(candidate(&[first], &changes, Task::Check));
    assert!(found.verdicts.iter().all(|it| *it == Verdict::Accepted));
    assert_eq!(Row::from_bytes(&found.row.0).unwrap().kind, Kind::Contact);
}

#[test]
fn a_record_that_was_filled_up_begins_anew() {
    let (document, changes) = noted();
    let mut am = Automerge::load(&document.save()).unwrap();
    am.set_actor(ActorId::from(writer(66).to_bytes().as_slice()));
    let mut made: Vec<Vec<u8>> = Vec::new();
    for round in 0..7_u8 {
        let mut put = am.transaction();
        let noise: String = (0..420_000_u32)
            .map(|n| {
                char::from((b'!' + (n.wrapping_mul(2_654_435_761) >> 24) as u8 % 90) ^ (round % 2))
            })
            .collect();
        put.put(at(&put, "fields"), "city", noise).unwrap();
        put.commit_with(CommitOptions::default().with_time(NOW.0));
        let change = am.get_last_local_change().unwrap();
        made.push(change.raw_bytes().to_vec());
    }
    let mut put = am.transaction();
    put.put(at(&put, "fields"), "city", "Brest").unwrap();
    put.commit_with(CommitOptions::default().with_time(NOW.0));
    made.push(am.get_last_local_change().unwrap().raw_bytes().to_vec());
    let found = ask(candidate(&changes, &made, Task::Check));
    assert!(found.verdicts.iter().all(|it| *it == Verdict::Accepted));
    assert_eq!(found.operations, u64::MAX);
    let history = [changes, made].concat();
    let anew = ask(candidate(&history, &[], Task::Squash));
    let bytes: usize = anew.squashed.iter().map(|it| it.0.len()).sum();
    assert!(!anew.squashed.is_empty() && bytes < 5_000, "{bytes} bytes");
}

/// The change as it was taken apart and put together again.
fn altered(change: &[u8], alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut said = Change::from_bytes(change.to_vec()).unwrap().decode();
    said.hash = None;
    alter(&mut said);
    Change::from(said).raw_bytes().to_vec()
}

#[test]
fn a_change_numbers_and_names_what_its_writer_can_have_seen() {
    let (document, changes) = noted();
    let by = |person: u8, city: &str| {
        let mut copy = document.clone();
        let edit = Edit::of(
            ID,
            vec![Write::put("city", city), Write::put("country", "FR")],
        );
        let made = copy.edit(&edit, writer(person), NOW).unwrap();
        made.changes.into_iter().next().unwrap().bytes
    };
    let (mine, theirs) = (by(66, "Auray"), by(2, "Vannes"));
    assert!(!is_refused(&changes, &mine));
    let number = |number: u64| altered(&mine, |said| said.start_op = number.try_into().unwrap());
    let first = Change::from_bytes(mine.clone()).unwrap().start_op().get();
    assert!(
        !is_refused(&changes, &number(first + 500)),
        "its writer saw more"
    );
    // The last numbers there are would leave none for anybody else.
    for wrong in [first - 1, 1, i32::MAX as u64 - 5, first + 5_000_000] {
        assert!(is_refused(&changes, &number(wrong)), "{wrong}");
    }
    // A log that took such a change goes on, and counts from the beginning in a new generation.
    let taken = [changes.clone(), vec![number((1 << 30) + 9)]].concat();
    let found = ask(candidate(&taken, &[], Task::Squash));
    assert!(found.operations > 20_000 && !found.squashed.is_empty());
    // It takes the place of a value that its writer never saw.
    let history = [changes.clone(), vec![theirs.clone()]].concat();
    let unseen = Change::from_bytes(theirs).unwrap();
    let unseen = OpId::new(unseen.start_op().get(), unseen.actor_id());
    let alone = altered(&mine, |said| said.operations[0].pred = vec![unseen].into());
    assert!(is_refused(&history, &alone));
    let empty = altered(&mine, |said| said.operations.clear());
    assert!(is_refused(&changes, &empty));
    let rootless = altered(&mine, |said| said.deps.clear());
    assert!(is_refused(&changes, &rootless));
}

/// Edits of the city by one writer, each with numbers that lie so much above the last.
fn leaving_out(document: &Document, by: u8, numbers: &[u64]) -> Vec<Vec<u8>> {
    let mut copy = document.clone();
    let made = numbers.iter().enumerate().map(|(at, number)| {
        let edit = Edit::of(ID, vec![Write::put("city", format!("Town {at}"))]);
        let made = copy.clone().edit(&edit, writer(by), NOW).unwrap().changes;
        let made = altered(&made[0].bytes, |said| {
            said.start_op = said.start_op.checked_add(*number).unwrap();
        });
        copy.apply([made.as_slice()]).unwrap();
        made
    });
    made.collect()
}

#[test]
fn the_numbers_that_changes_leave_out_add_up() {
    let (document, changes) = noted();
    let invalid = Verdict::Refused(Reason::Invalid);
    let builds = Verdict::Refused(Reason::Builds);
    // In one batch, and one after the other.
    let made = leaving_out(&document, 66, &[400_000, 400_000, 200_001, 1, 0]);
    let found = ask(candidate(&changes, &made, Task::Check));
    let (good, bad) = ([Verdict::Accepted; 2], [invalid, builds, builds]);
    assert_eq!(found.verdicts, [&good[..], &bad[..]].concat());
    let mut taken = [changes.clone(), made[..2].to_vec()].concat();
    assert!(is_refused(&taken, &made[2]));
    // Other branches count, too.
    let other = leaving_out(&document, 67, &[200_001]).remove(0);
    assert!(is_refused(&taken, &other) && !is_refused(&changes, &other));
    let document = Document::load(taken.iter().map(Vec::as_slice)).unwrap();
    let within = leaving_out(&document, 66, &[200_000]).remove(0);
    assert!(!is_refused(&taken, &within));
    // Even where a log took too many, who leaves out none goes on, and the record begins a new generation.
    taken.push(made[2].clone());
    let document = Document::load(taken.iter().map(Vec::as_slice)).unwrap();
    let honest = leaving_out(&document, 2, &[0, 0]);
    let found = ask(candidate(&taken, &honest, Task::Check));
    assert_eq!(found.verdicts, [Verdict::Accepted; 2]);
    assert_eq!(found.operations, u64::MAX);
    let anew = ask(candidate(&taken, &honest, Task::Squash)).squashed;
    let anew: Vec<Vec<u8>> = anew.into_iter().map(|change| change.0).collect();
    let found = ask(candidate(&[], &anew, Task::Check));
    assert!(!anew.is_empty() && found.operations < 100);
}

#[test]
fn a_record_of_hundreds_of_values_at_odds_begins_no_generation_after_the_other() {
    let (document, changes) = noted();
    let beside = (0..250_u8).flat_map(|by| {
        let towns = ["a", "b", "c"].map(|town| format!("{town}{by}"));
        towns.map(|town| {
            let mut copy = document.clone();
            let by = Writer {
                person: writer(by).person,
                instance: [town.as_bytes()[0]; 8],
            };
            let edit = Edit::of(ID, vec![Write::put("city", town.as_str())]);
            copy.edit(&edit, by, NOW).unwrap().changes.remove(0).bytes
        })
    });
    let beside: Vec<Vec<u8>> = beside.collect();
    let few = [changes.clone(), beside[..300].to_vec()].concat();
    let anew = ask(candidate(&few, &[], Task::Squash)).squashed;
    let anew: Vec<Vec<u8>> = anew.into_iter().map(|change| change.0).collect();
    let found = ask(candidate(&[], &anew, Task::Check));
    assert!(!anew.is_empty() && found.operations < 1_000);
    let many = [changes, beside].concat();
    let found = ask(candidate(&many, &[], Task::Squash));
    assert_eq!(found.squashed, []);
}

#[test]
fn the_bad_ones_of_a_batch_are_found_and_cost_no_more_than_a_share() {
    let (document, changes) = noted();
    let mut good = leaving_out(&document, 3, &[0; 150]);
    let bad = forged(&document, DEEDS[0].1);
    good.insert(77, bad.clone());
    let found = ask(candidate(&changes, &good, Task::Check));
    let refused = found.verdicts.iter().enumerate();
    let refused = refused.filter(|(_, verdict)| **verdict != Verdict::Accepted);
    assert_eq!(
        refused.collect::<Vec<_>>(),
        [(77, &Verdict::Refused(Reason::Invalid))]
    );
    // A large record, and nothing but bad ones: most of them are not tried.
    let items = (0..4_500).map(|n| {
        Write::put_item(
            "tags",
            &Item {
                key: n.to_string(),
                label: String::new(),
                text: n.to_string(),
            },
        )
    });
    let mut large = Document::new();
    let make = Edit::make(ID, Kind::Contact, items.collect());
    let made = large.edit(&make, writer(1), NOW).unwrap().changes;
    let history = vec![made[0].bytes.clone()];
    let bad: Vec<Vec<u8>> = (0..150_u8)
        .map(|by| {
            let edit = Edit::of(ID, vec![Write::put("city", "x")]);
            let made = large.clone().edit(&edit, writer(by), NOW).unwrap().changes;
            altered(&made[0].bytes, |said| {
                said.start_op = said.start_op.checked_add(2_000_000).unwrap();
            })
        })
        .collect();
    let found = ask(candidate(&history, &bad, Task::Check));
    let of = |reason| {
        let verdicts = found.verdicts.iter();
        verdicts
            .filter(|it| **it == Verdict::Refused(reason))
            .count()
    };
    let (tried, not_tried) = (of(Reason::Invalid), of(Reason::TooCostly));
    assert_eq!(tried + not_tried, 150);
    assert!((1..20).contains(&tried), "{tried} tried");
}

#[test]
fn a_log_that_took_such_changes_shows_the_same_everywhere_and_goes_on() {
    let (document, changes) = noted();
    let mut others: Vec<(&str, Deed)> = DEEDS.to_vec();
    others.push(("gives a type, then none", |put| {
        put.put(at(put, "fields"), "type", "spam")?;
        put.delete(at(put, "fields"), "type")
    }));
    for (name, deed) in others {
        let bad = forged(&document, deed);
        let mut old = document.clone();
        let before = old.row(ID).unwrap();
        old.apply([bad.as_slice()]).unwrap();
        let row = old.row(ID).expect(name);
        if name != "gives another type" {
            assert_eq!(row.kind, before.kind, "{name}");
        }
        let fresh = Document::open(&old.save()).expect(name);
        assert_eq!(fresh.row(ID).unwrap(), row, "{name}");
        // Edits go on, wherever they are made.
        let history = [changes.clone(), vec![bad]].concat();
        for mut copy in [old, fresh] {
            let edit = Edit::of(
                ID,
                vec![Write::put("job_title", "Chef"), Write::clear("city")],
            );
            let made = copy.edit(&edit, writer(1), NOW).unwrap().changes;
            let made: Vec<Vec<u8>> = made.into_iter().map(|it| it.bytes).collect();
            let found = ask(candidate(&history, &made, Task::Fold));
            assert_eq!(found.verdicts, [Verdict::Accepted], "{name}");
            let row = copy.row(ID).unwrap();
            assert_eq!(Row::from_bytes(&found.row.0), Some(row.clone()), "{name}");
            assert!(row.unknown.is_empty() || name.contains("type"), "{name}");
            types(&mut copy, &[history.clone(), made.clone()].concat(), name);
            // A new generation holds nothing of it.
            let mut squashed = candidate(&history, &made, Task::Squash);
            squashed.changes = made.into_iter().map(Bytes).collect();
            let found = ask(squashed);
            let anew = found.squashed.iter().map(|change| change.0.clone());
            let anew: Vec<Vec<u8>> = anew.collect();
            assert!(!anew.is_empty(), "{name}");
            let offered = ask(candidate(&[], &anew, Task::Check));
            assert!(
                offered.verdicts.iter().all(|it| *it == Verdict::Accepted),
                "{name}"
            );
        }
    }
}
