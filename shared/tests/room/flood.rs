//! Devices that ask and push without measure, and the others meanwhile.

use crate::raw;
use crate::record::fault;
use crate::story::{Hand, Reader, Story};
use shared::crm::Kind;
use shared::crm::command::{Edit, Place, Write};
use shared::id::{DeviceId, PersonId, RecordId};
use shared::sync::message::{self, Failure, Hello, Outcome, PROTOCOL, ToClient, ToRoom, close};
use shared::sync::packed::pack;
use shared::sync::room::{Address, Effect, Event, Session, SessionId};
use shared::sync::validation::Question;
use shared::time::Timestamp;
use shared::validate::Validator;

/// Someone whose ids are as good as any.
fn hello(story: &Story, number: u8, cursor: u64) -> ToRoom {
    ToRoom::Hello(Hello {
        protocol: PROTOCOL,
        build: "flood".into(),
        device: DeviceId([number; 16]),
        incarnation: [number; 8],
        person: PersonId([number; 8]),
        epoch: Some(story.room.log().epoch),
        cursor,
    })
}

/// The frames for a socket, of at once so many.
fn at_once(story: &mut Story, socket: u64, asks: &[ToRoom]) -> Vec<Effect> {
    let now = story.now;
    let frames = asks.iter().map(message::encode);
    let events = frames.map(|frame| Event::Frame(SessionId(socket), frame));
    let effects = events.flat_map(|event| story.room.handle(event, now));
    effects.collect()
}

fn sent(effects: &[Effect]) -> usize {
    let is_sent = |it: &&Effect| matches!(it, Effect::Send(..));
    effects.iter().filter(is_sent).count()
}

fn is_shed(effects: &[Effect], socket: u64) -> bool {
    effects.contains(&Effect::Close(SessionId(socket), close::TOO_MUCH))
}

#[test]
fn three_hundred_pulls_at_once_cost_one_answer_and_the_socket() {
    let (mut story, mut hand) = raw(700);
    story.join(&Hand::new(7));
    story.heard(7);
    for (town, ask) in [
        ("Lorient", ToRoom::Pull { after: 0 }),
        (
            "Auray",
            ToRoom::Walk(shared::sync::message::Walk {
                base: 0,
                above: 0,
                upto: story.room.log().head,
                below: story.room.log().head + 1,
            }),
        ),
    ] {
        let socket = 500;
        story.happens(Event::Opened(SessionId(socket)));
        let greeting = hello(&story, 50, story.room.log().head);
        story.tell(socket, &greeting);
        story.heard(socket);
        story.now.0 += 5_000;
        let effects = at_once(&mut story, socket, &vec![ask; 300]);
        assert_eq!(sent(&effects), 1, "one answer is under way");
        assert!(
            is_shed(&effects, socket),
            "it is told, and loses its socket"
        );
        // Nothing of it is left to be done, and the others go on.
        story.rest();
        assert!(story.heard(socket).is_empty());
        let edit = hand.put(3, "city", town, story.now);
        assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
        story.heard(hand.socket);
    }
    fault!(
        "F29",
        "a device asks for everything three hundred times at once",
        "one answer is made; the socket is closed with 4428, and what it still asked is dropped"
    );
}

#[test]
fn what_a_closed_socket_asked_is_dropped_before_it_is_done() {
    let (mut story, _) = raw(700);
    let now = story.now;
    for socket in 500..540 {
        story.room.handle(Event::Opened(SessionId(socket)), now);
        let greeting = message::encode(&hello(&story, socket as u8, 0));
        story
            .room
            .handle(Event::Frame(SessionId(socket), greeting), now);
    }
    let mut answers = 0;
    for socket in 500..540 {
        let effects = story.room.handle(Event::Closed(SessionId(socket)), now);
        answers += sent(&effects);
    }
    for wait in 0..100 {
        let later = Timestamp(now.0 + 1_000 + wait);
        answers += sent(&story.room.handle(Event::Woke, later));
    }
    assert_eq!(answers, 0);
}

