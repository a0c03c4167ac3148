//! Ordered maps that share their code: whatever they hold, one kind of tree finds the place.
//!
//! Each kind of `BTreeMap` is machine code of its own, which every first visit would pay for.

use shared::id::{RecordId, WorkspaceId};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Bound;

/// What can be a key: 16 bytes that sort as the key does.
pub trait Name: Copy {
    /// The bytes.
    fn to_name(self) -> [u8; 16];
    /// The key again.
    fn from_name(name: [u8; 16]) -> Self;
}

impl Name for RecordId {
    fn to_name(self) -> [u8; 16] {
        self.0
    }
    fn from_name(name: [u8; 16]) -> Self {
        RecordId(name)
    }
}

impl Name for WorkspaceId {
    fn to_name(self) -> [u8; 16] {
        self.0
    }
    fn from_name(name: [u8; 16]) -> Self {
        WorkspaceId(name)
    }
}

impl Name for u64 {
    fn to_name(self) -> [u8; 16] {
        u128::from(self).to_be_bytes()
    }
    fn from_name(name: [u8; 16]) -> Self {
        u128::from_be_bytes(name) as u64
    }
}

impl Name for u32 {
    fn to_name(self) -> [u8; 16] {
        u128::from(self).to_be_bytes()
    }
    fn from_name(name: [u8; 16]) -> Self {
        u128::from_be_bytes(name) as u32
    }
}

/// A map by key, in the order of the keys.
#[derive(Debug, Clone)]
pub struct Table<K, V> {
    places: BTreeMap<[u8; 16], usize>,
    values: Vec<Option<V>>,
    free: Vec<usize>,
    key: PhantomData<K>,
}

/// A set of keys, in their order.
pub type Set<K> = Table<K, ()>;

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Table {
            places: BTreeMap::new(),
            values: Vec::new(),
            free: Vec::new(),
            key: PhantomData,
        }
    }
}

impl<K: Name, V> Table<K, V> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether the key is there.
    pub fn has(&self, key: K) -> bool {
        self.places.contains_key(&key.to_name())
    }

    /// The value of a key.
    pub fn get(&self, key: K) -> Option<&V> {
        let place = self.places.get(&key.to_name())?;
        self.values.get(*place)?.as_ref()
    }

    /// The value of a key, to change.
    pub fn get_mut(&mut self, key: K) -> Option<&mut V> {
        let place = self.places.get(&key.to_name())?;
        self.values.get_mut(*place)?.as_mut()
    }

    /// Puts a value.
    pub fn insert(&mut self, key: K, value: V) {
        let place = self.place(key);
        self.values[place] = Some(value);
    }

    /// The value of a key, made when it is not there.
    pub fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place(key);
        self.values[place].get_or_insert_with(make)
    }

    /// Removes a key.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let place = self.places.remove(&key.to_name())?;
        self.free.push(place);
        self.values.get_mut(place)?.take()
    }

    /// Removes the first key.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        let key = self.keys().next()?;
        Some((key, self.remove(key)?))
    }

    /// The last key.
    pub fn last_key(&self) -> Option<K> {
        let (name, _) = self.places.last_key_value()?;
        Some(K::from_name(*name))
    }

    /// The keys, ascending.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = K> {
        self.places.keys().map(|name| K::from_name(*name))
    }

    /// Keys and values, by ascending key.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> {
        let value = |(name, place): (&[u8; 16], &usize)| {
            Some((K::from_name(*name), self.values.get(*place)?.as_ref()?))
        };
        self.places.iter().filter_map(value)
    }

    /// Keys above one and their values, ascending.
    pub fn after(&self, key: K) -> impl Iterator<Item = (K, &V)> {
        let above = (Bound::Excluded(key.to_name()), Bound::Unbounded);
        let value = |(name, place): (&[u8; 16], &usize)| {
            Some((K::from_name(*name), self.values.get(*place)?.as_ref()?))
        };
        self.places.range::<[u8; 16], _>(above).filter_map(value)
    }

    /// The values, by ascending key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Keeps those that pass.
    pub fn retain(&mut self, mut keep: impl FnMut(&mut V) -> bool) {
        let keys: Vec<K> = self.keys().collect();
        for key in keys {
            if !self.get_mut(key).is_some_and(&mut keep) {
                self.remove(key);
            }
        }
    }

    /// Takes all out, by ascending key.
    pub fn drain(&mut self) -> Vec<(K, V)> {
        let places = std::mem::take(&mut self.places);
        let mut values = std::mem::take(&mut self.values);
        self.free.clear();
        let value = |(name, place): (&[u8; 16], &usize)| {
            Some((K::from_name(*name), values.get_mut(*place)?.take()?))
        };
        places.iter().filter_map(value).collect()
    }

    fn place(&mut self, key: K) -> usize {
        let name = key.to_name();
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        let place = self.free.pop().unwrap_or(self.values.len());
        if place == self.values.len() {
            self.values.push(None);
        }
        self.places.insert(name, place);
        place
    }
}

impl<K: Name> Set<K> {
    /// Adds a key; whether it is new.
    pub fn add(&mut self, key: K) -> bool {
        let is_new = !self.has(key);
        self.insert(key, ());
        is_new
    }
}

impl<K: Name, V> Extend<(K, V)> for Table<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<K: Name, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut table = Table::default();
        table.extend(pairs);
        table
    }
}

impl<K: Name> FromIterator<K> for Set<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = Set::default();
        for key in keys {
            set.add(key);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_order_and_places_are_used_again() {
        let mut table: Table<u64, &str> = [(300, "c"), (2, "a"), (40, "b")].into_iter().collect();
        assert_eq!(table.keys().collect::<Vec<_>>(), [2, 40, 300]);
        assert_eq!(table.after(2).next(), Some((40, &"b")));
        assert_eq!(table.remove(40), Some("b"));
        table.insert(5, "d");
        table.insert(5, "e");
        assert_eq!((table.len(), table.get(5)), (3, Some(&"e")));
        assert_eq!(table.pop_first(), Some((2, "a")));
        assert_eq!(table.last_key(), Some(300));
        assert_eq!(table.drain(), [(5, "e"), (300, "c")]);
        assert!(table.is_empty());
    }
}
