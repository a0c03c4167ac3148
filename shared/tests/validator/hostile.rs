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
use shared::crm::row::Row;
use shared::document::{Document, genesis_hash};
use shared::sync::header::Header;
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
