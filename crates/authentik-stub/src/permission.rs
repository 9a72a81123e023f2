//! Decides who may see, create, change and delete objects. The rules are those of authentik's permission classes and of
//! the row filters of its lists. Users and their permissions are in [`crate::reference_data`].

use http::Method;
use openapi_server_runtime::failure::Failure;

use crate::record::UserKind;
use crate::reference_data::User;

/// The kind of objects a permission is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// The label of the application.
    pub app: &'static str,
    /// The name of the model.
    pub name: &'static str,
}

impl Model {
    /// Returns the name of the permission for an action, e.g. `authentik_sources_plex.view_plexsource`.
    #[must_use]
    pub fn permission(&self, action: &str) -> String {
        format!("{}.{action}_{}", self.app, self.name)
    }
}

/// The rules that hold for the objects of a viewset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Permissions decide, on every object or on single ones.
    Permissions,
    /// Objects belong to a user, who alone may see them; superusers may as well. The models of this API have no such
    /// user, and for anyone but superusers the server stumbles over that.
    Ownership,
}

/// The kind of route that is used, apart from the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A list.
    List,
    /// One object.
    Object,
}

impl Policy {
    /// Checks that a route may be used at all, before anything is looked up. Permissions on single objects are checked
    /// once the object is known.
    ///
    /// # Errors
    /// 403 if not.
    pub fn permit(
        self,
        model: Model,
        user: Option<&User>,
        method: &Method,
        scope: Scope,
    ) -> Result<(), Failure> {
        if self == Self::Permissions && scope == Scope::Object {
            return Ok(());
        }
        let user = user.ok_or_else(Failure::not_authenticated)?;
        match action(method) {
            Some(action) if self == Self::Permissions => demand(user.has(&model.permission(action))),
            _ => Ok(()),
        }
    }

    /// Returns the rows a user may see; `key` is their primary key as text.
    ///
    /// # Errors
    /// 403 for a user who may see none; a server error where ownership is unknown.
    pub fn visible<'a, R>(
        self,
        model: Model,
        user: Option<&User>,
        rows: impl Iterator<Item = &'a R>,
        key: impl Fn(&R) -> String,
    ) -> Result<Vec<&'a R>, Failure> {
        let Some(user) = user else {
            return Err(Failure::permission_denied());
        };
        let view = model.permission("view");
        if user.is_superuser || self == Self::Permissions && user.has(&view) {
            return Ok(rows.collect());
        }
        if self == Self::Ownership {
            return Err(Failure::ServerError);
        }
        let rows: Vec<&R> = rows.filter(|row| user.has_on(&view, &key(row))).collect();
        // An outpost without any objects is told so with an empty list instead of being turned away.
        demand(!rows.is_empty() || user.kind == UserKind::InternalServiceAccount)?;
        Ok(rows)
    }

    /// Checks that a user may do this to an object they can see; `key` is its primary key as text.
    ///
    /// # Errors
    /// 403 if not.
    pub fn touch(self, model: Model, user: Option<&User>, method: &Method, key: &str) -> Result<(), Failure> {
        let allowed = |user: &User| match (self, action(method)) {
            (Self::Ownership, _) => user.is_superuser,
            (Self::Permissions, Some(action)) => user.has_on(&model.permission(action), key),
            (Self::Permissions, None) => true,
        };
        demand(user.is_some_and(allowed))
    }
}

/// Returns the action whose permission a method needs; reading needs none beyond seeing.
fn action(method: &Method) -> Option<&'static str> {
    match *method {
        Method::POST => Some("add"),
        Method::PUT | Method::PATCH => Some("change"),
        Method::DELETE => Some("delete"),
        _ => None,
    }
}

