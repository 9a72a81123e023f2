//! Parallel worlds: stores that begin with the same rows and know nothing of each other, so that tests can run side by side
//! against one server. A world copies what it changes and no more.
//!
//! The world of a request is that of the task that handles it ([`within`]).

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::journal::JournalError;
use crate::objects::MAX_TOLD;
use crate::plan::{Plan, Problem};
use crate::store::{RestoreError, Snapshot, Store};

tokio::task_local! {
    static CURRENT: Option<Arc<dyn Any + Send + Sync>>;
}

/// The most worlds beside the first; with more, that which was asked longest ago is dropped.
pub const MAX_WORLDS: usize = 4096;

/// The most snapshots of a world.
pub const MAX_SNAPSHOTS: usize = 256;

/// The most bytes of the name of a world or a snapshot.
pub const MAX_NAME: usize = 100;

/// The time after which a world that nobody asks is dropped.
pub const IDLE: Duration = Duration::from_mins(30);

/// Has a future run in a world; without one, in the first.
pub async fn within<X: Send + Sync + 'static, F: Future>(
    world: Option<Arc<World<X>>>,
    future: F,
) -> F::Output {
    CURRENT.scope(world.map(|world| -> Arc<dyn Any + Send + Sync> { world }), future).await
}

/// A world: a store, and what else a server knows of it.
pub struct World<X> {
    /// The rows.
    pub store: Arc<Store>,
    /// The things that the server knows besides.
    pub extra: X,
    /// The name; `None` for the first world.
    name: Option<Arc<str>>,
    /// The rows that it began with.
    first: Snapshot,
    snapshots: Mutex<BTreeMap<String, Snapshot>>,
}

/// All worlds of a server.
pub struct Worlds<X> {
    main: Arc<World<X>>,
    others: Mutex<HashMap<Arc<str>, Other<X>>>,
}

struct Other<X> {
    world: Arc<World<X>>,
    asked: Instant,
    /// The number of those that hold it.
    held: usize,
}

/// A world that was asked for.
#[derive(Debug)]
pub struct Opened<X> {
    /// The world.
    pub world: Arc<World<X>>,
    /// The names of the worlds that were dropped meanwhile.
    pub dropped: Vec<Arc<str>>,
}

/// The reason why there is no world or no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// A name is empty, too long, or has characters that cannot stand in a header or a path.
    #[error("`{}` is no name: use up to {MAX_NAME} letters, digits, `-`, `_` and `.`", .0.escape_debug())]
    Name(String),
    /// There are too many already.
    #[error("there are {0} already, and no more can be kept; remove some")]
    TooMany(usize),
    /// There is none of this name.
    #[error("there is none with the name `{0}`")]
    Unknown(String),
    /// The rows are those of another store.
    #[error("these are the rows of a store with another plan")]
    OtherPlan,
    /// A value does not describe rows: everything that is wrong with it.
    #[error("this is no state:\n{}", .0.iter().take(MAX_TOLD).map(told).collect::<Vec<_>>().join("\n"))]
    State(Vec<Problem>),
    /// The journal did not keep a change.
    #[error(transparent)]
    NotKept(#[from] JournalError),
}

/// Returns a problem in a line.
fn told(Problem { pointer, message, help }: &Problem) -> String {
    if pointer.is_empty() { format!("{message}; {help}") } else { format!("{pointer}: {message}; {help}") }
}

/// Returns `true` for what a world or a snapshot can be called.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let is_dots = name.chars().all(|letter| letter == '.');
    !is_dots && name.len() <= MAX_NAME && name.chars().all(fits)
}

/// Checks a name.
fn named(name: &str) -> Result<&str, WorldError> {
    if is_name(name) { Ok(name) } else { Err(WorldError::Name(name.chars().take(MAX_NAME).collect())) }
}

impl<X: Default> World<X> {
    fn new(name: Option<Arc<str>>, store: Store) -> Self {
        let (first, extra) = (store.snapshot(), X::default());
        Self { store: Arc::new(store), extra, name, first, snapshots: Mutex::default() }
    }

