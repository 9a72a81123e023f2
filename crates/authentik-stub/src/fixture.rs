//! The objects a stub starts with, read from one JSON file: users and their tokens, flows, mappings, groups, sources and
//! connections. A fixture is checked completely before it is used, and everything wrong with it is reported at once; how
//! the objects behave afterwards is for the state to say.

mod check;
mod parse;
mod problem;

use serde::{Deserialize, Serialize};

pub(crate) use check::{Check, Checked};
pub use parse::SAMPLE;
pub use problem::{FixtureError, Problem};

use crate::models::for_each_model;
use crate::record::{Flow, Group, PropertyMapping, UserAccount};

/// Makes the lists of a fixture of the list of models.
macro_rules! fixture {
    ($($(#[$about:meta])* $table:ident: $record:ty $(=> $module:ident::$viewset:ident)?;)*) => {
        /// The objects a stub starts with. Every list may be left out.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Fixture {
            /// A remark for readers of the file.
            #[serde(rename = "_about", default, skip_serializing_if = "Option::is_none")]
            pub about: Option<String>,
            /// The users of the API, with their tokens and permissions.
            #[serde(default)]
            pub users: Vec<UserAccount>,
            /// Flows that sources can refer to.
            #[serde(default)]
            pub flows: Vec<Flow>,
            /// Property mappings that sources can refer to.
            #[serde(default)]
            pub property_mappings: Vec<PropertyMapping>,
            /// Groups that connections refer to.
            #[serde(default)]
            pub groups: Vec<Group>,
            $($(#[$about])* #[serde(default)] pub $table: Vec<$record>,)*
        }
    };
}

for_each_model!(fixture);

impl Fixture {
    /// Returns the first API token of an active superuser, or else of any active user, to try the stub with.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        let usable = |user: &&UserAccount| user.is_active && user.api_token().is_some();
        let user = self.users.iter().filter(usable).find(|user| user.is_superuser);
        user.or_else(|| self.users.iter().find(usable)).and_then(UserAccount::api_token)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;

    fn errors(fixture: &Value) -> String {
        let text = serde_json::to_string_pretty(fixture).unwrap();
        Fixture::parse("f.json", &text).unwrap_err().to_string()
    }

    fn source(pk: u128, slug: &str) -> Value {
        json!({"pk": uuid::Uuid::from_u128(pk), "name": "n", "slug": slug, "client_id": "c", "plex_token": "t"})
    }

    #[test]
    fn the_sample_is_valid_and_has_a_superuser_with_a_token() {
        let sample = Fixture::sample().unwrap();
        assert!(sample.token().is_some());
        assert!(sample.plex_sources.len() > 3 && !sample.group_oauth_connections.is_empty());
    }

    #[test]
    fn a_fixture_survives_being_written_and_read() {
        let sample = Fixture::sample().unwrap();
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(Fixture::parse("again", &text).unwrap(), sample);
    }

    #[test]
    fn a_wrong_type_is_named_with_its_place() {
        let text = "{\n  \"plex_sources\": [\n    {\"pk\": 7}\n  ]\n}";
        let error = Fixture::parse("f.json", text).unwrap_err().to_string();
        assert!(error.starts_with("f.json:3:12: /plex_sources/0/pk: "), "{error}");
        assert!(error.contains("UUID"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_named_with_what_may_stand_there() {
        let text = "{\"flows\": [\n{\"pk\": \"350f3fe5-41cf-4249-8ab9-22b3d379c548\", \"slugg\": \"a\"}]}";
        let error = Fixture::parse("f.json", text).unwrap_err().to_string();
        assert!(error.contains("f.json:2:") && error.contains("/flows/0"), "{error}");
        assert!(error.contains("slugg") && error.contains("`slug`"), "{error}");
    }

    #[test]
    fn broken_json_is_named_with_its_line() {
        let error = Fixture::parse("f.json", "{\n\"users\": [}\n").unwrap_err().to_string();
        assert!(error.starts_with("f.json:2:"), "{error}");
        let error = Fixture::parse("f.json", "{} {}").unwrap_err().to_string();
        assert!(error.starts_with("f.json:1:"), "{error}");
    }

    #[test]
    fn a_slug_is_unique_among_all_sources() {
        let oauth =
            json!({"pk": uuid::Uuid::from_u128(9), "name": "o", "slug": "two", "provider_type": "github"});
        let text = errors(&json!({
            "plex_sources": [source(1, "one"), source(2, "one"), source(3, "two")], "oauth_sources": [oauth]
        }));
        assert!(
            text.contains("/plex_sources/1/slug: ") && text.contains("/oauth_sources/0/slug: "),
            "{text}"
        );
        assert!(text.contains("/plex_sources/0/slug") && text.contains("/plex_sources/2/slug"), "{text}");
    }

    #[test]
    fn dangling_references_are_all_reported() {
        let mut plex = source(1, "one");
        plex["authentication_flow"] = json!(uuid::Uuid::from_u128(77));
        plex["user_property_mappings"] = json!([uuid::Uuid::from_u128(78)]);
        let connection = json!({
            "pk": 1, "group": uuid::Uuid::from_u128(79), "source": uuid::Uuid::from_u128(1), "identifier": "i",
            "created": "2024-01-01T00:00:00Z"
        });
        let user = json!({
            "username": "u", "object_permissions": [{"permission": "a.view_b", "slug": "nowhere"}], "permissions": ["view"]
        });
        let text = errors(&json!({
            "plex_sources": [plex], "group_oauth_connections": [connection], "users": [user]
        }));
        for pointer in [
            "/plex_sources/0/authentication_flow",
            "/plex_sources/0/user_property_mappings/0",
            "/group_oauth_connections/0/group",
            "/group_oauth_connections/0/source",
            "/users/0/object_permissions/0/slug",
            "/users/0/permissions/0",
        ] {
            assert!(text.contains(&format!(" {pointer}: ")), "{pointer} in {text}");
        }
    }

    #[test]
    fn duplicates_are_reported_with_the_first_of_them() {
        let token = json!({"key": "k"});
        let users = json!([{"username": "u", "tokens": [token]}, {"username": "u", "tokens": [token]}]);
        let text = errors(&json!({"users": users, "plex_sources": [source(1, "a"), source(1, "b")]}));
        for pointer in ["/users/1/username", "/users/1/tokens/0/key", "/plex_sources/1/pk"] {
            assert!(text.contains(&format!(" {pointer}: ")), "{pointer} in {text}");
        }
    }

    #[test]
    fn a_mode_that_does_not_exist_is_refused() {
        let mut plex = source(1, "one");
        plex["policy_engine_mode"] = json!("some");
        let text = errors(&json!({"plex_sources": [plex]}));
        assert!(text.contains("/plex_sources/0/policy_engine_mode") && text.contains("all"), "{text}");
    }

    #[test]
    fn a_missing_file_is_an_error_that_names_it() {
        let error = Fixture::read(Path::new("/nowhere/f.json")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/f.json: "), "{error}");
    }
}
