//! The viewsets: which model a path is about, and by which classes of the framework it is guarded.

use std::collections::HashMap;
use std::net::IpAddr;

use openapi_django::server::python;
use openapi_server_runtime::request::QueryString;
use serde::{Deserialize, Deserializer};

/// All viewsets, and what models are called.
#[derive(Debug, Deserialize)]
pub(crate) struct Viewsets {
    /// The viewsets, in the order of their paths.
    #[serde(rename = "viewsets", deserialize_with = "in_order")]
    all: Vec<Viewset>,
    pub(crate) models: HashMap<String, ModelName>,
    /// The names of apps for people.
    pub(crate) apps: HashMap<String, String>,
    /// The names of countries, by their codes.
    pub(crate) countries: HashMap<String, String>,
    /// The identifier of the installation whose answers were recorded.
    pub(crate) install_id: String,
    /// The kinds of OAuth sources, as the API shows them.
    pub(crate) source_types: Vec<serde_json::Value>,
}

/// A viewset.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Viewset {
    /// The path of its list.
    pub(crate) path: String,
    pub(crate) model: Option<String>,
    /// The permission classes.
    pub(crate) permissions: Vec<String>,
    /// The filters of lists.
    pub(crate) filters: Vec<String>,
    /// When its list comes by its keys although nobody asks for that.
    #[serde(default)]
    by_key: ByKey,
    /// The orders on which a list fails.
    #[serde(default)]
    failing_orders: Vec<String>,
    /// The filters on which a list fails, by their parameters, and the texts that they fail on.
    #[serde(default)]
    failing_filters: HashMap<String, String>,
    /// The filters that are functions, by their parameters.
    #[serde(default)]
    pub(crate) functions: HashMap<String, String>,
    /// Properties whose values no two objects share all of.
    #[serde(default)]
    pub(crate) together: Vec<Vec<String>>,
    /// `true` if its objects can only be made with a licence.
    #[serde(default)]
    pub(crate) enterprise: bool,
    /// The actions beside the usual ones, by the ids of their operations.
    #[serde(default)]
    pub(crate) actions: HashMap<String, Action>,
}

/// The names of the order by key, where a list has it although nobody asks for that.
#[derive(Debug, Default, Deserialize)]
struct ByKey {
    /// Where something narrows the list.
    narrow: Option<String>,
    /// Where nothing does.
    wide: Option<String>,
}

/// An action of a viewset.
#[derive(Debug, Deserialize)]
pub(crate) struct Action {
    pub(crate) permission_required: Option<Required>,
    pub(crate) permission_classes: Option<Vec<String>>,
    pub(crate) filter_backends: Option<Vec<String>>,
}

/// The permissions that an action asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct Required {
    pub(crate) object: Option<String>,
    #[serde(default)]
    pub(crate) global: Option<Vec<String>>,
}

/// The names of a model for people.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelName {
    pub(crate) name: String,
    pub(crate) plural: String,
    pub(crate) base: Option<String>,
    /// The component of the user interface that edits its objects.
    pub(crate) component: Option<String>,
    /// The table of the database that its rows are in.
    pub(crate) table: String,
    /// The relations over which other rows use a row, in the order in which they are told.
    #[serde(default)]
    pub(crate) used_by: Vec<User>,
    /// The models that are not told beside this one.
    #[serde(default)]
    pub(crate) shadows: Option<Vec<String>>,
}

/// A relation over which rows use another.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct User {
    pub(crate) model: String,
    pub(crate) path: String,
    pub(crate) action: String,
    /// The fields that they are ordered by.
    #[serde(default)]
    pub(crate) order: Vec<String>,
}

/// The part of a viewset that a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    List,
    Detail,
    UsedBy,
    /// An action on the whole.
    Action,
    /// An action on an object.
    DetailAction,
}

/// The parameters that narrow no list.
const WIDE: [&str; 3] = ["ordering", "page", "page_size"];

/// The letters of a search that the database takes for narrow: it then looks at the rows one by one, instead of all at once.
const NARROW: usize = 3;

impl Viewset {
    /// Returns the order by which a list comes by its keys, if it does so although nobody asks for that.
    pub(crate) fn order_by_key(&self, query: &QueryString) -> Option<&str> {
        let narrows = |(name, value): (&str, &str)| match name {
            "search" => value.chars().count() >= NARROW,
            _ => !value.is_empty() && !WIDE.contains(&name),
        };
        if query.last("ordering").is_some() {
            return None;
        }
        let name = if query.iter().any(narrows) { &self.by_key.narrow } else { &self.by_key.wide };
        name.as_deref()
    }

    /// Returns `true` if the program takes each row for what it is, instead of a row of the model: lists of bases do.
    pub(crate) fn shows_children(&self) -> bool {
        self.path.ends_with("/all/") && self.path != "/sources/user_connections/all/"
    }

    /// Returns `true` if its list cannot be ordered or filtered as a query asks although the framework tries.
    pub(crate) fn fails_on(&self, query: &QueryString) -> bool {
        let order = query.last("ordering").unwrap_or_default().split(',');
        let mut names = order.map(|name| name.trim().trim_start_matches('-'));
        names.any(|name| self.failing_orders.iter().any(|failing| failing == name))
            || query.iter().any(|(name, text)| !text.is_empty() && self.fails_on_filter(name, text))
    }

    fn fails_on_filter(&self, parameter: &str, text: &str) -> bool {
        match self.failing_filters.get(parameter).map(String::as_str) {
            Some("ip") => text.parse::<IpAddr>().is_err(),
            Some("uuid") => python::uuid(text).is_none(),
            // What is no truth value is not asked for.
            Some("boolean") => matches!(text.to_lowercase().as_str(), "true" | "false" | "1" | "0"),
            Some(_) => true,
            None => false,
        }
    }
}

impl Part {
    /// Returns `true` if the path names an object.
    pub(crate) fn names_object(self) -> bool {
        matches!(self, Self::Detail | Self::DetailAction | Self::UsedBy)
    }
}

impl Viewsets {
    /// Returns the viewset of a route, and which part of it the route is.
    pub(crate) fn of(&self, route: &str) -> Option<(&Viewset, Part)> {
        let mut beginnings = route.rmatch_indices('/').filter_map(|(end, _)| route.get(..=end));
        let viewset = beginnings.find_map(|path| self.at(path))?;
        let rest = route.get(viewset.path.len()..)?;
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        let part = match (parts.next(), parts.next()) {
            (None, _) => Part::List,
            (Some(variable), None) if variable.starts_with('{') => Part::Detail,
            (Some(variable), Some("used_by")) if variable.starts_with('{') => Part::UsedBy,
            (Some(variable), Some(_)) if variable.starts_with('{') => Part::DetailAction,
            _ => Part::Action,
        };
        Some((viewset, part))
    }

    /// Returns the viewset whose list is at a path.
    pub(crate) fn at(&self, path: &str) -> Option<&Viewset> {
        let place = self.all.binary_search_by(|viewset| viewset.path.as_str().cmp(path)).ok()?;
        self.all.get(place)
    }
}

/// Reads viewsets, and puts them in the order of their paths.
fn in_order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Viewset>, D::Error> {
    let mut all = Vec::<Viewset>::deserialize(deserializer)?;
    all.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(all)
}
