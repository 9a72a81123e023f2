//! Flows as diagrams in the language of Mermaid.

use std::sync::Arc;

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, Subject, by_key, text, viewed};
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[("flows_instances_diagram_retrieve", diagram)];

const END: &str = "End of the flow";

/// The form of an element.
#[derive(Debug, Clone, Copy)]
enum Form {
    Plain,
    Subroutine,
    Stage,
    Policy,
}

/// An element of a diagram.
#[derive(Debug, Clone)]
struct Element {
    id: String,
    words: String,
    form: Form,
    /// The words on the arrow that leads to it; `None` if there is no arrow.
    arrow: Option<String>,
    /// The elements that the arrow comes from.
    sources: Vec<String>,
}

impl Element {
    fn new(id: impl Into<String>, words: impl Into<String>, form: Form) -> Self {
        Self { id: id.into(), words: words.into(), form, arrow: None, sources: Vec::new() }
    }

    fn from(mut self, arrow: impl Into<String>, sources: &[String]) -> Self {
        self.arrow = Some(arrow.into());
        self.sources = sources.to_vec();
        self
    }

    fn drawn(&self) -> String {
        let Self { id, words, .. } = self;
        let shape = match self.form {
            Form::Plain => format!("{id}[\"{words}\"]"),
            Form::Subroutine => format!("{id}[[\"{words}\"]]"),
            Form::Stage => format!("{id}([\"{words}\"])"),
            Form::Policy => format!("{id}{{{{\"{words}\"}}}}"),
        };
        let led_to = match self.arrow.as_deref() {
            None => shape,
            Some("") => format!("--> {shape}"),
            Some(arrow) => format!("--{arrow}--> {shape}"),
        };
        if self.sources.is_empty() {
            return led_to;
        }
        self.sources.iter().map(|source| format!("{source} {led_to}")).collect::<Vec<_>>().join("\n")
    }
}

/// The rows that a diagram is drawn from.
struct Drawing<'a> {
    api: &'a Api,
    cx: &'a Context,
    reader: Reader<'a>,
}

