//! The parts of a rule: how it assesses a kind of change in each direction, and why.

use serde::Serialize;

/// The severity of a change for programs that were written for the old document and now meet the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No behaviour of a program depends on it.
    Documentation,
    /// Every exchange that worked goes on working.
    Compatible,
    /// Exchanges go on, but a program may meet values, names or effects that it does not know.
    Risky,
    /// Some exchange that worked fails, or its response can no longer be read.
    Breaking,
}

/// The direction of the data that a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From callers to the server.
    Request,
    /// From the server to callers.
    Response,
}

/// The people whom a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Audience {
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

/// The version bump that a change requires of the generated crates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SemverBump {
    /// No item changes, only what happens inside.
    Patch,
    /// Items are added.
    Minor,
    /// Code that compiled may not any more.
    Major,
}

/// The effect of a change on the Rust item generated from its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Completes "the item is …".
    pub what: &'static str,
    /// The smallest version bump that the effect requires.
    pub semver: SemverBump,
}

/// The effect on a method of the service trait whose argument changes.
pub(super) const ANOTHER_ARGUMENT: Option<Effect> =
    Some(Effect { what: "given another argument", semver: SemverBump::Major });

/// The effect on the trait that combines the service traits when there is a new one.
pub(super) const ANOTHER_SUPERTRAIT: Option<Effect> =
    Some(Effect { what: "given another supertrait", semver: SemverBump::Major });

/// The assessment of one kind of change in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The severity of the change.
    pub severity: Severity,
    /// The people whom it concerns.
    pub audience: &'static [Audience],
    /// The usual effect on the generated Rust.
    pub rust: Option<Effect>,
}

/// One kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name by which changes refer to it.
    pub id: &'static str,
    /// `true` if a change means that other values are valid, as far as this alone decides.
    pub about_values: bool,
    /// The assessment of requests.
    pub request: Option<Assessment>,
    /// The assessment of responses.
    pub response: Option<Assessment>,
    /// The assessment of a change that concerns neither direction alone.
    pub undirected: Option<Assessment>,
    /// The kind of change that the rule describes.
    pub meaning: &'static str,
    /// The reason for the assessment.
    pub why: &'static str,
}

pub(super) const EVERYONE: &[Audience] =
    &[Audience::ClientCallers, Audience::ServerImplementors, Audience::OtherLanguages];
pub(super) const CALLERS: &[Audience] = &[Audience::ClientCallers, Audience::OtherLanguages];
pub(super) const SERVERS: &[Audience] = &[Audience::ServerImplementors];
pub(super) const OTHERS: &[Audience] = &[Audience::OtherLanguages];
pub(super) const NOBODY: &[Audience] = &[];

impl Rule {
    /// Returns the assessment of a change in `direction`.
    #[must_use]
    pub fn assessment(&self, direction: Option<Direction>) -> Option<&Assessment> {
        match direction {
            None => self.undirected.as_ref(),
            Some(Direction::Request) => self.request.as_ref(),
            Some(Direction::Response) => self.response.as_ref(),
        }
    }

    const fn unassessed(id: &'static str) -> Self {
        let (request, response, undirected) = (None, None, None);
        Rule { id, about_values: false, request, response, undirected, meaning: "", why: "" }
    }

    pub(super) const fn undirected(
        id: &'static str,
        severity: Severity,
        audience: &'static [Audience],
    ) -> Self {
        let assessment = Some(Assessment { severity, audience, rust: None });
        Rule { undirected: assessment, ..Rule::unassessed(id) }
    }

    pub(super) const fn request(id: &'static str, severity: Severity, audience: &'static [Audience]) -> Self {
        let assessment = Some(Assessment { severity, audience, rust: None });
        Rule { request: assessment, ..Rule::unassessed(id) }
    }

    pub(super) const fn response(
        id: &'static str,
        severity: Severity,
        audience: &'static [Audience],
    ) -> Self {
        Rule::request(id, severity, audience).only_in_answers()
    }

    const fn only_in_answers(self) -> Self {
        Rule { request: None, response: self.request, ..self }
    }

    /// Makes a rule with one assessment for both directions.
    pub(super) const fn directed(
        id: &'static str,
        severity: Severity,
        audience: &'static [Audience],
    ) -> Self {
        let assessment = Some(Assessment { severity, audience, rust: None });
        Rule { request: assessment, response: assessment, ..Rule::unassessed(id) }
    }

    /// Makes a rule for changes after which fewer values are valid.
    pub(super) const fn narrowing(id: &'static str) -> Self {
        Rule::directed(id, Severity::Breaking, CALLERS)
            .in_answers(Severity::Compatible, SERVERS)
            .about_values()
    }

    /// Makes a rule for changes after which more values are valid.
    pub(super) const fn widening(id: &'static str) -> Self {
        Rule::directed(id, Severity::Compatible, SERVERS)
            .in_answers(Severity::Breaking, CALLERS)
            .about_values()
    }

    /// Makes the rule one about which values are valid.
    pub(super) const fn about_values(self) -> Self {
        Rule { about_values: true, ..self }
    }

    /// Makes the rule one about how values are read, whichever of them are valid.
    pub(super) const fn about_reading(self) -> Self {
        Rule { about_values: false, ..self }
    }

    /// Sets another assessment for responses.
    pub(super) const fn in_answers(self, severity: Severity, audience: &'static [Audience]) -> Self {
        let rust = match self.request {
            Some(assessment) => assessment.rust,
            None => None,
        };
        Rule { response: Some(Assessment { severity, audience, rust }), ..self }
    }

    /// Sets another assessment for requests.
    pub(super) const fn in_requests(self, severity: Severity, audience: &'static [Audience]) -> Self {
        Rule { request: Some(Assessment { severity, audience, rust: None }), ..self }
    }

    /// Sets the effect on the generated Rust.
    pub(super) const fn rust(self, what: &'static str, semver: SemverBump) -> Self {
        let effect = Some(Effect { what, semver });
        Rule {
            request: with_effect(self.request, effect),
            response: with_effect(self.response, effect),
            undirected: with_effect(self.undirected, effect),
            ..self
        }
    }

    /// Removes the effect on the Rust generated for responses.
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

const fn with_effect(assessment: Option<Assessment>, rust: Option<Effect>) -> Option<Assessment> {
    match assessment {
        Some(assessment) => Some(Assessment { rust, ..assessment }),
        None => None,
    }
}