    fn saved(&self) -> MutexGuard<'_, BTreeMap<String, Snapshot>> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns its name; `None` for the first world.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Puts the rows back that it began with.
    ///
    /// # Errors
    /// If the journal does not keep it.
    pub fn reset(&self) -> Result<(), WorldError> {
        self.restore(&self.first)
    }

    fn restore(&self, snapshot: &Snapshot) -> Result<(), WorldError> {
        match self.store.restore(snapshot) {
            Err(RestoreError::NotKept(error)) => Err(error.into()),
            Err(RestoreError::OtherPlan) => Err(WorldError::OtherPlan),
            Ok(()) => Ok(()),
        }
    }

    /// Makes all rows what a value says that [`Store::import`] reads.
    ///
    /// # Errors
    /// With everything that is wrong with the value, or if the journal does not keep the rows.
    pub fn import(&self, value: &Value) -> Result<(), WorldError> {
        let other = self.store.fork(&self.first);
        other.import(value).map_err(WorldError::State)?;
        self.restore(&other.snapshot())
    }

    /// Keeps the rows as they are now under a name.
    ///
    /// # Errors
    /// If the name is none, or there are too many.
    pub fn save_snapshot(&self, name: &str) -> Result<(), WorldError> {
        let (name, mut saved) = (named(name)?, self.saved());
        if saved.len() >= MAX_SNAPSHOTS && !saved.contains_key(name) {
            return Err(WorldError::TooMany(MAX_SNAPSHOTS));
        }
        saved.insert(name.to_owned(), self.store.snapshot());
        Ok(())
    }

    /// Makes the rows what they were when they were kept under a name.
    ///
    /// # Errors
    /// If there is no such name, or the journal does not keep it.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), WorldError> {
        let snapshot = self.saved().get(name).cloned();
        self.restore(&snapshot.ok_or_else(|| WorldError::Unknown(name.to_owned()))?)
    }

    /// Forgets what was kept under a name.
    ///
    /// # Errors
    /// If there is no such name.
    pub fn remove_snapshot(&self, name: &str) -> Result<(), WorldError> {
        self.saved().remove(name).map(drop).ok_or_else(|| WorldError::Unknown(name.to_owned()))
    }

    /// Returns the names under which rows are kept.
    pub fn snapshots(&self) -> Vec<String> {
        self.saved().keys().cloned().collect()
    }
}

