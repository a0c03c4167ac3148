//! One sort for all lists. The standard library's is made anew for every type that it sorts, a few
//! kilobytes each; the page downloads this one once.

use std::cmp::Ordering;

/// Sorts; what compares as equal stays in its order. Takes the time of a walk where all is sorted.
pub fn sort_by<T>(items: &mut Vec<T>, compare: &dyn Fn(&T, &T) -> Ordering) {
    let places = order(items.len(), &|a, b| compare(&items[a], &items[b]));
    let mut slots: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.reserve(places.len());
    items.extend(
        places
            .into_iter()
            .filter_map(|at| slots[at as usize].take()),
    );
}

/// Takes sorted items in among sorted ones: few among many cost little more than a copy.
pub fn merge<T: Copy>(into: &mut Vec<T>, new: Vec<T>, compare: &dyn Fn(&T, &T) -> Ordering) {
    let old = std::mem::take(into);
    into.reserve(old.len() + new.len());
    let mut rest = old.as_slice();
    for item in new {
        let before = rest.partition_point(|other| compare(other, &item) != Ordering::Greater);
        let (first, last) = rest.split_at(before);
        into.extend_from_slice(first);
        into.push(item);
        rest = last;
    }
    into.extend_from_slice(rest);
}

/// The numbers from 0 to below `count`, sorted: a merge sort from the bottom up.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<u32> {
    let after = |a: u32, b: u32| compare(a as usize, b as usize) == Ordering::Greater;
    let mut from: Vec<u32> = (0..count as u32).collect();
    let mut to = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        for pair in from.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            let (mut l, mut r) = (0, 0);
            let apart = match (left.last(), right.first()) {
                (Some(last), Some(first)) => !after(*last, *first),
                _ => true,
            };
            while !apart && l < left.len() && r < right.len() {
                if after(left[l], right[r]) {
                    to.push(right[r]);
                    r += 1;
                } else {
                    to.push(left[l]);
                    l += 1;
                }
            }
            to.extend_from_slice(&left[l..]);
            to.extend_from_slice(&right[r..]);
        }
        std::mem::swap(&mut from, &mut to);
        to.clear();
        width *= 2;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_merged_is_sorted(mut a in prop::collection::vec(any::<u8>(), 0..70), mut b in prop::collection::vec(any::<u8>(), 0..9)) {
            let mut all = [a.clone(), b.clone()].concat();
            for items in [&mut a, &mut b, &mut all] {
                items.sort_unstable();
            }
            merge(&mut a, b, &u8::cmp);
            prop_assert_eq!(a, all);
        }

        #[test]
        fn it_sorts_as_the_standard_library_does(items in prop::collection::vec((0u8..9, any::<u8>()), 0..70)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by(&mut ours, &|a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
