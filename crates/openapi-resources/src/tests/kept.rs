//! Changes that a journal keeps, or refuses.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{ask, filled, get, send, store};
use crate::answer::{Refusal, Request};
use crate::journal::{Change, Journal, JournalError};
use crate::store::{RestoreError, Store};
use crate::transaction::Transaction;

/// Keeps entries in memory, or refuses to.
#[derive(Default, Clone)]
struct Tape {
    kept: Arc<Mutex<Vec<Change>>>,
    commits: Arc<AtomicUsize>,
    is_broken: Arc<AtomicBool>,
    /// The time that a commit takes.
    pause: Duration,
    crowd: Crowd,
}

/// Writers of which none is left behind: a commit takes until all others wait for the next one.
#[derive(Default, Clone)]
struct Crowd {
    /// The writers that have something left to write.
    active: Arc<AtomicUsize>,
    /// The rows that were written.
    written: Arc<AtomicUsize>,
    /// The rows that were kept.
    kept: Arc<AtomicUsize>,
}

impl Crowd {
    fn await_writers(&self, changes: &[Change]) {
        if self.active.load(Ordering::SeqCst) == 0 {
            return;
        }
        let is_there = || {
            let kept_and_active = self.kept.load(Ordering::SeqCst) + self.active.load(Ordering::SeqCst);
            self.written.load(Ordering::SeqCst) >= kept_and_active
        };
        let end = Instant::now() + Duration::from_mins(1);
        while !is_there() {
            assert!(Instant::now() < end, "a writer is gone");
            std::thread::sleep(Duration::from_millis(1));
        }
        let rows = changes.iter().filter(|change| change.key.starts_with("row/"));
        self.kept.fetch_add(rows.count(), Ordering::SeqCst);
    }
}

impl Tape {
    fn keep(&self, keep: impl FnOnce(&mut Vec<Change>)) -> Result<(), JournalError> {
        std::thread::sleep(self.pause);
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(JournalError::Medium("full".to_owned()));
        }
        keep(&mut self.kept.lock().unwrap());
        Ok(())
    }

    /// Returns the rows that a program starting now would find.
    fn opened(&self) -> Store {
        let store = store();
        store.load(&self.kept.lock().unwrap()).expect("entries");
        store
    }
}

impl Journal for Tape {
    fn commit(&mut self, changes: &[Change]) -> Result<(), JournalError> {
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.crowd.await_writers(changes);
        self.keep(|kept| {
            for change in changes {
                kept.retain(|known| known.key != change.key);
                kept.extend(change.value.is_some().then(|| change.clone()));
            }
        })
    }

    fn replace(&mut self, entries: &[Change]) -> Result<(), JournalError> {
        self.keep(|kept| *kept = entries.to_vec())
    }

    fn recover(&mut self, entries: &[Change]) -> Result<(), JournalError> {
        self.replace(entries)
    }

    fn probe(&mut self, bytes: usize) -> Result<(), JournalError> {
        assert!(bytes > 0);
        self.keep(|_| {})
    }
}

fn kept_in(tape: &Tape) -> Store {
    let store = store();
    filled(&store);
    *tape.kept.lock().unwrap() = store.entries();
    store.keep_in(Box::new(tape.clone()));
    store
}

#[test]
fn what_is_kept_is_what_there_is() {
    let tape = Tape::default();
    let store = kept_in(&tape);
    let first = store.snapshot();
    send(&store, "teams_update", &["/slug=red"], json!({"slug": "green"}));
    get(&store, "items_delete", &["/id=1"]);
    get(&store, "items_delete", &["/id=4"]);
    let opened = tape.opened();
    assert_eq!(opened.entries(), store.entries());
    for operation in ["tickets_list", "people_list"] {
        assert_eq!(get(&opened, operation, &[]), get(&store, operation, &[]));
    }
    // The number of the last row is not given again, though the row is gone.
    let author = get(&store, "tickets_retrieve", &["/id=2"])["author"].clone();
    for store in [&store, &opened] {
        assert_eq!(send(store, "tickets_create", &[], json!({"name": "x", "author": author}))["id"], 5);
    }
    store.restore(&first).expect("kept");
    assert_eq!(tape.opened().entries(), store.entries());
}

#[test]
fn what_the_journal_refuses_nobody_sees_and_it_is_asked_again() {
    let tape = Tape::default();
    let store = kept_in(&tape);
    let (first, before) = (store.snapshot(), get(&store, "tickets_list", &[]));
    let full = JournalError::Medium("full".to_owned());
    tape.is_broken.store(true, Ordering::SeqCst);
    store.check().expect("nothing was refused yet");
    for _ in 0..2 {
        let refused = ask(&store, "items_delete", &["/id=1"], None).expect_err("a full disk");
        assert_eq!(refused, Refusal::NotKept(full.clone()));
        assert_eq!(store.restore(&first), Err(RestoreError::NotKept(full.clone())));
        assert_eq!(store.check(), Err(full.clone()));
        assert_eq!(get(&store, "tickets_list", &[]), before);
    }
    tape.kept.lock().unwrap().clear();
    tape.is_broken.store(false, Ordering::SeqCst);
    store.check().expect("it takes changes again");
    assert_eq!(tape.opened().entries(), store.entries(), "what was acknowledged is put back");
    get(&store, "items_delete", &["/id=1"]);
    assert_eq!(tape.opened().entries(), store.entries());
}

