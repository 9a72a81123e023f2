//! The supply of what is new in a row: times, keys and secrets.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng as _, SeedableRng as _};
use uuid::{Builder, Uuid};

/// Returns a time as rows have it: in UTC, to the microsecond.
#[must_use]
pub fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The source of times, keys and secrets of new rows.
pub trait Supply: fmt::Debug + Send + Sync {
    /// Returns the time.
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// Returns a UUID; with a seed, one that was drawn before can come again after a reset.
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    /// Returns bytes that nobody can guess.
    fn bytes(&self) -> [u8; 14] {
        // Two bytes of a UUID tell its version and variant.
        let [a, b, c, d, e, f, _, g, _, h, i, j, k, l, m, n] = self.uuid().into_bytes();
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n]
    }

    /// Returns a text of letters and digits that nobody can guess.
    fn secret(&self, length: usize) -> String {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut secret = String::with_capacity(length);
        while secret.len() < length {
            for byte in self.bytes() {
                // What is left of a byte after four times the letters would make the first ones more frequent.
                if secret.len() < length
                    && let Some(letter) = (byte < 248).then(|| LETTERS.get(usize::from(byte % 62))).flatten()
                {
                    secret.push(char::from(*letter));
                }
            }
        }
        secret
    }
}

/// The clock and the randomness of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Supply for System {}

impl<T: Supply + ?Sized> Supply for Arc<T> {
    fn now(&self) -> DateTime<Utc> {
        (**self).now()
    }

    fn uuid(&self) -> Uuid {
        (**self).uuid()
    }

    fn secret(&self, length: usize) -> String {
        (**self).secret(length)
    }
}

/// A supply for tests: a clock that can be set, and keys and secrets that can be the same on every run.
#[derive(Debug, Default)]
pub struct Adjustable {
    clock: Mutex<Clock>,
    random: Option<Mutex<Random>>,
}

/// The way in which a clock runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// It shows the time of the system.
    #[default]
    System,
    /// It runs, and is so much ahead of the system.
    Ahead(TimeDelta),
    /// It stands still.
    Stopped(DateTime<Utc>),
}

/// Random numbers, and where a reset takes them back to.
#[derive(Debug)]
struct Random {
    now: Pcg64,
    first: Pcg64,
}

/// A time that no clock can show: the years are 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time is out of range: the clock shows the years 1 to 9999")]
pub struct OutOfRange;

impl Adjustable {
    /// Returns the clock of the system. With a seed, keys and secrets are the same on every run that asks for as many.
    #[must_use]
    pub fn new(seed: Option<u64>) -> Self {
        let random = seed.map(|seed| {
            let first = Pcg64::seed_from_u64(seed);
            Mutex::new(Random { now: first.clone(), first })
        });
        Self { clock: Mutex::default(), random }
    }

    /// Returns the way in which the clock runs.
    #[must_use]
    pub fn clock(&self) -> Clock {
        *lock(&self.clock)
    }

    /// Stops the clock at a time.
    ///
    /// # Errors
    /// If the clock cannot show the time.
    pub fn set(&self, now: DateTime<Utc>) -> Result<(), OutOfRange> {
        *lock(&self.clock) = Clock::Stopped(checked(now)?);
        Ok(())
    }

    /// Moves the clock. It goes on running unless it stands still; a negative time moves it back.
    ///
    /// # Errors
    /// If the clock cannot show the time.
    pub fn advance(&self, by: TimeDelta) -> Result<(), OutOfRange> {
        let mut clock = lock(&self.clock);
        let moved = |from: DateTime<Utc>| from.checked_add_signed(by).ok_or(OutOfRange).and_then(checked);
        *clock = match *clock {
            Clock::Stopped(at) => Clock::Stopped(moved(at)?),
            Clock::System | Clock::Ahead(_) => {
                let ahead = if let Clock::Ahead(ahead) = *clock { ahead } else { TimeDelta::zero() };
                moved(Utc::now().checked_add_signed(ahead).ok_or(OutOfRange)?)?;
                Clock::Ahead(ahead.checked_add(&by).ok_or(OutOfRange)?)
            }
        };
        Ok(())
    }

    /// Lets the clock show the time of the system again.
    pub fn release(&self) {
        *lock(&self.clock) = Clock::System;
    }

    /// Remembers the random numbers that come next as those that [`Adjustable::reset`] begins with.
    pub fn begin(&self) {
        if let Some(random) = &self.random {
            let mut random = lock(random);
            random.first = random.now.clone();
        }
    }

    /// Releases the clock, and begins the random numbers again.
    pub fn reset(&self) {
        self.release();
        if let Some(random) = &self.random {
            let mut random = lock(random);
            random.now = random.first.clone();
        }
    }
}

impl Supply for Adjustable {
    fn now(&self) -> DateTime<Utc> {
        match self.clock() {
            Clock::System => Utc::now(),
            // A clock that has run out of its years stands still at their end.
            Clock::Ahead(ahead) => Utc::now().checked_add_signed(ahead).unwrap_or(DateTime::<Utc>::MAX_UTC),
            Clock::Stopped(at) => at,
        }
    }

    fn uuid(&self) -> Uuid {
        let Some(random) = &self.random else { return Uuid::new_v4() };
        let mut bytes = [0; 16];
        lock(random).now.fill_bytes(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// Locks something. No code panics while it holds this lock, so poisoning is ignored.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a time that can be written as four digits of a year and the rest.
fn checked(time: DateTime<Utc>) -> Result<DateTime<Utc>, OutOfRange> {
    use chrono::Datelike as _;
    (1..=9999).contains(&time.year()).then_some(time).ok_or(OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_keys_again_and_a_reset_begins_anew() {
        let draw = |supply: &Adjustable| (supply.uuid(), supply.secret(40));
        let (one, same, other) =
            (Adjustable::new(Some(1)), Adjustable::new(Some(1)), Adjustable::new(Some(2)));
        let first = draw(&one);
        assert_eq!(first, draw(&same));
        assert_ne!(first, draw(&other));
        assert_eq!(
            first.0.to_string(),
            "472d0624-c8f5-41d7-97af-ba8a9baf6d04",
            "it is the same on every machine"
        );
        one.begin();
        let second = draw(&one);
        assert_ne!(first, second);
        one.reset();
        assert_eq!(second, draw(&one), "what was drawn before the beginning is not drawn again");
        assert_ne!(draw(&Adjustable::new(None)), draw(&Adjustable::new(None)));
    }

    #[test]
    fn a_clock_stands_still_is_moved_and_runs_again() {
        let supply = Adjustable::default();
        let near = |expected: DateTime<Utc>| (supply.now() - expected).abs() < TimeDelta::minutes(1);
        let noon: DateTime<Utc> = "2020-02-29T12:00:00Z".parse().expect("a time");
        supply.set(noon).expect("a time");
        supply.advance(TimeDelta::days(1)).expect("a time");
        assert_eq!((supply.now(), supply.now()), (noon + TimeDelta::days(1), noon + TimeDelta::days(1)));
        supply.release();
        supply.advance(TimeDelta::hours(2)).expect("a time");
        supply.advance(TimeDelta::hours(-1)).expect("a time");
        assert!(near(Utc::now() + TimeDelta::hours(1)));
        assert_eq!(supply.advance(TimeDelta::days(4_000_000)), Err(OutOfRange));
        assert_eq!(supply.set(DateTime::<Utc>::MAX_UTC), Err(OutOfRange));
        supply.reset();
        assert!(near(Utc::now()) && supply.clock() == Clock::System);
    }
}
