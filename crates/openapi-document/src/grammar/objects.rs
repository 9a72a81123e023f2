//! The table of the objects of OpenAPI 3.0, in the order of its specification.
//!
//! The extensions that the generators understand are in it too; all others may be anything.

use super::{Blank, Member, Object, Order, Others, Shape};
use crate::service_traits;

const fn member(key: &'static str, shape: Shape) -> Member {
    Member { key, shape, required: false, blank: None }
}

const fn required(key: &'static str, shape: Shape) -> Member {
    Member { key, shape, required: true, blank: None }
}

const fn text(key: &'static str) -> Member {
    Member { key, shape: Shape::Text, required: false, blank: Some(Blank::Empty) }
}

const fn flag(key: &'static str) -> Member {
    Member { key, shape: Shape::Flag, required: false, blank: Some(Blank::False) }
}

const fn at_least(key: &'static str) -> Member {
    Member { key, shape: Shape::Count, required: false, blank: Some(Blank::Zero) }
}

const fn list(key: &'static str, item: &'static Shape, order: Order) -> Member {
    Member { key, shape: Shape::List(item, order), required: false, blank: Some(Blank::Empty) }
}

const fn map(key: &'static str, shape: &'static Shape) -> Member {
    Member { key, shape: Shape::Map(shape), required: false, blank: Some(Blank::Empty) }
}

const fn components(key: &'static str, shape: &'static Shape) -> Member {
    Member { key, shape: Shape::Components(shape), required: false, blank: Some(Blank::Empty) }
}

const fn object(name: &'static str, members: &'static [Member]) -> Object {
    Object { name, members, others: Others::Unknown, inlined: false }
}

const fn inlined(name: &'static str, members: &'static [Member]) -> Object {
    Object { name, members, others: Others::Unknown, inlined: true }
}

/// The whole document.
pub static DOCUMENT: Object = object(
    "OpenAPI",
    &[
        required("openapi", Shape::Text),
        required("info", Shape::Object(&INFO)),
        list("servers", &Shape::Object(&SERVER), Order::Significant),
        required("paths", Shape::Object(&PATHS)),
        member("components", Shape::Object(&COMPONENTS)),
        member("security", SECURITY),
        list("tags", &Shape::Object(&TAG), Order::FreeBy(&["name"])),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
        member(service_traits::KEY, Shape::Word(&service_traits::WAYS)),
    ],
);

static INFO: Object = object(
    "info",
    &[
        required("title", Shape::Text),
        text("description"),
        text("termsOfService"),
        member("contact", Shape::Object(&CONTACT)),
        member("license", Shape::Object(&LICENSE)),
        required("version", Shape::Text),
    ],
);

static CONTACT: Object = object("contact", &[text("name"), text("url"), text("email")]);

static LICENSE: Object = object("license", &[required("name", Shape::Text), text("url")]);

static SERVER: Object = object(
    "server",
    &[required("url", Shape::Text), text("description"), map("variables", &Shape::Object(&SERVER_VARIABLE))],
);

static SERVER_VARIABLE: Object = object(
    "server variable",
    &[list("enum", &Shape::Text, Order::Free), required("default", Shape::Text), text("description")],
);

static COMPONENTS: Object = object(
    "components",
    &[
        components("schemas", &Shape::Reference(&SCHEMA)),
        components("responses", &Shape::Reference(&RESPONSE)),
        components("parameters", &Shape::Reference(&PARAMETER)),
        components("examples", &Shape::Reference(&EXAMPLE)),
        components("requestBodies", &Shape::Reference(&REQUEST_BODY)),
        components("headers", &Shape::Reference(&HEADER)),
        components("securitySchemes", &Shape::Reference(&SECURITY_SCHEME)),
        components("links", &Shape::Reference(&LINK)),
        components("callbacks", &Shape::Reference(&CALLBACK)),
    ],
);

static PATHS: Object = Object {
    name: "paths",
    members: &[],
    others: Others::Paths(Shape::Reference(&PATH_ITEM)),
    inlined: false,
};

