//! Many devices in one room, each making an edit now and then: how long until the others have it.

use crate::device::{Device, now};
use crate::{Failure, Place};
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{ChangeHash, RecordId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many, how often, how long.
#[derive(Debug, Clone, Copy, Default)]
pub struct Crowd {
    /// Devices.
    pub devices: u32,
    /// Milliseconds between two edits of one device.
    pub every_ms: u64,
    /// How long they work.
    pub seconds: u64,
}

#[derive(Default)]
struct Board {
    made: BTreeMap<ChangeHash, Instant>,
    seen_us: Vec<u32>,
    edits: u64,
    refused: Vec<String>,
    strays: u64,
}

/// Lets the crowd work, and says how long edits took to be seen.
///
/// # Errors
/// The server can't be reached, or refuses an edit.
pub async fn run(place: &Place, crowd: Crowd) -> Result<serde_json::Value, Failure> {
    let board = Arc::new(Mutex::new(Board::default()));
    let devices = (0..crowd.devices).map(|number| {
        let (place, board) = (place.clone(), Arc::clone(&board));
        tokio::spawn(async move { work(&place, number, crowd, &board).await })
    });
    let devices: Vec<_> = devices.collect();
    for device in devices {
        device.await??;
    }
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(reason) = board.refused.first() {
        return Err(format!("refused: {reason}").into());
    }
    board.seen_us.sort_unstable();
    let at = |share: f64| {
        let last = board.seen_us.len().saturating_sub(1);
        let place = (share * last as f64).round() as usize;
        f64::from(board.seen_us.get(place).copied().unwrap_or(0)) / 1_000.0
    };
    let expected = board.edits * u64::from(crowd.devices.saturating_sub(1));
    Ok(serde_json::json!({
        "devices": crowd.devices, "edits": board.edits, "others_edits": board.strays, "seen": board.seen_us.len(), "expected": expected,
        "p50_ms": at(0.5), "p95_ms": at(0.95), "p99_ms": at(0.99), "max_ms": at(1.0),
    }))
}

async fn work(
    place: &Place,
    number: u32,
    crowd: Crowd,
    board: &Mutex<Board>,
) -> Result<(), Failure> {
    let mut device = Device::new(place, 1_000 + number);
    let mut record = [0xcc; 16];
    record[..4].copy_from_slice(&number.to_be_bytes());
    record[4..12].copy_from_slice(&device.writer.instance);
    let record = RecordId(record);
    let mut document = Document::new();
    // Everyone connects and gets what is there before the first edit.
    let begin = Instant::now() + Duration::from_secs(5 + u64::from(crowd.devices) / 50);
    let step = crowd.every_ms * u64::from(number) / u64::from(crowd.devices.max(1));
    let mut next = begin + Duration::from_millis(step);
    let end = begin + Duration::from_secs(crowd.seconds);
    let rest = end + Duration::from_secs(3);
    let mut count = 0;
    while Instant::now() < rest {
        let wait = next.min(rest).saturating_duration_since(Instant::now());
        device.step(wait.min(Duration::from_millis(500))).await?;
        let seen = std::mem::take(&mut device.received);
        if !seen.is_empty() {
            let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
            let board = &mut *board;
            for hash in seen {
                match board.made.get(&hash) {
                    Some(made) => board.seen_us.push(made.elapsed().as_micros() as u32),
                    None => board.strays += 1,
                }
            }
        }
        if Instant::now() < next || next >= end {
            continue;
        }
        next += Duration::from_millis(crowd.every_ms);
        let writes = vec![Write::put("city", format!("Quimper {count}"))];
        let edit = if count == 0 {
            Edit::make(record, Kind::Contact, writes)
        } else {
            Edit::of(record, writes)
        };
        count += 1;
        let edited = document.edit(&edit, device.writer, now())?;
        {
            let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
            board.edits += 1;
            for change in &edited.changes {
                board.made.insert(change.hash, Instant::now());
            }
        }
        device.save(edited.changes.into_iter().map(|it| (record, it.bytes)));
    }
    let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
    board.refused.append(&mut device.refused);
    Ok(())
}
