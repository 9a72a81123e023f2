//! The applications that providers belong to.

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;

/// Returns the application of a provider.
pub(crate) fn application<'a>(reader: Reader<'a>, row: &Row) -> Option<&'a Row> {
    let applications = reader.model("authentik_core.application")?;
    reader.find(applications, "provider", reader.value(row, "id")).map(AsRef::as_ref)
}

/// Returns the application that an outpost serves with a provider: one that has a provider of LDAP besides its own, or else the
/// one whose own it is.
pub(crate) fn served<'a>(reader: Reader<'a>, row: &Row) -> Option<&'a Row> {
    let has_beside = reader.model_name(row.model()) == "authentik_providers_ldap.ldapprovider";
    let applications = reader.model("authentik_core.application").filter(|_| has_beside);
    let key = reader.value(row, "backchannel_application");
    let beside = applications.and_then(|applications| reader.by_key(applications, key));
    beside.map(AsRef::as_ref).or_else(|| application(reader, row))
}
