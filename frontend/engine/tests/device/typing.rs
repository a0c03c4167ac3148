//! Typing into notes, as the page does it, with the engine that writes.

use crate::desk::{Desk, START, id};
use crate::whole::{at, colleague, document, items, made, outbox, store};
use engine::leader::Leader;
use engine::platform::native::run;
use engine::tab::Origin;
use shared::bridge::Note;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::typing::{Answer, Sent, Typing, Version};
use shared::document::Document;
use shared::sync::client::Store;

fn version(note: Note) -> Version {
    Version {
        order: note.order,
        revision: note.revision,
        text: note.text,
    }
}

fn opened(leader: &mut Leader) -> Version {
    let detail = run(leader.open_record(Origin::Page, id(1))).unwrap();
    version(detail.notes[0].clone())
}

fn takes(desk: &Desk, leader: &mut Leader, sent: &Sent) -> Answer {
    let by = (desk.writer, desk.step());
    let place = (id(1), "notes", sent.revision);
    let typed = run(leader.type_into((Origin::Page, sent.id), place, &sent.splice, by)).unwrap();
    match typed.is_placed {
        true => Answer::Taken(version(typed.note)),
        false => Answer::Unplaced(version(typed.note)),
    }
}

/// A record that the server has, with this note.
fn shared_note(desk: &Desk, note: Option<&str>) -> (Leader, Document) {
    let mut leader = desk.open();
    let mut server = made(1, "Karim");
    if let Some(note) = note {
        let edit = Edit::of(id(1), vec![Write::put("notes", note)]);
        server.edit(&edit, colleague(1), START).unwrap();
    }
    let came: Vec<Vec<u8>> = server.changes().into_iter().map(|it| it.bytes).collect();
    receives(desk, &mut leader, &came, 2);
    (leader, server)
}

fn receives(desk: &Desk, leader: &mut Leader, came: &[Vec<u8>], position: u64) {
    let news = Store {
        received: items(1, 0, came),
        point: at(position),
        ..Store::default()
    };
    store(desk, leader, news);
}

fn colleague_types(server: &mut Document, at: usize, insert: &str) -> Vec<Vec<u8>> {
    let splice = Splice {
        at,
        remove: 0,
        insert: insert.into(),
    };
    let heads = server.heads();
    let typed = server.splice("notes", &heads, &splice, colleague(2), START);
    typed.unwrap().into_iter().map(|it| it.bytes).collect()
}

#[test]
fn what_every_engine_tells_of_a_note_comes_after_what_any_told_before() {
    let mut desk = Desk::new(31);
    let (mut leader, _) = shared_note(&desk, Some("un été"));
    let mut last = opened(&mut leader).order;
    for _ in 0..3 {
        drop(leader);
        leader = desk.restart();
        for _ in 0..2 {
            let order = opened(&mut leader).order;
            assert!(order > last);
            last = order;
        }
    }
}

#[test]
fn an_engine_that_knows_the_state_no_longer_says_so_and_nothing_typed_is_lost() {
    let mut desk = Desk::new(32);
    let (mut leader, mut server) = shared_note(&desk, Some("un été"));
    // Two ends that were typed apart: no single change led there.
    let mut typing = Typing::new(opened(&mut leader));
    typing.typed("un été chaud".into(), 0);
    let sent = typing.next(1, 0).unwrap();
    let answer = takes(&desk, &mut leader, &sent);
    typing.answered(1, answer);
    let came = colleague_types(&mut server, 0, "Hier, ");
    receives(&desk, &mut leader, &came, 3);
    typing.told(opened(&mut leader));
    assert_eq!(typing.shown(), "Hier, un été chaud");
    typing.typed("Hier, un été chaud et sec".into(), 0);
    let sent = typing.next(2, 0).unwrap();
    let came = colleague_types(&mut server, 0, "- ");
    receives(&desk, &mut leader, &came, 4);
    drop(leader);
    leader = desk.restart();
    let answer = takes(&desk, &mut leader, &sent);
    assert!(matches!(answer, Answer::Unplaced(_)));
    typing.answered(2, answer);
    assert_eq!(typing.shown(), "- Hier, un été chaud et sec");
    let sent = typing.next(3, 0).unwrap();
    let answer = takes(&desk, &mut leader, &sent);
    typing.answered(3, answer);
    assert!(typing.is_safe());
    assert_eq!(document(&mut leader, id(1)).note("notes"), typing.shown());
}

#[test]
fn a_note_of_400_words_is_few_changes() {
    let desk = Desk::new(33);
    let (mut leader, _) = shared_note(&desk, None);
    let mut typing = Typing::new(opened(&mut leader));
    let text = "vendu ".repeat(400);
    let before = outbox(&mut leader).len();
    let (mut at, key_ms) = (0, 84);
    for letter in 1..=text.len() {
        at += key_ms;
        typing.typed(text[..letter].into(), at);
        if typing.due_in_ms(at).is_some_and(|due| due < key_ms) {
            let sent = typing.next(letter as u64, at).unwrap();
            let answer = takes(&desk, &mut leader, &sent);
            typing.answered(sent.id, answer);
        }
    }
    let sent = typing.next(9_999, at).unwrap();
    let answer = takes(&desk, &mut leader, &sent);
    typing.answered(sent.id, answer);
    assert!(typing.is_safe());
    let changes = outbox(&mut leader).len() - before;
    println!("400 words, {key_ms} ms a key: {changes} changes");
    assert!(changes <= 45, "{changes}");
    assert_eq!(leader.workspace.outbox.latest(20).1, before + 1);
}

#[test]
fn sentences_typed_apart_at_one_place_stand_apart() {
    for (note, ours, theirs, gap) in [
        (None, "Appelé lundi.", "Livré mardi.", "\n"),
        (Some("Bon client."), " Appelé.", "Livré.", " "),
        (Some("Bon client."), " Appelé.", " Livré.", ""),
    ] {
        let desk = Desk::new(34);
        let (mut leader, mut server) = shared_note(&desk, note);
        let length = note.map_or(0, |note| note.chars().count());
        let mut typing = Typing::new(opened(&mut leader));
        typing.typed(format!("{}{ours}", note.unwrap_or_default()), 0);
        let sent = typing.next(1, 0).unwrap();
        let _ = takes(&desk, &mut leader, &sent);
        desk.wait(60_000);
        let came = colleague_types(&mut server, length, theirs);
        receives(&desk, &mut leader, &came, 3);
        let waits = outbox(&mut leader);
        let merged = document(&mut leader, id(1)).note("notes");
        let (first, second) = match merged.find(ours.trim()) < merged.find(theirs.trim()) {
            true => (ours, theirs),
            false => (theirs, ours),
        };
        let separate = first.ends_with(' ') || second.starts_with(' ');
        let gap = if separate { "" } else { gap };
        assert_eq!(
            merged,
            format!("{}{first}{gap}{second}", note.unwrap_or_default())
        );
        // The colleague gets it with the rest and adds nothing.
        server
            .apply(waits.iter().map(|it| it.bytes.as_slice()))
            .unwrap();
        assert_eq!(server.note("notes"), merged);
        receives(&desk, &mut leader, &came, 4);
        assert_eq!(outbox(&mut leader).len(), waits.len());
    }
}
