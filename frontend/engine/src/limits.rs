//! How much a record may hold.

use shared::bridge::Problem;
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::crm::field::Shape;
use shared::crm::row::Row;
use shared::document::NOTE_LIMIT;

/// The most characters of a text.
pub const TEXT_LIMIT: usize = 10_000;
/// The most items of all plural fields of a record together.
pub const ITEM_LIMIT: usize = 500;
/// Writes of more bytes than this go into changes of their own: the server takes half a megabyte.
const CHANGE_BYTES: usize = 128 << 10;

/// Whether every value of an edit fits its field.
///
/// # Errors
/// [`Problem::TooLong`] names the first that does not.
pub fn check(edit: &Edit, kind: Option<Kind>) -> Result<(), Problem> {
    for write in &edit.writes {
        let limit = match is_note(kind, write) {
            true => NOTE_LIMIT,
            false => TEXT_LIMIT,
        };
        let length = write.put.as_ref().map_or(0, |put| put.chars().count());
        if length > limit {
            return Err(too_long(&write.at.field, limit));
        }
    }
    Ok(())
}

/// Whether a record's items are not too many.
///
/// # Errors
/// [`Problem::TooLong`] names the field with the most.
pub fn check_row(row: &Row) -> Result<(), Problem> {
    if row.items.len() <= ITEM_LIMIT {
        return Ok(());
    }
    let fields = row.kind.fields().iter();
    let longest = fields.max_by_key(|field| row.items(field).count());
    let key = longest.map_or("items", |field| field.key);
    Err(too_long(key, ITEM_LIMIT))
}

/// Cuts an edit into parts that each become a change of acceptable size. A note that a record
/// begins with comes after the record when it is large.
pub fn parts(edit: &Edit, kind: Option<Kind>) -> Vec<Edit> {
    let size = |write: &Write| write.put.as_ref().map_or(0, String::len) + write.at.field.len();
    if edit.writes.iter().map(size).sum::<usize>() <= CHANGE_BYTES {
        return vec![edit.clone()];
    }
    let mut parts = vec![Edit {
        writes: Vec::new(),
        ..edit.clone()
    }];
    let mut notes = Vec::new();
    let mut bytes = 0;
    for write in &edit.writes {
        if is_note(kind, write) {
            notes.push(Edit::of(edit.record, vec![write.clone()]));
            continue;
        }
        if bytes > 0 && bytes + size(write) > CHANGE_BYTES {
            parts.push(Edit::of(edit.record, Vec::new()));
            bytes = 0;
        }
        bytes += size(write);
        if let Some(part) = parts.last_mut() {
            part.writes.push(write.clone());
        }
    }
    parts.extend(notes);
    parts
}

fn is_note(kind: Option<Kind>, write: &Write) -> bool {
    let field = kind.and_then(|kind| kind.field(&write.at.field));
    field.is_some_and(|field| field.shape == Shape::Note)
}

fn too_long(field: &str, limit: usize) -> Problem {
    Problem::TooLong {
        field: field.into(),
        limit: limit as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::id::RecordId;

    fn edit(writes: Vec<Write>) -> Edit {
        Edit::make(RecordId([1; 16]), Kind::Contact, writes)
    }

    #[test]
    fn a_note_may_be_longer_than_a_text() {
        let long = "é".repeat(TEXT_LIMIT + 1);
        let kind = Some(Kind::Contact);
        assert_eq!(check(&edit(vec![Write::put("notes", &long)]), kind), Ok(()));
        assert_eq!(
            check(&edit(vec![Write::put("city", &long)]), kind),
            Err(too_long("city", TEXT_LIMIT))
        );
    }

    #[test]
    fn a_large_edit_becomes_parts_that_lose_nothing() {
        let mut writes = vec![Write::put("notes", "n".repeat(150_000))];
        writes.extend((0..40).map(|i| Write::put(&format!("x{i}"), "v".repeat(9_000))));
        let whole = edit(writes);
        let parts = parts(&whole, Some(Kind::Contact));
        assert_eq!(parts[0].make, Some(Kind::Contact));
        assert!(parts.len() > 3);
        assert!(parts[1..].iter().all(|part| part.make.is_none()));
        assert_eq!(parts.last().unwrap().writes[0].at.field, "notes");
        let count: usize = parts.iter().map(|part| part.writes.len()).sum();
        assert_eq!(count, whole.writes.len());
    }
}
