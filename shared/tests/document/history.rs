//! What is told of a record's past.

use crate::copy::{meet, two};
use shared::crm::command::Write;
use shared::crm::contact;
use shared::document::Document;

#[test]
fn history_tells_who_wrote_what_over_what() {
    let (mut ann, mut ben) = two();
    ben.put("city", "Auray");
    meet(&mut ann, &mut ben);
    ann.types(0, 0, "sec");
    let history = ann.document.history();
    let line = history
        .iter()
        .find(|entry| entry.after.as_deref() == Some("Auray"))
        .unwrap();
    assert_eq!(
        (line.mark.by, line.before.as_deref()),
        (ben.person, Some("Sarzeau"))
    );
    let typed = history.last().unwrap();
    assert_eq!(
        (typed.field.as_str(), typed.after.as_deref()),
        ("notes", Some("sec"))
    );
    assert_eq!(history[0].field, "type");
}

#[test]
fn history_is_the_same_everywhere_and_ends_with_what_stands() {
    let mut seed = 7_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..60 {
        let (mut ann, mut ben) = two();
        let fields = ["city", "job_title"];
        for number in 0..2 + random(12) {
            let copy = if random(2) == 0 { &mut ann } else { &mut ben };
            let key = fields[random(2)];
            match random(5) {
                0 => drop(copy.write(vec![Write::clear(key)])),
                1 => copy.types(0, 0, "a"),
                _ => drop(copy.put(key, &format!("Vannes {number}"))),
            }
            if random(4) == 0 {
                meet(&mut ann, &mut ben);
            }
        }
        meet(&mut ann, &mut ben);
        let history = ann.document.history();
        assert_eq!(history, ben.document.history());
        let mut changes = ann.document.changes();
        let (first, rest) = changes.split_at_mut(1);
        for at in (1..rest.len()).rev() {
            rest.swap(at, random(at + 1));
        }
        let mut fresh = Document::load(first.iter().map(|it| it.bytes.as_slice())).unwrap();
        let mut left: Vec<_> = rest.iter().collect();
        while !left.is_empty() {
            left.retain(|change| fresh.apply([change.bytes.as_slice()]).is_err());
        }
        assert_eq!(history, fresh.history());
        for field in [&contact::CITY, &contact::JOB_TITLE] {
            let of = history.iter().filter(|line| line.field == field.key);
            let put = of.filter_map(|line| line.after.clone()).next_back();
            let stands = ann.text(field);
            assert!(stands.is_empty() || put == Some(stands));
        }
    }
}
