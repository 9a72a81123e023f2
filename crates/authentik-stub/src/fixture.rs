//! The objects a stub starts with, read from one JSON file in the form of the API: `{"objects": {"core/users": [what GET
//! answers, …], …}}`. A fixture is checked completely when a stub starts with it, and everything wrong with it is told at
//! once; how the objects behave afterwards is for the store to say.

mod builder;
#[cfg(feature = "durable")]
mod kept;
mod models;
mod older;
mod problem;

use std::path::Path;
use std::sync::Arc;

use openapi_resources::supply::{Supply as _, System};
use serde_json::Value;

pub use builder::FixtureBuilder;
pub use models::{Application, Flow, Group, OAuth2Provider, PlexSource, Token, User};
pub(crate) use problem::Finding;
use problem::Places;
pub use problem::{FixtureError, Problem};

/// The text of the built-in fixture: what a fresh authentik has, and a few objects beside.
pub const SAMPLE: &str = include_str!("../fixtures/sample.json");

/// The text of the fixture with an administrator alone.
pub const EMPTY: &str = include_str!("../fixtures/empty.json");

/// The place of the tokens, whose keys are secret.
const TOKENS: &str = "/objects/core~1tokens";

/// The objects a stub starts with.
#[derive(Debug, Clone)]
pub struct Fixture {
    name: String,
    text: Arc<str>,
    value: Arc<Value>,
    /// The places of values that stand elsewhere in the text than in `value`.
    places: Places,
    /// `true` if it was built of one of the fixtures that come with the program.
    extends_built_in: bool,
}

