//! The permissions of the accounts of outposts, which are set anew whenever an outpost or a provider of it is saved.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::transaction::Transaction;
use serde_json::{Value, json};

use super::super::access;
use super::super::actions::{give_to_user, permission};
use super::super::members::members;

const OUTPOST: &str = "authentik_outposts.outpost";
const LDAP: &str = "authentik_providers_ldap.ldapprovider";

/// The models of rows that decide what the account of an outpost may do.
pub(super) const PERMITTING: [&str; 4] =
    [OUTPOST, LDAP, "authentik_providers_proxy.proxyprovider", "authentik_providers_radius.radiusprovider"];

/// Returns the name of the account of an outpost.
pub(super) fn username(reader: Reader<'_>, outpost: &Row) -> String {
    format!("ak-outpost-{}", access::key(reader, outpost).replace('-', ""))
}

/// The things that the account of an outpost may do.
#[derive(Debug, Default)]
struct Needed {
    /// The names of permissions for all objects.
    global: BTreeSet<&'static str>,
    /// The objects that it may see.
    seen: Vec<Arc<Row>>,
}

impl Needed {
    /// Returns what an outpost needs: itself, its providers, and the certificates that it serves with.
    fn by(reader: Reader<'_>, outpost: &Arc<Row>) -> Self {
        let mut needed =
            Self { global: BTreeSet::from(["authentik_events.add_event"]), seen: vec![Arc::clone(outpost)] };
        let row = |model: &str, key: &Value| reader.by_key(reader.model(model)?, key).cloned();
        for key in reader.value(outpost, "providers").as_array().into_iter().flatten() {
            let Some(provider) = row("authentik_core.provider", key) else { continue };
            if reader.model_name(provider.model()) == LDAP {
                needed.global.extend(["authentik_core.view_user", "authentik_core.view_group"]);
            }
            let certificate =
                row("authentik_crypto.certificatekeypair", reader.value(&provider, "certificate"));
            needed.seen.extend([Some(provider), certificate].into_iter().flatten());
        }
        if !reader.value(outpost, "managed").is_null() {
            let brands = reader.model("authentik_brands.brand").map(|brands| reader.rows(brands));
            for brand in brands.into_iter().flatten() {
                let certificate =
                    row("authentik_crypto.certificatekeypair", reader.value(brand, "web_certificate"));
                needed.seen.extend(certificate.into_iter().flat_map(|it| [Arc::clone(brand), it]));
            }
        }
        needed
    }
}

/// Sets the permissions of the accounts of the outposts that a saved row is, or is a provider of.
pub(super) fn permit(transaction: &mut Transaction<'_>, saved: &Row) {
    let reader = transaction.reader();
    let Some(outposts) = reader.model(OUTPOST) else { return };
    let key = reader.key(saved);
    let is_meant = |outpost: &&Arc<Row>| {
        let mut providers = reader.value(outpost, "providers").as_array().into_iter().flatten();
        reader.key(outpost) == key || providers.any(|provider| provider == key)
    };
    let meant: Vec<_> = reader.rows(outposts).filter(is_meant).cloned().collect();
    for outpost in meant {
        set(transaction, &outpost);
    }
}

/// Takes from the account of an outpost what it may do, and gives it what it needs.
fn set(transaction: &mut Transaction<'_>, outpost: &Arc<Row>) {
    let reader = transaction.reader();
    let username = username(reader, outpost);
    let models = reader.model("authentik_core.user").zip(reader.model("guardian.userobjectpermission"));
    let Some((users, grants)) = models else { return };
    let Some(user) = reader.find(users, "username", &json!(username)).cloned() else { return };
    let key = reader.key(&user).clone();
    let held: Vec<_> = reader.find_all(grants, "user", &key).map(|grant| grant.id()).collect();
    let needed = Needed::by(reader, outpost);
    let global = needed.global.iter().filter_map(|name| permission(reader, name));
    let global: Vec<Value> = global.map(|permission| reader.key(permission).clone()).collect();
    for grant in held {
        transaction.delete(grants, grant);
    }
    transaction.update(users, user.id(), members(json!({"user_permissions": global})));
    let mut given = HashSet::new();
    for row in needed.seen.iter().filter(|row| given.insert((row.model(), row.id()))) {
        let name = access::permission(transaction.reader().model_name(row.model()), "view");
        give_to_user(transaction, &name, &key, row);
    }
}
