//! An authentik as one test sees it: the first world of a stub, or another.

use std::sync::Arc;

#[cfg(feature = "client")]
use authentik_sources_client::{Client, ClientBuilder};
use openapi_control::{Controlled as _, Requests, WORLD, token_in_world};
use openapi_resources::worlds::{self, WorldError};
use serde_json::Value;

use crate::api::tokens::{self, TokenError};
use crate::api::{Api, Extra};

/// An authentik as one test sees it: the first world of a [`Stub`](crate::Stub), or a [`World`](crate::World). Either is used
/// as one.
#[derive(Debug)]
pub struct Instance {
    api: Api,
    world: Arc<worlds::World<Extra>>,
    url: String,
    token: Option<String>,
}

/// The reason why there is no client.
#[cfg(feature = "client")]
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is no token for it.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The stub listens at a unix socket, or serves over TLS with a certificate of its own.
    #[error(
        "the generated client does not reach {0}: it asks no unix socket, and trusts no authority that the system does not"
    )]
    Unreachable(String),
    /// It cannot be built.
    #[error(transparent)]
    Client(#[from] authentik_sources_client::Error),
}

impl Instance {
    /// Returns a world of an API, with a token of its first rows.
    pub(crate) fn new(
        api: Api,
        world: Arc<worlds::World<Extra>>,
        url: String,
        token: Option<String>,
    ) -> Self {
        let token = token.map(|token| of_world(&world, token));
        Self { api, world, url, token }
    }

    /// Returns the URL of the API, which is what a client is given. It is the same for every world of a stub.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns a token with the most permissions, if the fixture has any. That of a world other than the first names the world,
    /// so that requests with it are in the world.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Returns a token of a user. One that the user has is taken, or else one is made that does not expire. That of a world other
    /// than the first names the world.
    ///
    /// # Errors
    /// If there is no such user, with the names that there are; or if the user is not active.
    pub fn token_of(&self, username: &str) -> Result<String, TokenError> {
        Ok(of_world(&self.world, tokens::of_user(&self.world.store, username)?))
    }

    /// Returns the headers of a request that is in this world and may do the most: `Authorization`, if there is a token, and
    /// `X-Stub-World` unless it is the first world.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let token = self.token().map(|token| ("authorization", format!("Bearer {token}")));
        let world = self.world.name().map(|name| (WORLD, name.to_owned()));
        token.into_iter().chain(world).collect()
    }

    /// Returns the generated client with the token that may do the most.
    ///
    /// # Errors
    /// If the stub listens at a unix socket or serves over TLS, where this client does not reach it.
    #[cfg(feature = "client")]
    pub fn client(&self) -> Result<Client, ClientError> {
        let builder = self.token().into_iter().fold(self.client_builder()?, ClientBuilder::authentik);
        Ok(builder.build()?)
    }

    #[cfg(feature = "client")]
    fn client_builder(&self) -> Result<ClientBuilder, ClientError> {
        let is_reached = self.url.starts_with("http://");
        if is_reached {
            Ok(Client::builder(self.url()))
        } else {
            Err(ClientError::Unreachable(self.url.clone()))
        }
    }

    /// Returns the generated client with a token of a user, see [`token_of`](Self::token_of).
    ///
    /// # Errors
    /// If there is no such user, or as with [`client`](Self::client).
    #[cfg(feature = "client")]
    pub fn client_as(&self, username: &str) -> Result<Client, ClientError> {
        Ok(self.client_builder()?.authentik(self.token_of(username)?).build()?)
    }

    /// Returns the requests that the stub saw; those in a world other than the first are its alone.
    pub fn requests(&self) -> Requests<'_> {
        let all = self.api.control().requests();
        match self.world.name() {
            Some(name) => all.in_world(name),
            None => all,
        }
    }

    /// Puts the objects of the fixture back, and forgets the faults and answers of one's own that are for this world alone. The
    /// first world forgets those of all worlds, and all requests.
    ///
    /// # Errors
    /// If the state file cannot be written.
    pub fn reset(&self) -> Result<(), WorldError> {
        openapi_control::reset(&self.api, &self.world)
    }

    /// Keeps all objects as they are now under a name.
    ///
    /// # Errors
    /// If the name is none, or there are too many.
    pub fn save_snapshot(&self, name: &str) -> Result<(), WorldError> {
        self.world.save_snapshot(name)
    }

    /// Makes all objects what they were when they were kept under a name.
    ///
    /// # Errors
    /// If there is no such name, or the state file cannot be written.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), WorldError> {
        openapi_control::replace(&self.api, &self.world, |world| world.restore_snapshot(name))
    }

    /// Forgets what was kept under a name.
    ///
    /// # Errors
    /// If there is no such name.
    pub fn remove_snapshot(&self, name: &str) -> Result<(), WorldError> {
        self.world.remove_snapshot(name)
    }

    /// Returns the names under which objects are kept.
    #[must_use]
    pub fn snapshots(&self) -> Vec<String> {
        self.world.snapshots()
    }

    /// Returns all objects in the form of the API, as [`Fixture::from_value`](crate::Fixture::from_value) reads them.
    #[must_use]
    pub fn export(&self) -> Value {
        self.world.store.export()
    }

    /// Makes all objects what was exported.
    ///
    /// # Errors
    /// With everything that is wrong with the value, or if the state file cannot be written.
    pub fn import(&self, state: &Value) -> Result<(), WorldError> {
        openapi_control::replace(&self.api, &self.world, |world| world.import(state))
    }

    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    pub(crate) fn world(&self) -> &Arc<worlds::World<Extra>> {
        &self.world
    }
}

/// Returns the token of a world that a token stands for.
fn of_world(world: &worlds::World<Extra>, token: String) -> String {
    world.name().map(|name| token_in_world(name, &token)).unwrap_or(token)
}
