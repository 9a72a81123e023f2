#![forbid(unsafe_code)]
//! Generates wire types, a client and server traits from an OpenAPI 3.0 document.
