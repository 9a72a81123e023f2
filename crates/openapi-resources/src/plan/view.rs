//! Views as a store reads and writes by them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::definition::{Access, Seen};
use crate::functions::{Known, Reads};
use crate::ids::{ModelId, ViewId};
use crate::layout::TemplatePlan;
use crate::path::Path;

/// A view.
#[derive(Debug)]
pub(crate) struct ViewPlan {
    pub(crate) properties: Vec<PropertyPlan>,
    /// The views of rows of other models.
    pub(crate) of: HashMap<ModelId, ViewId>,
    /// The number of this view among those of models with the same last base.
    pub(crate) slot: usize,
    /// `true` if what is kept of a row may depend on what it is seen as.
    pub(crate) depends_on_seen: bool,
}

/// A property.
#[derive(Debug)]
pub(crate) struct PropertyPlan {
    pub(crate) name: String,
    /// Its name as JSON, with the colon after it.
    pub(crate) head: String,
    pub(crate) source: SourcePlan,
    pub(crate) access: Access,
    pub(crate) optional: bool,
    /// The value that it gets from a replacement which does not have it.
    pub(crate) default: Option<Value>,
}

/// The source of a value.
#[derive(Clone)]
pub(crate) enum SourcePlan {
    /// A field of the row itself.
    Column(usize),
    /// Values elsewhere.
    Path(Path),
    /// The keys of rows that refer to the row, which can be set here too.
    Reverse(Path),
    /// The row that a field names, by its own key.
    OwnKey(usize, Path),
    /// Rows elsewhere, as objects.
    Object(Path, ViewId, SeenPlan),
    /// The number of values elsewhere.
    Count(Path),
    /// A value, as JSON.
    Constant(Arc<(Value, String)>),
    /// A text.
    Template(TemplatePlan),
    /// The result of a function.
    Function(Known),
}

/// The models that rows elsewhere are seen as.
#[derive(Clone, Debug)]
pub(crate) struct SeenPlan {
    pub(crate) seen: Seen,
    /// The models whose rows are seen as rows of their base.
    pub(crate) base_of: Vec<ModelId>,
}

impl std::fmt::Debug for SourcePlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Column(_) => "Column",
            Self::Path(_) => "Path",
            Self::Reverse(_) => "Reverse",
            Self::OwnKey(..) => "OwnKey",
            Self::Object(..) => "Object",
            Self::Count(_) => "Count",
            Self::Constant(_) => "Constant",
            Self::Template(_) => "Template",
            Self::Function(_) => "Function",
        })
    }
}

impl SourcePlan {
    /// Returns `true` if the value depends on nothing but the row itself.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self, Self::Column(_) | Self::Constant(_) | Self::Function(Known { reads: Reads::Row, .. }))
    }
}