fn demand(allowed: bool) -> Result<(), Failure> {
    if allowed { Ok(()) } else { Err(Failure::permission_denied()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: Model = Model { app: "shop", name: "item" };
    const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE];

    fn user(permissions: &[&str], on_one: &[&str]) -> User {
        let name = |action: &&str| MODEL.permission(action);
        User::new(
            "u",
            permissions.iter().map(name),
            on_one.iter().map(|action| (name(action), "one".to_owned())),
        )
    }

    fn superuser() -> User {
        User { is_superuser: true, ..User::default() }
    }

    /// Returns the methods that are allowed, by their first letters.
    fn methods(allowed: impl Fn(&Method) -> Result<(), Failure>) -> String {
        METHODS.iter().filter(|method| allowed(method).is_ok()).map(|method| &method.as_str()[..2]).collect()
    }

    fn visible(policy: Policy, user: Option<&User>) -> Result<Vec<&'static str>, Failure> {
        let rows = ["one", "two"].iter();
        let seen = policy.visible(MODEL, user, rows, |row| (*row).to_owned())?;
        Ok(seen.into_iter().copied().collect())
    }

    #[test]
    fn a_list_is_open_to_every_user_and_writing_needs_permission() {
        let permit = |user: Option<&User>| {
            methods(|method| Policy::Permissions.permit(MODEL, user, method, Scope::List))
        };
        assert_eq!(permit(None), "");
        assert_eq!(permit(Some(&user(&[], &["add"]))), "GE");
        assert_eq!(permit(Some(&user(&["add"], &[]))), "GEPO");
        assert_eq!(permit(Some(&user(&["change", "delete"], &[]))), "GEPAPUDE");
        assert_eq!(permit(Some(&superuser())), "GEPOPAPUDE");
    }

    #[test]
    fn one_object_is_guarded_by_what_can_be_seen() {
        let permit = |policy: Policy, user: Option<&User>| {
            methods(|method| policy.permit(MODEL, user, method, Scope::Object))
        };
        assert_eq!(permit(Policy::Permissions, None), "GEPOPAPUDE");
        assert_eq!(permit(Policy::Ownership, None), "");
        assert_eq!(permit(Policy::Ownership, Some(&user(&[], &[]))), "GEPOPAPUDE");
    }

    #[test]
    fn users_see_what_they_were_granted() {
        let outpost = User { kind: UserKind::InternalServiceAccount, ..user(&["add"], &[]) };
        let cases = [
            (Some(superuser()), Ok(vec!["one", "two"])),
            (Some(user(&["view"], &[])), Ok(vec!["one", "two"])),
            (Some(user(&[], &["view"])), Ok(vec!["one"])),
            (Some(user(&["change"], &["change"])), Err(Failure::permission_denied())),
            (Some(outpost), Ok(vec![])),
            (None, Err(Failure::permission_denied())),
        ];
        for (user, expected) in cases {
            assert_eq!(visible(Policy::Permissions, user.as_ref()), expected, "{user:?}");
        }
    }

    #[test]
    fn a_single_view_permission_still_counts_in_an_empty_table() {
        let none: [&str; 0] = [];
        let seen =
            Policy::Permissions.visible(MODEL, Some(&user(&["view"], &[])), none.iter(), |_| String::new());
        assert_eq!(seen, Ok(vec![]));
    }

    #[test]
    fn ownership_is_a_server_error_for_all_but_superusers() {
        assert_eq!(visible(Policy::Ownership, Some(&superuser())), Ok(vec!["one", "two"]));
        assert_eq!(visible(Policy::Ownership, Some(&user(&["view"], &["view"]))), Err(Failure::ServerError));
    }

    #[test]
    fn touching_an_object_needs_the_permission_for_the_method() {
        let touch = |policy: Policy, user: &User, key: &str| {
            methods(|method| policy.touch(MODEL, Some(user), method, key))
        };
        assert_eq!(touch(Policy::Permissions, &user(&["view"], &[]), "one"), "GE");
        assert_eq!(touch(Policy::Permissions, &user(&["change"], &[]), "two"), "GEPAPU");
        assert_eq!(touch(Policy::Permissions, &user(&[], &["change", "delete"]), "one"), "GEPAPUDE");
        assert_eq!(touch(Policy::Permissions, &user(&[], &["change", "delete"]), "two"), "GE");
        assert_eq!(touch(Policy::Ownership, &user(&["view", "change"], &["view"]), "one"), "");
        assert_eq!(touch(Policy::Ownership, &superuser(), "one"), "GEPOPAPUDE");
    }
}
