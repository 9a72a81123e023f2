//! A definition that was checked, in the form that a store works by: names are numbers, paths are steps.

mod build;
mod compile;
mod parts;
mod problem;
mod view;

pub use crate::ids::{CollectionId, ModelId, ViewId};
pub use crate::layout::{Column, ReferencePlan};
pub(crate) use parts::CollectionPlan;
pub use parts::Plan;
pub use problem::Problem;
pub(crate) use view::{PropertyPlan, SeenPlan, SourcePlan, ViewPlan};
