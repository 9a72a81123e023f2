//! Policies: testing one, and whether a user may use what they are bound to.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use openapi_django::server::python;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::supply::Supply;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::expressions::{self, Names};
use super::kit::{self, Answered, Subject, by_key, caller, caller_row, refuse, rows, text, viewed};
use super::{Action, outside};
use crate::api::caller::{ANONYMOUS, groups};
use crate::api::departure::Departs;
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("core_applications_check_access_retrieve", check_access),
    ("flows_instances_cache_clear_create", cleared),
    ("flows_instances_cache_info_retrieve", nothing_cached),
    ("outposts_ldap_access_check", |api, cx| access_for_outpost(api, cx, Outpost::Ldap)),
    ("outposts_radius_access_check", |api, cx| access_for_outpost(api, cx, Outpost::Radius)),
    ("policies_all_cache_clear_create", cleared),
    ("policies_all_cache_info_retrieve", nothing_cached),
    ("policies_all_test_create", test),
    ("propertymappings_all_test_create", test_mapping),
];

/// The outcome of a policy.
#[derive(Debug, Clone, PartialEq)]
struct Verdict {
    passing: bool,
    messages: Vec<String>,
    /// `true` if the policy could not be asked, so that its binding tells whether it passes.
    has_failed: bool,
}

impl Verdict {
    fn of(passing: bool) -> Self {
        Self { passing, messages: Vec::new(), has_failed: false }
    }

    fn with(passing: bool, message: impl Into<String>) -> Self {
        Self { messages: vec![message.into()], ..Self::of(passing) }
    }

    fn failed(message: &str) -> Self {
        Self { has_failed: true, ..Self::with(false, message) }
    }

    fn shown(&self) -> Value {
        json!({"passing": self.passing, "messages": self.messages, "log_messages": []})
    }
}

/// A policy whose outcome depends on something that is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unknown;

/// The question that a policy is asked.
struct Question<'a> {
    reader: Reader<'a>,
    user: &'a Row,
    /// The context; `None` if something puts into it what is not here.
    context: Option<&'a Value>,
}

