//! Rows as the database holds them: what a fixture lists, what the state keeps and what a journal stores. They say what
//! is stored, not what a client sees; the wire form of a row is made by its viewset.

use std::str::FromStr;

use authentik_sources_types::{GroupMatchingModeEnum, PolicyEngineMode, UserMatchingModeEnum};
use chrono::{DateTime, Utc};
use serde::de::{Error, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::row::Row;

/// A user with everything that hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserAccount {
    /// The user name.
    pub username: String,
    /// `true` if the user may do everything.
    #[serde(default)]
    pub is_superuser: bool,
    /// `true` if the user's tokens are valid.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// The kind of user.
    #[serde(rename = "type", default)]
    pub kind: UserKind,
    /// The user's tokens.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// Permissions on every object of a model, e.g. `authentik_sources_plex.view_plexsource`.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Permissions on single sources.
    #[serde(default)]
    pub object_permissions: Vec<ObjectPermission>,
}

/// The kind of a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserKind {
    /// A person of this installation.
    #[default]
    Internal,
    /// A person from elsewhere.
    External,
    /// A program.
    ServiceAccount,
    /// A program that belongs to the installation, for example an outpost.
    InternalServiceAccount,
}

/// A token of a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// The text after `Bearer` in the `Authorization` header.
    pub key: String,
    /// The purpose of the token; only API tokens give access to the API.
    #[serde(default)]
    pub intent: TokenIntent,
    /// The time at which the token stops being valid.
    #[serde(default)]
    pub expires: Option<DateTime<Utc>>,
}

/// The purpose of a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenIntent {
    /// Calling the API.
    #[default]
    Api,
    /// Confirming something by e-mail.
    Verification,
    /// Recovering an account.
    Recovery,
    /// Logging in with basic authentication.
    AppPassword,
}

/// A permission on one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectPermission {
    /// The permission.
    pub permission: String,
    /// The slug the source has in the fixture; the permission stays with the source when it is renamed.
    pub slug: String,
}

/// A flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// The primary key.
    pub pk: Uuid,
    /// The slug.
    pub slug: String,
    /// The name.
    pub name: String,
}

/// A property mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyMapping {
    /// The primary key.
    pub pk: Uuid,
    /// The name.
    pub name: String,
    /// The kind of mapping, e.g. `plex`. Sources accept mappings of every kind.
    pub kind: String,
}

/// A group of users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The primary key.
    pub pk: Uuid,
    /// The name.
    pub name: String,
}

