//! Sources: what users can connect to, and the actions of their kinds.

use serde_json::{Value, json};

use super::kit::{self, Answered, Subject, caller_row, rows, text};
use super::{Action, policies, saml};
use crate::api::icon;
use crate::api::{Api, Context, request};

pub(super) const ACTIONS: &[(&str, Action)] =
    &[("sources_all_user_settings_list", user_settings), ("sources_saml_metadata_retrieve", metadata)];

/// Answers with the sources that the caller may connect to.
fn user_settings(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let user = caller_row(reader, cx)?;
    let mut sources: Vec<_> = rows(reader, "authentik_core.source")
        .filter(|source| reader.value(source, "enabled") == true)
        .collect();
    sources.sort_by_key(|source| text(reader, source, "name"));
    let settings = sources.into_iter().filter_map(|source| {
        let slug = text(reader, source, "slug");
        let (kind, url, icon) = match reader.model_name(source.model()) {
            "authentik_sources_oauth.oauthsource" => (
                "oauth",
                format!("/source/oauth/login/{slug}/"),
                format!("{}.svg", text(reader, source, "provider_type")),
            ),
            "authentik_sources_plex.plexsource" => {
                ("plex", text(reader, source, "client_id").to_owned(), "plex.svg".to_owned())
            }
            "authentik_sources_saml.samlsource" => {
                ("saml", format!("/source/saml/{slug}/"), "saml.png".to_owned())
            }
            _ => return None,
        };
        if !policies::passes(reader, user, source) {
            return None;
        }
        let own = icon::address(reader.value(source, "icon").as_str());
        Some(json!({
            "object_uid": slug,
            "component": format!("ak-user-settings-source-{kind}"),
            "title": text(reader, source, "name"),
            "configure_url": url,
            "icon_url": own.unwrap_or_else(|| format!("/static/authentik/sources/{icon}")),
        }))
    });
    kit::json(&settings.collect::<Vec<Value>>())
}

fn metadata(api: &Api, cx: &Context) -> Answered {
    let source = Subject::of(api, cx)?;
    let metadata = saml::service_provider(&source, &request::origin(cx));
    let url = format!("/source/saml/{}/metadata/", source.text("slug"));
    kit::json(&json!({"metadata": metadata, "download_url": url}))
}
