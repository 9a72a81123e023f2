//! Values that the program computes: of properties, and of fields of new rows.

mod avatar;
mod defaults;
mod names;
mod providers;
mod row;
mod sources;
mod urls;

use std::sync::{Arc, Mutex};

use openapi_resources::functions::Functions;
use openapi_resources::store;
use serde_json::{Value, json};

use super::viewsets::Viewsets;
use super::{Api, Context, caller, certificates, request};
use row::{Computed, nothing, seconds, text, whole};

pub(crate) use row::Shown;

impl Shown {
    pub(crate) fn of(api: &Api, cx: &Context) -> store::Context {
        store::Context(Arc::new(Self {
            url: request::origin(cx),
            caller: cx.user.clone(),
            has_no_pictures: Arc::clone(&api.worlds.current().extra.has_no_pictures),
            first_objects: Mutex::default(),
        }))
    }
}

/// Returns all functions.
pub(super) fn all(viewsets: &Arc<Viewsets>) -> Functions {
    let mut functions = names::add(Functions::new(), viewsets);
    functions = avatar::add(functions, viewsets);
    functions = sources::add(functions, viewsets);
    for (name, function) in
        [certificates::OWN, providers::OWN, sources::OWN, urls::OWN, OWN].into_iter().flatten()
    {
        functions = functions.with_own(*name, *function);
    }
    let tables = [defaults::COMPUTED, providers::COMPUTED, sources::COMPUTED, urls::COMPUTED, COMPUTED];
    for (name, function) in tables.into_iter().flatten() {
        functions = functions.with(*name, *function);
    }
    functions
}

/// The functions that belong to no family, and read nothing but the row.
const OWN: &[(&str, Computed)] = &[
    ("group.num_pk", |reader, row| {
        let digits: String =
            text(reader, row, "group_uuid").chars().filter(|letter| *letter != '-').collect();
        let number = u128::from_str_radix(&digits, 16).unwrap_or_default();
        json!(number.to_string().get(..5).and_then(|number| number.parse::<u64>().ok()))
    }),
    ("full_name", |reader, row| {
        let (name, uid) = (text(reader, row, "name"), text(reader, row, "uid"));
        json!(if uid.is_empty() { name.to_owned() } else { format!("{name}:{uid}") })
    }),
    ("outpost.token_identifier", |reader, row| {
        json!(format!("ak-outpost-{}-api", text(reader, row, "uuid")))
    }),
    ("refresh_interval_s", |reader, row| {
        let text = reader.value(row, "_config").get("refresh_interval").and_then(Value::as_str);
        json!(whole(seconds(text.unwrap_or("minutes=5"))))
    }),
];

/// The functions that belong to no family.
const COMPUTED: &[(&str, Computed)] = &[
    ("user.is_superuser", |reader, row| {
        json!(caller::groups(reader, row).iter().any(|group| reader.value(group, "is_superuser") == true))
    }),
    ("bound_to", |reader, row| {
        let bindings = reader.references(row).filter(|reference| {
            let model = reader.model_name(reference.row.model());
            ["authentik_policies.policybinding", "authentik_stages_prompt.promptstage"].contains(&model)
        });
        json!(bindings.count())
    }),
    ("cache_count", |_, _| json!(0)),
    ("current", |_, _| json!(false)),
    ("connectivity", nothing),
    ("outpost_set", |reader, row| {
        let outposts = reader
            .references(row)
            .filter(|reference| reader.model_name(reference.row.model()) == "authentik_outposts.outpost");
        outposts.map(|reference| Value::from(reader.text(reference.row))).collect()
    }),
];
