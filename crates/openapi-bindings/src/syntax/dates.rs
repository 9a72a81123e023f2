//! Points in time.

use syn::{Item, Type, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{serde_metas, set_serde, structs_mut, type_name, wrapped};

/// Has every date and time written by the module `date_time` of the crate that holds the types.
///
/// chrono writes nine digits of a second, six or none as the value has them
/// (<https://docs.rs/chrono/0.4/chrono/enum.SecondsFormat.html>, `AutoSi`); a server writes one precision.
pub(super) fn date_times(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for item in structs_mut(items) {
        for field in &mut item.fields {
            if !is_date_time(&field.ty) {
                continue;
            }
            let mut metas: Vec<_> = field.attrs.iter().flat_map(serde_metas).collect();
            metas.retain(|meta| !meta.path().is_ident("rename") && !meta.path().is_ident("deserialize_with"));
            // serde only takes a missing `Option` for `None` when it deserialises the field itself. What wraps one is
            // never missing.
            let may_be_absent =
                field.ident.is_some() && matches!(type_name(&field.ty).as_deref(), Some("Option" | "Patch"));
            if may_be_absent && !metas.iter().any(|meta| meta.path().is_ident("default")) {
                metas.insert(0, parse_quote!(default));
            }
            metas.push(parse_quote!(with = "::openapi_wire::date_time"));
            set_serde(field, metas);
            changes += 1;
        }
    }
    changes
}

/// Returns `true` if `ty` is a date and time, an optional one, or a list of them.
fn is_date_time(ty: &Type) -> bool {
    let inner = ["Option", "Patch", "Vec"].iter().find_map(|wrapper| wrapped(ty, wrapper));
    // A component may be called `DateTime`, too, but that is generic in nothing.
    inner.map_or_else(|| wrapped(ty, "DateTime").is_some(), is_date_time)
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn a_date_and_time_is_written_by_the_crates_own_module() {
        let (source, changes) = after(
            super::date_times,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
pub struct Pet {
    pub born: ::chrono::DateTime<::chrono::offset::Utc>,
    #[serde(rename = "lastSeen", skip_serializing_if = "::std::option::Option::is_none")]
    pub last_seen: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    pub name: String,
}
#[serde(transparent)]
pub struct Moment(pub ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>);
"#,
        );
        assert_eq!(changes, 3);
        let expected = r#"
pub struct Pet {
    #[serde(with = "::openapi_wire::date_time")]
    pub born: ::chrono::DateTime<::chrono::offset::Utc>,
    #[serde(default, skip_serializing_if = "::std::option::Option::is_none", with = "::openapi_wire::date_time", rename = "lastSeen")]
    pub last_seen: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    pub name: String,
}
#[serde(transparent)]
pub struct Moment(#[serde(with = "::openapi_wire::date_time")] pub ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>);
"#;
        assert_eq!(source, formatted(expected));
    }
}
