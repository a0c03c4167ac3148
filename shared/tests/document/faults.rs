//! Two people at one deal, and two versions at one record.

use crate::copy::{Copy, RECORD, meet, two};
use crate::record::fault;
use shared::crm::command::{Edit, Write};
use shared::crm::{Kind, contact, deal};
use shared::document::Document;

#[test]
fn two_moves_of_one_deal_have_one_winner_and_the_other_move_beside_it() {
    let (mut ann, mut ben) = two();
    let both = |deal: &mut Copy, stage: &str| {
        deal.write(vec![
            Write::put(deal::STAGE.key, stage),
            Write::put(deal::STAGE_SINCE.key, "2026-11-22"),
        ]);
    };
    ann.document = Document::new();
    ann.edit(&Edit::make(
        RECORD,
        Kind::Deal,
        vec![Write::put(deal::STAGE.key, "first_contact")],
    ));
    ben.document = ann.document.clone();
    both(&mut ann, "visited");
    both(&mut ben, "offer");
    meet(&mut ann, &mut ben);
    let row = ann.row();
    let won = row.text(&deal::STAGE).to_owned();
    let others: Vec<_> = row.others.iter().map(|it| it.stored.clone()).collect();
    let mut both = vec![won.clone(), others[0].clone()];
    both.sort();
    assert_eq!(both, ["offer", "visited"]);
    assert_eq!(others.len(), 1);
    // One tap takes the other move; history keeps both.
    ben.put(deal::STAGE.key, &others[0]);
    meet(&mut ann, &mut ben);
    assert_eq!(ann.text(&deal::STAGE), others[0]);
    assert!(ann.row().others.is_empty());
    fault!(
        "F62",
        "two people move a deal to different stages offline",
        "both see the same stage with the other beside it; taking the other settles it for both"
    );
}

#[test]
fn an_older_app_writes_only_the_fields_that_it_was_asked_to() {
    let (mut ann, mut ben) = two();
    // Ann's app is newer: it writes a city of a later form, and fields of its own.
    ann.write(vec![
        Write::put("city", "v2:Vannes"),
        Write::put("city_code", "56260"),
    ]);
    let ours = ann.document.len();
    meet(&mut ann, &mut ben);
    let edited = ben.put("job_title", "Gérante");
    assert_eq!(edited.changes.len(), 1);
    meet(&mut ann, &mut ben);
    assert_eq!(ann.text(&contact::CITY), "v2:Vannes");
    let unknown = ann.row().unknown;
    assert!(unknown.contains(&("city_code".into(), "56260".into())));
    assert!(ann.document.len() == ours + 1 && ann.row().others.is_empty());
    // The newer app's step is made again after the merge, and changes nothing.
    let again = ann.write(vec![
        Write::put("city", "v2:Vannes"),
        Write::put("city_code", "56260"),
    ]);
    assert!(again.changes.is_empty());
    fault!(
        "F45",
        "an older app edits one field of a record whose other fields a newer one rewrote",
        "one change, of that field; nothing is written back to its older form, and the newer app finds its own work done"
    );
}
