//! The limits of what is kept.

/// The number of requests in the journal; with more, the oldest are dropped.
pub const MAX_REQUESTS: usize = 10_000;

/// The number of bytes that the journal has, bodies and headers together; with more, the oldest requests are dropped.
pub const MAX_BYTES: usize = 64 << 20;

/// The number of bytes of a body that is kept; of a longer one only its length is.
pub const MAX_BODY: usize = 256 << 10;

/// The number of requests that were nearly expected, and are told of.
pub const MAX_NEAREST: usize = 3;

/// The number of faults that are planned; one more is refused.
pub const MAX_FAULTS: usize = 1_000;

/// The delay of a fault in milliseconds; a longer one is refused.
pub const MAX_DELAY_MS: u64 = 3_600_000;

/// The number of answers of one's own; one more is refused.
pub const MAX_ANSWERS: usize = 1_000;

/// The number of bytes that all faults have together as JSON, and so have all answers of one's own; more are refused.
pub const MAX_BYTES_OF_A_KIND: usize = 16 << 20;

/// The number of characters of a path that a fault or an answer is for.
pub const MAX_PATH: usize = 4_000;

/// The number of characters of the name of a scenario or a state.
pub const MAX_NAME: usize = 100;

/// The number of exchanges that are recorded; further ones are not.
pub const MAX_RECORDED: usize = 10_000;

/// The number of bytes of a record; an exchange that would make it longer is the end of it.
pub const MAX_RECORD: u64 = 256 << 20;

/// The number of bytes of a body that is recorded; a longer one is left out.
pub const MAX_RECORDED_BODY: usize = 1 << 20;

/// The number of secrets that a record tells apart; further ones all look the same.
pub const MAX_RECORDED_SECRETS: usize = 1_000;
