//! Addresses of objects and of what can be downloaded.

use std::net::Ipv6Addr;

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::super::applications::application;
use super::row::{Computed, Shown, text};

pub(super) const OWN: &[(&str, Computed)] = &[("export_url", |reader, row| {
    json!(format!("/api/v3/flows/instances/{}/export/", text(reader, row, "slug")))
})];

pub(super) const COMPUTED: &[(&str, Computed)] = &[("launch_url", launch_url)];

/// Returns the provider of an application or an endpoint.
fn provider<'a>(reader: Reader<'a>, row: &Row) -> Option<&'a Row> {
    let key = reader.value(row, "provider");
    reader.by_key(reader.model("authentik_core.provider")?, key).map(AsRef::as_ref)
}

/// Returns the address that an application with a provider is started by, if the provider has one.
fn of_provider(reader: Reader<'_>, application: &Row) -> Option<String> {
    let provider = provider(reader, application)?;
    match reader.model_name(provider.model()) {
        "authentik_providers_oauth2.oauth2provider" => {
            let addresses = Some(text(reader, provider, "redirect_uris")).filter(|text| !text.is_empty())?;
            without_path(addresses.split('\n').next()?)
        }
        "authentik_providers_proxy.proxyprovider" => Some(text(reader, provider, "external_host").to_owned()),
        "authentik_providers_rac.racprovider" => Some("goauthentik.io://providers/rac/launch".to_owned()),
        "authentik_providers_saml.samlprovider" => {
            Some(format!("/application/saml/{}/sso/binding/init/", text(reader, application, "slug")))
        }
        _ => None,
    }
}

/// Returns an address without its path, as Python splits it; `None` if its host is in brackets and no address of a network.
fn without_path(url: &str) -> Option<String> {
    let url: String = url.trim_start_matches(|letter| letter <= ' ').replace(['\t', '\r'], "");
    let is_scheme = |text: &str| {
        text.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
    };
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme.to_lowercase()), rest),
        _ => (None, url.as_str()),
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let host = rest.strip_prefix("//").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    if host.contains(['[', ']']) {
        let (_, address) = host.split_once('[')?;
        address.split_once(']')?.0.parse::<Ipv6Addr>().ok()?;
    }
    let mut address = scheme.map_or_else(String::new, |scheme| scheme + ":");
    for (before, part) in [("//", host), ("?", query), ("#", fragment)] {
        if !part.is_empty() {
            address.extend([before, part]);
        }
    }
    Some(address)
}

/// Returns the address that an application or an endpoint is started by.
fn launch_url(reader: Reader<'_>, row: &Row) -> Value {
    if reader.model_name(row.model()) == "authentik_providers_rac.endpoint" {
        return of_endpoint(reader, row).into();
    }
    of_application(reader, row).into()
}

/// Returns the address of an endpoint, which it has only if its provider is part of an application.
fn of_endpoint(reader: Reader<'_>, row: &Row) -> Option<String> {
    let of = application(reader, provider(reader, row)?)?;
    let (slug, key) = (text(reader, of, "slug"), reader.key(row).as_str()?);
    Some(format!("/application/rac/{slug}/{key}/"))
}

/// Returns the address of an application, with what it says of the user.
fn of_application(reader: Reader<'_>, row: &Row) -> Option<String> {
    let own = text(reader, row, "meta_launch_url");
    let url = if own.is_empty() { of_provider(reader, row) } else { Some(own.to_owned()) };
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
    url.map(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_paths_only() {
        for (url, expected) in [
            ("https://g.example.com/login/x", Some("https://g.example.com")),
            ("HTTPS://u@G.example.com:8443/login?x=1#y", Some("https://u@G.example.com:8443?x=1#y")),
            ("https://[::1]:8443/login", Some("https://[::1]:8443")),
            ("https://[a-z]+\\.example.com/login", None),
            ("https://a]/login", None),
            ("com.example.app:/login", Some("com.example.app:")),
            ("*", Some("")),
            (" /login\r", Some("")),
            ("", Some("")),
        ] {
            assert_eq!(without_path(url).as_deref(), expected, "{url}");
        }
    }
}