impl PartialEq for Fixture {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Fixture {
    /// Reads a fixture; `name` is what errors call the file. Its objects are checked when a stub starts with them.
    ///
    /// # Errors
    /// If the text is no JSON, or does not have the shape of a fixture.
    pub fn parse(name: &str, text: &str) -> Result<Self, FixtureError> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| FixtureError::of(name, vec![Problem::of_syntax(&error)]))?;
        let mut fixture = Self {
            name: name.to_owned(),
            text: text.into(),
            value: Arc::default(),
            places: Vec::new(),
            extends_built_in: false,
        };
        if older::is_it(&value) {
            let (value, places) = older::modern(&value).map_err(|findings| fixture.error(findings))?;
            (fixture.value, fixture.places) = (Arc::new(value), places);
        } else {
            fixture.value = Arc::new(value);
        }
        Ok(fixture)
    }

    /// Reads a fixture from a file.
    ///
    /// # Errors
    /// If the file cannot be read, or for the reasons of [`Fixture::parse`].
    pub fn read(path: &Path) -> Result<Self, FixtureError> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&name, &text),
            Err(error) => Err(FixtureError::of(&name, vec![Problem::of_file(&error)])),
        }
    }

    /// Returns the fixture that a value describes.
    ///
    /// # Errors
    /// If the value does not have the shape of a fixture.
    pub fn from_value(value: &Value) -> Result<Self, FixtureError> {
        Self::parse("the fixture", &value.to_string())
    }

    /// Returns the built-in fixture.
    ///
    /// # Errors
    /// None as shipped: the fixture is checked by a test.
    pub fn sample() -> Result<Self, FixtureError> {
        Self::parse("the built-in fixture", SAMPLE)
    }

    /// Gives the tokens of a built-in fixture, or of what was built of one, other keys, which nobody can guess. Other fixtures
    /// and keys stay as they are.
    ///
    /// # Errors
    /// None as shipped: only keys are others.
    pub(crate) fn with_secret_tokens(&self) -> Result<Self, FixtureError> {
        if !self.is_built_in() && !self.extends_built_in {
            return Ok(self.clone());
        }
        let published = Self::published()?;
        let mut value = Value::clone(&self.value);
        let is_published =
            |key: &&mut Value| key.as_str().is_some_and(|key| published.iter().any(|it| it == key));
        keys_mut(&mut value).filter(is_published).for_each(|key| *key = Value::from(System.secret(60)));
        Self::parse("the built-in fixture", &value.to_string())
    }

    /// Returns the keys of tokens that everybody knows.
    ///
    /// # Errors
    /// None as shipped: the fixtures are checked by a test.
    pub(crate) fn published() -> Result<Vec<String>, FixtureError> {
        Ok([Self::sample()?, Self::empty()?].map(|fixture| fixture.keys()).concat())
    }

    /// Returns `true` if this is one of the fixtures that come with the program, with the keys that everybody knows.
    pub(crate) fn is_built_in(&self) -> bool {
        [SAMPLE, EMPTY].contains(&&*self.text)
    }

    /// Returns the keys of its tokens.
    pub(crate) fn keys(&self) -> Vec<String> {
        let tokens = self.value.pointer(TOKENS).and_then(Value::as_array);
        let keys = tokens.into_iter().flatten().filter_map(|token| token.get("key"));
        keys.filter_map(|key| key.as_str().map(str::to_owned)).collect()
    }

    /// Returns the fixture with an administrator alone.
    ///
    /// # Errors
    /// None as shipped: the fixture is checked by a test.
    pub fn empty() -> Result<Self, FixtureError> {
        Self::parse("the empty fixture", EMPTY)
    }

    /// Returns the objects, list by list.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the error of a fixture with these problems, each at its place in the text.
    pub(crate) fn error(&self, findings: Vec<Finding>) -> FixtureError {
        let places = |mut finding: Finding| {
            let known = self.places.iter().filter(|(pointer, _)| {
                let rest = finding.pointer.strip_prefix(pointer.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            if let Some((pointer, place)) = known.max_by_key(|(pointer, _)| pointer.len()) {
                finding.pointer = finding.pointer.replacen(pointer.as_str(), place, 1);
            }
            finding.locate(&self.text)
        };
        FixtureError::of(&self.name, findings.into_iter().map(places).collect())
    }
}

/// Returns the keys of the tokens of a fixture.
fn keys_mut(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    let tokens = value.pointer_mut(TOKENS).and_then(Value::as_array_mut);
    tokens.into_iter().flatten().filter_map(|token| token.get_mut("key"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Api;

    /// Returns what is wrong with a fixture.
    fn errors(fixture: &Value) -> String {
        let text = serde_json::to_string_pretty(fixture).unwrap();
        match Fixture::parse("f.json", &text).map_err(Into::into).and_then(|fixture| Api::new(&fixture)) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    fn source(pk: u128, slug: &str) -> Value {
        json!({"pk": uuid::Uuid::from_u128(pk), "name": "n", "slug": slug, "client_id": "c", "plex_token": "t"})
    }

    #[test]
    fn the_built_in_fixtures_are_valid_and_have_a_superuser_with_a_token() {
        for fixture in [Fixture::sample(), Fixture::empty()] {
            let api = Api::new(&fixture.unwrap()).unwrap();
            assert_eq!(api.token().as_deref(), Some("sample-admin-token"));
        }
    }

    #[test]
    fn an_exported_state_is_a_fixture_of_the_same_rows() {
        for fixture in [Fixture::sample(), Fixture::empty()] {
            let api = Api::new(&fixture.unwrap()).unwrap();
            let exported = api.store().export();
            assert!(exported["objects"]["core/users"][0]["username"].is_string());
            let again = Api::new(&Fixture::from_value(&exported).unwrap()).unwrap();
            assert_eq!(again.store().export().to_string(), exported.to_string());
            assert_eq!(
                again.store().entries(),
                api.store().entries(),
                "secrets and numbers are the same too"
            );
        }
    }

    #[test]
    fn everything_that_is_wrong_with_an_exported_state_is_told_with_its_place() {
        let api = Api::new(&Fixture::empty().unwrap()).unwrap();
        let mut exported = api.store().export();
        exported["objects"]["core/users"][0]["usernam"] = json!("x");
        exported["objects"]["core/users"][0]["email"] = json!(7);
        exported["beside"]["rows"][0]["model"] = json!("no.model");
        let text = errors(&exported);
        for pointer in ["/objects/core~1users/0/usernam", "/objects/core~1users/0/email", "/beside/rows/0"] {
            let line = text.lines().find(|line| line.contains(&format!(" {pointer}: "))).unwrap_or_default();
            assert!(
                line.starts_with("f.json:")
                    && line.split(':').nth(2).is_some_and(|at| at.parse::<u32>().is_ok()),
                "{text}"
            );
        }
        let text = errors(&json!({"entries": {"row/1": 7}, "objects": {}}));
        assert!(text.contains(" /objects: "), "{text}");
        assert!(errors(&json!({"entries": {"row/1": 7}})).contains("/entries: "));
    }

    #[test]
    fn the_nearest_permission_is_told() {
        let user = json!({"pk": 2, "username": "u", "name": "u"});
        let granted = json!({"u": {"kind": "user", "pk": 2, "global": ["authentik_core.view_usr"]}});
        let text = errors(&json!({"objects": {"core/users": [user]}, "permissions": granted}));
        let expected =
            "unknown permission `authentik_core.view_usr`: the nearest known is `authentik_core.view_user`";
        assert!(text.contains(expected) && text.contains(" /permissions/u/global/0: "), "{text}");
    }

    #[test]
    fn an_object_of_another_list_with_the_same_key_is_named() {
        let oauth =
            json!({"pk": uuid::Uuid::from_u128(1), "name": "o", "slug": "o", "provider_type": "github"});
        let text =
            errors(&json!({"objects": {"sources/oauth": [oauth], "sources/plex": [source(1, "one")]}}));
        let expected =
            " /objects/sources~1plex/0: an object of `authentik_sources_oauth.oauthsource` has the same key";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_wrong_type_is_named_with_its_place() {
        let text = "{\n  \"objects\": {\"sources/plex\": [\n    {\"pk\": 7}\n  ]}\n}";
        let fixture = Fixture::parse("f.json", text).unwrap();
        let error = Api::new(&fixture).unwrap_err().to_string();
        assert!(error.starts_with("f.json:3:12: /objects/sources~1plex/0/pk: "), "{error}");
    }

    #[test]
    fn what_an_object_cannot_have_is_named_with_what_it_can() {
        let text = errors(&json!({"objects": {"flows/instances": [{"slug": "a", "slugg": "a"}]}}));
        assert!(text.contains("f.json:") && text.contains("/objects/flows~1instances/0/slugg"), "{text}");
        assert!(text.contains("slug,"), "{text}");
        let text = errors(&json!({"objects": {"flows/instance": []}}));
        assert!(text.contains("/objects/flows~1instance: "), "{text}");
        let text = errors(&json!({"objects": {}, "permision": {}}));
        assert!(text.contains(" /permision: "), "{text}");
    }

    #[test]
    fn broken_json_is_named_with_its_line() {
        let error = Fixture::parse("f.json", "{\n\"users\": [}\n").unwrap_err().to_string();
        assert!(error.starts_with("f.json:2:"), "{error}");
        let error = Fixture::parse("f.json", "{} {}").unwrap_err().to_string();
        assert!(error.starts_with("f.json:1:"), "{error}");
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_it() {
        let error = Fixture::read(Path::new("/nowhere/f.json")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/f.json: "), "{error}");
    }

    #[test]
    fn mistakes_of_the_older_form_are_named_where_they_stand_in_it() {
        let oauth =
            json!({"pk": uuid::Uuid::from_u128(9), "name": "o", "slug": "two", "provider_type": "github"});
        let mut plex = source(1, "one");
        plex["authentication_flow"] = json!(uuid::Uuid::from_u128(77));
        plex["user_property_mappings"] = json!([uuid::Uuid::from_u128(78)]);
        let connection = json!({
            "pk": 1, "group": uuid::Uuid::from_u128(79), "source": uuid::Uuid::from_u128(1), "identifier": "i",
            "created": "2024-01-01T00:00:00Z"
        });
        let user = json!({
            "username": "u", "object_permissions": [{"permission": "authentik_sources_plex.view_plexsource",
            "slug": "nowhere"}], "permissions": ["view"], "token": "x"
        });
        let text = errors(&json!({"users": [user], "colours": []}));
        for pointer in ["/users/0/object_permissions/0/slug", "/users/0/token", "/colours"] {
            assert!(text.contains(&format!(" {pointer}: ")), "{pointer} in {text}");
        }
        let text = errors(&json!({
            "plex_sources": [plex, source(2, "one"), source(3, "two")], "oauth_sources": [oauth],
            "group_oauth_connections": [connection], "users": [{"username": "u", "permissions": ["view"]}]
        }));
        assert!(text.contains(" /users/0/permissions/0: "), "{text}");
        let text = errors(&json!({
            "plex_sources": [plex, source(2, "one"), source(3, "two")], "oauth_sources": [oauth],
            "group_oauth_connections": [connection], "users": [{"username": "u"}, {"username": "u"}]
        }));
        for pointer in [
            "/plex_sources/0/authentication_flow",
            "/plex_sources/0/user_property_mappings",
            "/plex_sources/0/slug",
            "/plex_sources/1/slug",
            "/oauth_sources/0/slug",
            "/group_oauth_connections/0/group",
            "/users/1/username",
        ] {
            assert!(text.contains(&format!(" {pointer}")), "{pointer} in {text}");
        }
    }
}