#[test]
fn between_two_answers_the_room_steps_back_and_gives_less_the_more_ask() {
    let (mut story, _) = raw(3_000);
    let alone = {
        let mut reader = Reader::new(60);
        reader.connect(&mut story);
        bytes(&story.heard(reader.socket))
    };
    story.now.0 += 5_000;
    let now = story.now;
    let mut first = Vec::new();
    for socket in 700..710 {
        story.room.handle(Event::Opened(SessionId(socket)), now);
        let greeting = message::encode(&hello(&story, socket as u8, 0));
        first.extend(
            story
                .room
                .handle(Event::Frame(SessionId(socket), greeting), now),
        );
    }
    let answered = |effects: &[Effect]| {
        let frames = effects.iter().filter_map(|effect| match effect {
            Effect::Send(_, frame) => Some(message::decode::<ToClient>(frame).unwrap()),
            Effect::Close(..)
            | Effect::Attach(..)
            | Effect::Ask(..)
            | Effect::WakeIn(_)
            | Effect::Note(_) => None,
        });
        frames
            .filter(|it| matches!(it, ToClient::Records { .. }))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        answered(&first).len(),
        1,
        "the others wait until it has stepped back"
    );
    let wakes = |effects: &[Effect]| {
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::WakeIn(ms) if (1..500).contains(ms)))
    };
    assert!(wakes(&first));
    let mut answers = 0;
    for step in 0..400 {
        let effects = story.room.handle(Event::Woke, Timestamp(now.0 + step * 5));
        let parts = answered(&effects);
        assert!(parts.len() <= 1);
        answers += parts.len();
        if !parts.is_empty() {
            assert!(bytes(&parts) < alone / 2, "{} of {alone}", bytes(&parts));
        }
    }
    assert_eq!(answers, 9, "everyone is answered");
}

fn bytes(messages: &[ToClient]) -> usize {
    messages.iter().map(|it| message::encode(it).len()).sum()
}

#[test]
fn a_device_alone_is_brought_everything_as_fast_as_it_takes_it() {
    let (mut story, hand) = raw(3_000);
    let mut reader = Reader::new(60);
    let begun = story.now;
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
    // Every frame takes the story 25 ms: no time was spent on anything else.
    assert_eq!(story.now.0 - begun.0, 25 * reader.frames as i64);
}

#[test]
fn whoever_asks_for_the_same_again_and_again_gets_little_of_it_and_rarely() {
    let (mut story, hand) = raw(3_000);
    let mut reader = Reader::new(60);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    let begun = story.now;
    let mut answered = 0;
    for _ in 0..200 {
        story.tell(reader.socket, &ToRoom::Pull { after: 0 });
        while story.sent.get(&reader.socket).is_none_or(Vec::is_empty) && story.wake() {}
        answered += bytes(&story.heard(reader.socket));
    }
    let passed = story.now.0 - begun.0;
    assert!(
        answered / 200 < 64 * 1024 && passed > 200 * 45,
        "{answered} in {passed} ms"
    );
    let mut other = Reader::new(61);
    other.connect(&mut story);
    other.catch_up(&mut story);
    other.assert_holds(&hand.documents);
}

#[test]
fn a_socket_that_only_makes_noise_is_closed() {
    let (mut story, hand) = raw(10);
    for noise in [ToRoom::Ping, hello(&story, hand.number, 10)] {
        let socket = 900;
        story.happens(Event::Opened(SessionId(socket)));
        let greeting = hello(&story, 90, 10);
        story.tell(socket, &greeting);
        let effects = at_once(&mut story, socket, &vec![noise; 3_000]);
        assert!(is_shed(&effects, socket));
        assert!(sent(&effects) < 2_000);
        story.heard(socket);
    }
}

#[test]
fn a_small_push_overtakes_a_large_one_of_someone_else() {
    let (mut story, hand) = raw(10);
    let mut other = Hand::new(2);
    other.learn(&hand.made);
    story.join(&other);
    let (mut large, now) = (Vec::new(), story.now);
    let mut maker = Hand::new(1);
    for number in 1_000..1_150 {
        large.extend(maker.make(number, now));
    }
    story.heard(hand.socket);
    story.heard(other.socket);
    // Both are busy: the room takes small bites, and steps back.
    let ping = other.put(1, "city", "Lanester", now);
    story.push(&other, &ping);
    story.heard(other.socket);
    let push = |batch: u32, changes: &[(RecordId, u32, Vec<u8>)]| ToRoom::Push {
        batch,
        refill: false,
        changes: pack(changes.iter().map(|(id, of, it)| (*id, *of, it.as_slice()))).0,
    };
    let small = [
        other.put(2, "city", "Vannes", now),
        other.put(3, "city", "Auray", now),
    ];
    let mut room = Driver::new(&mut story);
    room.says(hand.socket, &push(1, &large));
    room.says(other.socket, &push(2, &small[0]));
    room.says(other.socket, &push(3, &small[1]));
    assert_eq!(room.run(), [2, 3, 1], "in this order they are acknowledged");
    let asked: Vec<usize> = room.asked.iter().map(|it| it.documents.len()).collect();
    assert!(asked.iter().all(|documents| *documents < 20), "{asked:?}");
    let all = story.room.log().names().len();
    assert_eq!(all, 10 + 1 + 150 + 2);
}

/// Drives a room step by step: a question takes 5 ms, and what it wants to be woken for comes in its time.
struct Driver<'a> {
    story: &'a mut Story,
    asked: Vec<Question>,
    open: Vec<(u64, Question)>,
    wake_at: Option<i64>,
    acks: Vec<u32>,
    validator: Validator,
}

