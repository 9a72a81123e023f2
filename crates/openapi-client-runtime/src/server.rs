//! The servers that a document names, and their URLs.

use std::error::Error;
use std::fmt;

use reqwest::Url;

/// A server that a document names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its URL, with variables between braces; only a path if it is relative to where the document is.
    pub url: &'static str,
    /// The variables of its URL.
    pub variables: &'static [Variable],
}

/// A variable in the URL of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The value it has unless another is chosen.
    pub default: &'static str,
    /// The values to choose from; none if it may have any.
    pub values: &'static [&'static str],
}

impl Server {
    /// Returns its URL with these values of variables, for the builder of a client; all others have their defaults. It is
    /// only a path if the document names no host.
    ///
    /// ```
    /// # use openapi_client_runtime::{Server, Variable};
    /// # fn main() -> Result<(), openapi_client_runtime::VariableError> {
    /// const REGION: Variable = Variable { name: "region", default: "us", values: &["us", "eu"] };
    /// let server = Server { url: "https://{region}.example.com/v1", variables: &[REGION] };
    /// assert_eq!(server.url_with([("region", "eu")])?, "https://eu.example.com/v1");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If it has no variable of a name, or the variable cannot have the value.
    pub fn url_with<'v>(
        &self,
        values: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Result<String, VariableError> {
        let mut url = self.url.to_owned();
        for (name, value) in values {
            let Some(variable) = self.variables.iter().find(|variable| variable.name == name) else {
                let known = list(self.variables.iter().map(|variable| variable.name));
                return Err(VariableError(format!(
                    "the server {:?} has no variable {name:?}; it has {known}",
                    self.url
                )));
            };
            if !variable.values.is_empty() && !variable.values.contains(&value) {
                let known = list(variable.values.iter().copied());
                return Err(VariableError(format!(
                    "the variable {name:?} of the server {:?} cannot be {value:?}; it is one of {known}",
                    self.url
                )));
            }
            url = url.replace(&format!("{{{name}}}"), value);
        }
        Ok(self.filled(&url))
    }

    /// Returns its URL with the defaults of all variables.
    pub(crate) fn default_url(&self) -> String {
        self.filled(self.url)
    }

    /// Returns its URL with these values of variables, as far as it has the variables and they can have the values.
    pub(crate) fn url_like(&self, values: &[(&str, String)]) -> String {
        let can_be = |(name, value): &&(&str, String)| self.url_with([(*name, value.as_str())]).is_ok();
        let values = values.iter().filter(can_be).map(|(name, value)| (*name, value.as_str()));
        self.url_with(values).unwrap_or_else(|_| self.default_url())
    }

    /// Returns the values of its variables in a URL that is one of it.
    pub(crate) fn values_in(&self, url: &str) -> Vec<(&'static str, String)> {
        let mut values = Vec::new();
        let (mut template, mut url) = (self.url.trim_end_matches('/'), url.trim_end_matches('/'));
        while let Some((literal, rest)) = template.split_once('{') {
            let Some((name, after)) = rest.split_once('}') else { break };
            let Some(behind) = url.strip_prefix(literal) else { break };
            let end = after.split('{').next().unwrap_or_default();
            let length = if end.is_empty() { Some(behind.len()) } else { behind.find(end) };
            let Some((value, left)) = length.and_then(|length| behind.split_at_checked(length)) else {
                break;
            };
            values.push((name, value.to_owned()));
            (template, url) = (after, left);
        }
        if url == template { values } else { Vec::new() }
    }

    /// Returns the path of its URL with the defaults of all variables, without a slash at its end.
    pub(crate) fn path(&self) -> String {
        path_of(&self.default_url()).trim_end_matches('/').to_owned()
    }

    /// Returns the segments of the path of its URL.
    pub(crate) fn segments(&self) -> Vec<Segment> {
        let mut url = self.url.to_owned();
        // A value of several segments is none to choose.
        for variable in self.variables.iter().filter(|variable| variable.default.contains('/')) {
            url = url.replace(&format!("{{{}}}", variable.name), variable.default);
        }
        let segments = path_of(&url).split('/').filter(|segment| !segment.is_empty());
        // One that is empty unless it is chosen is nothing to find.
        segments.map(|segment| self.segment(segment)).filter(|segment| !segment.usual().is_empty()).collect()
    }

    /// Returns `true` if its URL can have the origin of `url`; `None` if it is only a path.
    pub(crate) fn is_at(&self, url: &Url) -> Option<bool> {
        let (scheme, rest) = self.url.split_once("://")?;
        let host = self.segment(rest.split('/').next().unwrap_or_default());
        let default = Url::parse(&self.default_url()).ok();
        let is_default = default.is_some_and(|default| default.origin() == url.origin());
        let authority = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        Some(is_default || self.segment(scheme).fits(url.scheme()) && host.fits(&authority))
    }

    fn segment(&self, template: &str) -> Segment {
        let mut known = vec![self.filled(template)];
        let mut open = None;
        for variable in self.variables {
            let placeholder = format!("{{{}}}", variable.name);
            let Some((before, after)) = template.split_once(&placeholder) else { continue };
            known.extend(variable.values.iter().map(|value| self.filled(&format!("{before}{value}{after}"))));
            if variable.values.is_empty() {
                open = Some((self.filled(before), self.filled(after)));
            }
        }
        Segment { known, open }
    }

