//! What a rule of the catalogue says: how a kind of change is judged in each direction, and why.

use serde::Serialize;

/// How hard a change hits programs that were written for the old document and now meet the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Nothing that a program does depends on it.
    Documentation,
    /// Every exchange that worked goes on working.
    Compatible,
    /// Exchanges go on, but a program may meet values, names or effects that it does not know.
    Risky,
    /// Some exchange that worked fails, or its answer can no longer be read.
    Breaking,
}

/// Which way the data goes that a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From callers to the server.
    Request,
    /// From the server to callers.
    Response,
}

/// Who has to look at a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Hit {
    /// Programs that use the generated Rust client.
    #[serde(rename = "client callers")]
    ClientCallers,
    /// Programs that implement the generated Rust service traits.
    #[serde(rename = "server implementors")]
    ServerImplementors,
    /// Programs whose bindings other generators make from this document, which close what Rust leaves open.
    #[serde(rename = "callers in other languages")]
    OtherLanguages,
}

/// What a change requires of the version of the generated crates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No item changes, only what happens inside.
    Patch,
    /// Items are added.
    Minor,
    /// Code that compiled may not any more.
    Major,
}

/// What a change does to the Rust item generated from its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Completes "the item is …".
    pub what: &'static str,
    /// What that requires of the next version.
    pub level: Level,
}

/// What becomes of the method of the service trait that is handed something it was not.
pub(super) const ANOTHER_ARGUMENT: Option<Effect> =
    Some(Effect { what: "given another argument", level: Level::Major });

/// What becomes of the sum of the service traits when there is a new one.
pub(super) const ANOTHER_SUPERTRAIT: Option<Effect> =
    Some(Effect { what: "given another supertrait", level: Level::Major });

/// The judgement on one kind of change in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How hard it hits.
    pub class: Class,
    /// Whom it hits.
    pub hits: &'static [Hit],
    /// What it usually does to the generated Rust.
    pub rust: Option<Effect>,
}

/// One kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name by which changes refer to it.
    pub id: &'static str,
    /// The judgement where requests are concerned.
    pub request: Option<Verdict>,
    /// The judgement where answers are concerned.
    pub response: Option<Verdict>,
    /// The judgement where the change concerns neither alone.
    pub undirected: Option<Verdict>,
    /// What has changed.
    pub meaning: &'static str,
    /// Why it is judged so.
    pub why: &'static str,
}

pub(super) const EVERYONE: &[Hit] = &[Hit::ClientCallers, Hit::ServerImplementors, Hit::OtherLanguages];
pub(super) const CALLERS: &[Hit] = &[Hit::ClientCallers, Hit::OtherLanguages];
pub(super) const SERVERS: &[Hit] = &[Hit::ServerImplementors];
pub(super) const OTHERS: &[Hit] = &[Hit::OtherLanguages];
pub(super) const NOBODY: &[Hit] = &[];

impl Rule {
    /// The judgement on a change in `direction`.
    #[must_use]
    pub fn verdict(&self, direction: Option<Direction>) -> Option<&Verdict> {
        match direction {
            None => self.undirected.as_ref(),
            Some(Direction::Request) => self.request.as_ref(),
            Some(Direction::Response) => self.response.as_ref(),
        }
    }

    pub(super) const fn undirected(id: &'static str, class: Class, hits: &'static [Hit]) -> Self {
        let verdict = Some(Verdict { class, hits, rust: None });
        Rule { id, request: None, response: None, undirected: verdict, meaning: "", why: "" }
    }

    pub(super) const fn request(id: &'static str, class: Class, hits: &'static [Hit]) -> Self {
        let verdict = Some(Verdict { class, hits, rust: None });
        Rule { id, request: verdict, response: None, undirected: None, meaning: "", why: "" }
    }

    pub(super) const fn response(id: &'static str, class: Class, hits: &'static [Hit]) -> Self {
        Rule::request(id, class, hits).only_in_answers()
    }

    const fn only_in_answers(self) -> Self {
        Rule { request: None, response: self.request, ..self }
    }

    /// The same judgement whichever way the data goes.
    pub(super) const fn directed(id: &'static str, class: Class, hits: &'static [Hit]) -> Self {
        let verdict = Some(Verdict { class, hits, rust: None });
        Rule { id, request: verdict, response: verdict, undirected: None, meaning: "", why: "" }
    }

    /// Fewer values are valid than before.
    pub(super) const fn narrowing(id: &'static str) -> Self {
        Rule::directed(id, Class::Breaking, CALLERS).in_answers(Class::Compatible, SERVERS)
    }

    /// More values are valid than before.
    pub(super) const fn widening(id: &'static str) -> Self {
        Rule::directed(id, Class::Compatible, SERVERS).in_answers(Class::Breaking, CALLERS)
    }

    /// The same, with another judgement on answers.
    pub(super) const fn in_answers(self, class: Class, hits: &'static [Hit]) -> Self {
        let rust = match self.request {
            Some(verdict) => verdict.rust,
            None => None,
        };
        Rule { response: Some(Verdict { class, hits, rust }), ..self }
    }

    /// The same, with this effect on the generated Rust.
    pub(super) const fn rust(self, what: &'static str, level: Level) -> Self {
        let effect = Some(Effect { what, level });
        Rule {
            request: with_effect(self.request, effect),
            response: with_effect(self.response, effect),
            undirected: with_effect(self.undirected, effect),
            ..self
        }
    }

    /// The same, with no effect on the Rust generated for answers.
    pub(super) const fn rust_ignores_answers(self) -> Self {
        Rule { response: with_effect(self.response, None), ..self }
    }

    pub(super) const fn means(self, meaning: &'static str) -> Self {
        Rule { meaning, ..self }
    }

    pub(super) const fn because(self, why: &'static str) -> Self {
        Rule { why, ..self }
    }
}

const fn with_effect(verdict: Option<Verdict>, rust: Option<Effect>) -> Option<Verdict> {
    match verdict {
        Some(verdict) => Some(Verdict { rust, ..verdict }),
        None => None,
    }
}
