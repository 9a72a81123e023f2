//! The names nearest to one that is not known, as it is mostly misspelt.

use strsim::levenshtein as distance;

/// Returns at most three of `names`, the nearest first; names that have little in common with `wanted` are not among them.
pub(super) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    const MOST: usize = 3;
    let lowercase = wanted.to_lowercase();
    let far = lowercase.chars().count() / 3 + 1;
    // Another case is no distance to speak of, yet of names that differ in nothing else the same case is nearer.
    let mut near: Vec<((usize, usize), &str)> = names
        .into_iter()
        .map(|name| ((distance(&lowercase, &name.to_lowercase()), distance(wanted, name)), name))
        .filter(|((distance, _), _)| *distance <= far)
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_counts_letters() {
        for (left, right, expected) in
            [("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(
                (distance(left, right), distance(right, left)),
                (expected, expected),
                "{left} {right}"
            );
        }
    }

    #[test]
    fn the_nearest_come_first_and_the_far_not_at_all() {
        let names = ["PetOwner", "PetOwnerRequest", "UsedBy", "Owner"];
        assert_eq!(nearest("PetOwnr", names), ["PetOwner"]);
        assert_eq!(nearest("pet_owner", ["PET_OWNER", "pet_owners"]), ["PET_OWNER", "pet_owners"]);
        assert!(nearest("zzzz", names).is_empty());
    }
}
