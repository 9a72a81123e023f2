//! A world of a stub that a test has for itself.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use openapi_control::{Answers, Controlled as _, Faults, InWorld};
use openapi_resources::worlds;

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
    pub(crate) fn of(api: &Api, world: Arc<worlds::World<Extra>>, url: &str) -> Self {
        world.extra.held.fetch_add(1, Ordering::AcqRel);
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
        let (api, world) = (self.instance.api(), self.instance.world());
        let is_last = world.extra.held.fetch_sub(1, Ordering::AcqRel) == 1;
        if is_last && api.worlds().has(world) {
            // Whoever removed it meanwhile has done what is to be done here.
            let _ = openapi_control::close_world(api, &self.name);
        }
    }
}
