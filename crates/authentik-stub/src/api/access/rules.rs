//! Demands on callers: the permission class and the filters of a request, as the viewsets of the program have them.

use http::Method;

use crate::api::viewsets::{Action, Part, Required, Viewset};
use crate::api::{Api, Context};

/// A permission class of the framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Everybody, without credentials too.
    Anybody,
    /// Every user.
    User,
    /// Superusers.
    Admin,
    /// Whoever has a permission.
    Holder(&'static str),
    /// Whoever has the permission for the model or the object that the method needs.
    Objects,
    /// The owner of an object, and nobody else.
    Owner,
    /// The owner of an object, and superusers.
    OwnerOrSuperuser,
}

/// A filter of the rows that a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrowing {
    /// By the permission to view the model or the object.
    Permission,
    /// By the owner at the end of this path, unless the caller is a superuser.
    Owner(&'static [&'static str]),
}

/// The demand on the caller of a request.
#[derive(Debug)]
pub(super) struct Rule<'a> {
    pub(super) viewset: &'a Viewset,
    pub(super) part: Part,
    pub(super) class: Class,
    action: Option<&'a Action>,
    operation: Option<&'static str>,
}

/// The classes of views that are no viewsets, by their paths and methods; the others ask for nothing.
const OTHERS: &[(&str, &[Method], Class)] = &[
    ("/admin/metrics/", &[], Class::User),
    ("/admin/version/", &[], Class::User),
    ("/admin/workers/", &[], Class::Holder("authentik_rbac.view_system_info")),
    ("/admin/system/", &[], Class::Holder("authentik_rbac.view_system_info")),
    ("/admin/settings/", &[Method::PUT, Method::PATCH], Class::Holder("authentik_rbac.edit_system_settings")),
    ("/admin/settings/", &[], Class::Holder("authentik_rbac.view_system_settings")),
    ("/core/transactional/applications/", &[], Class::Admin),
];

/// The viewsets whose rows are the caller's to begin with, before any filter.
const OWN: [&str; 6] = [
    "/core/authenticated_sessions/",
    "/core/tokens/",
    "/core/user_consent/",
    "/oauth2/access_tokens/",
    "/oauth2/authorization_codes/",
    "/oauth2/refresh_tokens/",
];

/// The viewsets whose lists show what policies let the caller use, whatever permission he has.
const BY_POLICY: [&str; 2] = ["/core/applications/", "/rac/endpoints/"];

/// The actions that read the list that the caller sees.
const READING_LIST: [&str; 2] = ["core_users_paths_retrieve", "events_events_volume_list"];

/// The actions that look their object up themselves, whoever the caller is.
const NOT_ASKING: [&str; 7] = [
    "core_applications_check_access_retrieve",
    "core_users_recovery_create",
    "outposts_ldap_access_check",
    "outposts_radius_access_check",
    "providers_oauth2_setup_urls_retrieve",
    "providers_saml_metadata_retrieve",
    "stages_authenticator_duo_enrollment_status_create",
];

/// Returns the class of a view that is no viewset.
pub(super) fn other(cx: &Context, method: &Method) -> Class {
    let found = OTHERS
        .iter()
        .find(|(path, methods, _)| *path == cx.route && (methods.is_empty() || methods.contains(method)));
    found.map_or(Class::Anybody, |(_, _, class)| *class)
}

/// Returns the class of a name.
fn class(name: &str) -> Class {
    match name {
        "AllowAny" => Class::Anybody,
        "IsAuthenticated" => Class::User,
        "IsAdminUser" => Class::Admin,
        "OwnerPermissions" => Class::Owner,
        "OwnerSuperuserPermissions" => Class::OwnerOrSuperuser,
        _ => Class::Objects,
    }
}

/// Returns the filter of rows of a name; `None` for those that the query is about.
fn narrowing(name: &str) -> Option<Narrowing> {
    match name {
        "ObjectFilter" | "SecretKeyFilter" => Some(Narrowing::Permission),
        "OwnerFilter" => Some(Narrowing::Owner(&["user"])),
        "ConnectionTokenOwnerFilter" => Some(Narrowing::Owner(&["session", "user"])),
        _ => None,
    }
}

impl<'a> Rule<'a> {
    /// Returns what is asked of the caller of a request; `None` if it is for no viewset.
    pub(super) fn of(api: &'a Api, cx: &Context) -> Option<Self> {
        let (viewset, part) = api.viewsets().of(cx.route)?;
        // A method that is no operation, such as `OPTIONS`, is asked of the same view.
        let operation = cx.operation.map(|operation| operation.id).or_else(|| {
            let mut operations = api.operations().iter();
            operations.find(|operation| operation.path == cx.route).map(|operation| operation.id)
        });
        let action = operation.and_then(|operation| viewset.actions.get(operation));
        let classes =
            action.and_then(|action| action.permission_classes.as_ref()).unwrap_or(&viewset.permissions);
        let class = classes.first().map_or(Class::Anybody, |name| class(name));
        Some(Self { viewset, part, class, action, operation })
    }

    /// Returns the permissions that an action demands.
    pub(super) fn required(&self) -> Option<&'a Required> {
        self.action?.permission_required.as_ref()
    }

    fn is(&self, operations: &[&str]) -> bool {
        self.operation.is_some_and(|operation| operations.contains(&operation))
    }

    /// Returns `true` if an action on the whole shows rows of the list.
    pub(super) fn reads_list(&self) -> bool {
        self.is(&READING_LIST)
    }

    /// Returns `true` if an action gets its object the usual way, with the filters and the permission class.
    pub(super) fn asks_for_object(&self) -> bool {
        !self.is(&NOT_ASKING)
    }

    /// Returns the names of the filters of the request.
    fn filters(&self) -> &'a [String] {
        self.action.and_then(|action| action.filter_backends.as_ref()).unwrap_or(&self.viewset.filters)
    }

    /// Returns `true` if the parameters of the list narrow the objects too that a path can name.
    pub(super) fn selects(&self) -> bool {
        self.part != Part::UsedBy
            && self.filters().iter().any(|name| narrowing(name) != Some(Narrowing::Permission))
    }

    /// Returns the filters of rows, those of the viewset itself first.
    pub(super) fn narrowings(&self) -> Vec<Narrowing> {
        let is_own = OWN.contains(&self.viewset.path.as_str());
        let own = is_own.then_some(Narrowing::Owner(&["user"]));
        let by_policy = self.part == Part::List && BY_POLICY.contains(&self.viewset.path.as_str());
        let others: Vec<Narrowing> = match self.part {
            Part::UsedBy => vec![Narrowing::Permission],
            _ => self.filters().iter().filter_map(|name| narrowing(name)).collect(),
        };
        let others = others.into_iter().filter(|narrowing| !by_policy || *narrowing != Narrowing::Permission);
        own.into_iter().chain(others).collect()
    }
}