/// The operations of a path, besides what they share.
pub static PATH_ITEM: Object = object(
    "path item",
    &[
        text("summary"),
        text("description"),
        member("get", Shape::Object(&OPERATION)),
        member("put", Shape::Object(&OPERATION)),
        member("post", Shape::Object(&OPERATION)),
        member("delete", Shape::Object(&OPERATION)),
        member("options", Shape::Object(&OPERATION)),
        member("head", Shape::Object(&OPERATION)),
        member("patch", Shape::Object(&OPERATION)),
        member("trace", Shape::Object(&OPERATION)),
        list("servers", &Shape::Object(&SERVER), Order::Significant),
        list("parameters", &Shape::Reference(&PARAMETER), PARAMETERS),
    ],
);

/// Parameters are told apart by where they are and what they are called.
const PARAMETERS: Order = Order::FreeBy(&["in", "name"]);

/// An operation of a path.
pub static OPERATION: Object = object(
    "operation",
    &[
        list("tags", &Shape::Text, Order::Free),
        text("summary"),
        text("description"),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
        text("operationId"),
        list("parameters", &Shape::Reference(&PARAMETER), PARAMETERS),
        member("requestBody", Shape::Reference(&REQUEST_BODY)),
        required("responses", Shape::Object(&RESPONSES)),
        map("callbacks", &Shape::Reference(&CALLBACK)),
        flag("deprecated"),
        member("security", SECURITY),
        list("servers", &Shape::Object(&SERVER), Order::Significant),
        member("x-observed-responses", Shape::Object(&RESPONSES)),
        member("x-since", Shape::Text),
        member("x-view-name", Shape::Text),
    ],
);

static EXTERNAL_DOCS: Object =
    object("external documentation", &[text("description"), required("url", Shape::Text)]);

static PARAMETER: Object = inlined(
    "parameter",
    &[
        required("name", Shape::Text),
        required("in", Shape::Word(&["query", "header", "path", "cookie"])),
        text("description"),
        flag("required"),
        flag("deprecated"),
        flag("allowEmptyValue"),
        member("style", STYLE),
        member("explode", Shape::Flag),
        flag("allowReserved"),
        member("schema", Shape::Reference(&SCHEMA)),
        member("example", Shape::Any),
        map("examples", &Shape::Reference(&EXAMPLE)),
        map("content", &Shape::Object(&MEDIA_TYPE)),
        member("x-role", Shape::Word(&["filter", "page", "page-size", "ordering", "search"])),
        member("x-since", Shape::Text),
    ],
);

const STYLE: Shape =
    Shape::Word(&["matrix", "label", "form", "simple", "spaceDelimited", "pipeDelimited", "deepObject"]);

static REQUEST_BODY: Object = inlined(
    "request body",
    &[text("description"), required("content", Shape::Map(&Shape::Object(&MEDIA_TYPE))), flag("required")],
);

static MEDIA_TYPE: Object = object(
    "media type",
    &[
        member("schema", Shape::Reference(&SCHEMA)),
        member("example", Shape::Any),
        map("examples", &Shape::Reference(&EXAMPLE)),
        map("encoding", &Shape::Object(&ENCODING)),
    ],
);

static ENCODING: Object = object(
    "encoding",
    &[
        text("contentType"),
        map("headers", &Shape::Reference(&HEADER)),
        member("style", STYLE),
        member("explode", Shape::Flag),
        flag("allowReserved"),
    ],
);

static RESPONSES: Object = Object {
    name: "responses",
    members: &[],
    others: Others::Statuses(Shape::Reference(&RESPONSE)),
    inlined: false,
};

static RESPONSE: Object = inlined(
    "response",
    &[
        required("description", Shape::Text),
        map("headers", &Shape::Reference(&HEADER)),
        map("content", &Shape::Object(&MEDIA_TYPE)),
        map("links", &Shape::Reference(&LINK)),
    ],
);

static CALLBACK: Object = Object {
    name: "callback",
    members: &[],
    others: Others::Any(Shape::Reference(&PATH_ITEM)),
    inlined: false,
};

static EXAMPLE: Object = inlined(
    "example",
    &[text("summary"), text("description"), member("value", Shape::Any), text("externalValue")],
);

static LINK: Object = inlined(
    "link",
    &[
        text("operationRef"),
        text("operationId"),
        map("parameters", &Shape::Any),
        member("requestBody", Shape::Any),
        text("description"),
        member("server", Shape::Object(&SERVER)),
    ],
);

