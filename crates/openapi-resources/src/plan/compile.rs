//! Compiles paths.

use crate::definition::Kind;
use crate::ids::ModelId;
use crate::layout::{ModelPlan, ReversePlan};
use crate::path::{End, Path, Step};

/// The purpose of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The values at its end; of a relation, what its field has.
    Value,
    /// The rows at its end, by their keys.
    Rows,
}

/// Compiles the path `text` from rows of `model`.
///
/// # Errors
/// If it leads nowhere: the reason.
pub(super) fn compile(
    models: &[ModelPlan],
    model: ModelId,
    text: &str,
    goal: Goal,
) -> Result<Path, (String, String)> {
    let (mut steps, mut current, mut many) = (Vec::new(), model, false);
    let mut names = text.split('.').peekable();
    while let Some(name) = names.next() {
        let here = &models[current.0];
        if let Some(column) = here.by_name.get(name) {
            let field = &here.columns[*column];
            let is_last = names.peek().is_none();
            match field.reference {
                Some(reference) if !is_last || goal == Goal::Rows => {
                    many |= reference.many;
                    let (target, named_by) = (reference.model, reference.column);
                    steps.push(Step::Forward { column: *column, target, named_by, many: reference.many });
                    current = target;
                }
                _ => {
                    let listed = field.reference.is_some_and(|reference| reference.many);
                    let inner = names.map(str::to_owned).collect();
                    if goal == Goal::Rows {
                        let message = format!("`{name}` of the model `{}` refers to no rows", here.name);
                        return Err((message, "give the field a reference".to_owned()));
                    }
                    let end = End { column: *column, kind: field.kind, inner, listed };
                    return Ok(Path { steps, end, many: many || listed, model: current });
                }
            }
        } else if let Some(reverse) = here.reverse.get(name) {
            let ReversePlan { model, column, named_by } = *reverse;
            // At most one row names a row by a field that no two share.
            many |= !models[model.0].columns[column].unique;
            steps.push(Step::Reverse { model, column, named_by });
            current = model;
        } else {
            let known: Vec<&str> =
                here.by_name.keys().chain(here.reverse.keys()).map(String::as_str).collect();
            return Err((
                format!("the model `{}` has no field `{name}`", here.name),
                format!("use one of its fields and relations: {}", listed(known)),
            ));
        }
    }
    let here = &models[current.0];
    let kind = here.columns.get(here.key).map_or(Kind::Any, |key| key.kind);
    let end = End { column: here.key, kind, inner: Vec::new(), listed: false };
    Ok(Path { steps, end, many, model: current })
}

/// Lists names in their order.
pub(super) fn listed(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    names.join(", ")
}