impl<'a> Drawing<'a> {
    /// Returns the rows that name a target and that the caller may view, in their order.
    fn bound(&self, model: &str, target: &Value) -> Vec<&'a Arc<Row>> {
        let Some(caller) = self.cx.user.as_deref() else { return Vec::new() };
        let mut rows: Vec<&Arc<Row>> = viewed(self.reader, model, caller)
            .filter(|row| self.reader.value(row, "target") == target)
            .collect();
        rows.sort_by_key(|row| self.reader.value(row, "order").as_i64());
        rows
    }

    /// Returns the policies that are bound to a row, with the orders of their bindings.
    fn policies(&self, target: &Row) -> Vec<(&'a Arc<Row>, i64)> {
        let key = match self.reader.value(target, "pbm_uuid") {
            Value::Null => self.reader.key(target),
            key => key,
        };
        let bindings = self.bound("authentik_policies.policybinding", key);
        let policies = bindings.into_iter().filter_map(|binding| {
            let policy =
                by_key(self.reader, "authentik_policies.policy", self.reader.value(binding, "policy"))?;
            Some((policy, self.reader.value(binding, "order").as_i64().unwrap_or_default()))
        });
        policies.collect()
    }

    /// Returns a row with the kind of it.
    fn described(&self, what: &str, row: &Row) -> String {
        let model = self.reader.model_name(row.model());
        let kind = self.api.viewsets().models.get(model).map_or(model, |model| &model.name);
        format!("{what} ({kind})\n{}", text(self.reader, row, "name"))
    }

    fn drawn(&self, flow: &Row) -> String {
        let mut elements = Vec::new();
        let end = || Element::new("done", END, Form::Subroutine);
        let requirement = text(self.reader, flow, "authentication");
        if requirement != "none" {
            let id = "flow_auth_requirement".to_owned();
            elements.push(Element::new(
                &id,
                format!("Flow authentication requirement\n{requirement}"),
                Form::Plain,
            ));
            elements.push(end().from("Requirement not fulfilled", std::slice::from_ref(&id)));
            elements.push(
                Element::new("flow_start", "placeholder", Form::Plain).from("Requirement fulfilled", &[id]),
            );
        }
        let policies: Vec<Element> = self
            .policies(flow)
            .into_iter()
            .enumerate()
            .map(|(at, (policy, order))| {
                let id = format!("flow_policy_{at}");
                let element = Element::new(id, self.described("Policy", policy), Form::Policy);
                element.from(format!("Binding {order}"), &["flow_pre".to_owned()])
            })
            .collect();
        let before: Vec<String> = policies.iter().map(|policy| policy.id.clone()).collect();
        if !policies.is_empty() {
            elements.push(Element::new("flow_pre", "Pre-flow policies", Form::Subroutine));
            elements.extend(policies);
            elements.push(end().from("Policy denied", &before));
        }
        let start = Element::new(
            "flow_start",
            format!("Flow\n{}", text(self.reader, flow, "name")),
            Form::Subroutine,
        );
        elements.push(if before.is_empty() { start } else { start.from("", &before) });
        let last = self.stages(flow, &mut elements).unwrap_or_else(|| "flow_start".to_owned());
        elements.push(end().from("", &[last]));
        let lines = elements.iter().map(Element::drawn);
        ["graph TD".to_owned()].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }

    /// Adds the stages of a flow, and then what leads to them; returns the last stage.
    fn stages(&self, flow: &Row, elements: &mut Vec<Element>) -> Option<String> {
        let (mut stages, mut others): (Vec<Element>, Vec<Element>) = (Vec::new(), Vec::new());
        let mut parent = "flow_start".to_owned();
        let bindings = self.bound("authentik_flows.flowstagebinding", self.reader.value(flow, "flow_uuid"));
        for (at, binding) in bindings.into_iter().enumerate() {
            let Some(stage) =
                by_key(self.reader, "authentik_flows.stage", self.reader.value(binding, "stage"))
            else {
                continue;
            };
            let mut asked = Vec::new();
            for (number, (policy, _)) in self.policies(binding).into_iter().enumerate() {
                let id = format!("stage_{at}_policy_{number}");
                asked.push(id.clone());
                let element = Element::new(id, self.described("Policy", policy), Form::Policy);
                others.push(element.from("", std::slice::from_ref(&parent)));
            }
            let arrow = if asked.is_empty() { "" } else { "Policy passed" };
            let element = Element::new(format!("stage_{at}"), self.described("Stage", stage), Form::Stage);
            // A policy that denies leads past its stage.
            for source in stages.last().map_or(&[][..], |before| before.sources.as_slice()) {
                others.push(element.clone().from("Policy denied", std::slice::from_ref(source)));
            }
            parent.clone_from(&element.id);
            stages.push(element.from(arrow, &asked));
        }
        let last = stages.last().map(|stage| stage.id.clone());
        elements.extend(stages);
        elements.extend(others);
        last
    }
}

fn diagram(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let drawing = Drawing { api, cx, reader: subject.reader() };
    kit::json(&json!({"diagram": drawing.drawn(&subject.row)}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_drawn_with_what_leads_to_them() {
        let stage = Element::new("stage_1", "Stage", Form::Stage);
        assert_eq!(stage.drawn(), "stage_1([\"Stage\"])");
        assert_eq!(stage.clone().from("", &[]).drawn(), "--> stage_1([\"Stage\"])");
        let from = stage.from("Policy passed", &["a".to_owned(), "b".to_owned()]);
        assert_eq!(
            from.drawn(),
            "a --Policy passed--> stage_1([\"Stage\"])\nb --Policy passed--> stage_1([\"Stage\"])"
        );
        assert_eq!(Element::new("p", "x", Form::Policy).drawn(), "p{{\"x\"}}");
    }
}