impl Question<'_> {
    fn context(&self) -> Result<&Value, Unknown> {
        self.context.ok_or(Unknown)
    }

    fn judge(&self, policy: &Row) -> Result<Verdict, Unknown> {
        let reader = self.reader;
        let number = |field: &str| reader.value(policy, field).as_i64().unwrap_or_default();
        Ok(match reader.model_name(policy.model()) {
            "authentik_policies_dummy.dummypolicy" => {
                Verdict::with(reader.value(policy, "result") == true, "dummy")
            }
            // Events are asked about by the rules of notifications only.
            "authentik_policies_event_matcher.eventmatcherpolicy" => Verdict::of(false),
            "authentik_policies_expiry.passwordexpirypolicy" => self.expiry(policy, number("days")),
            "authentik_policies_reputation.reputationpolicy" => {
                let name = text(reader, self.user, "username");
                let scores = rows(reader, "authentik_policies_reputation.reputation");
                let own = scores.filter(|score| {
                    reader.value(policy, "check_username") == true
                        && text(reader, score, "identifier") == name
                });
                let score: i64 = own.filter_map(|score| reader.value(score, "score").as_i64()).sum();
                Verdict::of(score <= number("threshold"))
            }
            "authentik_policies_password.passwordpolicy" => self.password(policy)?,
            "authentik_policies_expression.expressionpolicy" => {
                let names = Names { reader, user: Some(self.user), context: self.context };
                let outcome = expressions::evaluate_policy(text(reader, policy, "expression"), &names);
                let (value, messages) = outcome.ok_or(Unknown)?;
                Verdict { messages, ..Verdict::of(python::truth(&value)) }
            }
            "authentik_policies_geoip.geoippolicy" => self.place(policy)?,
            _ => return Err(Unknown),
        })
    }

    /// Returns whether the context says that the caller is in one of the networks or countries of a policy.
    fn place(&self, policy: &Row) -> Result<Verdict, Unknown> {
        let kinds = [
            (
                ("asns", "asn", "asn"),
                "GeoIP: client IP not found in ASN database.",
                "Client IP is not part of an allowed autonomous system.",
            ),
            (
                ("countries", "geoip", "country"),
                "GeoIP: client IP address not found in City database.",
                "Client IP is not in an allowed country.",
            ),
        ];
        let mut verdicts = Vec::new();
        for ((field, name, part), not_found, not_allowed) in kinds {
            let allowed = self.reader.value(policy, field).as_array().map_or(&[][..], Vec::as_slice);
            if allowed.is_empty() {
                continue;
            }
            let place = match self.context()?.get(name).filter(|known| python::truth(known)) {
                Some(known) => known.as_object().ok_or(Unknown)?.get(part),
                None => None,
            };
            match place.filter(|place| python::truth(place)) {
                None => return Ok(Verdict::failed(not_found)),
                Some(place) if allowed.contains(place) => verdicts.push(Verdict::of(true)),
                Some(_) => verdicts.push(Verdict::with(false, not_allowed)),
            }
        }
        let passing = verdicts.is_empty() || verdicts.iter().any(|verdict| verdict.passing);
        let messages = verdicts.into_iter().flat_map(|verdict| verdict.messages).collect();
        Ok(Verdict { messages, ..Verdict::of(passing) })
    }

    fn expiry(&self, policy: &Row, days: i64) -> Verdict {
        let changed = kit::read_time(self.reader.value(self.user, "password_change_date"));
        let age = changed.map_or(0, |changed| (self.reader.now() - changed).num_days());
        let over = age.saturating_sub(days);
        match (over >= 0, self.reader.value(policy, "deny_only") == true) {
            (false, _) => Verdict::of(true),
            (true, true) => Verdict::with(false, "Password has expired."),
            (true, false) => Verdict::with(
                false,
                format!("Password expired {over} days ago. Please update your password."),
            ),
        }
    }

    fn password(&self, policy: &Row) -> Result<Verdict, Unknown> {
        let reader = self.reader;
        let field = text(reader, policy, "password_field");
        let context = self.context()?;
        let given = context.get(field).or_else(|| context.get("prompt_data")?.get(field));
        let Some(password) = given.and_then(Value::as_str) else {
            return Ok(Verdict::with(false, "Password not set in context"));
        };
        if reader.value(policy, "check_static_rules") == true {
            let symbols = text(reader, policy, "symbol_charset");
            let counted = |is_counted: &dyn Fn(char) -> bool| {
                password.chars().filter(|letter| is_counted(*letter)).count()
            };
            let rules = [
                ("length_min", password.chars().count()),
                ("amount_digits", counted(&|letter| letter.is_ascii_digit())),
                ("amount_lowercase", counted(&|letter| letter.is_ascii_lowercase())),
                ("amount_uppercase", counted(&|letter| letter.is_ascii_uppercase())),
                ("amount_symbols", counted(&|letter| symbols.contains(letter))),
            ];
            let least = |name: &str| {
                usize::try_from(reader.value(policy, name).as_u64().unwrap_or_default()).unwrap_or(usize::MAX)
            };
            if rules.iter().any(|(name, count)| *count < least(name)) {
                return Ok(Verdict::with(false, text(reader, policy, "error_message")));
            }
        }
        let asks_elsewhere = ["check_have_i_been_pwned", "check_zxcvbn"];
        if asks_elsewhere.iter().any(|field| reader.value(policy, field) == true) {
            return Err(Unknown);
        }
        Ok(Verdict::of(true))
    }

    /// Returns whether the user passes everything that is bound to a row.
    fn engine(&self, target: &Row) -> Result<Verdict, Unknown> {
        let reader = self.reader;
        let key = base_key(reader, target);
        let mut bindings: Vec<&Arc<Row>> = rows(reader, "authentik_policies.policybinding")
            .filter(|binding| {
                reader.value(binding, "target") == key && reader.value(binding, "enabled") == true
            })
            .collect();
        bindings.sort_by_key(|binding| reader.value(binding, "order").as_i64());
        let groups: Vec<&Value> = groups(reader, self.user).iter().map(|group| reader.key(group)).collect();
        let must_all = text(reader, target, "policy_engine_mode") == "all";
        let (mut fixed, mut verdicts) = (Vec::new(), Vec::new());
        for binding in bindings {
            let is_negated = reader.value(binding, "negate") == true;
            if let Some(policy) = by_key(reader, "authentik_policies.policy", reader.value(binding, "policy"))
            {
                let mut verdict = self.judge(policy)?;
                if verdict.has_failed {
                    verdict.passing = reader.value(binding, "failure_result") == true;
                }
                verdict.passing ^= is_negated;
                verdicts.push(verdict);
                continue;
            }
            let (user, group) = (reader.value(binding, "user"), reader.value(binding, "group"));
            let is_meant = !user.is_null() && user == reader.key(self.user) || groups.contains(&group);
            fixed.push(is_meant != is_negated);
        }
        if !fixed.is_empty() {
            let passing = if must_all { fixed.iter().all(|it| *it) } else { fixed.iter().any(|it| *it) };
            verdicts.push(Verdict::of(passing));
        }
        // What nothing is bound to is open to everybody.
        if verdicts.is_empty() {
            return Ok(Verdict::of(true));
        }
        let mut passing = verdicts.iter().map(|verdict| verdict.passing);
        let passing = if must_all { passing.all(|it| it) } else { passing.any(|it| it) };
        let messages = verdicts.into_iter().flat_map(|verdict| verdict.messages).collect();
        Ok(Verdict { messages, ..Verdict::of(passing) })
    }
}

