//! Where a document says its operations are served.

use super::place::Place;

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server<'a> {
    /// Its URL, with variables between braces; it may be relative to where the document was found.
    pub url: &'a str,
    /// Its description.
    pub description: Option<&'a str>,
    /// The variables of its URL.
    pub variables: Vec<Variable<'a>>,
}

/// A variable in the URL of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    /// Its name.
    pub name: &'a str,
    /// The value it has unless another is chosen.
    pub default: &'a str,
    /// The values to choose from; none if it may have any.
    pub values: Vec<&'a str>,
}

impl Server<'_> {
    /// Returns `true` if `other` has the same URL and the same variables.
    pub(super) fn serves_like(&self, other: Option<&Self>) -> bool {
        other.is_some_and(|other| (self.url, &self.variables) == (other.url, &other.variables))
    }

    /// Returns the path of its URL, without a slash at its end. Its variables have their defaults. A path that is relative to
    /// where the document was found is taken as one of the root.
    #[must_use]
    pub fn path(&self) -> String {
        let mut url = self.url.to_owned();
        for Variable { name, default, .. } in &self.variables {
            url = url.replace(&format!("{{{name}}}"), default);
        }
        let of_host = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//"));
        let path = of_host.map_or(url.as_str(), |rest| rest.split_once('/').map_or("", |(_, path)| path));
        let path = path.trim_start_matches("./").trim_matches('/');
        if path.is_empty() { String::new() } else { format!("/{path}") }
    }
}

/// Reads the servers that what stands at `holder` lists.
pub(super) fn of<'a>(holder: &Place<'a>) -> Vec<Server<'a>> {
    let servers = holder.written("servers");
    let servers = servers.iter().flat_map(Place::items).filter_map(|place| {
        let variables = place.written("variables");
        let variables = variables.iter().flat_map(Place::members).map(|(name, variable)| Variable {
            name,
            default: variable.text("default").unwrap_or_default(),
            values: variable.texts("enum"),
        });
        Some(Server {
            url: place.text("url")?,
            description: place.text("description"),
            variables: variables.collect(),
        })
    });
    servers.collect()
}