impl<X: Default + Send + Sync + 'static> Worlds<X> {
    /// Returns the worlds that begin with the rows of a store, which is the first.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { main: Arc::new(World::new(None, store)), others: Mutex::default() }
    }

    /// Returns the plan of all of them.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        self.main.store.plan()
    }

    /// Returns the first world.
    #[must_use]
    pub fn main(&self) -> &Arc<World<X>> {
        &self.main
    }

    fn others(&self) -> MutexGuard<'_, HashMap<Arc<str>, Other<X>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the world of this name, which is made if there is none and counts as asked for. Those that nobody has asked for
    /// long are dropped, unless somebody holds them.
    ///
    /// # Errors
    /// If the name is none.
    pub fn open(&self, name: &str) -> Result<Opened<X>, WorldError> {
        self.asked(name, 0)
    }

    /// Returns the world of this name like [`open`](Self::open), which is there until it is [released](Self::release).
    ///
    /// # Errors
    /// If the name is none.
    pub fn hold(&self, name: &str) -> Result<Opened<X>, WorldError> {
        self.asked(name, 1)
    }

    fn asked(&self, name: &str, held: usize) -> Result<Opened<X>, WorldError> {
        let (name, mut others) = (named(name)?, self.others());
        if let Some(other) = others.get_mut(name) {
            (other.asked, other.held) = (Instant::now(), other.held + held);
            return Ok(Opened { world: Arc::clone(&other.world), dropped: Vec::new() });
        }
        Ok(self.make(&mut others, Arc::from(name), held))
    }

    /// Makes a world, and room for it.
    fn make(&self, others: &mut HashMap<Arc<str>, Other<X>>, name: Arc<str>, held: usize) -> Opened<X> {
        let now = Instant::now();
        let is_held = |other: &Other<X>| Arc::strong_count(&other.world) > 1;
        let is_idle =
            |_: &Arc<str>, other: &mut Other<X>| !is_held(other) && now.duration_since(other.asked) >= IDLE;
        let mut dropped: Vec<Arc<str>> = others.extract_if(is_idle).map(|(name, _)| name).collect();
        if others.len() >= MAX_WORLDS {
            let oldest = others
                .iter()
                .min_by_key(|(_, other)| (is_held(other), other.asked))
                .map(|(name, _)| Arc::clone(name));
            others.retain(|name, _| Some(name) != oldest.as_ref());
            dropped.extend(oldest);
        }
        let world = Arc::new(World::new(Some(Arc::clone(&name)), self.main.store.fork(&self.main.first)));
        others.insert(name, Other { world: Arc::clone(&world), asked: now, held });
        Opened { world, dropped }
    }

    /// Drops a world if nobody else holds it. Returns `true` if it did.
    pub fn release(&self, world: &World<X>) -> bool {
        let (name, mut others) = (world.name().unwrap_or_default(), self.others());
        let is_it = |other: &&mut Other<X>| std::ptr::eq(&raw const *other.world, world);
        let Some(other) = others.get_mut(name).filter(is_it) else { return false };
        other.held = other.held.saturating_sub(1);
        other.held == 0 && others.remove(name).is_some()
    }

    /// Returns a new world whose name begins with a label, in which anything that no name has is replaced. It is there until it
    /// is [released](Self::release).
    pub fn fresh(&self, label: &str) -> Opened<X> {
        let letter = |letter: char| if is_name(&format!("a{letter}")) { letter } else { '-' };
        let label: String = label.chars().map(letter).take(MAX_NAME - 21).collect();
        let mut others = self.others();
        let mut number = 1_u64;
        loop {
            let name = format!("{label}-{number}");
            if !others.contains_key(name.as_str()) {
                return self.make(&mut others, Arc::from(name), 1);
            }
            number += 1;
        }
    }

    /// Returns `true` if requests that name this world are answered from its rows.
    #[must_use]
    pub fn has(&self, world: &World<X>) -> bool {
        let Some(name) = world.name() else { return std::ptr::eq(&raw const *self.main, world) };
        self.others().get(name).is_some_and(|other| std::ptr::eq(&raw const *other.world, world))
    }

    /// Returns the world that the task is in; the first if it is in none.
    #[must_use]
    pub fn current(&self) -> Arc<World<X>> {
        let world = CURRENT.try_with(Option::clone).ok().flatten();
        let world = world.and_then(|world| world.downcast::<World<X>>().ok());
        world.unwrap_or_else(|| Arc::clone(&self.main))
    }

    /// Drops a world.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn close(&self, name: &str) -> Result<(), WorldError> {
        let removed = self.others().remove(name);
        removed.map(drop).ok_or_else(|| WorldError::Unknown(name.to_owned()))
    }

    /// Returns the names of the worlds beside the first.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.others().keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names
    }
}

impl<X> fmt::Debug for World<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("name", &self.name).field("store", &self.store).finish_non_exhaustive()
    }
}