/// Declares a kind of source: the columns every source has, then its own.
macro_rules! source {
    ($(#[$about:meta])* $name:ident { $($(#[$field_about:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The primary key, unique among all sources.
            pub pk: Uuid,
            /// The display name.
            pub name: String,
            /// The name in URLs, unique among all sources.
            pub slug: String,
            /// `true` if the source is offered.
            #[serde(default = "yes")]
            pub enabled: bool,
            /// The flow for users who are known.
            #[serde(default)]
            pub authentication_flow: Option<Uuid>,
            /// The flow for users who are new.
            #[serde(default)]
            pub enrollment_flow: Option<Uuid>,
            /// The mappings that make users.
            #[serde(default)]
            pub user_property_mappings: Vec<Uuid>,
            /// The mappings that make groups.
            #[serde(default)]
            pub group_property_mappings: Vec<Uuid>,
            /// The way in which policies are combined.
            #[serde(default = "any_policy", deserialize_with = "known")]
            pub policy_engine_mode: PolicyEngineMode,
            /// The way in which users are matched.
            #[serde(default = "by_user_identifier", deserialize_with = "known")]
            pub user_matching_mode: UserMatchingModeEnum,
            /// The manager of this object, if it has one.
            #[serde(default)]
            pub managed: Option<String>,
            /// The path of new users.
            #[serde(default = "user_path_template")]
            pub user_path_template: String,
            /// The stored name of the icon: an address, a path below `/static`, or a file among the uploads.
            #[serde(default)]
            pub icon_file: Option<String>,
            /// The icon as a client sees it; only a remark, for it follows from `icon_file`.
            #[serde(default, skip_serializing)]
            pub icon: IgnoredAny,
            /// The way in which groups are matched.
            #[serde(default = "by_group_identifier", deserialize_with = "known")]
            pub group_matching_mode: GroupMatchingModeEnum,
            $($(#[$field_about])* pub $field: $type,)*
        }

        impl $name {
            /// Returns the columns by which sources of every kind are tied to other objects.
            #[must_use]
            pub fn base(&self) -> BaseSource<'_> {
                BaseSource {
                    pk: self.pk,
                    slug: &self.slug,
                    flows: [
                        ("authentication_flow", self.authentication_flow),
                        ("enrollment_flow", self.enrollment_flow),
                    ],
                    mappings: [
                        ("user_property_mappings", &self.user_property_mappings),
                        ("group_property_mappings", &self.group_property_mappings),
                    ],
                }
            }
        }
    };
}

source! {
    /// A Plex source.
    PlexSource {
        /// The identifier this installation has at Plex.
        client_id: String,
        /// The servers whose users may log in.
        #[serde(default)]
        allowed_servers: Vec<String>,
        /// `true` if friends of the token's owner may log in.
        #[serde(default = "yes")]
        allow_friends: bool,
        /// The owner's Plex token.
        plex_token: String,
    }
}

source! {
    /// An OAuth source.
    OAuthSource {
        /// The kind of provider.
        provider_type: String,
    }
}

/// The columns by which a source is tied to other objects, whatever kind of source it is.
#[derive(Debug, Clone, Copy)]
pub struct BaseSource<'a> {
    /// The primary key.
    pub pk: Uuid,
    /// The slug.
    pub slug: &'a str,
    /// The flows, by column.
    pub flows: [(&'static str, Option<Uuid>); 2],
    /// The property mappings, by column.
    pub mappings: [(&'static str, &'a [Uuid]); 2],
}

impl UserAccount {
    /// Returns the user's first API token that does not expire.
    #[must_use]
    pub fn api_token(&self) -> Option<&str> {
        let lasting = |token: &&Token| token.intent == TokenIntent::Api && token.expires.is_none();
        self.tokens.iter().find(lasting).map(|token| token.key.as_str())
    }
}

impl Row for PlexSource {
    type Key = Uuid;

    fn key(&self) -> Uuid {
        self.pk
    }
}

impl Row for OAuthSource {
    type Key = Uuid;

    fn key(&self) -> Uuid {
        self.pk
    }
}

/// Returns the path of new users unless a source says otherwise.
#[must_use]
pub fn user_path_template() -> String {
    "goauthentik.io/sources/%(slug)s".to_owned()
}

fn yes() -> bool {
    true
}

fn any_policy() -> PolicyEngineMode {
    PolicyEngineMode::Any
}

fn by_user_identifier() -> UserMatchingModeEnum {
    UserMatchingModeEnum::Identifier
}

fn by_group_identifier() -> GroupMatchingModeEnum {
    GroupMatchingModeEnum::Identifier
}

/// Reads a word of an enumeration strictly: on the wire these enumerations are open, in the database they are not.
fn known<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr + Word,
    D: Deserializer<'de>,
{
    let word = String::deserialize(deserializer)?;
    word.parse().map_err(|_| D::Error::custom(format!("`{word}` is not one of {}", T::WORDS.join(", "))))
}

/// An enumeration whose words can be listed.
trait Word {
    const WORDS: &'static [&'static str];
}

impl Word for PolicyEngineMode {
    const WORDS: &'static [&'static str] = &["all", "any"];
}

impl Word for UserMatchingModeEnum {
    const WORDS: &'static [&'static str] =
        &["identifier", "email_link", "email_deny", "username_link", "username_deny"];
}

impl Word for GroupMatchingModeEnum {
    const WORDS: &'static [&'static str] = &["identifier", "name_link", "name_deny"];
}
