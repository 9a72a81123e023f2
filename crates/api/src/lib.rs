#![forbid(unsafe_code)]
//! The server side of authentik's sources API: a service trait, request parsing and dropshot registration.
