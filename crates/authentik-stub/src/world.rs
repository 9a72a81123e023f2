//! A world of a stub that a test has for itself.

use std::ops::Deref;

use openapi_control::{Answers, Controlled as _, Faults, InWorld};
use openapi_resources::worlds::Opened;

use crate::api::{Api, Extra, tokens};
use crate::instance::Instance;

/// A world: objects of its own within a stub, which begin with the fixture. It is used as an [`Instance`], and dropped with the
/// last `World` of its name.
///
/// A client is in the world if it has its [token](Instance::token), or sends its [headers](Instance::headers).
#[derive(Debug)]
pub struct World {
    instance: Instance,
    name: String,
}

impl World {
    /// Returns a world that is held.
    pub(crate) fn of(api: &Api, opened: Opened<Extra>, url: &str) -> Self {
        let world = openapi_control::opened(api, opened);
        let (name, token) = (world.name().unwrap_or_default().to_owned(), tokens::best(&world.store));
        Self { instance: Instance::new(api.clone(), world, url.to_owned(), token), name }
    }

    /// Returns its name, which the header `X-Stub-World` has.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the planned faults that are for requests in this world alone.
    #[must_use]
    pub fn faults(&self) -> InWorld<'_, Faults> {
        self.instance.api().control().faults().in_world(&self.name)
    }

    /// Returns the answers of one's own that are for requests in this world alone.
    #[must_use]
    pub fn answers(&self) -> InWorld<'_, Answers> {
        self.instance.api().control().answers().in_world(&self.name)
    }
}

impl Deref for World {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.instance
    }
}

impl Drop for World {
    fn drop(&mut self) {
        openapi_control::release_world(self.instance.api(), self.instance.world());
    }
}
