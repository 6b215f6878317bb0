//! Sorting and gathering that stay small in the app.
//!
//! Every use of the standard stable sort, and of `collect` into a `BTreeMap` or `BTreeSet`, which sorts first, carries its own copy of a
//! large algorithm: 55 of them were a fifteenth of the app's code. Here all share one, which sorts places instead of items.

use std::cmp::Ordering;

/// Sorting; equal items keep their order.
pub trait Order<T> {
    /// Sorts by what `compare` says of two items.
    fn order_by(&mut self, compare: impl Fn(&T, &T) -> Ordering);

    /// Sorts by a key, which is made at each comparison.
    fn order_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        self.order_by(|a, b| key(a).cmp(&key(b)));
    }
}

impl<T> Order<T> for [T] {
    fn order_by(&mut self, compare: impl Fn(&T, &T) -> Ordering) {
        let mut target = targets(self.len(), &|a, b| compare(&self[a], &self[b]));
        for place in 0..target.len() {
            while target[place] != place {
                let to = target[place];
                self.swap(place, to);
                target.swap(place, to);
            }
        }
    }
}

/// For every place, where its item belongs.
fn targets(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..count).collect();
    sorted.sort_by(|a, b| compare(*a, *b));
    let mut target = vec![0; count];
    for (to, from) in sorted.into_iter().enumerate() {
        target[from] = to;
    }
    target
}

/// Gathering without sorting first.
pub trait Gather: Iterator + Sized {
    /// As `collect`, one by one: for maps and sets.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items: Vec<(u8, u32)>) {
            let mut own = items.clone();
            own.order_by_key(|item| item.0 / 16);
            let mut standard = items;
            standard.sort_by_key(|item| item.0 / 16);
            prop_assert_eq!(own, standard);
        }
    }

    #[test]
    fn the_last_of_one_key_stays_as_with_collect() {
        let pairs = [(3, 'a'), (1, 'b'), (3, 'c')];
        let gathered: BTreeMap<_, _> = pairs.into_iter().gather();
        assert_eq!(gathered, pairs.into_iter().collect());
    }
}
