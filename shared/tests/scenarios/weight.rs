//! What a bulk upload weighs on the wire.

use crate::world::World;
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer, sha256};
use shared::sync::message::{BATCH_CHANGES, PROTOCOL};
use shared::sync::packed::pack_for;
use shared::time::Timestamp;

/// Words that repeat as they do in an address book.
fn word(number: u64, of: u64) -> String {
    let mut left = number % of + 11;
    let mut word = String::new();
    while left > 0 {
        word.push_str(["ka", "ri", "lo", "ste", "mun", "va", "te", "do"][left as usize % 8]);
        left /= 8;
    }
    word
}

/// A contact as changes: 16 values, and every second has a note.
fn contact(number: u64) -> (RecordId, Vec<Vec<u8>>) {
    let seed = sha256(&number.to_le_bytes());
    let id = RecordId(seed[..16].try_into().unwrap());
    let part = |at: usize| u64::from_le_bytes(seed[at..at + 8].try_into().unwrap());
    let (first, last) = (word(part(0), 300), word(part(8), 9_000));
    let firm = word(part(16), 400);
    let digits = |at: usize, count: usize| part(at).to_string()[..count].to_owned();
    let writes = vec![
        Write::put("first_name", first.clone()),
        Write::put("last_name", last.clone()),
        Write::put("job_title", word(part(3), 20)),
        Write::put("department", word(part(4), 20)),
        Write::put("firm", format!("{firm} GmbH")),
        Write::put(
            "street",
            format!("{} St {}", word(part(5), 9_000), part(6) % 200),
        ),
        Write::put("city", word(part(7), 300)),
        Write::put("region", word(part(9), 300)),
        Write::put("postcode", digits(10, 5)),
        Write::put("country", word(part(11), 12)),
        Write::put("website", format!("https://{firm}.example")),
        Write::put("source", word(part(12), 6)),
        Write::put("email", format!("{first}.{last}@{firm}.example")),
        Write::put("phone", format!("+49{}", digits(14, 10))),
        Write::put("mobile", format!("+49{}", digits(15, 11))),
        Write::put("email2", format!("{last}{}@mail.example", digits(17, 3))),
    ];
    let writer = Writer {
        person: PersonId([5; 8]),
        instance: [6; 8],
    };
    let now = Timestamp(1_795_305_600_000 + number as i64);
    let mut document = Document::new();
    let edit = Edit::make(id, Kind::Contact, writes);
    let edited = document.edit(&edit, writer, now).unwrap();
    let mut changes: Vec<Vec<u8>> = edited.changes.into_iter().map(|it| it.bytes).collect();
    if number.is_multiple_of(2) {
        let words: Vec<String> = (0..25).map(|at| word(part(at % 24), 2_000)).collect();
        let splice = Splice {
            at: 0,
            remove: 0,
            insert: words.join(" "),
        };
        let heads = document.heads();
        let spliced = document.splice("notes", &heads, &splice, writer, now);
        changes.extend(spliced.unwrap().into_iter().map(|it| it.bytes));
    }
    (id, changes)
}

#[test]
fn five_thousand_contacts_would_go_up_in_little_more_than_a_megabyte() {
    let contacts: Vec<_> = (0..600).map(contact).collect();
    let items = contacts.iter();
    let items: Vec<_> = items
        .flat_map(|(id, changes)| changes.iter().map(|bytes| (*id, 0, bytes.as_slice())))
        .collect();
    let raw: usize = items.iter().map(|(_, _, bytes)| bytes.len()).sum();
    let batches = items.chunks(BATCH_CHANGES);
    let packed: usize = batches
        .map(|batch| pack_for(PROTOCOL, batch.iter().copied()).0.0.len())
        .sum();
    let a_contact = packed / contacts.len();
    assert!(a_contact <= 180, "{a_contact} bytes a contact");
    assert!(packed * 3 < raw, "{packed} of {raw} bytes");
}

#[test]
fn offline_edits_go_up_document_by_document() {
    let record = |number: u32| RecordId(sha256(&number.to_le_bytes())[..16].try_into().unwrap());
    let mut world = World::new(1, 301);
    for number in 0..430 {
        world.make_contact(0, record(number), &format!("Anne {number}"));
    }
    world.start_all();
    world.run(20_000);
    world.go_offline();
    let before = world.devices[0].bytes_sent;
    for step in 0..1_000_u32 {
        let digest = sha256(&step.to_le_bytes());
        let number = u32::from(u16::from_le_bytes([digest[0], digest[1]])) % 430;
        let field = ["city", "job_title", "first_name", "last_name"][usize::from(digest[2] % 4)];
        let value = format!("{field}-11-{step}-{}", word(u64::from(digest[3]), 300));
        world.run(40);
        world.put(0, record(number), field, &value);
    }
    world.restart_device(0);
    world.go_online();
    world.run(20_000);
    world.assert_converged();
    let bytes = world.devices[0].bytes_sent - before;
    assert!(
        bytes < 60_000,
        "{bytes} bytes for 1,000 edits of 430 records"
    );
}