    /// Replaces all variables of a text by their defaults.
    fn filled(&self, text: &str) -> String {
        let fill = |text: String, variable: &Variable| {
            text.replace(&format!("{{{}}}", variable.name), variable.default)
        };
        self.variables.iter().fold(text.to_owned(), fill)
    }
}

/// The reason why a variable of a server cannot have a value: there is no such variable, or another value is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableError(String);

impl fmt::Display for VariableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for VariableError {}

/// A part of a URL, in which variables may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The texts it can be, the usual first.
    known: Vec<String>,
    /// The texts before and after a variable that may have any value.
    open: Option<(String, String)>,
}

impl Segment {
    /// Returns what it is with the defaults of all variables.
    pub(crate) fn usual(&self) -> &str {
        self.known.first().map_or("", String::as_str)
    }

    /// Returns `true` if it is one of the texts that the document says.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.known.iter().any(|known| known == text)
    }

    /// Returns `true` if it can be this text.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let rest = |(before, after): &(String, String)| {
            Some(!text.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?.is_empty())
        };
        self.is(text) || self.open.as_ref().and_then(rest).unwrap_or(false)
    }
}

/// Returns the path of a URL that may be only a path, with variables anywhere.
pub(crate) fn path_of(url: &str) -> &str {
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGIONS: Variable = Variable { name: "region", default: "us", values: &["us", "eu"] };
    const TENANT: Variable = Variable { name: "tenant", default: "demo", values: &[] };

    #[test]
    fn variables_have_the_values_that_are_chosen_and_else_their_defaults() {
        let server = Server { url: "https://{tenant}.example/{region}/v2/", variables: &[REGIONS, TENANT] };
        let url = |values: &[(&'static str, &'static str)]| server.url_with(values.iter().copied());
        assert_eq!(url(&[]).unwrap(), "https://demo.example/us/v2/");
        assert_eq!(url(&[("region", "eu"), ("tenant", "acme")]).unwrap(), "https://acme.example/eu/v2/");
        let error = url(&[("region", "mars")]).unwrap_err().to_string();
        assert!(error.contains(r#"cannot be "mars"; it is one of "us", "eu""#), "{error}");
        let error = url(&[("zone", "eu")]).unwrap_err().to_string();
        assert!(error.contains(r#"no variable "zone"; it has "region", "tenant""#), "{error}");
    }

    #[test]
    fn the_values_of_a_url_are_those_of_the_variables_of_another() {
        const OTHERS: Variable = Variable { name: "region", default: "mars", values: &["mars"] };
        let api = Server { url: "https://{tenant}.example/{region}/v2/", variables: &[REGIONS, TENANT] };
        let values = api.values_in("https://acme.example/eu/v2");
        assert_eq!(values, [("tenant", "acme".to_owned()), ("region", "eu".to_owned())]);
        for other in ["https://acme.example/eu/v3", "http://acme.example/eu/v2", "https://acme.example"] {
            assert_eq!(api.values_in(other), [], "{other}");
        }
        let files = Server { url: "https://files-{tenant}.example/{region}/{zone}", variables: &[TENANT] };
        assert_eq!(files.url_like(&values), "https://files-acme.example/{region}/{zone}");
        let mars = Server { url: "https://{region}.example", variables: &[OTHERS] };
        assert_eq!(mars.url_like(&values), "https://mars.example");
    }

    #[test]
    fn a_path_is_found_behind_hosts_and_variables_of_any_kind() {
        const WHOLE: Variable =
            Variable { name: "server", default: "http://localhost:5055/base", values: &[] };
        const VARIABLES: &[Variable] = &[REGIONS, TENANT, WHOLE];
        for (url, path) in [
            ("/api/", "/api"),
            ("https://a.example", ""),
            ("https://{tenant}.example/x/{region}", "/x/us"),
            ("{server}/api", "/base/api"),
        ] {
            assert_eq!(Server { url, variables: VARIABLES }.path(), path, "{url}");
        }
    }

    #[test]
    fn a_host_with_variables_is_known_by_what_stands_beside_them() {
        const SCHEME: Variable = Variable { name: "scheme", default: "https", values: &["https", "http"] };
        let open = Server { url: "{scheme}://{tenant}.example", variables: &[SCHEME, TENANT] };
        assert_eq!(open.is_at(&Url::parse("http://acme.example/x").unwrap()), Some(true));
        assert_eq!(open.is_at(&Url::parse("ftp://acme.example/x").unwrap()), Some(false));
        let server = Server { url: "https://{tenant}.example/v2", variables: &[TENANT] };
        let is_at = |url: &str| server.is_at(&Url::parse(url).unwrap());
        assert_eq!(is_at("https://acme.example/x"), Some(true));
        assert_eq!(is_at("http://acme.example"), Some(false));
        assert_eq!(is_at("https://example"), Some(false));
        assert_eq!(is_at("https://acme.example:8443"), Some(false));
        assert_eq!(
            Server { url: "/v2", variables: &[] }.is_at(&Url::parse("https://a.example").unwrap()),
            None
        );
    }
}
