//! Disks that refuse what is written: after any number of operations, with half a page written, and for as long as it
//! lasts. What was acknowledged is there afterwards, and nothing else is.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use uuid::Uuid;

use super::state_file::LockedFile;
use super::{DurableJournal, fill, read};
use crate::fixture::Fixture;
use crate::journal::{Change, StoreError};
use crate::record::PlexSource;
use crate::state::State;
use crate::store::Store;

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

/// Returns a store on a disk that was filled with the sample.
fn store_on(disk: &Arc<Disk>) -> Store {
    let fixture = Fixture::sample().unwrap();
    let file = LockedFile::of_backend(disk.clone());
    fill(&file.open().unwrap(), &fixture).unwrap();
    let database = Some(file.open().unwrap());
    let initial = State::of(&fixture);
    let journal = DurableJournal { name: PathBuf::from("the-state-file"), file, fixture, database };
    Store::durable(initial.clone(), initial, Box::new(journal))
}

/// Returns the rows that a program starting now finds on a disk.
fn rows_on(disk: &Arc<Disk>) -> Vec<Change> {
    disk.let_through(NO_END);
    let database = LockedFile::of_backend(disk.clone()).open().unwrap();
    read(&database).unwrap().expect("a state file").state.dump().unwrap()
}

/// Adds a source of some kilobytes.
async fn write(store: &Store, round: u16) -> Result<(), StoreError> {
    let source = store.read().plex_sources.iter().next().unwrap().clone();
    let (pk, slug) = (Uuid::from_u128(round.into()), format!("round-{round}"));
    let source = PlexSource { pk, slug, plex_token: "t".repeat(6000), ..source };
    store.write(move |tx| tx.put(source)).await
}

/// Writes until a write is refused, at most so often; says which one was.
async fn write_until_refused(store: &Store, rounds: u16) -> Option<(u16, StoreError)> {
    for round in 0..rounds {
        if let Err(error) = write(store, round).await {
            return Some((round, error));
        }
    }
    None
}

const ROUNDS: u16 = 6;

#[tokio::test]
async fn whichever_write_a_disk_refuses_nothing_acknowledged_is_lost_and_all_is_well_when_it_takes_writes_again()
 {
    let mut refusals = 0;
    for writes in 0.. {
        let disk = Arc::new(Disk::default());
        disk.let_through(NO_END);
        let store = store_on(&disk);
        disk.let_through(writes);
        let Some((_, error)) = write_until_refused(&store, ROUNDS).await else { break };
        refusals += 1;
        let acknowledged = store.read().dump().unwrap();
        let told = error.to_string();
        assert_eq!(told, "the state file the-state-file cannot be written: the disk is full", "{writes}");
        // The disk goes on refusing, and that is what everyone hears.
        for again in [write(&store, 7).await, store.check().await, store.reset().await, store.check().await] {
            assert_eq!(again.unwrap_err().to_string(), told, "{writes}");
        }
        assert_eq!(store.read().dump().unwrap(), acknowledged);
        disk.let_through(NO_END);
        // Either a health check or a write notices that it takes writes again.
        if writes % 2 == 0 {
            store.check().await.unwrap();
        }
        write(&store, 8).await.unwrap();
        store.check().await.unwrap();
        let kept = store.read().dump().unwrap();
        drop(store);
        assert_eq!(rows_on(&disk), kept, "after {writes} writes");
    }
    assert!(refusals > 3 * ROUNDS, "{refusals}");
}

#[tokio::test]
async fn a_program_that_ends_while_its_disk_refuses_leaves_what_it_acknowledged() {
    for writes in 0.. {
        let disk = Arc::new(Disk::default());
        disk.let_through(NO_END);
        let store = store_on(&disk);
        disk.let_through(writes);
        let Some((round, _)) = write_until_refused(&store, ROUNDS).await else { break };
        // The one write that was refused is there as a whole, or it is not there.
        let acknowledged = store.read().dump().unwrap();
        let memory = Store::in_memory(State::clone(&store.read()));
        write(&memory, round).await.unwrap();
        let attempted = memory.read().dump().unwrap();
        drop(store);
        let found = rows_on(&disk);
        assert!(found == acknowledged || found == attempted, "after {writes} writes");
    }
}
