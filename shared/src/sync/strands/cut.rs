//! Bytes told by what was told before: the keys of a chunk and the row of a record name its values again.
//!
//! ```text
//! cut   := { length · bytes · copy } · length · bytes · 0
//! copy  := piece × 4 + kind · [front: length | tail: skipped] · [in keys: length · head]
//! ```
//! A copy stands for a text with its length before it: the head, then the piece (kind 1), its first bytes
//! (2), or what is behind its first bytes (3). The piece is counted from the one behind the last copy,
//! zigzag, so that values in the same order cost the same byte in every record.

use super::super::header::Reader;
use super::{Broken, Pieces, Reading, put};

const WHOLE: u64 = 1;
const FRONT: u64 = 2;
const TAIL: u64 = 3;
/// How far from the piece that is next a copy may be taken: what is looked at for each byte is bounded.
const NEAR: usize = 64;
/// Shorter fronts and tails are found by chance, and cost more than they are worth.
const FRONT_LEAST: usize = 24;
const TAIL_LEAST: usize = 4;

/// What the heads of a chunk's keys end with; a row has no heads.
pub(super) const HEADS: Option<u8> = Some(b'/');

/// Appends bytes, cut against the pieces. The next piece is first the one at `next`.
pub(in crate::sync) fn cut(
    bytes: &[u8],
    pieces: &Pieces<'_>,
    mut next: usize,
    heads: Option<u8>,
    out: &mut Vec<u8>,
) {
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        let Some((text, end)) = text(bytes, at) else {
            at += 1;
            continue;
        };
        let head = match heads {
            Some(end) => text.iter().position(|byte| *byte == end).map(|at| at + 1),
            None => Some(0),
        };
        let (head, tail) = text.split_at(head.unwrap_or(text.len()));
        if let Some((found, kind, number)) = find(pieces, next, tail) {
            put(out, (at - from) as u64);
            out.extend(&bytes[from..at]);
            let step = found as i64 - next as i64;
            put(out, (((step << 1) ^ (step >> 63)) as u64) << 2 | kind);
            if kind != WHOLE {
                put(out, number as u64);
            }
            if heads.is_some() {
                put(out, head.len() as u64);
                out.extend(head);
            }
            (from, at, next) = (end, end, found + 1);
        } else if heads.is_some() && text.iter().all(|byte| *byte >= b' ') {
            at = end;
        } else {
            at += 1;
        }
    }
    put(out, (bytes.len() - from) as u64);
    out.extend(&bytes[from..]);
    out.push(0);
}

/// The text whose length seems to stand here, and where it ends.
fn text(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let mut rest = Reader(&bytes[at..]);
    let length = rest.length().ok().filter(|length| *length > 0)?;
    let text = rest.take(length).ok()?;
    Some((text, bytes.len() - rest.0.len()))
}

/// The piece that says this, as near as there is one, how, and the number that belongs to that.
fn find(pieces: &Pieces<'_>, next: usize, tail: &[u8]) -> Option<(usize, u64, usize)> {
    if tail.is_empty() || tail.len() > pieces.longest {
        return None;
    }
    if pieces.list.get(next) == Some(&tail) {
        return Some((next, WHOLE, 0));
    }
    let first = next.saturating_sub(NEAR);
    let near = pieces.list.iter().enumerate().skip(first).take(2 * NEAR);
    let found = near.filter_map(|(at, piece)| {
        let more = piece.len().checked_sub(tail.len())?;
        let (kind, number) = if more == 0 && *piece == tail {
            (WHOLE, 0)
        } else if tail.len() >= FRONT_LEAST && piece.starts_with(tail) {
            (FRONT, tail.len())
        } else if tail.len() >= TAIL_LEAST && piece.ends_with(tail) {
            (TAIL, more)
        } else {
            return None;
        };
        Some((kind, at.abs_diff(next), at, number))
    });
    let (kind, _, at, number) = found.min()?;
    Some((at, kind, number))
}

/// The bytes that [`cut`] appended.
pub(in crate::sync) fn uncut(
    strands: &mut Reading<'_>,
    pieces: &Pieces<'_>,
    mut next: usize,
    heads: Option<u8>,
) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::new();
    loop {
        let length = strands.form.length()?;
        let plain = strands.form.take(length)?;
        strands.spend(length)?;
        bytes.extend(plain);
        let copy = strands.form.number()?;
        if copy == 0 {
            return Ok(bytes);
        }
        let step = (copy >> 3) as i64 ^ -((copy >> 2 & 1) as i64);
        let at = (next as i64).checked_add(step);
        let at = at.and_then(|at| usize::try_from(at).ok());
        let at = at.ok_or(Broken::Damaged)?;
        let piece = pieces.list.get(at).ok_or(Broken::Damaged)?;
        let piece = match copy & 3 {
            WHOLE => Some(*piece),
            FRONT => piece.get(..strands.form.length()?),
            TAIL => piece.get(strands.form.length()?..),
            _ => None,
        };
        let piece = piece.ok_or(Broken::Damaged)?;
        let mut head: &[u8] = &[];
        if heads.is_some() {
            let length = strands.form.length()?;
            head = strands.form.take(length)?;
        }
        let length = head.len() + piece.len();
        strands.spend(length)?;
        put(&mut bytes, length as u64);
        bytes.extend(head);
        bytes.extend(piece);
        next = at + 1;
    }
}
