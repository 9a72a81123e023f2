//! An ordered list that shares what it has in common with its older copies and knows the position of each item.
//!
//! A copy costs nothing, and a change copies the nodes on one way from the root. Nodes know how many items are below
//! them, so the item at a position is found like the position of an item, which maps of other crates do not offer.

use std::cmp::Ordering;
use std::sync::Arc;

/// The most items of a leaf, and the most children of an inner node.
const MAX_WIDTH: usize = 32;

/// A list is built anew for so many items that it has not so many times as many.
const REBUILT: usize = 8;

/// A persistent list in an order that its callers keep to: every function is given the comparison.
#[derive(Debug, Clone)]
pub(crate) struct Ordered<T>(Arc<Node<T>>);

#[derive(Debug, Clone)]
enum Node<T> {
    Leaf(Vec<T>),
    Inner(Vec<Child<T>>),
}

#[derive(Debug, Clone)]
struct Child<T> {
    /// The first item below.
    first: T,
    /// The number of items below.
    len: usize,
    node: Arc<Node<T>>,
}

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Ordered<T> {
    /// Returns the number of items.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of items that `compare` says are less than what is searched.
    pub(crate) fn rank(&self, compare: impl Fn(&T) -> Ordering) -> usize {
        let (mut node, mut before) = (&*self.0, 0);
        loop {
            match node {
                Node::Leaf(items) => return before + items.partition_point(|item| compare(item).is_lt()),
                Node::Inner(children) => {
                    // The last child that begins before what is searched may end after it.
                    let at =
                        children.partition_point(|child| compare(&child.first).is_lt()).saturating_sub(1);
                    before += children.iter().take(at).map(|child| child.len).sum::<usize>();
                    match children.get(at) {
                        Some(child) => node = &child.node,
                        None => return before,
                    }
                }
            }
        }
    }

    /// Returns the item that `compare` says is equal to what is searched.
    pub(crate) fn find(&self, compare: impl Fn(&T) -> Ordering) -> Option<&T> {
        let mut node = &*self.0;
        loop {
            match node {
                Node::Leaf(items) => {
                    return items.binary_search_by(compare).ok().and_then(|at| items.get(at));
                }
                Node::Inner(children) => {
                    let at = children.partition_point(|child| compare(&child.first).is_le());
                    node = &children.get(at.checked_sub(1)?)?.node;
                }
            }
        }
    }

    /// Returns the items at and after `position`, which come in slices.
    pub(crate) fn from(&self, position: usize) -> impl Iterator<Item = &T> {
        Forward { list: self, position, slice: [].iter() }
    }

    /// Returns all items.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.from(0)
    }

    /// Returns the last item, which may be changed as long as its place in the order stays the same.
    pub(crate) fn last_mut(&mut self) -> Option<&mut T> {
        let mut node = &mut self.0;
        loop {
            match Arc::make_mut(node) {
                Node::Leaf(items) => return items.last_mut(),
                Node::Inner(children) => node = &mut children.last_mut()?.node,
            }
        }
    }

    /// Returns the leaf that has the item at `position`, and the position of its first item.
    fn leaf(&self, position: usize) -> Option<(&[T], usize)> {
        let (mut node, mut before) = (&*self.0, 0);
        loop {
            match node {
                Node::Leaf(items) => return (position < before + items.len()).then_some((items, before)),
                Node::Inner(children) => {
                    let mut below = children.iter();
                    node = loop {
                        let child = below.next()?;
                        if position < before + child.len {
                            break &child.node;
                        }
                        before += child.len;
                    };
                }
            }
        }
    }

    /// Puts `item` before the first that is greater, or in the place of one that is equal.
    pub(crate) fn insert(&mut self, item: T, compare: &impl Fn(&T, &T) -> Ordering) {
        if let Some(second) = insert(&mut self.0, item, compare) {
            let first = Child::of(Arc::clone(&self.0));
            self.0 = Arc::new(Node::Inner(first.into_iter().chain(Child::of(second)).collect()));
        }
    }

    /// Puts items into the list, each in the place of one that is equal. Many are put there all at once: the list is built anew.
    pub(crate) fn extend(&mut self, mut items: Vec<T>, compare: &impl Fn(&T, &T) -> Ordering) {
        if items.len() < self.len() / REBUILT {
            return items.into_iter().for_each(|item| self.insert(item, compare));
        }
        items.splice(..0, self.iter().cloned());
        // What is in order already costs one look.
        items.sort_by(compare);
        items.dedup_by(|later, earlier| {
            let is_same = compare(later, earlier).is_eq();
            if is_same {
                std::mem::swap(later, earlier);
            }
            is_same
        });
        *self = Self::of(items);
    }

    /// Returns the list of items that are in order.
    fn of(items: Vec<T>) -> Self {
        let mut leaves = chunks(items).into_iter().map(Node::Leaf);
        let (first, second) = (leaves.next(), leaves.next());
        let Some(second) = second else { return Self(Arc::new(first.unwrap_or_default())) };
        let leaves = first.into_iter().chain([second]).chain(leaves);
        let mut children: Vec<Child<T>> = leaves.filter_map(|node| Child::of(Arc::new(node))).collect();
        while children.len() > MAX_WIDTH {
            let nodes = chunks(children).into_iter().map(Node::Inner);
            children = nodes.filter_map(|node| Child::of(Arc::new(node))).collect();
        }
        Self(Arc::new(Node::Inner(children)))
    }

    /// Removes the item that `compare` says is equal to what is searched; returns `true` if there was one.
    pub(crate) fn remove(&mut self, compare: &impl Fn(&T) -> Ordering) -> bool {
        let removed = remove(&mut self.0, compare);
        loop {
            match &*self.0 {
                Node::Inner(children) if children.is_empty() => *self = Self::default(),
                Node::Inner(children) if children.len() == 1 => {
                    let only = children.iter().map(|child| Arc::clone(&child.node)).next();
                    self.0 = only.unwrap_or_default();
                }
                _ => return removed,
            }
        }
    }
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Node::Leaf(Vec::new())
    }
}

