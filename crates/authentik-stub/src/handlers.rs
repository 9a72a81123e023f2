//! The operations, put together: each viewset has its own, as the methods of a trait cannot be spread over files.
//!
//! The macro `operations` of a module is expanded here; what it calls `api`, `wire`, `viewset` and `Context` is what is
//! imported here, and its argument is the viewset.

use authentik_sources_api::{self as api, Api};
use authentik_sources_types as wire;
use openapi_server_runtime::failure::Failure;

use crate::authentik::Authentik;
use crate::kinds::for_each_kind;
use crate::viewset::{self, Context};

/// The operations of every kind that is served.
macro_rules! of_viewsets {
    ($($(#[$about:meta])* $table:ident: $record:ty $(=> $module:ident::$viewset:ident)?;)*) => {
        $($(crate::$module::operations!(crate::$module::$viewset);)?)*
    };
}

impl Api for Authentik {
    for_each_kind!(of_viewsets);
    crate::redeem::operations!();
}
