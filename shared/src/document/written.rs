//! What a device of ours writes, of any version: texts at the keys of fields and items, and characters
//! in notes. Whatever else Automerge would take (a map in the place of one of ours, counters, marks, another
//! type for the record) could show differently here and there, or nothing at all, and is not let in.

use super::Document;
use super::genesis::{FIELDS, ITEMS, is};
use super::project::TYPE;
use crate::crm::Kind;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{Change, ChangeHash, ObjId, ObjType, ReadDoc, ScalarValue};
use std::collections::{BTreeMap, BTreeSet};

/// How many numbers of operations the changes of a document may leave out together. A writer leaves out what
/// it held beside what it builds on, and what was refused. Numbers come to an end, and where Automerge is built
/// for browsers it reserves memory for each that was left out.
pub(super) const LEFT_OUT: u64 = 1_000_000;

/// What is known of a document while changes for it are looked at, each before it is applied.
pub(crate) struct Writing {
    kind: Option<Kind>,
    looked_at: Vec<LookedAt>,
}

/// What is to be asked of the document once it holds a change.
struct LookedAt {
    change: Change,
    /// The operations that it names, without its own.
    named: Vec<OpId>,
    /// Those among them which are to be texts.
    texts: Vec<OpId>,
}

impl Writing {
    /// Before any change.
    pub(crate) fn on(document: &Document) -> Writing {
        Writing {
            kind: document.kind(),
            looked_at: Vec::new(),
        }
    }

    /// Whether a device may have written this, as far as it tells of itself.
    pub(crate) fn allows(&mut self, bytes: &[u8]) -> bool {
        let Ok(change) = Change::from_bytes(bytes.to_vec()) else {
            return false;
        };
        if change.deps().is_empty() || change.is_empty() {
            return false;
        }
        let first = change.start_op().get();
        let mut at = LookedAt {
            named: Vec::new(),
            texts: Vec::new(),
            change,
        };
        let said = at.change.decode();
        let mut cleared: Option<&Op> = None;
        for (number, op) in (first..).zip(&said.operations) {
            let stands = cleared.is_none_or(|before| before.obj == op.obj && before.key == op.key);
            let is_null = matches!(op.action, OpType::Put(ScalarValue::Null));
            let own = |id: &OpId| id.actor() == at.change.actor_id() && id.counter() >= first;
            let known = [id_of(&op.obj), element_of(op)].into_iter().flatten();
            for id in known.chain(op.pred.iter()) {
                match own(id) {
                    true if id.counter() >= number => return false,
                    true => {}
                    false => at.named.push(id.clone()),
                }
            }
            let is_ours = match [FIELDS, ITEMS].into_iter().find(|map| is(map, &op.obj)) {
                Some(map) => self.sets(op, map == FIELDS),
                None => types(op, &mut at.texts),
            };
            if !is_ours || !stands || (cleared.is_some() && is_null) {
                return false;
            }
            cleared = is_null.then_some(op);
        }
        if cleared.is_some() {
            return false;
        }
        self.looked_at.push(at);
        true
    }

    /// Whether an operation sets or clears a field or an item. One that is cleared by nothing goes on in the
    /// next operation: so a new generation is written.
    fn sets(&mut self, op: &Op, is_field: bool) -> bool {
        let Key::Map(key) = &op.key else {
            return false;
        };
        let is_type = is_field && key == TYPE;
        let is_set = match &op.action {
            OpType::Put(ScalarValue::Str(name)) if is_type => {
                let kind = Kind::from_name(name);
                // One that only a newer version knows may stand beside others, and over none.
                let fits = match kind {
                    Some(_) => self.kind.is_none() || self.kind == kind,
                    None => op.pred.is_empty(),
                };
                self.kind = self.kind.or(kind);
                fits
            }
            OpType::Put(ScalarValue::Str(_)) => true,
            OpType::Put(ScalarValue::Null) => !is_type,
            OpType::Delete => !is_type && !op.pred.is_empty(),
            OpType::Put(_)
            | OpType::Make(_)
            | OpType::Increment(_)
            | OpType::MarkBegin(..)
            | OpType::MarkEnd(_) => false,
        };
        is_set && !op.insert && !key.is_empty()
    }