impl<T> Node<T> {
    fn len(&self) -> usize {
        match self {
            Node::Leaf(items) => items.len(),
            Node::Inner(children) => children.iter().map(|child| child.len).sum(),
        }
    }
}

impl<T: Clone> Child<T> {
    /// Returns `None` for a node without items, which is nobody's child.
    fn of(node: Arc<Node<T>>) -> Option<Self> {
        let first = match &*node {
            Node::Leaf(items) => items.first()?.clone(),
            Node::Inner(children) => children.first()?.first.clone(),
        };
        Some(Self { first, len: node.len(), node })
    }
}

/// Returns items in as few parts as nodes can have, all of about the same length.
fn chunks<T>(items: Vec<T>) -> Vec<Vec<T>> {
    let number = items.len().div_ceil(MAX_WIDTH);
    let (mut rest, mut left) = (items.into_iter(), number);
    let next = || {
        let len = rest.len().div_ceil(left.max(1));
        left = left.saturating_sub(1);
        rest.by_ref().take(len).collect()
    };
    std::iter::repeat_with(next).take(number).collect()
}

/// Inserts below `node`; returns its second half if it had to be divided.
fn insert<T: Clone>(
    node: &mut Arc<Node<T>>,
    item: T,
    compare: &impl Fn(&T, &T) -> Ordering,
) -> Option<Arc<Node<T>>> {
    match Arc::make_mut(node) {
        Node::Leaf(items) => {
            let is_last = items.last().is_none_or(|last| compare(last, &item).is_lt());
            let found = if is_last {
                Err(items.len())
            } else {
                items.binary_search_by(|known| compare(known, &item))
            };
            let at = match found {
                Ok(at) => {
                    if let Some(known) = items.get_mut(at) {
                        *known = item;
                    }
                    at
                }
                Err(at) => {
                    items.insert(at, item);
                    at
                }
            };
            divided(items, at).map(|second| Arc::new(Node::Leaf(second)))
        }
        Node::Inner(children) => {
            let is_last = children.last().is_some_and(|last| compare(&last.first, &item).is_le());
            let after = if is_last {
                children.len()
            } else {
                children.partition_point(|child| compare(&child.first, &item).is_le())
            };
            let at = after.saturating_sub(1);
            if let Some(child) = children.get_mut(at) {
                if compare(&item, &child.first).is_le() {
                    child.first = item.clone();
                }
                let second = insert(&mut child.node, item, compare);
                child.len = child.node.len();
                if let Some(second) = second.and_then(Child::of) {
                    children.insert(at + 1, second);
                }
            }
            divided(children, at + 1).map(|second| Arc::new(Node::Inner(second)))
        }
    }
}

/// Returns the second half of what has become too wide, or its end alone if that is what came last: what grows at the end
/// has full nodes.
fn divided<T>(items: &mut Vec<T>, at: usize) -> Option<Vec<T>> {
    if items.len() <= MAX_WIDTH {
        return None;
    }
    let is_last = at + 1 == items.len();
    let second = items.split_off(if is_last { at } else { items.len() / 2 });
    items.shrink_to_fit();
    Some(second)
}

