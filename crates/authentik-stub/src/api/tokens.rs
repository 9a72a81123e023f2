//! Tokens for those who run a stub: which there are, and new ones.

use openapi_resources::store::{Snapshot, Store, WriteError};
use serde_json::json;

use super::caller::{ANONYMOUS, Caller};
use super::members::members;

const TOKEN: &str = "authentik_core.token";
const USER: &str = "authentik_core.user";

/// The most users that an error names.
const MAX_NAMED: usize = 10;

/// The reason why there is no token of a user.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// There is no such user.
    #[error("there is no user `{name}`; {}", named(.known))]
    Unknown {
        /// The name that was given.
        name: String,
        /// The names of all users.
        known: Vec<String>,
    },
    /// The user may not use the API.
    #[error("the user `{0}` is not active, so the API takes no token of theirs; set `is_active` to true")]
    Inactive(String),
    /// The new token is not kept.
    #[error("the new token is not kept: {0}")]
    NotKept(#[from] WriteError),
}

/// Returns the names of users in words.
fn named(known: &[String]) -> String {
    let names: Vec<String> = known.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    let more = match known.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if names.is_empty() {
        "there are no users".to_owned()
    } else {
        format!("there are {}{more}", names.join(", "))
    }
}

/// Returns the keys of all tokens.
#[cfg(feature = "durable")]
pub(crate) fn keys(store: &Store) -> Vec<String> {
    keys_of(&store.snapshot(), |_| true).collect()
}

/// Returns a key with the most permissions, if there is any that is good for the API.
pub(crate) fn best(store: &Store) -> Option<String> {
    let snapshot = store.snapshot();
    let best = keys_of(&snapshot, |caller| caller.is_some_and(|caller| caller.is_superuser)).next();
    best.or_else(|| keys_of(&snapshot, |caller| caller.is_some()).next())
}

/// Returns a key of a user that is good for the API. If there is none, one is made that does not expire.
///
/// # Errors
/// If there is no such user, or the user is not active, or the token cannot be kept.
pub(crate) fn of_user(store: &Store, name: &str) -> Result<String, TokenError> {
    let snapshot = store.snapshot();
    let reader = snapshot.reader();
    let users = || reader.model(USER).into_iter().flat_map(|model| reader.rows(model));
    let Some(user) = users().find(|row| reader.value(row, "username") == name) else {
        let known = users().filter_map(|row| reader.value(row, "username").as_str());
        let known = known.filter(|known| *known != ANONYMOUS).map(str::to_owned).collect();
        return Err(TokenError::Unknown { name: name.to_owned(), known });
    };
    if reader.value(user, "is_active") != true {
        return Err(TokenError::Inactive(name.to_owned()));
    }
    let is_own = |caller: Option<Caller>| caller.is_some_and(|caller| caller.key == *reader.key(user));
    if let Some(own) = keys_of(&snapshot, is_own).next() {
        return Ok(own);
    }
    let key = reader.supply().secret(60);
    let token = json!({
        "identifier": format!("stub-{}", reader.supply().uuid()),
        "intent": "api",
        "user": reader.key(user),
        "key": key,
        "expiring": false,
    });
    let made: Result<_, WriteError> = store.write(|transaction| {
        if let Some(model) = transaction.reader().model(TOKEN) {
            transaction.insert(model, members(token));
        }
        Ok(())
    });
    made.map(|_| key).map_err(Into::into)
}

/// Returns the keys of the tokens of callers that are wanted; `None` is a caller whose token is not good for the API.
fn keys_of(snapshot: &Snapshot, is_wanted: impl Fn(Option<Caller>) -> bool) -> impl Iterator<Item = String> {
    let reader = snapshot.reader();
    let tokens = reader.model(TOKEN).into_iter().flat_map(move |model| reader.rows(model));
    let keys = tokens.filter_map(move |row| reader.value(row, "key").as_str());
    keys.filter(move |key| is_wanted(Caller::of_token(snapshot, key, reader.now()))).map(str::to_owned)
}