impl<X> fmt::Debug for Worlds<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worlds").field("main", &self.main.store).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests::{ask, filled, get, send, store};

    fn worlds() -> Worlds<()> {
        let store = store();
        filled(&store);
        Worlds::new(store)
    }

    fn open(worlds: &Worlds<()>, name: &str) -> Arc<World<()>> {
        worlds.open(name).expect("a world").world
    }

    fn rename(worlds: &Worlds<()>, from: &str, to: &str) {
        send(&worlds.current().store, "teams_update", &[&format!("/slug={from}")], json!({"slug": to}));
    }

    fn has(worlds: &Worlds<()>, slug: &str) -> bool {
        ask(&worlds.current().store, "teams_retrieve", &[&format!("/slug={slug}")], None).is_ok()
    }

    #[tokio::test]
    async fn worlds_begin_alike_and_go_their_own_ways() {
        let worlds = worlds();
        rename(&worlds, "red", "main");
        let one = open(&worlds, "one");
        within(Some(Arc::clone(&one)), async {
            assert!(has(&worlds, "red"), "it begins with the first rows, whatever became of them elsewhere");
            rename(&worlds, "red", "one");
        })
        .await;
        let two = open(&worlds, "two");
        assert!(within(Some(two), async { has(&worlds, "red") && !has(&worlds, "one") }).await);
        assert!(has(&worlds, "main") && !has(&worlds, "one"));
        within(Some(Arc::clone(&one)), async { worlds.current().reset() }).await.expect("it goes back");
        assert!(within(Some(Arc::clone(&one)), async { has(&worlds, "red") }).await && has(&worlds, "main"));
        assert_eq!(worlds.names(), ["one", "two"]);
        assert_eq!((one.name(), worlds.main().name()), (Some("one"), None));
        worlds.close("one").expect("it was there");
        assert!(within(Some(one), async { has(&worlds, "red") }).await, "a task stays in its world");
        assert_eq!(worlds.close("one"), Err(WorldError::Unknown("one".to_owned())));
    }

    #[test]
    fn a_fresh_world_has_a_name_that_no_other_has() {
        let worlds = worlds();
        let one = worlds.fresh("a::test of ä").world;
        assert_eq!(one.name(), Some("a--test-of---1"));
        open(&worlds, "a--test-of---2");
        assert_eq!(worlds.fresh("a::test of ä").world.name(), Some("a--test-of---3"));
        let long = worlds.fresh(&"x".repeat(MAX_NAME)).world;
        assert!(is_name(long.name().expect("a name")));
        assert!(worlds.has(&one) && worlds.has(worlds.main()));
        worlds.close("a--test-of---1").expect("it was there");
        open(&worlds, "a--test-of---1");
        assert!(!worlds.has(&one), "another has its name");
    }

    #[test]
    fn a_world_that_somebody_holds_is_not_dropped_for_others() {
        let worlds = worlds();
        let held = worlds.fresh("held").world;
        let mut dropped = Vec::new();
        for number in 0..MAX_WORLDS {
            dropped.extend(worlds.open(&format!("w{number}")).expect("a world").dropped);
        }
        assert!(worlds.has(&held));
        assert_eq!(dropped, [Arc::from("w0")], "the one asked longest ago");
    }

    #[test]
    fn a_world_goes_with_the_last_that_holds_it() {
        let worlds = worlds();
        let held = worlds.hold("one").expect("a world").world;
        open(&worlds, "one");
        let again = worlds.hold("one").expect("a world").world;
        assert!(!worlds.release(&again) && worlds.has(&held));
        assert!(worlds.release(&held) && !worlds.has(&held));
        let new = worlds.hold("one").expect("a world").world;
        assert!(!worlds.release(&held) && worlds.has(&new), "another has its name");
        assert!(!worlds.release(worlds.main()));
    }

    #[test]
    fn rows_are_kept_under_a_name_and_come_back() {
        let worlds = worlds();
        let world = worlds.current();
        world.save_snapshot("before").expect("a name");
        rename(&worlds, "red", "green");
        let exported = world.store.export();
        world.restore_snapshot("before").expect("it was kept");
        assert!(has(&worlds, "red"));
        world.import(&exported).expect("an exported state");
        assert!(has(&worlds, "green"));
        assert_eq!(world.store.export(), exported);
        assert!(matches!(world.import(&json!({"entries": {"row/1": 7}})), Err(WorldError::State(_))));
        assert_eq!(world.snapshots(), ["before"]);
        world.remove_snapshot("before").expect("it was kept");
        assert_eq!(world.restore_snapshot("before"), Err(WorldError::Unknown("before".to_owned())));
        get(&world.store, "teams_list", &[]);
    }

    #[test]
    fn a_name_is_short_and_can_stand_in_a_header_and_a_path() {
        let worlds = worlds();
        for name in ["", "..", "a b", "a/b", "ä", &"x".repeat(MAX_NAME + 1)] {
            assert!(matches!(worlds.open(name), Err(WorldError::Name(_))), "{name}");
            assert!(matches!(worlds.current().save_snapshot(name), Err(WorldError::Name(_))), "{name}");
        }
    }
}