fn remove<T: Clone>(node: &mut Arc<Node<T>>, compare: &impl Fn(&T) -> Ordering) -> bool {
    match Arc::make_mut(node) {
        Node::Leaf(items) => {
            let found = items.binary_search_by(compare).ok();
            found.map(|at| items.remove(at)).is_some()
        }
        Node::Inner(children) => {
            let at = children.partition_point(|child| compare(&child.first).is_le()).saturating_sub(1);
            let Some(child) = children.get_mut(at) else { return false };
            let removed = remove(&mut child.node, compare);
            match Child::of(Arc::clone(&child.node)) {
                Some(rest) => *child = rest,
                None => {
                    children.remove(at);
                }
            }
            join(children, at);
            removed
        }
    }
}

/// Joins the child at `at` with the one after it if together they are half a node, so that what shrinks gets shallow.
fn join<T: Clone>(children: &mut Vec<Child<T>>, at: usize) {
    let (Some(left), Some(right)) = (children.get(at), children.get(at + 1)) else { return };
    let joined = match (&*left.node, &*right.node) {
        (Node::Leaf(left), Node::Leaf(right)) if left.len() + right.len() <= MAX_WIDTH / 2 => {
            Node::Leaf([left.as_slice(), right].concat())
        }
        (Node::Inner(left), Node::Inner(right)) if left.len() + right.len() <= MAX_WIDTH / 2 => {
            Node::Inner([left.as_slice(), right].concat())
        }
        _ => return,
    };
    if let Some(joined) = Child::of(Arc::new(joined)) {
        children.splice(at..at + 2, [joined]);
    }
}

struct Forward<'a, T> {
    list: &'a Ordered<T>,
    position: usize,
    slice: std::slice::Iter<'a, T>,
}

impl<'a, T: Clone> Iterator for Forward<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        if let Some(item) = self.slice.next() {
            return Some(item);
        }
        let (items, first) = self.list.leaf(self.position)?;
        self.slice = items.get(self.position - first..)?.iter();
        self.position = first + items.len();
        self.slice.next()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn many_items_are_put_where_one_by_one_they_would_be(
            first in prop::collection::btree_set(0_u16..9000, 0..2500),
            second in prop::collection::hash_set(0_u16..9000, 0..2500),
        ) {
            let (mut together, mut single) = (Ordered::default(), Ordered::default());
            let compare = |one: &(u16, bool), other: &(u16, bool)| one.0.cmp(&other.0);
            let batches: [Vec<_>; 2] = [
                first.iter().map(|item| (*item, true)).collect(),
                second.iter().map(|item| (*item, false)).collect(),
            ];
            for batch in batches {
                together.extend(batch.clone(), &compare);
                for item in batch {
                    single.insert(item, &compare);
                }
            }
            prop_assert_eq!(together.len(), single.len());
            prop_assert_eq!(together.iter().collect::<Vec<_>>(), single.iter().collect::<Vec<_>>());
            for item in 0..50 {
                let item = item * 180;
                let removed = |list: &mut Ordered<(u16, bool)>, item| {
                    list.remove(&|known: &(u16, bool)| known.0.cmp(&item))
                };
                prop_assert_eq!(together.rank(|known| known.0.cmp(&item)), single.rank(|known| known.0.cmp(&item)));
                prop_assert_eq!(removed(&mut together, item), removed(&mut single, item));
            }
            prop_assert_eq!(together.iter().collect::<Vec<_>>(), single.iter().collect::<Vec<_>>());
        }

        #[test]
        fn it_is_what_a_map_of_the_standard_library_is(
            steps in prop::collection::vec((any::<bool>(), 0_u16..600, any::<u16>()), 0..1500),
        ) {
            let (mut list, mut map) = (Ordered::default(), BTreeMap::new());
            let (mut old, mut old_map) = (list.clone(), map.clone());
            for (position, (inserts, key, value)) in steps.into_iter().enumerate() {
                if inserts {
                    list.insert((key, value), &|left: &(u16, u16), right: &(u16, u16)| left.0.cmp(&right.0));
                    map.insert(key, value);
                } else {
                    let removed = list.remove(&|item: &(u16, u16)| item.0.cmp(&key));
                    prop_assert_eq!(removed, map.remove(&key).is_some());
                }
                if position == 700 {
                    (old, old_map) = (list.clone(), map.clone());
                }
                let found = list.find(|item| item.0.cmp(&key)).map(|item| item.1);
                prop_assert_eq!(found, map.get(&key).copied());
                prop_assert_eq!(list.rank(|item| item.0.cmp(&key)), map.range(..key).count());
            }
            for (list, map) in [(list, map), (old, old_map)] {
                let expected: Vec<_> = map.into_iter().collect();
                prop_assert_eq!(list.len(), expected.len());
                prop_assert_eq!(list.iter().copied().collect::<Vec<_>>(), expected.clone());
                for position in [0, 1, 31, 32, 33, 200, 1000] {
                    let after: Vec<_> = list.from(position).copied().collect();
                    prop_assert_eq!(&after[..], expected.get(position..).unwrap_or_default());
                }
            }
        }
    }
}
