//! Taking a chunk apart.

use super::super::header::{HeaderError, Reader};
use super::chunk::{CHANGE, COLUMNS, DOCUMENT, KEYS, LENGTHS, PARTED, VALUES};
use super::chunk::{each_length, front, of_all, skimmed};
use super::cut::{HEADS, cut};
use super::{Pieces, Strands, put};
use crate::id::ChangeHash;

/// How many changes before it one that builds on another is looked for.
const BACK: usize = 256;

impl Strands {
    /// Appends a chunk, by its type and body. What it builds on may be among the changes before.
    pub(in crate::sync) fn part<'a>(
        &mut self,
        kind: u8,
        body: &'a [u8],
        before: &[ChangeHash],
        pieces: &mut Pieces<'a>,
    ) {
        let lengths = [&self.names, &self.form, &self.short, &self.long].map(Vec::len);
        let known = pieces.list.len();
        self.form.push(kind + PARTED);
        if self.take_apart(kind, body, before, pieces).is_err() {
            self.names.truncate(lengths[0]);
            self.form.truncate(lengths[1]);
            self.short.truncate(lengths[2]);
            self.long.truncate(lengths[3]);
            pieces.list.truncate(known);
            self.form.push(kind);
            put(&mut self.form, body.len() as u64);
            self.form.extend(body);
        }
    }

    fn take_apart<'a>(
        &mut self,
        kind: u8,
        body: &'a [u8],
        before: &[ChangeHash],
        pieces: &mut Pieces<'a>,
    ) -> Result<(), HeaderError> {
        let mut bytes = Reader(body);
        if kind == CHANGE {
            self.names(&mut bytes, before)?;
        }
        self.form
            .extend(skimmed(&mut bytes, |bytes| front(bytes, kind))?.0);
        let mut of_changes = 0;
        if kind == DOCUMENT {
            self.names(&mut bytes, before)?;
            let (list, length) = skimmed(&mut bytes, of_all)?;
            self.form.extend(list);
            of_changes = length;
        }
        let mut columns = Vec::new();
        let count = bytes.count(COLUMNS)?;
        put(&mut self.form, count);
        for _ in 0..count {
            let column = bytes.number()?;
            let length = bytes.length()?;
            put(&mut self.form, column);
            if ![KEYS, VALUES].contains(&column) {
                put(&mut self.form, length as u64);
            }
            if columns.iter().any(|(before, _)| *before >= column) {
                return Err(HeaderError::Malformed);
            }
            columns.push((column, length));
        }
        self.form.extend(bytes.take(of_changes)?);
        let [mut keys, mut lengths, mut values]: [&[u8]; 3] = Default::default();
        for (column, length) in columns {
            let bytes = bytes.take(length)?;
            match column {
                KEYS => keys = bytes,
                VALUES => values = bytes,
                _ => self.form.extend(bytes),
            }
            if column == LENGTHS {
                lengths = bytes;
            }
        }
        put(&mut self.form, bytes.0.len() as u64);
        self.form.extend(bytes.0);
        let next = pieces.list.len();
        let mut values = Reader(values);
        each_length(lengths, |length| {
            let value = values.take(length)?;
            self.value(value);
            pieces.add(value);
            Ok(())
        })?;
        if !values.0.is_empty() {
            return Err(HeaderError::Malformed);
        }
        cut(keys, pieces, next, HEADS, &mut self.form);
        Ok(())
    }

    fn names(&mut self, bytes: &mut Reader<'_>, before: &[ChangeHash]) -> Result<(), HeaderError> {
        let count = bytes.number()?;
        put(&mut self.form, count);
        for _ in 0..count {
            let hash = bytes.take(32)?;
            let mut near = before.iter().rev().take(BACK);
            match near.position(|known| known.0 == *hash) {
                Some(back) => put(&mut self.form, back as u64 + 1),
                None => {
                    self.form.push(0);
                    self.names.extend(hash);
                }
            }
        }
        Ok(())
    }
}
