//! The texts of notes.
//!
//! A note is one text, but for a record that two people made (or imported) without knowing of each
//! other, with different notes: each then starts it from their own. Such texts are both the note, one
//! below the other; typing goes into the one that it was aimed at.

use super::genesis::{FIELDS, TEXTS, map, note_start};
use super::{Document, DocumentError, RawChange, raw};
use automerge::{Automerge, ChangeHash, ObjId, ObjType, ReadDoc, Value};

/// A text of a note and how many characters it had.
pub(super) type Part = (ObjId, usize);

/// More characters than a note has.
const ALONE: usize = usize::MAX / 4;

/// What is done to one text of a note: where, how many characters go, and whether what is inserted
/// comes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) part: usize,
    pub(super) at: usize,
    pub(super) remove: usize,
    pub(super) takes: bool,
}

/// The texts of a note, in an order that is the same everywhere.
pub(super) fn objects(am: &Automerge, field: &str) -> Vec<ObjId> {
    let all = am.get_all(map(TEXTS), field).unwrap_or_default();
    all.into_iter()
        .filter(|(value, _)| is_text(value))
        .map(|(_, id)| id)
        .collect()
}

/// The full text of a note: its texts where it was started, else what the record was made with.
pub(super) fn note(am: &Automerge, field: &str) -> String {
    let objects = objects(am, field);
    if objects.is_empty() {
        return made_with(am, field, None);
    }
    let texts = objects.iter().filter_map(|text| am.text(text).ok());
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join("\n")
}

fn is_text(value: &Value<'_>) -> bool {
    matches!(value, Value::Object(ObjType::Text))
}

/// Whether the note that a record was made with stands in the note's text.
pub(super) fn is_in_note(am: &Automerge, field: &str, made_with: &str) -> bool {
    let is_started = !objects(am, field).is_empty();
    is_started
        && (note(am, field).contains(made_with) || {
            let start = note_start(field, made_with).hash();
            am.get_change_meta_by_hash(&start).is_some()
        })
}