    /// Whether the changes stand where a device may have put them, given the document that holds them:
    /// what they name was seen by their writer, and numbered before, and not too many numbers are left out.
    pub(crate) fn fits(&self, document: &Document) -> bool {
        let leaves_out = |it: &LookedAt| it.leaves_out(document);
        document.kind() == self.kind
            && self.looked_at.iter().all(|it| it.fits(document))
            && (!self.looked_at.iter().any(leaves_out) || document.left_out() <= LEFT_OUT)
    }
}

impl LookedAt {
    fn fits(&self, document: &Document) -> bool {
        let am = &document.am;
        let first = self.change.start_op().get();
        let unseen = am.get_changes_meta(self.change.deps()).into_iter();
        let unseen: BTreeSet<ChangeHash> = unseen.map(|meta| meta.hash).collect();
        let seen = |id: &OpId| {
            let hash = am.hash_for_opid(&ObjId::Id(id.counter(), id.actor().clone(), 0));
            hash.filter(|hash| !unseen.contains(hash))
        };
        let is_before = |hash: &ChangeHash| {
            let meta = am.get_change_meta_by_hash(hash);
            meta.is_some_and(|meta| meta.max_op < first)
        };
        let is_text = |id: &OpId| {
            let text = ObjId::Id(id.counter(), id.actor().clone(), 0);
            matches!(am.object_type(text), Ok(ObjType::Text))
        };
        self.change.deps().iter().all(is_before)
            && self.named.iter().all(|id| seen(id).is_some())
            && self.texts.iter().all(is_text)
    }

    /// Whether its numbers do not follow at once those that it builds on.
    fn leaves_out(&self, document: &Document) -> bool {
        let deps = self.change.deps().iter();
        let deps = deps.filter_map(|hash| document.am.get_change_meta_by_hash(hash));
        deps.map(|meta| meta.max_op).max() < Some(self.change.start_op().get() - 1)
    }
}

impl Document {
    /// The highest number of an operation.
    pub(crate) fn highest(&self) -> u64 {
        let heads = self.am.get_heads();
        let metas = heads
            .iter()
            .filter_map(|it| self.am.get_change_meta_by_hash(it));
        metas.map(|meta| meta.max_op).max().unwrap_or(0)
    }

    /// How many numbers of operations its changes left out: each those between the last one of what it builds on
    /// and its own first.
    pub(crate) fn left_out(&self) -> u64 {
        let metas = self.am.get_changes_meta(&[]);
        let last: BTreeMap<ChangeHash, u64> = metas.iter().map(|it| (it.hash, it.max_op)).collect();
        let left_out = metas.iter().map(|meta| {
            let seen = meta.deps.iter().filter_map(|hash| last.get(hash)).max();
            (meta.start_op - 1).saturating_sub(seen.copied().unwrap_or_default())
        });
        left_out.sum()
    }
}

/// Whether an operation types into a text or takes from it; notes which text.
fn types(op: &Op, texts: &mut Vec<OpId>) -> bool {
    let (ObjectId::Id(text), Key::Seq(at)) = (&op.obj, &op.key) else {
        return false;
    };
    if texts.last() != Some(text) {
        texts.push(text.clone());
    }
    match &op.action {
        OpType::Put(ScalarValue::Str(typed)) => {
            op.insert && op.pred.is_empty() && typed.chars().count() == 1
        }
        OpType::Delete => !op.insert && !op.pred.is_empty() && matches!(at, ElementId::Id(_)),
        OpType::Put(_)
        | OpType::Make(_)
        | OpType::Increment(_)
        | OpType::MarkBegin(..)
        | OpType::MarkEnd(_) => false,
    }
}

fn id_of(object: &ObjectId) -> Option<&OpId> {
    match object {
        ObjectId::Id(id) => Some(id),
        ObjectId::Root => None,
    }
}

fn element_of(op: &Op) -> Option<&OpId> {
    match &op.key {
        Key::Seq(ElementId::Id(id)) => Some(id),
        Key::Seq(ElementId::Head) | Key::Map(_) => None,
    }
}
