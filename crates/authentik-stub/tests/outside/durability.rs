//! A program that is killed while it writes: what it acknowledged is still there, nothing is half there, and the file
//! opens. `AUTHENTIK_STUB_KILLS` says how often to kill it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rand::RngExt as _;
use serde_json::json;

use crate::client::Client;
use crate::running::Running;

const WRITERS: usize = 4;

/// The version of a source that is not there. Of any other, name, token and client identifier say the version.
const ABSENT: u64 = 0;

/// The facts that a writer knows about its source.
#[derive(Debug, Clone, Default)]
struct Known {
    acknowledged: u64,
    /// The version the source may also have, because nobody answered.
    attempted: Option<u64>,
    next: u64,
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_half_there() {
    let kills = std::env::var("AUTHENTIK_STUB_KILLS").map_or(20, |kills| kills.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let mut known = vec![Known::default(); WRITERS];
    for round in 0..kills {
        known = one_life(&path, &known, round);
    }
    let program = Running::start_with_state(&path);
    check_all(&program.client, &known, kills);
    program.stop();
}

/// Starts the program, checks what is there, writes until the program is killed.
fn one_life(path: &Path, known: &[Known], round: u64) -> Vec<Known> {
    let program = Running::start_with_state(path);
    let known = check_all(&program.client, known, round);
    let stop = AtomicBool::new(false);
    // It ends some moment after so many writes, in the middle of whatever the writers do then.
    let life = rand::rng().random_range(0..60);
    let moment = Duration::from_micros(rand::rng().random_range(0..5000));
    let (acknowledge, acknowledged) = mpsc::channel();
    thread::scope(|scope| {
        let writers: Vec<_> = known
            .into_iter()
            .enumerate()
            .map(|(writer, known)| {
                let (client, acknowledge, stop) = (program.client.clone(), acknowledge.clone(), &stop);
                scope.spawn(move || write(&client, writer, known, &acknowledge, stop))
            })
            .collect();
        drop(acknowledge);
        assert_eq!(acknowledged.iter().take(life).count(), life, "every writer gave up in round {round}");
        thread::sleep(moment);
        program.kill();
        stop.store(true, Ordering::Relaxed);
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

fn slug(writer: usize) -> String {
    format!("writer-{writer}")
}

fn check_all(client: &Client, known: &[Known], round: u64) -> Vec<Known> {
    known.iter().enumerate().map(|(writer, known)| check(client, writer, known, round)).collect()
}

/// Compares what is there with what is known; afterwards only that is known.
fn check(client: &Client, writer: usize, known: &Known, round: u64) -> Known {
    let answer = client.get(&format!("/sources/plex/{}/", slug(writer)));
    let found = match answer.status {
        404 => ABSENT,
        200 => {
            let source = answer.json();
            let version = |field: &str| source[field].as_str().unwrap().parse::<u64>().unwrap();
            assert_eq!(version("name"), version("plex_token"), "half a source in round {round}");
            assert_eq!(version("name"), version("client_id"), "half a source in round {round}");
            version("name")
        }
        status => panic!("{status} in round {round}"),
    };
    let possible = found == known.acknowledged || known.attempted == Some(found);
    assert!(possible, "writer {writer} found version {found} in round {round} but knows {known:?}");
    Known { acknowledged: found, attempted: None, ..*known }
}

/// Creates, replaces and removes a source until nobody answers.
fn write(
    client: &Client,
    writer: usize,
    mut known: Known,
    acknowledge: &mpsc::Sender<()>,
    stop: &AtomicBool,
) -> Known {
    while !stop.load(Ordering::Relaxed) && known.attempted.is_none() {
        known.next += 1;
        let version = known.next.to_string();
        let body =
            json!({"name": version, "slug": slug(writer), "plex_token": version, "client_id": version});
        let one = format!("/api/v3/sources/plex/{}/", slug(writer));
        let (method, path, wanted, expected) = match known.acknowledged {
            ABSENT => ("POST", "/api/v3/sources/plex/", known.next, 201),
            version if version % 5 == 0 => ("DELETE", one.as_str(), ABSENT, 204),
            _ => ("PUT", one.as_str(), known.next, 200),
        };
        known.attempted = Some(wanted);
        if let Ok(answer) = client.send(method, path, Some(&body)) {
            assert_eq!(answer.status, expected, "{method} {answer:?}");
            known = Known { acknowledged: wanted, attempted: None, ..known };
            // Nobody counts any more once the program is being killed.
            let _ = acknowledge.send(());
        }
    }
    known
}
