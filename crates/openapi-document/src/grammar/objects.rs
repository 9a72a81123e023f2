//! The table of the objects of OpenAPI 3.0, 3.1 and 3.2, in the order of the specifications.
//!
//! The extensions that the generators understand are in it too; all others may be anything.

use super::extensions::{BY_PATH, BY_TAG, SERVICE_TRAITS};
use super::{Blank, Member, Object, Order, Others, Shape};
use crate::version::Version::{self, V3_0, V3_1, V3_2};

const fn member(key: &'static str, shape: Shape) -> Member {
    Member { key, shape, required: false, blank: None, since: V3_0, until: V3_2 }
}

const fn required(key: &'static str, shape: Shape) -> Member {
    Member { key, shape, required: true, blank: None, since: V3_0, until: V3_2 }
}

const fn text(key: &'static str) -> Member {
    Member { blank: Some(Blank::Empty), ..member(key, Shape::Text) }
}

const fn flag(key: &'static str) -> Member {
    Member { blank: Some(Blank::False), ..member(key, Shape::Flag) }
}

const fn at_least(key: &'static str) -> Member {
    Member { blank: Some(Blank::Zero), ..member(key, Shape::Count) }
}

const fn list(key: &'static str, item: &'static Shape, order: Order) -> Member {
    Member { blank: Some(Blank::Empty), ..member(key, Shape::List(item, order)) }
}

const fn map(key: &'static str, shape: &'static Shape) -> Member {
    Member { blank: Some(Blank::Empty), ..member(key, Shape::Map(shape)) }
}

const fn components(key: &'static str, shape: &'static Shape) -> Member {
    Member { blank: Some(Blank::Empty), ..member(key, Shape::Components(shape)) }
}

impl Member {
    /// Returns the same from this version on.
    const fn since(self, since: Version) -> Member {
        Member { since, ..self }
    }

    /// Returns the same up to this version.
    const fn until(self, until: Version) -> Member {
        Member { until, ..self }
    }
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
        text("$self").since(V3_2),
        required("info", Shape::Object(&INFO)),
        text("jsonSchemaDialect").since(V3_1),
        list("servers", &Shape::Object(&SERVER), Order::Significant),
        required("paths", Shape::Object(&PATHS)).until(V3_0),
        member("paths", Shape::Object(&PATHS)).since(V3_1),
        map("webhooks", &Shape::Reference(&PATH_ITEM)).since(V3_1),
        member("components", Shape::Object(&COMPONENTS)),
        member("security", SECURITY),
        list("tags", &Shape::Object(&TAG), Order::FreeBy(&["name"])),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
        member(SERVICE_TRAITS, Shape::Word(&[BY_TAG, BY_PATH])),
    ],
);

static INFO: Object = object(
    "info",
    &[
        required("title", Shape::Text),
        text("summary").since(V3_1),
        text("description"),
        text("termsOfService"),
        member("contact", Shape::Object(&CONTACT)),
        member("license", Shape::Object(&LICENSE)),
        required("version", Shape::Text),
    ],
);

static CONTACT: Object = object("contact", &[text("name"), text("url"), text("email")]);

static LICENSE: Object =
    object("license", &[required("name", Shape::Text), text("identifier").since(V3_1), text("url")]);

static SERVER: Object = object(
    "server",
    &[
        required("url", Shape::Text),
        text("name").since(V3_2),
        text("description"),
        map("variables", &Shape::Object(&SERVER_VARIABLE)),
    ],
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
        components("pathItems", &Shape::Reference(&PATH_ITEM)).since(V3_1),
        components("mediaTypes", &Shape::Reference(&MEDIA_TYPE)).since(V3_2),
    ],
);

static PATHS: Object = Object {
    name: "paths",
    members: &[],
    others: Others::Paths(Shape::Reference(&PATH_ITEM)),
    inlined: false,
};

/// The operations of a path, besides what they share.
pub static PATH_ITEM: Object = Object {
    name: "path item",
    others: Others::Methods(Shape::Object(&OPERATION)),
    inlined: false,
    members: &[
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
        member("query", Shape::Object(&OPERATION)).since(V3_2),
        map("additionalOperations", &Shape::Object(&OPERATION)).since(V3_2),
        list("servers", &Shape::Object(&SERVER), Order::Significant),
        list("parameters", &Shape::Reference(&PARAMETER), PARAMETERS),
    ],
};

/// Parameters are identified by their place and name.
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
        required("responses", Shape::Object(&RESPONSES)).until(V3_0),
        member("responses", Shape::Object(&RESPONSES)).since(V3_1),
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

