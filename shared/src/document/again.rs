//! Making a change again: what comes out alike is a change that Automerge itself makes here, and needs
//! no further proof.

use super::genesis::{FIELDS, ITEMS, is, map};
use super::project::TYPE;
use super::{Document, DocumentError};
use crate::crm::Kind;
use automerge::legacy::{Key, OpType};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Change, ExpandedChange, ScalarValue};

impl Document {
    /// The document with a change, if that is what a device makes that writes the same values here: the
    /// same bytes come out when it is made again. `None` for any other change, for typed notes among
    /// them; it may be a good one nonetheless.
    pub fn made_again(&self, change: &[u8]) -> Option<Document> {
        let change = Change::from_bytes(change.to_vec()).ok()?;
        // On what its writer saw, and nothing else: what was made beside others has other numbers.
        if self.am.get_heads() != change.deps() {
            return None;
        }
        let said = change.decode();
        let mut document = self.clone();
        let made = document.make(&change, &said).ok()??;
        (made == change.hash()).then_some(document)
    }

    /// Writes what a change says. `None` where it says something else than values of fields and items.
    fn make(
        &mut self,
        change: &Change,
        said: &ExpandedChange,
    ) -> Result<Option<automerge::ChangeHash>, DocumentError> {
        let kind = self.kind();
        self.am
            .set_actor(ActorId::from(change.actor_id().to_bytes()));
        let options = CommitOptions::default().with_time(change.timestamp());
        let mut transaction = self.am.transaction();
        for op in &said.operations {
            let written = [FIELDS, ITEMS].into_iter().find(|map| is(map, &op.obj));
            let (Some(written), Key::Map(key)) = (written, &op.key) else {
                return Ok(None);
            };
            let is_type = written == FIELDS && key == TYPE;
            match &op.action {
                OpType::Put(ScalarValue::Str(name))
                    if is_type && (kind.is_some() || Kind::from_name(name).is_none()) =>
                {
                    return Ok(None);
                }
                OpType::Put(ScalarValue::Str(value)) => {
                    transaction.put(map(written), key.as_str(), value.as_str())?;
                }
                OpType::Delete if is_type => return Ok(None),
                OpType::Delete => transaction.delete(map(written), key.as_str())?,
                OpType::Put(_)
                | OpType::Make(_)
                | OpType::Increment(_)
                | OpType::MarkBegin(..)
                | OpType::MarkEnd(_) => return Ok(None),
            }
        }
        Ok(transaction.commit_with(options).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Kind;
    use crate::crm::command::{DELETED, Edit, Write};
    use crate::crm::row::Item;
    use crate::id::{PersonId, RecordId, Writer};
    use crate::time::Timestamp;

    const ID: RecordId = RecordId([7; 16]);

    fn by(n: u8) -> Writer {
        Writer {
            person: PersonId([n; 8]),
            instance: [n; 8],
        }
    }

    /// Whether each change of an edit comes out alike on what stood before it.
    fn edit(document: &mut Document, edit: &Edit, writer: Writer, at: i64) -> Vec<bool> {
        let mut before = document.clone();
        let edited = document.edit(edit, writer, Timestamp(at)).unwrap();
        let again = edited.changes.iter().map(|change| {
            let made = before.made_again(&change.bytes);
            before.apply([change.bytes.as_slice()]).unwrap();
            if let Some(made) = &made {
                assert_eq!(made.save(), before.save());
            }
            made.is_some()
        });
        again.collect()
    }

    fn made() -> Document {
        let item = Item {
            key: "vip".into(),
            label: String::new(),
            text: "vip".into(),
        };
        let writes = vec![
            Write::put("first_name", "Anaïs"),
            Write::put("notes", "un été"),
            Write::put_item("tags", &item),
        ];
        let mut document = Document::new();
        let make = Edit::make(ID, Kind::Contact, writes);
        assert_eq!(edit(&mut document, &make, by(1), 1), [true]);
        document
    }

    #[test]
    fn what_devices_write_comes_out_alike() {
        let mut here = made();
        let mut there = here.clone();
        let edits = [
            vec![Write::put("city", "Brest"), Write::clear("first_name")],
            vec![Write::clear_item("tags", "vip")],
            vec![Write::put(DELETED, "1")],
        ];
        for (at, writes) in (10..).zip(edits) {
            assert_eq!(edit(&mut here, &Edit::of(ID, writes), by(2), at), [true]);
        }
        // Written elsewhere meanwhile; what settles it was made with both in sight.
        let nantes = Edit::of(ID, vec![Write::put("city", "Nantes")]);
        let city = there.edit(&nantes, by(3), Timestamp(5)).unwrap();
        let city = city.changes[0].bytes.as_slice();
        assert!(here.made_again(city).is_none());
        here.apply([city]).unwrap();
        let quimper = Edit::of(ID, vec![Write::put("city", "Quimper")]);
        assert_eq!(edit(&mut here, &quimper, by(2), 20), [true]);
    }

    #[test]
    fn what_is_typed_or_altered_does_not() {
        let mut document = made();
        let typed = Edit::of(ID, vec![Write::put("notes", "un été chaud")]);
        assert!(!edit(&mut document, &typed, by(1), 2).contains(&true));
        let writes = vec![Write::put("city", "Brest"), Write::put("country", "FR")];
        let mut other = document.clone();
        let both = other.edit(&Edit::of(ID, writes), by(2), Timestamp(3));
        let both = both.unwrap().changes.remove(0).bytes;
        assert!(document.made_again(&both).is_some());
        let mut said = Change::from_bytes(both).unwrap().decode();
        // As if it had seen a value of the city that was never there.
        let never = automerge::legacy::OpId::new(1, &said.actor_id);
        said.operations[0].pred = vec![never].into();
        let altered = Change::from(said);
        assert!(document.made_again(altered.raw_bytes()).is_none());
        assert!(document.made_again(b"nothing").is_none());
    }
}