/// Returns the key by which bindings name a row.
fn base_key<'a>(reader: Reader<'a>, row: &'a Row) -> &'a Value {
    match reader.value(row, "pbm_uuid") {
        Value::Null => match reader.value(row, "policybindingmodel_ptr_id") {
            Value::Null => reader.key(row),
            key => key,
        },
        key => key,
    }
}

/// Returns `true` if a user passes everything that is bound to a row.
pub(crate) fn passes(reader: Reader<'_>, user: &Row, target: &Row) -> bool {
    let verdict = Question { reader, user, context: Some(&json!({})) }.engine(target);
    verdict.is_ok_and(|verdict| verdict.passing)
}

/// Returns whether a user passes everything that is bound to a part of a flow; `None` if that depends on something that is not
/// here, such as the context of the flow.
pub(super) fn known_to_pass(reader: Reader<'_>, user: &Row, target: &Row) -> Option<bool> {
    let verdict = Question { reader, user, context: None }.engine(target);
    verdict.ok().map(|verdict| verdict.passing)
}

/// Returns the row of the caller, or the user that stands for everybody who is not logged in.
fn caller_or_anonymous<'a>(reader: Reader<'a>, cx: &Context) -> Option<&'a Arc<Row>> {
    let anonymous =
        || rows(reader, "authentik_core.user").find(|user| text(reader, user, "username") == ANONYMOUS);
    caller_row(reader, cx).ok().or_else(anonymous)
}

/// Returns whether a user, or nobody, may use an application.
fn verdict(reader: Reader<'_>, user: Option<&Row>, application: &Row) -> Result<Verdict, Unknown> {
    if let Some(user) = user {
        return Question { reader, user, context: Some(&json!({})) }.engine(application);
    }
    // Nobody is in no group, and passes only what nothing is bound to.
    let key = base_key(reader, application);
    let mut bindings = rows(reader, "authentik_policies.policybinding");
    let is_bound =
        |row: &Arc<Row>| reader.value(row, "target") == key && reader.value(row, "enabled") == true;
    Ok(Verdict::of(!bindings.any(is_bound)))
}

/// Answers whether a user may use an application.
fn check_access(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let slug = json!(cx.path_parameter("slug"));
    let applications = reader.model("authentik_core.application").ok_or_else(Failure::not_found)?;
    let application = reader.find(applications, "slug", &slug).ok_or_else(Failure::not_found)?;
    let is_superuser = cx.user.as_ref().is_some_and(|caller| caller.is_superuser);
    let user = match cx.query.last("for_user").filter(|_| is_superuser) {
        Some(wanted) => {
            let key = openapi_django::server::python::int(wanted).and_then(|key| i64::try_from(key).ok());
            let key = key.ok_or_else(|| refuse("for_user", "for_user must be numerical"))?;
            Some(
                by_key(reader, "authentik_core.user", &json!(key))
                    .ok_or_else(|| refuse("for_user", "User not found"))?,
            )
        }
        None => caller_or_anonymous(reader, cx),
    };
    let verdict = verdict(reader, user.map(AsRef::as_ref), application);
    let verdict = verdict.map_err(|Unknown| outside::failure(cx))?;
    kit::json(&if is_superuser { verdict } else { Verdict::of(verdict.passing) }.shown())
}

/// The kinds of outposts that ask whether a user may use an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outpost {
    Ldap,
    Radius,
}

