//! An API of pets for the tests: what generated tables look like.

use openapi_wire::Pattern;

use super::shape::{Object, Property, Shape, reads};
use crate::api::Operation;

pub(super) const RETRIEVE: Operation = Operation {
    answer: Some(Shape::Object(&PET)),
    ..Operation::plain("pets_retrieve", "GET", "/pets/{slug}/")
};

pub(super) const LIST: Operation = Operation {
    answer: Some(Shape::Object(&Object {
        properties: &[
            required("pagination", Shape::Object(&PAGINATION)),
            essential("results", Shape::List(&A_PET)),
        ],
    })),
    ..Operation::plain("pets_list", "GET", "/pets/")
};

pub(super) const VISITS: Operation = Operation {
    answer: Some(Shape::Object(&Object {
        properties: &[
            required("pagination", Shape::Object(&PAGINATION)),
            essential("results", Shape::List(&A_VISIT)),
        ],
    })),
    ..Operation::plain("visits_list", "GET", "/visits/")
};

pub(super) const VISIT_RETRIEVE: Operation = Operation {
    answer: Some(Shape::Object(&VISIT)),
    ..Operation::plain("visits_retrieve", "GET", "/visits/{id}/")
};

const TEXT: Shape = Shape::Text { longest: None, pattern: None };
const NUMBER: Shape = Shape::Scalar { reads: reads::<i64>, neutral: "0" };
const KEY: Shape =
    Shape::Scalar { reads: reads::<uuid::Uuid>, neutral: r#""00000000-0000-0000-0000-000000000000""# };

const A_PET: Shape = Shape::Object(&PET);
const A_VISIT: Shape = Shape::Object(&VISIT);

static PET: Object = Object {
    properties: &[
        required("pk", KEY),
        required("name", TEXT),
        required(
            "slug",
            Shape::Text {
                longest: Some(50),
                pattern: Some(|| {
                    static PATTERN: Pattern = Pattern::new("^[-a-zA-Z0-9_]+$");
                    &PATTERN
                }),
            },
        ),
        optional("tame", Shape::Scalar { reads: reads::<bool>, neutral: "false" }),
        expected("friends", Shape::List(&KEY)),
        Property { nullable: true, ..required("keeper", TEXT) },
        required("picture", TEXT),
        expected("mood", Shape::Choice(&["calm", "wild"])),
    ],
};

static VISIT: Object = Object {
    properties: &[
        required("pk", NUMBER),
        required("room", KEY),
        required("pet", Shape::Object(&PET)),
        required("reason", TEXT),
        required(
            "created",
            Shape::Scalar {
                reads: reads::<chrono::DateTime<chrono::Utc>>,
                neutral: r#""1970-01-01T00:00:00Z""#,
            },
        ),
    ],
};

static PAGINATION: Object = Object {
    properties: &[required("next", NUMBER), required("count", NUMBER), required("total_pages", NUMBER)],
};

const fn optional(name: &'static str, shape: Shape) -> Property {
    Property { name, essential: false, required: false, expected: false, nullable: false, shape }
}

const fn expected(name: &'static str, shape: Shape) -> Property {
    Property { name, essential: false, required: false, expected: true, nullable: false, shape }
}

const fn required(name: &'static str, shape: Shape) -> Property {
    Property { name, essential: false, required: true, expected: true, nullable: false, shape }
}

const fn essential(name: &'static str, shape: Shape) -> Property {
    Property { name, essential: true, required: true, expected: true, nullable: false, shape }
}
