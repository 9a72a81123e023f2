//! The order of things that lists tell in part.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Returns `wished` with each number behind those that a list has before it. Lists that contradict each other are followed in part.
pub(super) fn ordered(wished: &[usize], lists: &[Vec<usize>]) -> Vec<usize> {
    let count = wished.iter().max().map_or(0, |last| last + 1);
    let mut places = vec![usize::MAX; count];
    for (place, number) in wished.iter().enumerate() {
        if let Some(at) = places.get_mut(*number) {
            *at = place;
        }
    }
    let place = |number: usize| places.get(number).copied().filter(|place| *place != usize::MAX);
    // From here on numbers are places: by place, those that come later, and how many come before.
    let (mut later, mut before) = (vec![Vec::new(); wished.len()], vec![0_usize; wished.len()]);
    for list in lists {
        let known: Vec<usize> = list.iter().filter_map(|number| place(*number)).collect();
        for (one, other) in known.iter().zip(known.iter().skip(1)).filter(|(one, other)| one != other) {
            if let (Some(later), Some(before)) = (later.get_mut(*one), before.get_mut(*other)) {
                later.push(*other);
                *before += 1;
            }
        }
    }
    let (mut order, mut is_done) = (Vec::with_capacity(wished.len()), vec![false; wished.len()]);
    let mut late = BinaryHeap::new();
    // What is left after the first round contradicts itself, or comes behind what does.
    for is_forced in [false, true] {
        for here in 0..wished.len() {
            let is_free = is_forced || before.get(here) == Some(&0);
            late.extend(is_free.then_some(Reverse(here)));
            while let Some(Reverse(next)) = late.pop() {
                let Some(is_done) = is_done.get_mut(next).filter(|is_done| !**is_done) else { continue };
                *is_done = true;
                order.extend(wished.get(next));
                for place in later.get(next).into_iter().flatten() {
                    if let Some(before) = before.get_mut(*place) {
                        *before = before.saturating_sub(1);
                        let is_free = *before == 0 && (is_forced || *place < here);
                        late.extend(is_free.then_some(Reverse(*place)));
                    }
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_move_what_they_tell_and_nothing_else() {
        assert_eq!(ordered(&[0, 1, 2, 3], &[vec![2, 1, 1, 9]]), [0, 2, 1, 3]);
        assert_eq!(ordered(&[3, 2, 1, 0], &[]), [3, 2, 1, 0]);
        assert_eq!(ordered(&[0, 1, 2], &[vec![2, 1], vec![1, 2]]), [0, 1, 2], "one of them");
        assert_eq!(ordered(&[0, 1, 2], &[vec![0, 2], vec![2, 0], vec![2, 1]]), [0, 2, 1], "the rest is kept");
        assert_eq!(ordered(&[], &[vec![1]]), [0; 0]);
    }

    #[test]
    fn any_number_of_lists_is_followed() {
        let wished: Vec<usize> = (0..1000).collect();
        let lists: Vec<_> = (1..1000).map(|number| vec![number, number - 1]).collect();
        assert_eq!(ordered(&wished, &lists), wished.into_iter().rev().collect::<Vec<_>>());
    }
}
