//! Refusals of values before they are sent, field by field.

use std::any::Any;
use std::fmt::{self, Display};

/// The fields of a request that cannot be sent, each with the rule that its value breaks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal(Vec<Refused>);

/// A field that has no value, or one that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// The name of the field on the wire, such as `slug` or, inside of another one, `tags.1`; empty for the value as a whole.
    pub field: String,
    /// The rule, such as `must have at most 50 characters`.
    pub rule: String,
}

impl Refusal {
    /// Returns the refusal of the field `field` because it has no value.
    #[must_use]
    pub fn missing(field: &str) -> Self {
        Refusal::of(field, &"must be set")
    }

    /// Returns the refusal of the field `field` because of `fault`, or because of each fault inside if that is a refusal.
    #[must_use]
    pub fn of<E: Display + 'static>(field: &str, fault: &E) -> Self {
        let Some(Refusal(inside)) = (fault as &dyn Any).downcast_ref() else {
            return Refusal(vec![Refused { field: field.to_owned(), rule: fault.to_string() }]);
        };
        let below = |inner: &str| match (field, inner) {
            (field, "") => field.to_owned(),
            ("", inner) => inner.to_owned(),
            (field, inner) => format!("{field}.{inner}"),
        };
        Refusal(
            inside
                .iter()
                .map(|refused| Refused { field: below(&refused.field), rule: refused.rule.clone() })
                .collect(),
        )
    }

    /// Says the rule first where only the fault is known.
    #[must_use]
    pub fn with_rule(mut self, rule: &str) -> Self {
        for refused in &mut self.0 {
            refused.rule = format!("{rule} ({})", refused.rule);
        }
        self
    }

    /// Returns all of `refusals` as one.
    ///
    /// # Errors
    /// If there is any.
    pub fn all<'r>(refusals: impl IntoIterator<Item = Option<&'r Refusal>>) -> Result<(), Refusal> {
        let all: Vec<Refused> =
            refusals.into_iter().flatten().flat_map(|refusal| refusal.0.iter().cloned()).collect();
        if all.is_empty() { Ok(()) } else { Err(Refusal(all)) }
    }

    /// Returns the fields, in the order of the request.
    pub fn iter(&self) -> std::slice::Iter<'_, Refused> {
        self.0.iter()
    }
}

impl<'r> IntoIterator for &'r Refusal {
    type Item = &'r Refused;
    type IntoIter = std::slice::Iter<'r, Refused>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Shows all fields in a line.
impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Refused { field, rule }) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let colon = if field.is_empty() { "" } else { ": " };
            write!(f, "{separator}{field}{colon}{rule}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_named_with_its_place_and_its_rule() {
        let inner =
            Refusal::all([Some(&Refusal::missing("name")), None, Some(&Refusal::of("1", &"must be short"))]);
        let inner = inner.unwrap_err();
        assert_eq!(inner.to_string(), "name: must be set; 1: must be short");
        let outer = Refusal::of("owner", &inner);
        assert_eq!(outer.to_string(), "owner.name: must be set; owner.1: must be short");
        assert_eq!(Refusal::of("", &outer), outer);
        assert_eq!(
            Refusal::of("slug", &Refusal::of("", &"must match ^a$")).to_string(),
            "slug: must match ^a$"
        );
        assert_eq!(Refusal::of("", &"no").to_string(), "no");
        assert_eq!(Refusal::all([None]), Ok(()));
    }

    #[test]
    fn a_rule_comes_before_what_somebody_else_says() {
        let refusal = Refusal::of("id", &"odd").with_rule("must be a UUID");
        assert_eq!(refusal.to_string(), "id: must be a UUID (odd)");
    }
}
