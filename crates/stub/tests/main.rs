//! The stub from outside: the program, and a server within the test's own process.

mod client;
mod concurrency;
mod durability;
mod program;
mod running;
