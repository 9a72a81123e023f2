//! The arguments of a request: its parameters and its body, once they have been checked against the document. They are
//! part of the request's context, so that hooks, handlers and default methods see the same values.

use std::any::Any;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

use openapi_wire::form::{self, Field};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::media::Media;
use crate::operation::Location;
pub use crate::values::{ParameterValue, Values};

/// The checked arguments of a request.
#[derive(Debug, Default)]
pub struct Arguments {
    /// The variables of the path.
    pub path: Values,
    /// The parameters in the query.
    pub query: Values,
    /// The parameters in headers.
    pub header: Values,
    /// The parameters in cookies.
    pub cookie: Values,
    /// The body.
    pub body: RequestBody,
    typed: Typed,
}

impl Arguments {
    /// Returns the parameters of one location.
    #[must_use]
    pub fn parameters(&self, location: Location) -> &Values {
        match location {
            Location::Path => &self.path,
            Location::Query => &self.query,
            Location::Header => &self.header,
            Location::Cookie => &self.cookie,
        }
    }

    /// Returns the parameters of one location, to be changed.
    pub fn parameters_mut(&mut self, location: Location) -> &mut Values {
        match location {
            Location::Path => &mut self.path,
            Location::Query => &mut self.query,
            Location::Header => &mut self.header,
            Location::Cookie => &mut self.cookie,
        }
    }

    /// Returns the body as a type, which is read from it once.
    ///
    /// # Errors
    /// 400 if the type is stricter than the rules the body was checked by; a server error if the body has been asked
    /// for as another type before.
    pub fn typed_body<T>(&self) -> Result<&T, Failure>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let typed = if let Some(typed) = self.typed.0.get() {
            typed
        } else {
            let typed: Box<dyn Any + Send + Sync> = Box::new(self.body.to_typed::<T>()?);
            self.typed.0.get_or_init(|| typed)
        };
        typed.downcast_ref().ok_or_else(|| {
            tracing::error!(wanted = std::any::type_name::<T>(), "a body was asked for as two types");
            Failure::ServerError
        })
    }
}

/// The body as the type it was asked for.
#[derive(Default)]
struct Typed(OnceLock<Box<dyn Any + Send + Sync>>);

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "read" } else { "not read" })
    }
}

/// A checked body.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum RequestBody {
    /// None. Asked for all the same, it is an empty object.
    #[default]
    None,
    /// A value that follows the rules of its schema.
    Value(Value),
    /// The fields of a form with files in it.
    Form(Vec<(String, Field)>),
    /// Text or bytes.
    Media(Media),
}

/// A body that was left out, where one is asked for.
static NOTHING: LazyLock<Value> = LazyLock::new(|| Value::Object(Map::new()));

impl RequestBody {
    /// Reads a type from the body.
    ///
    /// # Errors
    /// 400 if the type is stricter than the rules the body was checked by.
    pub fn to_typed<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let typed = match self {
            Self::None => T::deserialize(&*NOTHING),
            Self::Value(value) => T::deserialize(value),
            Self::Form(fields) => form::read(fields.clone()),
            Self::Media(media) => T::deserialize(&Value::from(media.as_text().unwrap_or_default())),
        };
        typed.map_err(|error| Failure::bad_request(error.to_string()))
    }

    /// Returns the body as JSON, unless it has files in it or is no JSON.
    #[must_use]
    pub fn as_value(&self) -> Option<&Value> {
        match self {
            Self::None => Some(&NOTHING),
            Self::Value(value) => Some(value),
            Self::Form(_) | Self::Media(_) => None,
        }
    }

    /// Returns the body as it came, unless it is JSON or a form.
    #[must_use]
    pub fn as_media(&self) -> Option<&Media> {
        if let Self::Media(media) = self { Some(media) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_is_read_once_and_as_one_type() {
        let arguments = Arguments { body: RequestBody::Value(json!({"a": 1})), ..Arguments::default() };
        let first: *const BTreeMap<String, u8> = arguments.typed_body().expect("an object");
        let again: *const BTreeMap<String, u8> = arguments.typed_body().expect("an object");
        assert_eq!(first, again);
        assert_eq!(arguments.typed_body::<Value>(), Err(Failure::ServerError));
        let other = Arguments { body: RequestBody::Value(json!({"a": "x"})), ..Arguments::default() };
        let refused = other.typed_body::<BTreeMap<String, u8>>().map_err(|failure| failure.status().as_u16());
        assert_eq!(refused, Err(400));
    }
}
