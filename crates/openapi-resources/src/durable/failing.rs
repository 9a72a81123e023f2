//! Disks that refuse what is written: after any number of operations, with half a page written, and for as long as it
//! lasts. What was acknowledged is there afterwards, and nothing else is.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use serde_json::json;

use super::state_file::LockedFile;
use super::{DurableJournal, read, transact, write_all};
use crate::answer::Refusal;
use crate::journal::Change;
use crate::store::Store;
use crate::tests::{ask, filled, store};

/// A disk in memory that takes so many writes.
#[derive(Debug, Default)]
struct Disk {
    bytes: InMemoryBackend,
    left: AtomicUsize,
}

const NO_END: usize = usize::MAX;

impl Disk {
    fn let_through(&self, writes: usize) {
        self.left.store(writes, Ordering::SeqCst);
    }

    fn take(&self) -> io::Result<()> {
        let one_less = |left| match left {
            NO_END => Some(left),
            left => left.checked_sub(1),
        };
        let taken = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
        taken.map(drop).map_err(|_| io::Error::new(io::ErrorKind::StorageFull, "the disk is full"))
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.bytes.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.bytes.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.take()?;
        self.bytes.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.take()?;
        self.bytes.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let taken = self.take();
        let written = if taken.is_ok() { data } else { &data[..data.len() / 2] };
        self.bytes.write(offset, written)?;
        taken
    }
}

const ORIGIN: &[u8] = b"the first rows";

/// Returns a store with some rows on a disk.
fn store_on(disk: &Arc<Disk>) -> Store {
    let store = store();
    filled(&store);
    let file = LockedFile::of_backend(disk.clone());
    let rows = store.entries();
    transact(&file.open().unwrap(), |transaction| write_all(transaction, ORIGIN, &rows)).unwrap();
    let database = Some(file.open().unwrap());
    let (name, origin) = (PathBuf::from("the-state-file"), ORIGIN.to_vec());
    store.keep_in(Box::new(DurableJournal { name, file, origin, database }));
    store
}

/// Returns the entries that a program starting now finds on a disk.
fn entries_on(disk: &Arc<Disk>) -> Vec<Change> {
    disk.let_through(NO_END);
    let database = LockedFile::of_backend(disk.clone()).open().unwrap();
    read(&database).unwrap().expect("a state file").entries
}

/// Returns the entries of a store, in the order of a disk.
fn entries_of(store: &Store) -> Vec<Change> {
    let mut entries = store.entries();
    entries.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    entries
}

/// Adds a row of some kilobytes.
fn write(store: &Store, round: u16) -> Result<(), Refusal> {
    let body = json!({"slug": format!("round-{round}"), "title": "n".repeat(6000)});
    ask(store, "teams_create", &[], Some(&body)).map(drop)
}

/// Writes until a write is refused, at most so often; says which one was.
fn write_until_refused(store: &Store, rounds: u16) -> Option<(u16, Refusal)> {
    (0..rounds).find_map(|round| write(store, round).err().map(|refusal| (round, refusal)))
}

const ROUNDS: u16 = 6;

#[test]
fn whichever_write_a_disk_refuses_nothing_acknowledged_is_lost_and_all_is_well_when_it_takes_writes_again() {
    let mut refusals = 0;
    for writes in 0.. {
        let disk = Arc::new(Disk::default());
        disk.let_through(NO_END);
        let store = store_on(&disk);
        let first = store.snapshot();
        disk.let_through(writes);
        let Some((_, refusal)) = write_until_refused(&store, ROUNDS) else { break };
        refusals += 1;
        let acknowledged = store.entries();
        let told = refusal.to_string();
        assert_eq!(told, "the state file the-state-file cannot be written: the disk is full", "{writes}");
        // The disk goes on refusing, and that is what everyone hears.
        assert_eq!(write(&store, 7).unwrap_err().to_string(), told, "{writes}");
        assert_eq!(store.check().unwrap_err().to_string(), told, "{writes}");
        assert_eq!(store.restore(&first).unwrap_err().to_string(), told, "{writes}");
        assert_eq!(store.check().unwrap_err().to_string(), told, "{writes}");
        assert_eq!(store.entries(), acknowledged);
        disk.let_through(NO_END);
        // Either a health check or a write notices that it takes writes again.
        if writes % 2 == 0 {
            store.check().unwrap();
        }
        write(&store, 8).unwrap();
        store.check().unwrap();
        let kept = entries_of(&store);
        drop(store);
        assert_eq!(entries_on(&disk), kept, "after {writes} writes");
    }
    assert!(refusals > 3 * ROUNDS, "{refusals}");
}

#[test]
fn a_program_that_ends_while_its_disk_refuses_leaves_what_it_acknowledged() {
    for writes in 0.. {
        let disk = Arc::new(Disk::default());
        disk.let_through(NO_END);
        let store = store_on(&disk);
        disk.let_through(writes);
        let Some((round, _)) = write_until_refused(&store, ROUNDS) else { break };
        // The one write that was refused is there as a whole, or it is not there.
        let acknowledged = entries_of(&store);
        let memory = crate::tests::store();
        memory.load(&acknowledged).unwrap();
        write(&memory, round).unwrap();
        let attempted = entries_of(&memory);
        drop(store);
        let found = entries_on(&disk);
        assert!(found == acknowledged || found == attempted, "after {writes} writes");
    }
}
