//! Checks of whole bodies. As in the program, a change is checked by what it has, not by what the object
//! is afterwards.

use openapi_resources::supply::timestamp;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use serde_json::Value;

use super::subject::Subject;
use crate::api::actions::{read_time, token_expiry, token_lifetime};
use crate::api::departure::Departs;
use crate::api::used_by::names;

type Check = fn(&Subject<'_>) -> Result<(), Failure>;

/// The checks, by models.
const CHECKS: &[(&str, Check)] = &[
    ("authentik_policies_event_matcher.eventmatcherpolicy", event_matcher),
    ("authentik_policies_reputation.reputationpolicy", reputation),
    ("authentik_policies.policybinding", binding),
    ("authentik_flows.flowstagebinding", stage_binding),
    ("authentik_stages_identification.identificationstage", identification),
    ("authentik_providers_proxy.proxyprovider", proxy),
    ("authentik_providers_saml.samlprovider", saml),
    ("authentik_events.notificationtransport", transport),
    ("authentik_brands.brand", brand),
    ("authentik_core.user", user),
    ("authentik_core.token", token),
    ("authentik_sources_oauth.oauthsource", oauth_source),
    ("authentik_sources_ldap.ldapsource", ldap_source),
    ("authentik_blueprints.blueprintinstance", blueprint),
    ("authentik_providers_microsoft_entra.microsoftentraprovideruser", entra_user),
    ("guardian.groupobjectpermission", object_permission),
    ("guardian.userobjectpermission", object_permission),
];

/// Checks a body.
///
/// # Errors
/// 400 with what is wrong with it, or what the program fails with.
pub(super) fn check(subject: &Subject<'_>) -> Result<(), Failure> {
    if subject.viewset.enterprise {
        let refused = whole("Enterprise is required to create/update this object.");
        return refused.map_err(|failure| failure.because(Departs::Unlicensed.departure()));
    }
    let check = CHECKS.iter().find(|(model, _)| *model == subject.model());
    check.map_or(Ok(()), |(_, check)| check(subject))
}

/// Fails, as the program does where it cannot ask Microsoft for the attributes of a new user.
fn entra_user(subject: &Subject<'_>) -> Result<(), Failure> {
    if subject.row.is_none() { Err(Departs::OutOfReach.broken()) } else { Ok(()) }
}

/// Fails, as the program does, if a permission is to be for an object that is not there.
fn object_permission(subject: &Subject<'_>) -> Result<(), Failure> {
    let (reader, row) = (subject.snapshot.reader(), subject.row.as_deref());
    let Some((row, key)) = row.zip(subject.body.get("object_pk")) else { return Ok(()) };
    if names::object(reader, row, key).is_some() { Ok(()) } else { Err(Departs::WriteFails.broken()) }
}

fn whole(message: &str) -> Result<(), Failure> {
    Err(FieldErrors::whole(message).into())
}

fn of_field(field: &str, message: &str) -> Result<(), Failure> {
    Err(FieldErrors::of(field, message).into())
}

/// Asks one criterion after the other, and fails on the first that is not there.
fn event_matcher(subject: &Subject<'_>) -> Result<(), Failure> {
    for name in ["action", "client_ip", "app"] {
        match subject.body.get(name) {
            None => return Err(Departs::MemberTaken.broken()),
            Some(Value::String(text)) if text.is_empty() => {}
            Some(_) => return Ok(()),
        }
    }
    whole("At least one criteria must be set.")
}

fn reputation(subject: &Subject<'_>) -> Result<(), Failure> {
    if subject.is_set("check_ip") || subject.is_set("check_username") {
        return Ok(());
    }
    whole("Either IP or Username must be checked")
}

fn binding(subject: &Subject<'_>) -> Result<(), Failure> {
    match ["policy", "group", "user"].iter().filter(|name| subject.is_set(name)).count() {
        0 => whole("One of 'policy', 'group' or 'user' must be set."),
        1 => Ok(()),
        _ => whole("Only one of 'policy', 'group' or 'user' can be set."),
    }
}

fn stage_binding(subject: &Subject<'_>) -> Result<(), Failure> {
    let on_run = subject.body.get("re_evaluate_policies").is_none_or(|flag| flag == true);
    if on_run || subject.is_set("evaluate_on_plan") {
        return Ok(());
    }
    whole("Either evaluation on plan or evaluation on run must be enabled")
}

fn identification(subject: &Subject<'_>) -> Result<(), Failure> {
    if subject.is_set("user_fields") || subject.is_set("sources") {
        return Ok(());
    }
    whole("When no user fields are selected, at least one source must be selected")
}

fn proxy(subject: &Subject<'_>) -> Result<(), Failure> {
    let is_proxy = subject.body.get("mode").is_none_or(|mode| mode == "proxy");
    if is_proxy && !subject.is_set("internal_host") {
        return of_field("internal_host", "Internal host cannot be empty when forward auth is disabled.");
    }
    Ok(())
}

fn saml(subject: &Subject<'_>) -> Result<(), Failure> {
    if subject.is_set("signing_kp") && !subject.is_set("sign_assertion") && !subject.is_set("sign_response") {
        return whole(
            "With a signing keypair selected, at least one of 'Sign assertion' and 'Sign Response' must be selected.",
        );
    }
    Ok(())
}

fn transport(subject: &Subject<'_>) -> Result<(), Failure> {
    let is_hook = matches!(subject.get("mode").as_str(), Some("webhook" | "webhook_slack"));
    if is_hook && !subject.is_set("webhook_url") {
        return of_field("webhook_url", "Webhook URL may not be empty.");
    }
    Ok(())
}

fn brand(subject: &Subject<'_>) -> Result<(), Failure> {
    let reader = subject.reader();
    let is_taken = || subject.others().any(|other| reader.value(other, "default") == true);
    if subject.is_set("default") && is_taken() {
        return of_field("default", "Only a single brand can be set as default.");
    }
    Ok(())
}

fn user(subject: &Subject<'_>) -> Result<(), Failure> {
    let Some(row) = &subject.row else { return Ok(()) };
    if subject.reader().value(row, "type") == "internal_service_account" {
        return whole("Can't modify internal service account users");
    }
    Ok(())
}

fn token(subject: &Subject<'_>) -> Result<(), Failure> {
    let intent = subject.get("intent").as_str().unwrap_or("api");
    if !matches!(intent, "api" | "app_password") {
        return of_field("intent", &format!("Invalid intent {intent}"));
    }
    match subject.body.get("expires") {
        Some(expires) if intent == "app_password" => expires_in_time(subject, expires),
        _ => Ok(()),
    }
}

/// Refuses a password that is good for longer than its user may have one.
fn expires_in_time(subject: &Subject<'_>, expires: &Value) -> Result<(), Failure> {
    let expires = read_time(expires).ok_or_else(|| Departs::BodyUnchecked.broken())?;
    let reader = subject.reader();
    let caller = || subject.cx.user.as_ref().map_or(&Value::Null, |caller| &caller.key);
    let key = subject.body.get("user").unwrap_or_else(caller);
    let user = reader.model("authentik_core.user").and_then(|users| reader.by_key(users, key));
    let lifetime = user.and_then(|user| token_lifetime(reader, subject.cx, user));
    let now = reader.now();
    let last = lifetime.and_then(|lifetime| now.checked_add_signed(lifetime));
    let last = last.unwrap_or_else(|| token_expiry(reader, now));
    if expires <= last {
        return Ok(());
    }
    let last = names::time(&Value::from(timestamp(last)));
    of_field("expires", &format!("Token expires exceeds maximum lifetime ({last} UTC)."))
}

/// Returns the addresses that a source has to be given where its provider has none, and what providers are called.
fn oauth_source(subject: &Subject<'_>) -> Result<(), Failure> {
    let Some(provider) = subject.body.get("provider_type").and_then(Value::as_str) else {
        // The program looks for a member that is not there.
        return Err(Departs::MemberTaken.broken());
    };
    for name in ["oidc_well_known_url", "oidc_jwks_url"] {
        if let Some(url) = subject.get(name).as_str().filter(|url| !url.is_empty())
            && !url.contains("://")
        {
            let message =
                format!("Invalid URL '{url}': No scheme supplied. Perhaps you meant https://{url}?");
            return of_field(name, &message);
        }
    }
    let Some(kind) = subject.source_types.iter().find(|kind| kind["name"] == provider) else { return Ok(()) };
    for name in ["authorization_url", "access_token_url", "profile_url"] {
        if kind[name].is_null() && subject.body.get(name).is_none() {
            let called = kind["verbose_name"].as_str().unwrap_or_default();
            return whole(&format!("{name} is required for provider {called}"));
        }
    }
    Ok(())
}

fn ldap_source(subject: &Subject<'_>) -> Result<(), Failure> {
    for name in ["user", "group"] {
        let mappings = format!("{name}_property_mappings");
        if subject.is_set(&format!("sync_{name}s")) && !subject.is_set(&mappings) {
            let message =
                format!("When 'Sync {name}s' is enabled, '{name}s property mappings' cannot be empty.");
            return of_field(&mappings, &message);
        }
    }
    Ok(())
}

fn blueprint(subject: &Subject<'_>) -> Result<(), Failure> {
    if subject.is_set("path") || subject.is_set("content") {
        return Ok(());
    }
    whole("Either path or content must be set.")
}
