//! Fills a workspace: contacts, deals and small records, made alike each time, through a real push.

use crate::device::{Device, now};
use crate::{Failure, Place};
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::crm::row::Item;
use shared::document::Document;
use shared::id::{RecordId, Writer};
use std::time::{Duration, Instant};

/// How many of each.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// Contacts.
    pub contacts: u32,
    /// Deals.
    pub deals: u32,
    /// Activities: visits, calls, comments.
    pub activities: u32,
}

const FIRST: &[&str] = &[
    "Anaïs", "Bruno", "Céline", "Denis", "Élodie", "Farid", "Gaëlle", "Hugo", "Inès", "Jean",
    "Karim", "Léa", "Maëlle", "Noé", "Odile", "Pol",
];
const LAST: &[&str] = &[
    "Abgrall",
    "Bihan",
    "Carriès",
    "Delaunay",
    "Évrard",
    "Faure",
    "Guillou",
    "Hamon",
    "Ivanoff",
    "Jaouen",
    "Kervella",
    "Le Goff",
    "Morvan",
    "Nédélec",
    "Ollivier",
    "Prigent",
];
const TOWNS: &[&str] = &[
    "Quimper",
    "Vannes",
    "Lorient",
    "Brest",
    "Rennes",
    "Nantes",
    "Angers",
    "Saint-Malo",
];
/// Changes pushed before more are made: the memory stays small.
const AHEAD: u64 = 2_000;

/// Fills the workspace and says how long that took.
///
/// # Errors
/// The server can't be reached, or refuses something.
pub async fn run(place: &Place, size: Size) -> Result<serde_json::Value, Failure> {
    let mut device = Device::new(place, 1);
    let started = Instant::now();
    let total = size.contacts + size.deals + size.activities;
    let mut made = 0;
    loop {
        while made < total && device.status().waiting < AHEAD {
            let writer = device.writer;
            let several = (made..total.min(made + 200)).map(|n| record(n, size, writer));
            device.save(several.collect::<Result<Vec<_>, Failure>>()?);
            made = total.min(made + 200);
            device.step(Duration::ZERO).await?;
        }
        device.step(Duration::from_millis(200)).await?;
        if let Some(reason) = device.refused.first() {
            return Err(format!("refused: {reason}").into());
        }
        if made == total && device.status().waiting == 0 {
            break;
        }
        if made % 10_000 == 0 && made < total {
            eprintln!("{made} of {total}");
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(serde_json::json!({ "records": total, "seconds": seconds }))
}

fn id(kind: Kind, n: u32) -> RecordId {
    let mut id = [0; 16];
    // spread, so that neighbours in time are no neighbours in id
    id[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b1).to_be_bytes());
    id[4..8].copy_from_slice(&n.to_be_bytes());
    id[8] = kind.name().len() as u8;
    id[9..].copy_from_slice(b"seeded!");
    RecordId(id)
}

fn record(n: u32, size: Size, writer: Writer) -> Result<(RecordId, Vec<u8>), Failure> {
    let (kind, id, writes) = if n < size.contacts {
        (Kind::Contact, id(Kind::Contact, n), contact(n))
    } else if n < size.contacts + size.deals {
        (Kind::Deal, id(Kind::Deal, n), deal(n, size))
    } else {
        (Kind::Activity, id(Kind::Activity, n), activity(n, size))
    };
    let edit = Edit::make(id, kind, writes);
    let edited = Document::new().edit(&edit, writer, now())?;
    let change = edited.changes.into_iter().next();
    Ok((id, change.ok_or("an edit that changes nothing")?.bytes))
}

fn of<'a>(words: &[&'a str], n: u32) -> &'a str {
    words[n as usize % words.len()]
}

fn item(field: &str, label: &str, text: String) -> Write {
    let key = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let label = label.to_owned();
    Write::put_item(field, &Item { key, label, text })
}

fn contact(n: u32) -> Vec<Write> {
    let (first, last) = (of(FIRST, n), of(LAST, n / 16));
    vec![
        Write::put("first_name", first),
        Write::put("last_name", format!("{last} {}", n / 256)),
        Write::put("city", of(TOWNS, n / 3)),
        Write::put("job_title", "Responsable des achats"),
        item(
            "phones",
            "mobile",
            format!(
                "06 {:02} {:02} {:02} {:02}",
                n / 970_299 % 99,
                n / 9_801 % 99,
                n / 99 % 99,
                n % 99
            ),
        ),
        item("emails", "work", format!("contact{n}@exemple.fr")),
    ]
}

fn deal(n: u32, size: Size) -> Vec<Write> {
    let of = id(Kind::Contact, n % size.contacts.max(1));
    let item = Item {
        key: of.to_string(),
        label: "decides".into(),
        text: String::new(),
    };
    vec![
        Write::put("name", format!("Cave {n}")),
        Write::put(
            "amount",
            format!("{} EUR", 50_000 + i64::from(n % 977) * 1_000),
        ),
        Write::put("stage", "visit"),
        Write::put_item("contacts", &item),
    ]
}

fn activity(n: u32, size: Size) -> Vec<Write> {
    let contact = id(Kind::Contact, n.wrapping_mul(7) % size.contacts.max(1));
    vec![
        Write::put("type", "call"),
        Write::put("subject", format!("Appel {n}")),
        Write::put("contact", contact.to_string()),
        Write::put(
            "done_at",
            (1_790_000_000_000 + i64::from(n) * 1_000).to_string(),
        ),
    ]
}