static HEADER: Object = inlined(
    "header",
    &[
        text("description"),
        flag("required"),
        flag("deprecated"),
        flag("allowEmptyValue"),
        member("style", STYLE),
        member("explode", Shape::Flag),
        flag("allowReserved"),
        member("schema", Shape::Reference(&SCHEMA)),
        member("example", Shape::Any),
        map("examples", &Shape::Reference(&EXAMPLE)),
        map("content", &Shape::Object(&MEDIA_TYPE)),
    ],
);

static TAG: Object = object(
    "tag",
    &[
        required("name", Shape::Text),
        text("description"),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
    ],
);

/// A schema.
pub static SCHEMA: Object = object(
    "schema",
    &[
        text("title"),
        member("multipleOf", Shape::Number),
        member("maximum", Shape::Number),
        flag("exclusiveMaximum"),
        member("minimum", Shape::Number),
        flag("exclusiveMinimum"),
        member("maxLength", Shape::Count),
        at_least("minLength"),
        text("pattern"),
        member("maxItems", Shape::Count),
        at_least("minItems"),
        flag("uniqueItems"),
        member("maxProperties", Shape::Count),
        at_least("minProperties"),
        list("required", &Shape::Text, Order::Free),
        member("enum", Shape::List(&Shape::Any, Order::Free)),
        member("type", Shape::Word(&["string", "number", "integer", "boolean", "array", "object"])),
        list("allOf", &Shape::Reference(&SCHEMA), Order::Significant),
        list("oneOf", &Shape::Reference(&SCHEMA), Order::Significant),
        list("anyOf", &Shape::Reference(&SCHEMA), Order::Significant),
        member("not", Shape::Reference(&SCHEMA)),
        member("items", Shape::Reference(&SCHEMA)),
        map("properties", &Shape::Reference(&SCHEMA)),
        member("additionalProperties", Shape::FlagOr(&Shape::Reference(&SCHEMA))),
        text("description"),
        text("format"),
        member("default", Shape::Any),
        flag("nullable"),
        member("discriminator", Shape::Object(&DISCRIMINATOR)),
        flag("readOnly"),
        flag("writeOnly"),
        member("xml", Shape::Object(&XML)),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
        member("example", Shape::Any),
        flag("deprecated"),
        member("x-computed", Shape::Flag),
        member("x-enum-labels", Shape::Map(&Shape::Text)),
        member("x-integer", Shape::Flag),
        member("x-references", Shape::Text),
        member("x-secret", Shape::Flag),
        member("x-since", Shape::Text),
        member("x-unique", Shape::Text),
    ],
);

/// The property that tells the members of a union apart.
pub static DISCRIMINATOR: Object =
    object("discriminator", &[required("propertyName", Shape::Text), map("mapping", &Shape::Text)]);

static XML: Object =
    object("XML", &[text("name"), text("namespace"), text("prefix"), flag("attribute"), flag("wrapped")]);

static SECURITY_SCHEME: Object = object(
    "security scheme",
    &[
        required("type", Shape::Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
        text("description"),
        text("name"),
        member("in", Shape::Word(&["query", "header", "cookie"])),
        text("scheme"),
        text("bearerFormat"),
        member("flows", Shape::Object(&OAUTH_FLOWS)),
        text("openIdConnectUrl"),
    ],
);

static OAUTH_FLOWS: Object = object(
    "OAuth flows",
    &[
        member("implicit", Shape::Object(&OAUTH_FLOW)),
        member("password", Shape::Object(&OAUTH_FLOW)),
        member("clientCredentials", Shape::Object(&OAUTH_FLOW)),
        member("authorizationCode", Shape::Object(&OAUTH_FLOW)),
    ],
);

static OAUTH_FLOW: Object = object(
    "OAuth flow",
    &[
        text("authorizationUrl"),
        text("tokenUrl"),
        text("refreshUrl"),
        required("scopes", Shape::Map(&Shape::Text)),
    ],
);

/// Alternatives, each the schemes that are needed together, each with its scopes.
const SECURITY: Shape = Shape::List(&Shape::Map(&Shape::List(&Shape::Text, Order::Free)), Order::Free);