/// Answers an outpost whether the user, whose token it sends, may use the application of a provider. It is not told why.
fn access_for_outpost(api: &Api, cx: &Context, outpost: Outpost) -> Answered {
    let provider = Subject::of(api, cx)?;
    let reader = provider.reader();
    // The program takes the name for granted.
    let slug = cx.query.last("app_slug").ok_or_else(|| Departs::ParameterUnchecked.broken())?;
    let applications = reader.model("authentik_core.application").ok_or_else(Failure::not_found)?;
    let application = reader.find(applications, "slug", &json!(slug)).ok_or_else(Failure::not_found)?;
    let user = caller_or_anonymous(reader, cx).map(AsRef::as_ref);
    let passing = verdict(reader, user, application).map_err(|Unknown| outside::failure(cx))?.passing;
    let access = Verdict::of(passing).shown();
    match outpost {
        Outpost::Ldap => {
            let permission = "authentik_providers_ldap.search_full_directory";
            let may_search =
                cx.user.as_ref().is_some_and(|caller| kit::may(reader, caller, permission, &provider.row));
            kit::json(&json!({"has_search_permission": may_search, "access": access}))
        }
        Outpost::Radius if !passing => kit::json(&json!({"attributes": null, "access": access})),
        Outpost::Radius if provider.value("property_mappings").as_array().is_none_or(Vec::is_empty) => {
            kit::json(&json!({"attributes": packet(reader.supply()), "access": access}))
        }
        // What mappings give is packed for the protocol.
        Outpost::Radius => Err(outside::failure(cx)),
    }
}

/// Returns a packet of RADIUS without attributes: a request for access, with a number and an authenticator that nobody can
/// guess.
fn packet(supply: &dyn Supply) -> String {
    const ACCESS_REQUEST: u8 = 1;
    const LENGTH: [u8; 2] = [0, 20];
    let mut random = supply.bytes().into_iter().chain(supply.bytes());
    let number = random.next();
    let authenticator = random.take(16);
    let packet: Vec<u8> =
        [ACCESS_REQUEST].into_iter().chain(number).chain(LENGTH).chain(authenticator).collect();
    BASE64_STANDARD.encode(packet)
}

/// Returns the user that a body names, if the caller may see him.
fn asked<'a>(reader: Reader<'a>, cx: &Context, field: &str) -> Result<&'a Arc<Row>, Failure> {
    let key = &kit::body(cx)[field];
    let user = by_key(reader, "authentik_core.user", key).ok_or_else(|| {
        let key = openapi_django::server::python::str(key);
        kit::invalid(field, format!("Invalid pk \"{key}\" - object does not exist."))
    })?;
    let is_seen = kit::may(reader, caller(cx)?, "authentik_core.view_user", user);
    if is_seen { Ok(user) } else { Err(Failure::permission_denied()) }
}

fn test(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let user = asked(reader, cx, "user")?;
    let context = kit::body(cx).get("context").cloned().unwrap_or_else(|| json!({}));
    let verdict = Question { reader, user, context: Some(&context) }.judge(&subject.row);
    kit::json(&verdict.map_err(|Unknown| outside::failure(cx))?.shown())
}

/// Evaluates a property mapping.
fn test_mapping(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let body = kit::body(cx);
    let user = if body["user"].is_null() { None } else { Some(asked(reader, cx, "user")?) };
    if !body["group"].is_null() {
        let mut groups = viewed(reader, "authentik_core.group", caller(cx)?);
        if !groups.any(|group| *reader.key(group) == body["group"]) {
            return Err(Failure::permission_denied());
        }
    }
    let context = body.get("context").cloned().unwrap_or_else(|| json!({}));
    let names = Names { reader, user: user.map(AsRef::as_ref), context: Some(&context) };
    let value = expressions::evaluate(subject.text("expression"), &names);
    let value = value.ok_or_else(|| outside::failure(cx))?;
    let is_formatted = cx.query.last("format_result").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let result = python::dumps(&value, is_formatted.then_some(4));
    kit::json(&json!({"result": result, "successful": true}))
}

/// Forgets what is cached, which is nothing.
#[expect(clippy::unnecessary_wraps, reason = "actions have one type, for a table")]
fn cleared(_: &Api, _: &Context) -> Answered {
    Ok(HandlerResponse::empty(204))
}

fn nothing_cached(_: &Api, _: &Context) -> Answered {
    kit::json(&json!({"count": 0}))
}
