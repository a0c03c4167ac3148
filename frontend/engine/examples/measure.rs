//! What 5,000 contacts cost at rest and to load, natively over memory:
//! `cargo run --release -p engine --example measure`.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use engine::leader::Leader;
    use engine::platform::memory::Memory;
    use engine::platform::native::{install, run};
    use engine::workspace::database_name;
    use shared::crm::Kind;
    use shared::crm::command::{Edit, Write};
    use shared::crm::row::Item;
    use shared::document::Document;
    use shared::id::{PersonId, RecordId, WorkspaceId, Writer};
    use shared::sync::client::{Point, Store};
    use shared::sync::parcel::Kept;
    use shared::sync::validation::Bytes;
    use shared::time::Timestamp;
    use std::rc::Rc;
    use std::time::Instant;

    const CONTACTS: u32 = 5_000;
    const WORKSPACE: WorkspaceId = WorkspaceId([9; 16]);
    const START: Timestamp = Timestamp(1_780_000_000_000);

    /// A small generator of pseudo-random numbers (SplitMix64).
    struct Chance(u64);

    impl Chance {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) % n
        }

        fn word(&mut self) -> String {
            const SYLLABLES: &str = "babebibobudadedidodukakekikokulalelilolumamemimomu";
            let count = 2 + self.below(3);
            let mut word = String::new();
            for _ in 0..count {
                let at = 2 * self.below(SYLLABLES.len() as u64 / 2) as usize;
                word.push_str(&SYLLABLES[at..at + 2]);
            }
            word
        }

        fn digits(&mut self, count: u32) -> String {
            format!(
                "{:0width$}",
                self.below(10_u64.pow(count)),
                width = count as usize
            )
        }
    }

    fn contact(n: u32, words: &[String]) -> Edit {
        let mut chance = Chance(u64::from(n) * 1_000_003);
        let common = |chance: &mut Chance| {
            let at = chance.below(words.len() as u64) * chance.below(words.len() as u64);
            words[at as usize / words.len()].clone()
        };
        let (first, last) = (common(&mut chance), chance.word());
        let company = format!("{} GmbH", common(&mut chance));
        let mut note = String::new();
        while note.len() < 300 {
            note.push_str(&common(&mut chance));
            note.push(' ');
        }
        note.truncate(300);
        let item = |field: &str, key: String, label: &str, text: String| {
            let label = label.into();
            Write::put_item(field, &Item { key, label, text })
        };
        let mut writes = vec![
            Write::put("source", format!("c{n:07}")),
            Write::put("first_name", &first),
            Write::put("last_name", &last),
            Write::put("job_title", "Sales Manager"),
            Write::put("company_name", &company),
            Write::put(
                "street",
                format!("{} St {}", chance.word(), chance.below(200)),
            ),
            Write::put("city", common(&mut chance)),
            Write::put("region", common(&mut chance)),
            Write::put("postcode", chance.digits(5)),
            Write::put("country", "FR"),
            Write::put(
                "website",
                format!("https://{}.io", company.replace(' ', "-")),
            ),
            Write::put("stage", "qualified"),
            Write::put("score", chance.below(100).to_string()),
            Write::put("revenue", chance.below(1_000_000).to_string()),
            Write::put(
                "created",
                (1_700_000_000_000 + chance.below(60_000_000_000)).to_string(),
            ),
            Write::put(
                "updated",
                (1_700_000_000_000 + chance.below(60_000_000_000)).to_string(),
            ),
            Write::put("notes", note),
        ];
        let address = format!("{first}.{last}@{}.io", company.replace(' ', "-"));
        writes.push(item("emails", "0".into(), "work", address));
        let address = format!("{last}{}@mail.example", chance.digits(3));
        writes.push(item("emails", "1".into(), "other", address));
        writes.push(item(
            "phones",
            "0".into(),
            "work",
            format!("+49{}", chance.digits(10)),
        ));
        writes.push(item(
            "phones",
            "1".into(),
            "mobile",
            format!("+49{}", chance.digits(11)),
        ));
        for _ in 0..chance.below(5) {
            let tag = words[chance.below(60) as usize].clone();
            writes.push(item("tags", tag.clone(), "", tag));
        }
        let record = RecordId::derived(WORKSPACE, "contact", &n.to_string());
        Edit::make(record, Kind::Contact, writes)
    }

    fn open() -> Result<(Leader, usize), Box<dyn std::error::Error>> {
        let mut rows = 0;
        let leader = run(Leader::open(WORKSPACE, false, |block| rows += block.len()))?;
        Ok((leader, rows))
    }

    pub fn main() -> Result<(), Box<dyn std::error::Error>> {
        let memory = Memory::new(START, 1);
        install(Rc::new(memory.clone()));
        let mut chance = Chance(7);
        let words: Vec<String> = (0..1_500).map(|_| chance.word()).collect();
        let edits: Vec<Edit> = (0..CONTACTS).map(|n| contact(n, &words)).collect();
        let writer = Writer {
            person: PersonId([3; 8]),
            instance: [4; 8],
        };
        let (mut leader, _) = open()?;
        let begun = Instant::now();
        for edits in edits.chunks(500) {
            run(leader.edit(0, edits, writer, START)).map_err(|failure| format!("{failure:?}"))?;
        }
        println!("edited in {:?}", begun.elapsed());
        let begun = Instant::now();
        while leader.workspace.has_tail() {
            run(leader.workspace.fold())?;
        }
        println!("folded in {:?}", begun.elapsed());
        let disk = memory.disk(&database_name(WORKSPACE));
        for store in ["rows", "changes", "tail", "outbox", "meta"] {
            let bytes = disk.borrow().store_bytes(store);
            println!("{store}: {} B a contact", bytes / CONTACTS as usize);
        }
        println!(
            "at rest: {} B a contact",
            disk.borrow().bytes() / CONTACTS as usize
        );
        let kept = whole(&mut leader)?;
        drop(leader);
        loads()?;
        println!("the same as whole records of a walk:");
        let memory = Memory::new(START, 2);
        install(Rc::new(memory.clone()));
        let (mut leader, _) = open()?;
        let begun = Instant::now();
        for (at, records) in kept.chunks(256).enumerate() {
            let store = Store {
                records: records.to_vec(),
                point: Point {
                    cursor: at as u64,
                    ..Point::default()
                },
                ..Store::default()
            };
            run(leader.store(store, (writer, START)))?;
        }
        println!("stored in {:?}", begun.elapsed());
        drop(leader);
        let disk = memory.disk(&database_name(WORKSPACE));
        println!(
            "at rest: {} B a contact",
            disk.borrow().bytes() / CONTACTS as usize
        );
        loads()
    }

    fn loads() -> Result<(), Box<dyn std::error::Error>> {
        for _ in 0..3 {
            let begun = Instant::now();
            let (_, rows) = open()?;
            println!("{rows} rows loaded in {:?}", begun.elapsed());
        }
        Ok(())
    }

    fn whole(leader: &mut Leader) -> Result<Vec<Kept>, Box<dyn std::error::Error>> {
        let mut kept = Vec::new();
        for (record, changes) in run(leader.workspace.everything())? {
            let document = Document::load(changes.iter().map(Vec::as_slice))?;
            kept.push(Kept {
                document: record,
                generation: 0,
                snapshot: Bytes(document.save()),
                changes: Vec::new(),
                row: Bytes(document.row(record)?.to_bytes()),
            });
        }
        Ok(kept)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    native::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
