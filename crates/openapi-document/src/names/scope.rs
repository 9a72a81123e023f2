//! Tells names apart.

use std::collections::{HashMap, HashSet};

use super::spelling::{Case, cased, numbered, plain, spelled};

/// Names that have to differ from each other, and from those that are taken.
pub(super) struct Scope {
    case: Case,
    /// The form in which they have to differ.
    key: fn(&str) -> String,
    pub(super) taken: HashSet<String>,
}

impl Scope {
    pub(super) fn of(case: Case, taken: &[&str]) -> Self {
        Self::by(case, str::to_owned, taken)
    }

    pub(super) fn by(case: Case, key: fn(&str) -> String, taken: &[&str]) -> Self {
        Scope { case, key, taken: taken.iter().map(|name| key(name)).collect() }
    }

    /// Returns a name for each of `names`, in their order. First choose those that are names of Rust as they are, then
    /// those that are nothing but words.
    pub(super) fn distinct(&mut self, names: &[&str]) -> Vec<String> {
        let case = self.case;
        let round = |name: &str, plain: &str| match () {
            () if plain == name => 0,
            () if plain == spelled(name, case) => 1,
            () => 2,
        };
        let mut found: Vec<String> = names.iter().map(|name| plain(name, case)).collect();
        let mut choosing: Vec<(&&str, &mut String)> = names.iter().zip(&mut found).collect();
        choosing.sort_by_cached_key(|(name, plain)| round(name, plain));
        for (name, chosen) in choosing {
            let plain = chosen.clone();
            let spelled = std::iter::once_with(|| spelled(name, case));
            let others = spelled.chain((2..).map(|number| numbered(&plain, number, case)));
            // The generators put them into this case once more.
            let others = others.map(|other| cased(&other, case));
            let mut candidates = std::iter::once(plain.clone()).chain(others);
            let free = candidates.find(|candidate| self.taken.insert((self.key)(candidate)));
            *chosen = free.unwrap_or_default();
        }
        found
    }

    /// Returns [`Scope::distinct`] by the names they are made for.
    pub(super) fn named(mut self, names: &[&str]) -> HashMap<String, String> {
        let found = self.distinct(names);
        names.iter().map(|name| (*name).to_owned()).zip(found).collect()
    }
}