#[test]
fn writers_that_come_while_others_are_kept_are_kept_together() {
    const WRITERS: usize = 16;
    const WRITES: usize = 8;
    let tape = Tape::default();
    let store = kept_in(&tape);
    tape.crowd.active.store(WRITERS, Ordering::SeqCst);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (store, crowd) = (&store, &tape.crowd);
            scope.spawn(move || {
                for write in 0..WRITES {
                    let slug = format!("team-{writer}-{write}");
                    let body = json!({"slug": slug, "title": slug});
                    let request =
                        Request { operation: "teams_create", body: Some(&body), ..Request::default() };
                    // It waits to be kept before the next batch can begin.
                    let mut written = |_: &mut Transaction<'_>, _| {
                        crowd.written.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    };
                    store.answer_with(&request, &mut written).expect("it is kept");
                    // Who was answered finds what he made.
                    get(store, "teams_retrieve", &[&format!("/slug={slug}")]);
                }
                crowd.active.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    let commits = tape.commits.load(Ordering::SeqCst);
    assert!(commits * 8 <= WRITERS * WRITES + 8, "{commits} commits");
    assert_eq!(tape.opened().entries(), store.entries());
}

#[test]
fn writers_that_build_on_a_change_that_is_not_kept_are_refused_with_it() {
    let tape = Tape { pause: Duration::from_millis(20), ..Tape::default() };
    let store = kept_in(&tape);
    tape.is_broken.store(true, Ordering::SeqCst);
    let before = store.entries();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let store = &store;
            scope.spawn(move || {
                let body = json!({"slug": format!("team-{writer}"), "title": "x"});
                let refused = ask(store, "teams_create", &[], Some(&body)).expect_err("a full disk");
                assert!(matches!(refused, Refusal::NotKept(_)), "{refused}");
            });
        }
    });
    assert_eq!(store.entries(), before);
    tape.is_broken.store(false, Ordering::SeqCst);
    send(&store, "teams_create", &[], json!({"slug": "team-0", "title": "x"}));
    assert_eq!(tape.opened().entries(), store.entries());
}

#[test]
fn what_is_no_entry_of_this_store_is_damage() {
    let entry = |key: &str, value: &str| Change { key: key.to_owned(), value: Some(value.into()) };
    for (entry, reason) in [
        (entry("row/x", "{}"), "invalid digit"),
        (entry("row/0000000000000001", "{}"), "missing field"),
        (entry("row/0000000000000001", r#"{"model": "shoe", "values": {}}"#), "there is no such model"),
        (entry("sequence/ticket/id", "x"), "it is no number"),
        (entry("row/1", "{}"), "its number is none that a store gives"),
        (entry("row/ffffffffffffffff", "{}"), "its number is none that a store gives"),
        (entry("letter", "Dear reader"), "neither a row nor a sequence"),
    ] {
        let error = store().load(&[entry]).expect_err(reason).to_string();
        assert!(error.contains(reason), "{error}");
    }
    // Fields that are gone or new since are no damage.
    let store = store();
    store
        .load(&[entry("row/0000000000000001", r#"{"model": "team", "values": {"slug": "red", "shoe": 1}}"#)])
        .expect("a row");
    assert_eq!(get(&store, "teams_retrieve", &["/slug=red"])["slug"], "red");
}

#[test]
fn a_restore_beside_writers_leaves_rows_and_journal_alike() {
    let tape = Tape { pause: Duration::from_millis(20), ..Tape::default() };
    let store = kept_in(&tape);
    let first = store.snapshot();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let store = &store;
            scope.spawn(move || {
                for round in 0..4 {
                    let slug = format!("team-{writer}-{round}");
                    send(store, "teams_create", &[], json!({"slug": slug, "title": slug}));
                    // A change of nothing waits like any other.
                    let nothing = store.write(|_| Ok::<_, crate::store::WriteError>(()));
                    assert!(nothing.is_ok());
                }
            });
        }
        for _ in 0..4 {
            store.restore(&first).expect("kept");
        }
    });
    assert_eq!(tape.opened().entries(), store.entries());
    store.restore(&first).expect("kept");
    assert_eq!(tape.opened().entries(), store.entries());
}

#[test]
fn writers_wait_for_a_journal_that_is_to_come() {
    let tape = Tape::default();
    let store = store();
    filled(&store);
    store.hold();
    std::thread::scope(|scope| {
        let writer =
            scope.spawn(|| send(&store, "teams_create", &[], json!({"slug": "late", "title": "late"})));
        std::thread::sleep(Duration::from_millis(20));
        assert!(!writer.is_finished());
        *tape.kept.lock().unwrap() = store.entries();
        store.keep_in(Box::new(tape.clone()));
        assert_eq!(writer.join().expect("an answer")["slug"], "late");
    });
    assert_eq!(tape.opened().entries(), store.entries());
}

#[test]
fn what_is_acknowledged_while_another_store_takes_over_is_there() {
    const WRITERS: usize = 4;
    let (store, successor) = (store(), store());
    filled(&store);
    let written = AtomicUsize::new(0);
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let write = |writer| {
            let slugs = (0..).map(|number| format!("team-{writer}-{number}"));
            let mut acknowledged = Vec::new();
            for slug in slugs {
                match ask(&store, "teams_create", &[], Some(&json!({"slug": slug, "title": slug}))) {
                    Ok(_) => acknowledged.push(slug),
                    Err(refusal) => {
                        assert_eq!(refusal, Refusal::NotKept(JournalError::HandedOver));
                        break;
                    }
                }
                written.fetch_add(1, Ordering::SeqCst);
            }
            acknowledged
        };
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        while written.load(Ordering::SeqCst) < 10 * WRITERS {
            std::thread::yield_now();
        }
        successor.adopt(&store.hand_over());
        writers.into_iter().flat_map(|writer| writer.join().expect("no writer fails")).collect()
    });
    for slug in acknowledged {
        get(&successor, "teams_retrieve", &[&format!("/slug={slug}")]);
    }
}
