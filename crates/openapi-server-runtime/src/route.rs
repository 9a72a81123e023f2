//! Finds the route of a path. A route is a path template with the operations of its methods. Templates are matched
//! segment by segment, literal segments before variables. Dropshot's own router supports no literal beside a variable,
//! and does not distinguish a path with a trailing slash from one without.

use std::cmp::Ordering;

use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::operation::Operation;

/// The order in which an `Allow` header names methods.
const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// The routes of a table of operations.
#[derive(Debug, Clone)]
pub struct Router {
    /// The base paths, the longest first.
    bases: Vec<&'static str>,
    routes: Vec<Route>,
    rules: PathRules,
}

/// The rules by which a path is matched with templates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathRules {
    /// `true` if an encoded slash separates segments, as a slash does. By default it is part of its segment.
    pub encoded_slash_separates: bool,
    /// `true` if a variable that is a whole segment takes no value with a dot. By default it takes any.
    pub no_dots: bool,
}

/// One path template and what can be done there.
#[derive(Debug, Clone)]
pub struct Route {
    template: &'static str,
    base: &'static str,
    /// The template without the names of its variables.
    shape: String,
    segments: Vec<Segment>,
    operations: Vec<&'static Operation>,
}

/// One segment of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(&'static str),
    /// Variables with something beside them, such as `{name}.json`.
    Mixed(&'static str),
    Variable(&'static str),
}

/// A route and the values of its variables.
#[derive(Debug)]
pub struct Matched<'a> {
    /// The route.
    pub route: &'a Route,
    /// Its variables, decoded.
    pub variables: Vec<(&'static str, String)>,
}

impl Router {
    /// Returns the routes of `operations`, below `base` unless they have a base path of their own.
    #[must_use]
    pub fn new(base: &'static str, operations: &'static [Operation], rules: PathRules) -> Self {
        Self::with_bases(operations, rules, |operation| operation.base_path.unwrap_or(base))
    }

    /// Returns the routes of `operations` for paths without their base path.
    #[must_use]
    pub fn without_base(operations: &'static [Operation], rules: PathRules) -> Self {
        Self::with_bases(operations, rules, |_| "")
    }

    fn with_bases(
        operations: &'static [Operation],
        rules: PathRules,
        base: impl Fn(&Operation) -> &'static str,
    ) -> Self {
        let mut routes: Vec<Route> = Vec::new();
        for operation in operations {
            let (shape, base) = (shape(operation.path), base(operation).trim_end_matches('/'));
            match routes.iter_mut().find(|route| route.base == base && route.shape == shape) {
                Some(route) => route.operations.push(operation),
                None => routes.push(Route::new(base, operation)),
            }
        }
        // Literals sort before variables, segment by segment, so the first match is the most literal one.
        routes.sort_by(|one, other| one.segments.cmp(&other.segments));
        let mut bases: Vec<&str> = routes.iter().map(|route| route.base).collect();
        bases.sort_by(|one, other| (other.len(), one).cmp(&(one.len(), other)));
        bases.dedup();
        Self { bases, routes, rules }
    }

    /// Returns the routes, in the order in which they are tried.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// Searches for the route of an undecoded path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Matched<'_>> {
        let (position, segments) = self.search(path)?;
        let route = self.routes.get(position)?;
        Some(Matched { route, variables: route.variables(&segments) })
    }

    /// Searches like [`Router::find`] and returns the position of the route in [`Router::routes`], for a carrier that
    /// searches before it has the whole request. [`Router::at`] reads the variables later, without a second search.
    #[must_use]
    pub fn position(&self, path: &str) -> Option<usize> {
        Some(self.search(path)?.0)
    }

    /// Returns the route at a position and reads its variables from an undecoded path; `None` if the path does not fit.
    #[must_use]
    pub fn at(&self, position: usize, path: &str) -> Option<Matched<'_>> {
        let route = self.routes.get(position)?;
        let segments = self.segments(route.base, path)?;
        let route = Some(route).filter(|route| route.fits(&segments, self.rules))?;
        Some(Matched { route, variables: route.variables(&segments) })
    }

    /// Returns the position of the route of a path, and the segments of the path after the route's base path.
    fn search(&self, path: &str) -> Option<(usize, Vec<String>)> {
        self.bases.iter().find_map(|base| {
            let segments = self.segments(base, path)?;
            let fits = |route: &Route| route.base == *base && route.fits(&segments, self.rules);
            Some((first(&self.routes, 0, &segments, &fits)?, segments))
        })
    }

    /// Returns the decoded segments of a path after `base`, an empty one before the first slash.
    fn segments(&self, base: &str, path: &str) -> Option<Vec<String>> {
        if self.rules.encoded_slash_separates {
            let path = decode(path);
            return Some(path.strip_prefix(base)?.split('/').map(str::to_owned).collect());
        }
        let mut segments = path.split('/').map(decode);
        for expected in base.split('/') {
            if segments.next()? != expected {
                return None;
            }
        }
        Some(std::iter::once(String::new()).chain(segments).collect())
    }
}

