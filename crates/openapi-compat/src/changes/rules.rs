//! The catalogue of rules: one for every kind of change, as data.

mod exchanges;
mod schemas;
mod security;

pub(super) use exchanges::*;
pub(super) use schemas::*;
pub(super) use security::*;

use super::rule::Rule;

/// Declares rules as constants and as one list in their order.
macro_rules! catalogue {
    ($list:ident: $($name:ident = $rule:expr;)*) => {
        $(pub(in crate::changes) static $name: Rule = $rule;)*
        pub(in crate::changes) const $list: &[Rule] = &[$($rule),*];
    };
}
use catalogue;

const GROUPS: [&[Rule]; 3] = [EXCHANGES, SCHEMAS, SECURITY];

const COUNT: usize = EXCHANGES.len() + SCHEMAS.len() + SECURITY.len();

/// Every rule, by subject: paths and operations, what they exchange, schemas, security, descriptions.
pub static RULES: &[Rule] = &joined();

#[allow(clippy::large_stack_arrays, reason = "it is made by the compiler")]
const fn joined() -> [Rule; COUNT] {
    let mut all = [EXCHANGES[0]; COUNT];
    let (mut group, mut count) = (0, 0);
    while group < GROUPS.len() {
        let mut index = 0;
        while index < GROUPS[group].len() {
            all[count] = GROUPS[group][index];
            index += 1;
            count += 1;
        }
        group += 1;
    }
    all
}
