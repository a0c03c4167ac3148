//! Making a chunk whole again.

use super::chunk::{CHANGE, COLUMNS, DOCUMENT, KEYS, LENGTHS, PARTED, VALUES};
use super::chunk::{each_length, front, of_all, skimmed};
use super::cut::{HEADS, uncut};
use super::{Broken, Pieces, Reading, put};
use crate::id::ChangeHash;

impl<'a> Reading<'a> {
    /// The next chunk's type and body.
    pub(in crate::sync) fn join(
        &mut self,
        before: &[ChangeHash],
        pieces: &mut Pieces<'a>,
    ) -> Result<(u8, Vec<u8>), Broken> {
        let kind = self.form.byte()?;
        if kind > CHANGE + PARTED {
            return Err(Broken::Damaged);
        }
        let mut body = Vec::new();
        let before_it = self.left;
        if kind < PARTED {
            let length = self.form.length()?;
            self.spend(length)?;
            body.extend(self.form.take(length)?);
            return Ok((kind, body));
        }
        let kind = kind - PARTED;
        if kind == CHANGE {
            self.names_back(before, &mut body)?;
        }
        body.extend(skimmed(&mut self.form, |bytes| front(bytes, kind))?.0);
        let mut of_changes = 0;
        if kind == DOCUMENT {
            self.names_back(before, &mut body)?;
            let (list, length) = skimmed(&mut self.form, of_all)?;
            body.extend(list);
            of_changes = length;
        }
        let mut columns = Vec::new();
        for _ in 0..self.form.count(COLUMNS)? {
            let column = self.form.number()?;
            let length = match column {
                KEYS | VALUES => 0,
                _ => self.form.length()?,
            };
            columns.push((column, length));
        }
        let of_changes = self.form.take(of_changes)?;
        let mut taken: Vec<(u64, &[u8])> = Vec::new();
        for (column, length) in columns {
            taken.push((column, self.form.take(length)?));
        }
        let length = self.form.length()?;
        let behind = self.form.take(length)?;
        let lengths = taken.iter().find(|(column, _)| *column == LENGTHS);
        let next = pieces.list.len();
        let mut values = Vec::new();
        each_length(lengths.map_or(&[], |(_, bytes)| bytes), |length| {
            let value = self.value(length)?;
            values.extend(value);
            pieces.add(value);
            Ok::<(), Broken>(())
        })?;
        let keys = uncut(self, pieces, next, HEADS)?;
        for (column, bytes) in &mut taken {
            match *column {
                KEYS => *bytes = &keys,
                VALUES => *bytes = &values,
                _ => {}
            }
        }
        put(&mut body, taken.len() as u64);
        for (column, bytes) in &taken {
            put(&mut body, *column);
            put(&mut body, bytes.len() as u64);
        }
        body.extend(of_changes);
        for (_, bytes) in taken {
            body.extend(bytes);
        }
        body.extend(behind);
        let spent = before_it - self.left;
        self.spend(body.len().saturating_sub(spent))?;
        Ok((kind, body))
    }

    fn names_back(&mut self, before: &[ChangeHash], body: &mut Vec<u8>) -> Result<(), Broken> {
        let count = self.form.number()?;
        put(body, count);
        for _ in 0..count {
            let back = self.form.length()?;
            self.spend(32)?;
            match before.len().checked_sub(back) {
                Some(_) if back == 0 => body.extend(self.names.take(32)?),
                Some(at) => body.extend(before[at].0),
                None => return Err(Broken::Damaged),
            }
        }
        Ok(())
    }
}
