//! How authentik speaks where its document is silent.

use openapi_django::client::Django;

/// Django REST framework's dialect, and what authentik adds to it: a header of its own, objects that later releases move
/// from `source` to `source_obj`, and failed writes that are answered with an empty 405.
pub(crate) const AUTHENTIK: Django = Django::new()
    .request_id_header("x-authentik-id")
    .essential(&["pk", "slug"])
    .expanded_suffix("_obj")
    .empty_405_is_failure();
