//! Addresses of objects and of what can be downloaded.

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::row::{Computed, Shown, text};

pub(super) const COMPUTED: &[(&str, Computed)] = &[
    ("export_url", |reader, row| {
        json!(format!("/api/v3/flows/instances/{}/export/", text(reader, row, "slug")))
    }),
    ("certificate_download_url", |reader, row| download(reader, row, "view_certificate")),
    ("private_key_download_url", |reader, row| download(reader, row, "view_private_key")),
    ("launch_url", launch_url),
];

fn download(reader: Reader<'_>, row: &Row, action: &str) -> Value {
    let key = text(reader, row, "kp_uuid");
    json!(format!("/api/v3/crypto/certificatekeypairs/{key}/{action}/?download"))
}

/// Returns the address that an application is started by, with what it says of the user.
fn launch_url(reader: Reader<'_>, row: &Row) -> Value {
    let own = text(reader, row, "meta_launch_url");
    let of_provider = || {
        let providers = reader.model("authentik_core.provider")?;
        let provider = reader.by_key(providers, reader.value(row, "provider"))?;
        let host = reader.value(provider, "external_host").as_str()?;
        Some(host.to_owned())
    };
    let url = if own.is_empty() { of_provider() } else { Some(own.to_owned()) };
    let user = reader.context::<Shown>().and_then(|shown| shown.caller.as_deref()).and_then(|caller| {
        let users = reader.model("authentik_core.user")?;
        reader.by_key(users, &caller.key)
    });
    let filled = |url: String| match user {
        Some(user) => ["username", "name", "email"]
            .iter()
            .fold(url, |url, field| url.replace(&format!("%({field})s"), text(reader, user, field))),
        None => url,
    };
    json!(url.map(filled))
}
