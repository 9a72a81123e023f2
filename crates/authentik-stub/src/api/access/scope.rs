//! The rows that a caller sees.

use std::collections::HashSet;

use openapi_resources::plan::ModelId;
use openapi_resources::reader::Reader;
use openapi_resources::row::{Row, RowId};
use openapi_server_runtime::failure::Failure;
use serde_json::Value;

use super::keys::{key, permission};
use super::rules::{Narrowing, Rule};
use crate::api::applications::application;
use crate::api::caller::{ANONYMOUS, Caller};
use crate::api::departure::Departs;
use crate::api::{Api, Context};

/// The rows of a viewset that a caller sees: those that pass all of these.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    tests: Vec<Test<'a>>,
}

#[derive(Debug)]
enum Test<'a> {
    /// The program never shows the row of this model.
    Hidden(Option<ModelId>, Hidden),
    /// It has one of these primary keys.
    Permitted(HashSet<&'a str>),
    /// It is this user's, by the path to its owner; of nobody, if nobody is calling.
    Owned(Option<&'a Caller>, &'static [&'static str]),
}

/// Rows that are there and that the program never shows.
#[derive(Clone, Copy, Debug)]
enum Hidden {
    /// The row with this value in a unique field.
    One(&'static str, &'static str),
    /// Those that a function says.
    If(fn(Reader<'_>, &Row) -> bool),
}

/// The rows that viewsets leave out, by their paths.
const HIDDEN: &[(&str, Hidden)] = &[
    ("/core/users/", Hidden::One("username", ANONYMOUS)),
    ("/outposts/ldap/", Hidden::If(is_no_application)),
    ("/outposts/proxy/", Hidden::If(is_no_application)),
    ("/outposts/radius/", Hidden::If(is_no_application)),
    ("/crypto/certificatekeypairs/", Hidden::One("managed", "goauthentik.io/crypto/jwt-managed")),
    ("/rbac/permissions/", Hidden::If(is_of_another_program)),
];

/// Returns `true` for a permission of a library that authentik is made with.
fn is_of_another_program(reader: Reader<'_>, row: &Row) -> bool {
    let of = reader.model("contenttypes.contenttype");
    let of = of.and_then(|types| reader.by_key(types, reader.value(row, "content_type")));
    let app = of.and_then(|of| reader.value(of, "app_label").as_str());
    !app.is_some_and(|app| app.starts_with("authentik"))
}

/// Returns `true` for a provider that no application uses.
fn is_no_application(reader: Reader<'_>, row: &Row) -> bool {
    application(reader, row).is_none() && reader.value(row, "backchannel_application").is_null()
}

impl<'a> Scope<'a> {
    /// Returns the rows of the viewset of a request; none if the caller may see none.
    pub(crate) fn of(api: &'a Api, cx: &'a Context, reader: Reader<'_>) -> Self {
        match Rule::of(api, cx) {
            Some(rule) => Self::of_rule(&rule, cx, reader).unwrap_or_else(|_| Self::none()),
            None => Self::default(),
        }
    }

    fn none() -> Self {
        Self { tests: vec![Test::Permitted(HashSet::new())] }
    }

    /// Returns the rows that a rule lets a caller see.
    ///
    /// # Errors
    /// 403 if there can be none; a server error where the program fails.
    pub(super) fn of_rule(rule: &Rule<'_>, cx: &'a Context, reader: Reader<'_>) -> Result<Self, Failure> {
        let mut scope = Self::default();
        let Some(model) = rule.viewset.model.as_deref() else { return Ok(scope) };
        let hidden = HIDDEN.iter().filter(|(path, _)| *path == rule.viewset.path);
        scope.tests.extend(hidden.map(|(_, hidden)| Test::Hidden(reader.model(model), *hidden)));
        let caller = cx.user.as_deref();
        for narrowing in rule.narrowings() {
            match narrowing {
                Narrowing::Permission => scope.permitted(model, caller, reader)?,
                Narrowing::Owner(_) if caller.is_some_and(|caller| caller.is_superuser) => {}
                Narrowing::Owner(path) => {
                    let first = path.first().copied().unwrap_or_default();
                    let has_owner =
                        reader.model(model).is_some_and(|id| reader.fields(id).any(|name| name == first));
                    if !has_owner {
                        return Err(Departs::QueryFails.broken());
                    }
                    scope.tests.push(Test::Owned(caller, path));
                }
            }
        }
        Ok(scope)
    }

    /// Leaves the rows that the caller has the permission to view.
    fn permitted(
        &mut self,
        model: &str,
        caller: Option<&'a Caller>,
        reader: Reader<'_>,
    ) -> Result<(), Failure> {
        let caller = caller.ok_or_else(Failure::permission_denied)?;
        let view = permission(model, "view");
        if caller.has(&view) {
            return Ok(());
        }
        let keys = caller.objects(&view);
        let sees_any = reader.model(model).is_some_and(|model| {
            let rows = keys.iter().filter_map(|key| reader.by_key(model, &Value::from(*key)));
            rows.into_iter().any(|row| self.sees(reader, row))
        });
        if !sees_any && !caller.is_internal_service_account {
            return Err(Failure::permission_denied());
        }
        self.tests.push(Test::Permitted(keys));
        Ok(())
    }

    /// Returns the rows that are left out, if these are few whatever the caller may see.
    pub(crate) fn hidden(&self, reader: Reader<'_>) -> Option<Vec<RowId>> {
        let mut rows = Vec::new();
        for test in &self.tests {
            let Test::Hidden(model, Hidden::One(field, value)) = test else { return None };
            rows.extend(reader.find((*model)?, field, &Value::from(*value)).map(|row| row.id()));
        }
        Some(rows)
    }

    /// Returns `true` if a row is among them.
    pub(crate) fn sees(&self, reader: Reader<'_>, row: &Row) -> bool {
        self.tests.iter().all(|test| match test {
            Test::Hidden(_, Hidden::One(field, value)) => reader.value(row, field) != value,
            Test::Hidden(_, Hidden::If(is_hidden)) => !is_hidden(reader, row),
            Test::Permitted(keys) => keys.contains(key(reader, row).as_str()),
            Test::Owned(caller, path) => caller
                .is_some_and(|caller| owner(reader, row, path).is_some_and(|owner| *owner == caller.key)),
        })
    }
}

/// Returns the owner of a row, at the end of a path over sessions.
fn owner<'a>(reader: Reader<'a>, row: &'a Row, path: &[&str]) -> Option<&'a Value> {
    match path {
        [field] => Some(reader.value(row, field)),
        [field, rest @ ..] => {
            let sessions = reader.model("authentik_core.authenticatedsession")?;
            owner(reader, reader.by_key(sessions, reader.value(row, field))?, rest)
        }
        [] => None,
    }
}
