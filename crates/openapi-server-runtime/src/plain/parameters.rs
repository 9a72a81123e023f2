//! Reads parameters, and hands them on as what they are for.

use serde_json::Value;

use crate::arguments::{Arguments, ParameterValue};
use crate::checker::Checker;
use crate::filters::{FilterValue, PageNumber, PageSize};
use crate::operation::{Parameter, Role};
use crate::request::RequestContext;
use crate::schema::Rule;
use crate::style::Written;

/// Reads a parameter of a request into `arguments`, or adds to `checker` what is wrong with it.
pub(super) fn parse<U>(
    parameter: &'static Parameter,
    cx: &RequestContext<U>,
    arguments: &mut Arguments,
    checker: &mut Checker,
) {
    if parameter.is_ignored() {
        return;
    }
    checker.parameter(parameter, |checker| match Written::of(parameter, cx).read(&parameter.rule) {
        Err(detail) => checker.fail(detail),
        Ok(None) if parameter.required => checker.fail("This parameter is required."),
        Ok(None) => {}
        Ok(Some(value)) => {
            checker.value(&parameter.rule, &value);
            if let Some(value) = of_role(parameter.role, &parameter.rule, value) {
                arguments.parameters_mut(parameter.location).insert(parameter.name, value);
            }
        }
    });
}

/// Returns a value as what its parameter is for.
fn of_role(purpose: Role, rule: &Rule, value: Value) -> Option<ParameterValue> {
    let number = || value.as_u64().or_else(|| value.as_str()?.parse().ok()).filter(|number| *number > 0);
    Some(match purpose {
        Role::Page => ParameterValue::Page(number().map_or(PageNumber::Invalid, PageNumber::Number)),
        Role::PageSize => ParameterValue::PageSize(PageSize::new(number()?)?),
        Role::Ordering | Role::Search => {
            ParameterValue::Filter(FilterValue::Text(value.as_str().unwrap_or_default().to_owned()))
        }
        Role::Filter | Role::Plain => ParameterValue::Filter(FilterValue::of(rule, value)?),
    })
}