impl Driver<'_> {
    fn new(story: &mut Story) -> Driver<'_> {
        Driver {
            story,
            asked: Vec::new(),
            open: Vec::new(),
            wake_at: None,
            acks: Vec::new(),
            validator: Validator::default(),
        }
    }

    fn says(&mut self, socket: u64, what: &ToRoom) {
        self.tell(Event::Frame(SessionId(socket), message::encode(what)));
    }

    fn tell(&mut self, event: Event) {
        let now = self.story.now;
        for effect in self.story.room.handle(event, now) {
            match effect {
                Effect::Ask(number, question) => self.open.push((number, question)),
                Effect::WakeIn(ms) => self.wake_at = Some(now.0 + i64::from(ms)),
                Effect::Send(_, frame) => {
                    if let ToClient::Ack { batch, .. } = message::decode(&frame).unwrap() {
                        self.acks.push(batch);
                    }
                }
                Effect::Close(..) | Effect::Attach(..) | Effect::Note(_) => {}
            }
        }
    }

    fn run(&mut self) -> Vec<u32> {
        for _ in 0..2_000 {
            if let Some((number, question)) = self.open.pop() {
                self.story.now.0 += 5;
                let answer = self.validator.answer(&question);
                self.asked.push(question);
                self.tell(Event::Answered(number, answer));
            } else if let Some(at) = self.wake_at.take() {
                self.story.now.0 = self.story.now.0.max(at);
                self.tell(Event::Woke);
            }
            if self.acks.len() == 3 {
                break;
            }
        }
        self.acks.clone()
    }
}

#[test]
fn records_of_five_thousand_values_come_rarely_and_hold_nobody_else_up() {
    let (mut story, mut hand) = raw(10);
    let mut heavy = Hand::new(3);
    story.join(&heavy);
    let mut answers = Vec::new();
    for number in 0..8_u32 {
        let phones = (0..4_900).map(|at| Write {
            at: Place::item("phones", &format!("{at:016x}")),
            put: Some(format!("work +3329741{at:04}")),
            expect: None,
        });
        let id = crate::story::record(5_000 + number);
        let made = heavy.edit(&Edit::make(id, Kind::Contact, phones.collect()), story.now);
        let packed = pack(made.iter().map(|(id, of, it)| (*id, *of, it.as_slice()))).0;
        story.send_push(&heavy, packed, false);
        while story.sent.get(&heavy.socket).is_none_or(|it| it.len() < 2) && story.wake() {}
        answers.extend(story.heard(heavy.socket));
        let edit = hand.put(2, "city", &format!("Brest {number}"), story.now);
        assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
    }
    let taken = answers
        .iter()
        .filter(|it| matches!(it, ToClient::Ack { .. }))
        .count();
    let slowed = answers.iter().filter(
        |it| matches!(it, ToClient::Failed { failure, .. } if *failure == Failure::TooFast),
    );
    assert!((2..6).contains(&taken), "{taken}");
    assert_eq!(taken + slowed.count(), 8, "each is answered");
    story.now.0 += 30_000;
    let more = heavy.put(5_000, "city", "Brest", story.now);
    assert_eq!(story.push(&heavy, &more).len(), 1);
    fault!(
        "F29",
        "a device pushes one record of 4,900 values after the other",
        "after a few it is told that it is too fast; others' edits are taken in between"
    );
}

#[test]
fn a_full_queue_takes_from_whom_has_most() {
    let (mut story, hand) = raw(10);
    story.held = Some(Vec::new());
    let mut rivals = Vec::new();
    for number in 20..26 {
        let mut rival = Hand::new(number);
        rival.learn(&hand.made);
        story.join(&rival);
        story.heard(rival.socket);
        for round in 0..9 {
            let edit = rival.put(1, "city", &format!("{number} {round}"), story.now);
            let packed = pack(edit.iter().map(|(id, of, it)| (*id, *of, it.as_slice()))).0;
            story.send_push(&rival, packed, false);
        }
        rivals.push(rival);
    }
    // Thirty-two wait in all; each of the six has about as many of them, and the others are told.
    let busy = |heard: &[ToClient]| {
        let is_busy = |it: &&ToClient| matches!(it, ToClient::Failed { failure, .. } if *failure == Failure::Busy);
        heard.iter().filter(is_busy).count()
    };
    for rival in &rivals {
        let told = busy(&story.heard(rival.socket));
        assert!((1..=5).contains(&told), "{told}");
    }
}

#[test]
fn an_attachment_of_the_version_before_still_opens() {
    #[derive(serde::Serialize)]
    struct Before {
        speaker: Option<u8>,
        protocol: u16,
        live: bool,
    }
    let before = Before {
        speaker: None,
        protocol: 3,
        live: true,
    };
    let bytes = postcard::to_allocvec(&before).unwrap();
    let session: Session = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((session.live, session.address), (true, Address::default()));
}
