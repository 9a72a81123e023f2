//! Everything the API refers to but never changes: users and their tokens, flows, property mappings and groups. The
//! objects that can change are in [`crate::state`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::fixture::Fixture;
use crate::record::{PropertyMapping, TokenIntent, UserKind};

/// A user as permission checks see it.
#[derive(Debug, Default)]
pub struct User {
    /// The user name.
    pub username: String,
    /// `true` if the user may do everything.
    pub is_superuser: bool,
    /// The kind of user.
    pub kind: UserKind,
    /// The permissions on every object of a model.
    pub permissions: HashSet<String>,
    /// The permissions on single objects, each with the object's primary key.
    pub object_permissions: HashSet<(String, String)>,
}

impl User {
    /// Returns a user with these permissions and, on the objects with these primary keys, those permissions.
    pub fn new<P, O>(username: &str, permissions: P, object_permissions: O) -> Self
    where
        P: IntoIterator<Item = String>,
        O: IntoIterator<Item = (String, String)>,
    {
        Self {
            username: username.to_owned(),
            permissions: permissions.into_iter().collect(),
            object_permissions: object_permissions.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Returns `true` if the user has a permission on every object.
    #[must_use]
    pub fn has(&self, permission: &str) -> bool {
        self.is_superuser || self.permissions.contains(permission)
    }

    /// Returns `true` if the user has a permission on one object, by its primary key, or on every object.
    #[must_use]
    pub fn has_on(&self, permission: &str, key: &str) -> bool {
        self.has(permission) || self.object_permissions.contains(&(permission.to_owned(), key.to_owned()))
    }
}

/// A key to the API.
#[derive(Debug)]
struct Credential {
    user: Arc<User>,
    expires: Option<DateTime<Utc>>,
}

/// Objects that the API refers to but never changes.
#[derive(Debug, Default)]
pub struct ReferenceData {
    credentials: HashMap<String, Credential>,
    flows: HashSet<Uuid>,
    property_mappings: BTreeMap<Uuid, PropertyMapping>,
    groups: HashSet<Uuid>,
}

impl ReferenceData {
    /// Returns the reference data of a fixture.
    #[must_use]
    pub fn of(fixture: &Fixture) -> Self {
        let plex = fixture.plex_sources.iter().map(|source| (source.slug.as_str(), source.pk));
        let oauth = fixture.oauth_sources.iter().map(|source| (source.slug.as_str(), source.pk));
        let sources: HashMap<&str, Uuid> = plex.chain(oauth).collect();
        let mut credentials = HashMap::new();
        for account in fixture.users.iter().filter(|account| account.is_active) {
            let granted = account.object_permissions.iter().filter_map(|granted| {
                let key = sources.get(granted.slug.as_str())?;
                Some((granted.permission.clone(), key.to_string()))
            });
            let user = Arc::new(User {
                is_superuser: account.is_superuser,
                kind: account.kind,
                ..User::new(&account.username, account.permissions.iter().cloned(), granted)
            });
            for token in account.tokens.iter().filter(|token| token.intent == TokenIntent::Api) {
                let credential = Credential { user: Arc::clone(&user), expires: token.expires };
                credentials.insert(token.key.clone(), credential);
            }
        }
        Self {
            credentials,
            flows: fixture.flows.iter().map(|flow| flow.pk).collect(),
            property_mappings: fixture.property_mappings.iter().map(|row| (row.pk, row.clone())).collect(),
            groups: fixture.groups.iter().map(|group| group.pk).collect(),
        }
    }

    /// Returns the active user whose valid API token this is.
    #[must_use]
    pub fn user_of(&self, token: &str, now: DateTime<Utc>) -> Option<Arc<User>> {
        let credential = self.credentials.get(token)?;
        let valid = credential.expires.is_none_or(|expires| now < expires);
        valid.then(|| Arc::clone(&credential.user))
    }

    /// Returns `true` if there is an object of a model with this primary key. Models have the names of the API's
    /// document.
    #[must_use]
    pub fn has(&self, model: &str, key: Uuid) -> bool {
        match model {
            "flow" => self.flows.contains(&key),
            "property-mapping" => self.property_mappings.contains_key(&key),
            "group" => self.groups.contains(&key),
            _ => false,
        }
    }

    /// Returns the property mapping with this primary key.
    #[must_use]
    pub fn property_mapping(&self, key: Uuid) -> Option<&PropertyMapping> {
        self.property_mappings.get(&key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reference_data() -> ReferenceData {
        let fixture = json!({
            "users": [
                {"username": "a", "tokens": [
                    {"key": "lasting"},
                    {"key": "past", "expires": "2020-01-01T00:00:00Z"},
                    {"key": "future", "expires": "2999-01-01T00:00:00Z"},
                    {"key": "password", "intent": "app_password"}
                ], "object_permissions": [{"permission": "a.view_b", "slug": "one"}]},
                {"username": "gone", "is_active": false, "is_superuser": true, "tokens": [{"key": "inactive"}]}
            ],
            "plex_sources": [
                {"pk": Uuid::from_u128(1), "name": "n", "slug": "one", "client_id": "c", "plex_token": "t"}
            ]
        });
        ReferenceData::of(&Fixture::parse("f", &fixture.to_string()).unwrap())
    }

    #[test]
    fn only_valid_api_tokens_of_active_users_name_a_user() {
        let cases = [
            ("lasting", true),
            ("future", true),
            ("past", false),
            ("password", false),
            ("inactive", false),
            ("LASTING", false),
            ("unknown", false),
        ];
        for (token, expected) in cases {
            assert_eq!(reference_data().user_of(token, Utc::now()).is_some(), expected, "{token}");
        }
    }

    #[test]
    fn object_permissions_are_tied_to_the_object_not_to_its_slug() {
        let user = reference_data().user_of("lasting", Utc::now()).unwrap();
        assert!(user.has_on("a.view_b", &Uuid::from_u128(1).to_string()));
        assert!(!user.has_on("a.view_b", "one") && !user.has("a.view_b"));
    }
}
