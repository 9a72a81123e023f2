//! The ways in which authentik departs from its own document, and why. The stub follows it, names the reason in its journal, and
//! refuses such an answer where it holds everybody to the document.

use openapi_server_runtime::failure::{Departure, Failure};

/// A way in which authentik departs from its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departs {
    /// The database refuses what the serializer let pass.
    WriteFails,
    /// A list is ordered or filtered by what its rows do not have.
    QueryFails,
    /// A view reads its body without a serializer.
    BodyUnchecked,
    /// A view reads a parameter without checking it.
    ParameterUnchecked,
    /// A check of a serializer reads a member that the body does not have.
    MemberTaken,
    /// The permission that is asked for is of another app than the object.
    ForeignPermission,
    /// The objects that use one of a base model cannot be collected.
    BaseUnused,
    /// A flow without stages cannot be planned.
    FlowUnplanned,
    /// A text has a character that the database has not.
    NullCharacter,
    /// The service that the program would ask first is out of reach.
    OutOfReach,
    /// The object needs a licence.
    Unlicensed,
    /// A view refuses with a page.
    Page,
    /// The fields of the view cannot be described.
    Undescribed,
}

impl Departs {
    /// Returns the name and the reason.
    pub(crate) const fn departure(self) -> Departure {
        let (name, reason) = match self {
            Self::WriteFails => (
                "write-fails",
                "The serializer accepts the body, and the database refuses the row, for example because it requires a \
                 column that the serializer does not ask for.",
            ),
            Self::QueryFails => (
                "query-fails",
                "The list is ordered or filtered by something that its rows do not have in the database.",
            ),
            Self::BodyUnchecked => (
                "body-unchecked",
                "The view reads the body without a serializer and fails on values of other types.",
            ),
            Self::ParameterUnchecked => (
                "parameter-unchecked",
                "The view reads a parameter of the query without checking it and fails.",
            ),
            Self::MemberTaken => (
                "member-taken-for-granted",
                "A check of the serializer reads a member that the body does not have.",
            ),
            Self::ForeignPermission => (
                "foreign-permission",
                "The permission that the view asks for belongs to another app than the object, which the check of \
                 permissions does not expect.",
            ),
            Self::BaseUnused => {
                ("base-unused", "The objects that use one of an abstract base cannot be collected.")
            }
            Self::FlowUnplanned => {
                ("flow-unplanned", "The flow has no stages, so that it cannot be planned.")
            }
            Self::NullCharacter => ("null-character", "No text of the database can have a NUL character."),
            Self::OutOfReach => {
                ("out-of-reach", "authentik asks another service before it writes, and that is out of reach.")
            }
            Self::Unlicensed => {
                ("unlicensed", "The object needs an enterprise licence, which is not installed.")
            }
            Self::Page => {
                ("page", "The view refuses with an empty page of HTML, which the document does not have.")
            }
            Self::Undescribed => (
                "undescribed",
                "A field has choices that the description of the view cannot read, so that it fails.",
            ),
        };
        Departure { name, reason }
    }

    /// Returns the failure of the server that this leads to.
    pub(crate) fn broken(self) -> Failure {
        Failure::ServerError.because(self.departure())
    }
}