/// A parameter of an operation.
pub static PARAMETER: Object = inlined(
    "parameter",
    &[
        required("name", Shape::Text),
        required("in", Shape::Word(&["query", "header", "path", "cookie"])).until(V3_1),
        required("in", Shape::Word(&["query", "header", "path", "cookie", "querystring"])).since(V3_2),
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

const STYLE: Shape = Shape::Word(&[
    "matrix",
    "label",
    "form",
    "simple",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
    "cookie",
]);

/// The body of a request.
pub static REQUEST_BODY: Object = inlined(
    "request body",
    &[text("description"), required("content", Shape::Map(&Shape::Object(&MEDIA_TYPE))), flag("required")],
);

/// The content of a body, by its type.
pub static MEDIA_TYPE: Object = object(
    "media type",
    &[
        member("schema", Shape::Reference(&SCHEMA)),
        member("itemSchema", Shape::Reference(&SCHEMA)).since(V3_2),
        member("example", Shape::Any),
        map("examples", &Shape::Reference(&EXAMPLE)),
        map("encoding", &Shape::Object(&ENCODING)),
        list("prefixEncoding", &Shape::Object(&ENCODING), Order::Significant).since(V3_2),
        member("itemEncoding", Shape::Object(&ENCODING)).since(V3_2),
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

/// An answer of an operation.
pub static RESPONSE: Object = inlined(
    "response",
    &[
        text("summary").since(V3_2),
        required("description", Shape::Text).until(V3_1),
        member("description", Shape::Text).since(V3_2),
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
    &[
        text("summary"),
        text("description"),
        member("value", Shape::Any),
        member("dataValue", Shape::Any).since(V3_2),
        text("serializedValue").since(V3_2),
        text("externalValue"),
    ],
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

/// A header of an answer.
pub static HEADER: Object = inlined(
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
        text("summary").since(V3_2),
        text("description"),
        member("externalDocs", Shape::Object(&EXTERNAL_DOCS)),
        text("parent").since(V3_2),
        text("kind").since(V3_2),
    ],
);

/// A schema.
pub static SCHEMA: Object = object(
    "schema",
    &[
        text("title"),
        member("multipleOf", Shape::Number),
        member("maximum", Shape::Number),
        flag("exclusiveMaximum").until(V3_0),
        member("exclusiveMaximum", Shape::Number).since(V3_1),
        member("minimum", Shape::Number),
        flag("exclusiveMinimum").until(V3_0),
        member("exclusiveMinimum", Shape::Number).since(V3_1),
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
        member("type", Shape::Types(&["string", "number", "integer", "boolean", "array", "object"])),
        list("allOf", &Shape::Reference(&SCHEMA), Order::Significant),
        list("oneOf", &Shape::Reference(&SCHEMA), Order::Significant),
        list("anyOf", &Shape::Reference(&SCHEMA), Order::Significant),
        member("not", Shape::Reference(&SCHEMA)),
        member("const", Shape::Any).since(V3_1),
        member("if", Shape::Reference(&SCHEMA)).since(V3_1),
        member("then", Shape::Reference(&SCHEMA)).since(V3_1),
        member("else", Shape::Reference(&SCHEMA)).since(V3_1),
        map("dependentSchemas", &Shape::Reference(&SCHEMA)).since(V3_1),
        map("dependentRequired", &Shape::List(&Shape::Text, Order::Free)).since(V3_1),
        list("prefixItems", &Shape::Reference(&SCHEMA), Order::Significant).since(V3_1),
        member("contains", Shape::Reference(&SCHEMA)).since(V3_1),
        member("minContains", Shape::Count).since(V3_1),
        member("maxContains", Shape::Count).since(V3_1),
        map("patternProperties", &Shape::Reference(&SCHEMA)).since(V3_1),
        member("propertyNames", Shape::Reference(&SCHEMA)).since(V3_1),
        member("unevaluatedItems", Shape::FlagOr(&Shape::Reference(&SCHEMA))).since(V3_1),
        member("unevaluatedProperties", Shape::FlagOr(&Shape::Reference(&SCHEMA))).since(V3_1),
        text("contentEncoding").since(V3_1),
        text("contentMediaType").since(V3_1),
        member("contentSchema", Shape::Reference(&SCHEMA)).since(V3_1),
        map("$defs", &Shape::Reference(&SCHEMA)).since(V3_1),
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
        member("examples", Shape::List(&Shape::Any, Order::Significant)).since(V3_1),
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
pub static DISCRIMINATOR: Object = object(
    "discriminator",
    &[
        required("propertyName", Shape::Text),
        map("mapping", &Shape::Text),
        text("defaultMapping").since(V3_2),
    ],
);

static XML: Object = object(
    "XML",
    &[
        text("nodeType").since(V3_2),
        text("name"),
        text("namespace"),
        text("prefix"),
        flag("attribute"),
        flag("wrapped"),
    ],
);

/// A way to authenticate.
pub static SECURITY_SCHEME: Object = object(
    "security scheme",
    &[
        required("type", Shape::Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])),
        text("description"),
        text("name"),
        member("in", Shape::Word(&["query", "header", "cookie"])),
        text("scheme"),
        text("bearerFormat"),
        member("flows", Shape::Object(&OAUTH_FLOWS)),
        text("openIdConnectUrl"),
        text("oauth2MetadataUrl").since(V3_2),
        flag("deprecated").since(V3_2),
    ],
);

static OAUTH_FLOWS: Object = object(
    "OAuth flows",
    &[
        member("implicit", Shape::Object(&OAUTH_FLOW)),
        member("password", Shape::Object(&OAUTH_FLOW)),
        member("clientCredentials", Shape::Object(&OAUTH_FLOW)),
        member("authorizationCode", Shape::Object(&OAUTH_FLOW)),
        member("deviceAuthorization", Shape::Object(&OAUTH_FLOW)).since(V3_2),
    ],
);

static OAUTH_FLOW: Object = object(
    "OAuth flow",
    &[
        text("authorizationUrl"),
        text("deviceAuthorizationUrl").since(V3_2),
        text("tokenUrl"),
        text("refreshUrl"),
        required("scopes", Shape::Map(&Shape::Text)),
    ],
);

/// Alternatives, each the schemes that are needed together, each with its scopes.
const SECURITY: Shape = Shape::List(&Shape::Map(&Shape::List(&Shape::Text, Order::Free)), Order::Free);