impl Route {
    fn new(base: &'static str, operation: &'static Operation) -> Self {
        let segments = operation.path.split('/').map(|segment| {
            match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if !name.contains(['{', '}']) => Segment::Variable(name),
                _ if segment.contains('{') => Segment::Mixed(segment),
                _ => Segment::Literal(segment),
            }
        });
        let shape = shape(operation.path);
        Self {
            template: operation.path,
            base,
            shape,
            segments: segments.collect(),
            operations: vec![operation],
        }
    }

    /// Returns the path template. Those of the operations may have other names for the same variables.
    #[must_use]
    pub fn template(&self) -> &'static str {
        self.template
    }

    /// Returns the path that the template follows, without a slash at its end.
    #[must_use]
    pub fn base_path(&self) -> &'static str {
        self.base
    }

    /// Returns the operations, in the document's order.
    #[must_use]
    pub fn operations(&self) -> &[&'static Operation] {
        &self.operations
    }

    /// Returns the operation that answers a method; `HEAD` is answered by the one for `GET` unless it has one of its
    /// own.
    #[must_use]
    pub fn operation(&self, method: &Method) -> Option<&'static Operation> {
        let of =
            |method: &Method| self.operations.iter().copied().find(|operation| operation.method == *method);
        of(method).or_else(|| of(&Method::GET).filter(|_| *method == Method::HEAD))
    }

    /// Returns the variables under the names that an operation of this route has for them.
    #[must_use]
    pub fn named(
        &self,
        operation: &Operation,
        variables: Vec<(&'static str, String)>,
    ) -> Vec<(&'static str, String)> {
        if operation.path == self.template {
            return variables;
        }
        names(operation.path).zip(variables).map(|(name, (_, value))| (name, value)).collect()
    }

    /// Returns the value of the `Allow` header.
    #[must_use]
    pub fn allow(&self) -> String {
        let mut methods: Vec<&str> =
            METHODS.iter().filter(|method| self.operation(method).is_some()).map(Method::as_str).collect();
        if self.operation(&Method::HEAD).is_some() {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        if self.operation(&Method::TRACE).is_some() {
            methods.push("TRACE");
        }
        methods.join(", ")
    }

    /// Returns `true` if the segments of a path fit the template.
    fn fits(&self, segments: &[String], rules: PathRules) -> bool {
        let fits = |(expected, segment): (&Segment, &String)| match expected {
            Segment::Literal(literal) => literal == segment,
            Segment::Mixed(template) => fill(template, segment, &mut Vec::new()),
            Segment::Variable(_) => !(segment.is_empty() || rules.no_dots && segment.contains('.')),
        };
        segments.len() == self.segments.len() && self.segments.iter().zip(segments).all(fits)
    }

    /// Returns the values of the variables, in segments that fit.
    fn variables(&self, segments: &[String]) -> Vec<(&'static str, String)> {
        let mut variables = Vec::new();
        for (expected, segment) in self.segments.iter().zip(segments) {
            match expected {
                Segment::Literal(_) => {}
                Segment::Mixed(template) => drop(fill(template, segment, &mut variables)),
                Segment::Variable(name) => variables.push((name, segment.clone())),
            }
        }
        variables
    }
}

/// Returns the position of the first of some routes that fits. The routes are in order, and their segments before `depth` are
/// literals, which the path has.
fn first(
    routes: &[Route],
    depth: usize,
    segments: &[String],
    fits: &impl Fn(&Route) -> bool,
) -> Option<usize> {
    let Some(wanted) = segments.get(depth).filter(|_| !routes.is_empty()) else {
        return routes.iter().position(fits);
    };
    let literal = |route: &Route| match route.segments.get(depth) {
        None => Ordering::Less,
        Some(Segment::Literal(literal)) => literal.cmp(&wanted.as_str()),
        Some(_) => Ordering::Greater,
    };
    let start = routes.partition_point(|route| literal(route).is_lt());
    let end = routes.partition_point(|route| literal(route).is_le());
    let same = first(routes.get(start..end).unwrap_or_default(), depth + 1, segments, fits);
    same.map(|position| start + position).or_else(|| {
        let is_literal =
            |route: &Route| matches!(route.segments.get(depth), None | Some(Segment::Literal(_)));
        let others = routes.partition_point(is_literal);
        Some(others + routes.get(others..)?.iter().position(fits)?)
    })
}

/// Returns the names of the variables of a template, in their order.
fn names(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// Returns a template without the names of its variables: templates of the same shape match the same paths.
fn shape(template: &str) -> String {
    let mut parts = template.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shape, part| shape + "{}" + part.split_once('}').map_or(part, |(_, rest)| rest))
}

/// Finds values for the variables of a segment, the first ones as short as can be. Whether there are any.
fn fill(template: &'static str, text: &str, variables: &mut Vec<(&'static str, String)>) -> bool {
    let Some((literal, rest)) = template.split_once('{') else { return template == text };
    let Some((name, rest)) = rest.split_once('}') else { return template == text };
    let Some(text) = text.strip_prefix(literal) else { return false };
    let ends = text.char_indices().map(|(at, character)| at + character.len_utf8());
    for end in ends {
        let known = variables.len();
        variables.push((name, text[..end].to_owned()));
        if fill(rest, &text[end..], variables) {
            return true;
        }
        variables.truncate(known);
    }
    false
}

