//! Clients that mean harm, or know no better: the others are answered all the same, and memory stays as it is.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::running::Running;

/// The megabytes that a body may take.
const PER_BODY: u64 = 60;

/// The kilobytes that an idle connection may take.
const PER_CONNECTION: u64 = 50;

/// Starts a stub on each server that it may run on.
fn each() -> impl Iterator<Item = Running> {
    ["hyper", "dropshot"].into_iter().map(|carrier| Running::start(&["--carrier", carrier, "--empty"]))
}

/// Returns the memory of the program, in megabytes.
fn memory(program: &Running) -> u64 {
    program.resident() / 1000
}

fn connect(program: &Running) -> TcpStream {
    let stream = TcpStream::connect(&program.client.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

/// Asks as everybody else does.
fn is_well(program: &Running) {
    assert_eq!(program.client.get("/core/users/").status, 200);
}

#[test]
fn two_thousand_idle_connections_keep_nobody_from_an_answer() {
    // The program inherits the limit.
    let limit = getrlimit(Resource::Nofile);
    let files = limit.maximum.map_or(8_192, |most| most.min(8_192));
    if limit.current.is_some_and(|current| current < files) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(files), maximum: limit.maximum }).unwrap();
    }
    for program in each() {
        let before = memory(&program);
        let number = 2_000.min(files - 200);
        let mut idle: Vec<TcpStream> = (0..number).map(|_| connect(&program)).collect();
        // Half of them have begun a request.
        for stream in idle.iter_mut().step_by(2) {
            stream.write_all(b"GET /api/v3/core/users/ HTTP/1.1\r\nHost: a\r\nX-Slow: ").unwrap();
        }
        is_well(&program);
        let most = before + number * PER_CONNECTION / 1000;
        assert!(memory(&program) < most, "{before} MB, then {} MB", memory(&program));
        drop(idle);
        is_well(&program);
        program.stop();
    }
}

#[test]
fn a_hundred_megabytes_are_refused_and_never_kept() {
    for program in each() {
        is_well(&program);
        let before = memory(&program);
        for framing in ["Content-Length: 100000000", "Transfer-Encoding: chunked"] {
            let mut stream = connect(&program);
            let head = format!(
                "POST /api/v3/core/users/ HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\
                 Content-Type: application/json\r\n{framing}\r\n\r\n",
                program.client.token
            );
            stream.write_all(head.as_bytes()).unwrap();
            let mut part = vec![b' '; 0x10000];
            if framing.starts_with('T') {
                part = [b"10000\r\n".as_slice(), &part, b"\r\n"].concat();
            }
            // The server may end the connection before it has read everything.
            let sent = (0..100_000_000 / 0x10000).take_while(|_| stream.write_all(&part).is_ok()).count();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            let answer = String::from_utf8_lossy(&answer);
            assert!(
                answer.is_empty() && sent < 1_500 || answer.starts_with("HTTP/1.1 413"),
                "{sent} {answer}"
            );
            assert!(memory(&program) < before + PER_BODY, "{before} MB, then {} MB", memory(&program));
            is_well(&program);
        }
        program.stop();
    }
}

#[test]
fn random_bytes_end_their_connection_and_nothing_else() {
    for program in each() {
        let mut random = StdRng::seed_from_u64(7);
        for length in 0..200 {
            let mut bytes: Vec<u8> = (0..length * 7).map(|_| random.random()).collect();
            // Every other one begins as a request does.
            if length % 2 == 0 {
                bytes.splice(0..0, *b"POST /api/v3/core/users/ HTTP/1.1\r\n");
            }
            bytes.extend_from_slice(b"\r\n\r\n");
            let mut stream = connect(&program);
            // It may be closed before all is written.
            let _ = stream.write_all(&bytes);
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            let answer = String::from_utf8_lossy(&answer);
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
        is_well(&program);
        program.stop();
    }
}
