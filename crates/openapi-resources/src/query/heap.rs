//! The first rows of a list as a heap leaves them: those that compare as equal come in an order that is neither that of the
//! list nor its reverse. Databases find the first of many rows so.

use std::cmp::Ordering;

/// Returns the first `most` rows in order. The greatest of those kept so far is on top of the heap, and makes room for any
/// smaller one.
pub(super) fn first<T: Copy>(
    rows: impl IntoIterator<Item = T>,
    most: usize,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let mut heap: Vec<T> = Vec::with_capacity(most);
    for row in rows {
        if heap.len() < most {
            rise(&mut heap, row, &compare);
        } else if heap.first().is_some_and(|top| compare(&row, top).is_lt()) {
            sink(&mut heap, row, &compare);
        }
    }
    // The greatest goes behind the others, one after another.
    let mut left = heap.len();
    while left > 1 {
        left -= 1;
        let (rest, last) = heap.split_at_mut(left);
        let top = rest[0];
        sink(rest, last[0], &compare);
        last[0] = top;
    }
    heap
}

/// Adds a row at the bottom, and lets it rise above smaller ones.
fn rise<T: Copy>(heap: &mut Vec<T>, row: T, compare: &impl Fn(&T, &T) -> Ordering) {
    let mut place = heap.len();
    heap.push(row);
    while place > 0 {
        let above = (place - 1) / 2;
        if compare(&heap[above], &row).is_ge() {
            break;
        }
        heap[place] = heap[above];
        place = above;
    }
    heap[place] = row;
}

/// Puts a row on top instead of that which is there, and lets it sink below greater ones.
fn sink<T: Copy>(heap: &mut [T], row: T, compare: &impl Fn(&T, &T) -> Ordering) {
    let mut place = 0;
    loop {
        let mut below = 2 * place + 1;
        if below >= heap.len() {
            break;
        }
        if below + 1 < heap.len() && compare(&heap[below + 1], &heap[below]).is_gt() {
            below += 1;
        }
        if compare(&heap[below], &row).is_le() {
            break;
        }
        heap[place] = heap[below];
        place = below;
    }
    heap[place] = row;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_found_and_equal_ones_are_mixed() {
        let sorted = first([5, 3, 9, 1, 7, 3, 8, 2], 4, i32::cmp);
        assert_eq!(sorted, [1, 2, 3, 3]);
        let by_tens = |one: &i32, other: &i32| (one / 10).cmp(&(other / 10));
        assert_eq!(first(20..30, 4, by_tens), [21, 22, 23, 20]);
        assert_eq!(first([20, 21, 22, 10, 23, 11, 24, 25, 26], 4, by_tens), [11, 10, 22, 21]);
        assert!(first(0..0, 4, by_tens).is_empty());
    }
}