/// Decodes the percent-encoding of a path. Bytes that are not UTF-8 stay encoded.
fn decode(path: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    bytes
        .utf8_chunks()
        .map(|chunk| {
            chunk.valid().to_owned() + &percent_encode(chunk.invalid(), NON_ALPHANUMERIC).to_string()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{OPERATIONS, get};

    #[test]
    fn literals_win_over_variables_and_slashes_matter() {
        let router =
            Router::new("/api/", OPERATIONS, PathRules { encoded_slash_separates: true, no_dots: true });
        let cases = [
            ("/api/pets/", Some(("/pets/", vec![]))),
            ("/api/pets/rex/", Some(("/pets/{name}/", vec![("name", "rex")]))),
            ("/api/pets/wash/", Some(("/pets/wash/", vec![]))),
            ("/api/pets/r%C3%A9x%20/", Some(("/pets/{name}/", vec![("name", "réx ")]))),
            ("/api/pets/%FF/", Some(("/pets/{name}/", vec![("name", "%FF")]))),
            ("/api/p%65ts/", Some(("/pets/", vec![]))),
            ("/api/pets", None),
            ("/api/pets/rex", None),
            ("/api/pets//", None),
            ("/api//pets/", None),
            ("/api/pets/a.b/", None),
            ("/api/pets/%2E/", None),
            ("/api/pets/a%2Fb/", None),
            ("/api/Pets/", None),
            ("/pets/", None),
            ("/apipets/", None),
            ("", None),
        ];
        for (path, expected) in cases {
            let found = router.find(path);
            let found = found.as_ref().map(|matched| {
                let variables =
                    matched.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
                (matched.route.template(), variables)
            });
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn the_first_route_that_fits_is_found() {
        let parts = ["a", "b", "{x}", "{y}", "a{z}", ""];
        let mut templates = vec![String::new()];
        for length in 0..3 {
            let longest = templates.iter().filter(|template| template.matches('/').count() == length);
            let longer = longest.flat_map(|template| parts.map(|part| format!("{template}/{part}")));
            templates.extend(longer.collect::<Vec<_>>());
        }
        // Some are missing, so that others take their place.
        let known = templates.iter().enumerate().filter(|(number, _)| number % 7 != 3);
        let operations: Vec<Operation> =
            known.map(|(_, template)| get(String::leak(template.clone()), &[])).collect();
        let router = Router::new("", Vec::leak(operations), PathRules::default());
        for path in &templates {
            let path = path.replace("{x}", "ab").replace("{y}", "c").replace("{z}", "b");
            let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
            let fits = |route: &Route| route.fits(&segments, router.rules);
            assert_eq!(router.position(&path), router.routes.iter().position(fits), "{path}");
        }
    }

    #[test]
    fn a_route_that_was_found_before_has_its_variables_read_and_no_other_is_tried() {
        let router = Router::new("/api/", OPERATIONS, PathRules::default());
        let position = router.position("/api/pets/rex/").expect("a route");
        assert_eq!(router.routes()[position].template(), "/pets/{name}/");
        let variables = |path| router.at(position, path).map(|matched| matched.variables);
        assert_eq!(variables("/api/pets/r%65x/"), Some(vec![("name", "rex".to_owned())]));
        assert_eq!((variables("/api/pets/"), router.position("/api/pets")), (None, None));
    }

    #[test]
    fn a_variable_takes_any_segment_unless_a_dialect_says_otherwise() {
        let router = Router::new("/api", OPERATIONS, PathRules::default());
        let cases = [
            ("/api/pets/a.b/", Some("a.b")),
            ("/api/pets/a%2Fb/", Some("a/b")),
            ("/%61pi/p%65ts/rex/", Some("rex")),
            ("/api%2Fpets/rex/", None),
            ("/apipets/rex/", None),
            ("/api/pets//", None),
            ("/api", None),
        ];
        for (path, expected) in cases {
            let found = router.find(path).map(|matched| matched.variables[0].1.clone());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_segment_may_be_a_variable_in_part() {
        let cases = [
            ("{name}.json", "a.b.json", Some(vec![("name", "a.b")])),
            ("{name}.json", ".json", None),
            ("{name}.json", "a.xml", None),
            ("v{major}.{minor}", "v1.20", Some(vec![("major", "1"), ("minor", "20")])),
            ("{a}-{b}", "x-y-z", Some(vec![("a", "x"), ("b", "y-z")])),
        ];
        for (template, text, expected) in cases {
            let mut found = Vec::new();
            let fits = fill(template, text, &mut found);
            let found: Vec<_> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(fits.then_some(found), expected, "{template} {text}");
        }
    }

    #[test]
    fn operations_with_a_base_path_of_their_own_are_found_below_it() {
        let own = [
            (Method::GET, "/{any}", None),
            (Method::GET, "/pets/{name}", Some("")),
            (Method::PUT, "/pets/{name}", Some("/api/files/")),
            (Method::PUT, "/pets", None),
        ];
        let own = own.map(|(method, path, base_path)| Operation {
            method,
            base_path,
            ..crate::sample::get(path, &[])
        });
        let router = Router::new("/api", Vec::from(own).leak(), PathRules::default());
        let found = |path: &str| {
            let matched = router.find(path)?;
            Some((matched.route.base_path(), matched.route.template(), matched.route.allow()))
        };
        let of = |base, template, allow: &str| Some((base, template, allow.to_owned()));
        assert_eq!(found("/pets/rex"), of("", "/pets/{name}", "GET, HEAD, OPTIONS"));
        assert_eq!(found("/api/files/pets/rex"), of("/api/files", "/pets/{name}", "PUT, OPTIONS"));
        assert_eq!(found("/api/pets"), of("/api", "/pets", "PUT, OPTIONS"));
        assert_eq!(found("/api/cats"), of("/api", "/{any}", "GET, HEAD, OPTIONS"));
        assert_eq!(found("/api/pets/rex"), None);
    }

    #[test]
    fn operations_may_call_the_same_variable_by_different_names() {
        let alike = [
            (Method::GET, "/pets/{name}/{id}.json"),
            (Method::PUT, "/pets/{pet}/{number}.json"),
            (Method::PUT, "/pets/{pet}/{number}"),
        ];
        let alike = alike.map(|(method, path)| Operation { method, ..crate::sample::get(path, &[]) });
        let alike: &'static [Operation] = Vec::from(alike).leak();
        let router = Router::new("", alike, PathRules::default());
        assert_eq!(router.routes().len(), 2);
        let Matched { route, variables } = router.find("/pets/rex/7.json").expect("a route");
        assert_eq!(route.allow(), "GET, PUT, HEAD, OPTIONS");
        for (method, names) in [(Method::GET, ["name", "id"]), (Method::PUT, ["pet", "number"])] {
            let operation = route.operation(&method).expect("an operation");
            let named = route.named(operation, variables.clone());
            assert_eq!(named, [(names[0], "rex".to_owned()), (names[1], "7".to_owned())]);
        }
    }

    #[test]
    fn allow_names_the_methods_of_a_route() {
        let router = Router::new("", OPERATIONS, PathRules::default());
        let cases = [
            ("/pets/", "GET, POST, HEAD, OPTIONS"),
            ("/pets/rex/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("/pets/wash/", "POST, OPTIONS"),
        ];
        for (path, expected) in cases {
            let allow = router.find(path).map(|matched| matched.route.allow());
            assert_eq!(allow.as_deref(), Some(expected), "{path}");
        }
    }
}