fn made_with(am: &Automerge, field: &str, heads: Option<&[ChangeHash]>) -> String {
    let found = match heads {
        Some(heads) => am.get_at(map(FIELDS), field, heads),
        None => am.get(map(FIELDS), field),
    };
    match found {
        Ok(Some((value, _))) => value.as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

impl Document {
    /// The texts of a note as they were seen at `heads`. Where there was none it is started from what
    /// was seen, and `heads` goes on with that.
    pub(super) fn parts_at(
        &mut self,
        field: &str,
        heads: &mut Vec<ChangeHash>,
        changes: &mut Vec<RawChange>,
    ) -> Result<Vec<Part>, DocumentError> {
        let seen = self.am.get_all_at(map(TEXTS), field, heads)?.into_iter();
        let seen = seen.filter(|(value, _)| is_text(value));
        // A text that is alone takes everything, however long it is.
        let mut parts: Vec<Part> = seen.map(|(_, id)| (id, ALONE)).collect();
        if parts.len() > 1 {
            for (id, length) in &mut parts {
                *length = self.am.length_at(&*id, heads);
            }
        }
        if parts.is_empty() {
            let mut seen = made_with(&self.am, field, Some(heads));
            let (hash, id) = loop {
                let start = note_start(field, &seen);
                let hash = start.hash();
                if self.am.get_change_meta_by_hash(&hash).is_none() {
                    changes.push(raw(&start));
                    self.am.apply_changes([start])?;
                }
                let objects = objects(&self.am, field).into_iter();
                let mut started = objects.filter(|id| self.am.hash_for_opid(id) == Some(hash));
                if let Some(id) = started.next() {
                    break (hash, id);
                }
                // Somebody put something else in the place of that text: another one is started.
                seen.push('\n');
            };
            parts.push((id, ALONE));
            heads.push(hash);
        }
        Ok(parts)
    }
}

/// How a change to the whole note falls on its texts.
pub(super) fn shares(parts: &[Part], at: usize, remove: usize) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    let mut begin = 0;
    let mut is_placed = false;
    for (part, (_, length)) in parts.iter().enumerate() {
        let is_last = part + 1 == parts.len();
        if *length == 0 && (!is_last || is_placed) {
            continue;
        }
        let end = begin + length;
        let (from, to) = (at.max(begin), (at + remove).min(end));
        let takes = !is_placed && (at <= end || is_last);
        if takes || from < to {
            shares.push(Share {
                part,
                at: from.min(end) - begin,
                remove: to.saturating_sub(from),
                takes,
            });
        }
        is_placed |= takes;
        begin = end + 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Kind;
    use crate::crm::command::{Edit, Splice, Write};
    use crate::id::{PersonId, RecordId, Writer};
    use crate::time::Timestamp;

    const ID: RecordId = RecordId([3; 16]);

    fn by(n: u8) -> Writer {
        Writer {
            person: PersonId([n; 8]),
            instance: [n; 8],
        }
    }

    fn imported(n: u8, note: &str) -> Document {
        let mut document = Document::new();
        let edit = Edit::make(ID, Kind::Contact, vec![Write::put("notes", note)]);
        document.edit(&edit, by(n), Timestamp(1)).unwrap();
        document
    }

    fn types(document: &mut Document, n: u8, at: usize, remove: usize, insert: &str) {
        let splice = Splice {
            at,
            remove,
            insert: insert.into(),
        };
        let heads = document.heads();
        document
            .splice("notes", &heads, &splice, by(n), Timestamp(2))
            .unwrap();
    }

    fn meet(a: &mut Document, b: &mut Document) {
        let (of_a, of_b) = (a.changes(), b.changes());
        a.apply(of_b.iter().map(|it| it.bytes.as_slice())).unwrap();
        b.apply(of_a.iter().map(|it| it.bytes.as_slice())).unwrap();
        assert_eq!(a.note("notes"), b.note("notes"));
        assert_eq!(a.row(ID).unwrap(), b.row(ID).unwrap());
    }

    #[test]
    fn two_notes_that_were_started_apart_are_both_the_note() {
        let (mut a, mut b) = (imported(1, "du salon"), imported(2, "par Yann"));
        types(&mut a, 1, 8, 0, " de Brest");
        types(&mut b, 2, 0, 0, "connu ");
        meet(&mut a, &mut b);
        let note = a.note("notes");
        assert!(note.contains("du salon de Brest"), "{note}");
        assert!(note.contains("connu par Yann"), "{note}");
        assert!(a.row(ID).unwrap().others.is_empty());
        // Typing into either goes on, and so does typing over both.
        let at = note.find("Yann").unwrap();
        types(&mut a, 1, at, 4, "Yannick");
        let at = b.note("notes").chars().count();
        types(&mut b, 2, at, 0, ".");
        meet(&mut a, &mut b);
        assert!(a.note("notes").contains("par Yannick"));
        assert!(a.note("notes").ends_with('.'));
        let edit = Edit::of(ID, vec![Write::put("notes", "tout neuf")]);
        a.edit(&edit, by(1), Timestamp(3)).unwrap();
        meet(&mut a, &mut b);
        assert_eq!(b.note("notes"), "tout neuf");
    }

    #[test]
    fn what_is_typed_where_a_note_was_seen_unstarted_goes_there() {
        let (mut a, mut b) = (imported(1, "du salon"), imported(2, "par Yann"));
        meet(&mut a, &mut b);
        let seen = a.heads();
        assert_eq!(a.row(ID).unwrap().others.len(), 1);
        let note = a.note("notes");
        types(&mut b, 2, 0, 0, "x ");
        meet(&mut a, &mut b);
        let splice = Splice {
            at: note.chars().count(),
            remove: 0,
            insert: " !".into(),
        };
        a.splice("notes", &seen, &splice, by(1), Timestamp(4))
            .unwrap();
        meet(&mut a, &mut b);
        assert_eq!(b.note("notes"), format!("x {note} !"));
    }

    #[test]
    fn a_change_falls_on_the_texts_that_it_covers() {
        let id = ObjId::Root;
        let parts = [(id.clone(), 3), (id.clone(), 0), (id.clone(), 4)];
        let share = |part, at, remove, takes| Share {
            part,
            at,
            remove,
            takes,
        };
        assert_eq!(shares(&parts, 3, 0), [share(0, 3, 0, true)]);
        assert_eq!(shares(&parts, 4, 0), [share(2, 0, 0, true)]);
        assert_eq!(
            shares(&parts, 1, 5),
            [share(0, 1, 2, true), share(2, 0, 2, false)]
        );
        assert_eq!(
            shares(&parts, 3, 2),
            [share(0, 3, 0, true), share(2, 0, 1, false)]
        );
        assert_eq!(shares(&[(id, 0)], 0, 0), [share(0, 0, 0, true)]);
    }
}
