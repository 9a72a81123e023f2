//! Soak: many requests of every kind, in several worlds at once, with faults. A model knows what each has to answer, and in the
//! end the program has hardly more memory than early on.
//!
//! `SOAK_REQUESTS` sets how many. From 100,000 on the journal is full long before the end; with fewer, what it may keep is added.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::running::Running;

/// The worlds that are used at the same time, one by each thread.
const WORLDS: usize = 4;

/// The most users that a test makes in a world.
const MOST: usize = 40;

/// The requests from which on the journal is full early.
const LONG: u64 = 100_000;

/// The kilobytes that a request may take while the journal is not full.
const PER_REQUEST: u64 = 20;

#[test]
fn many_requests_are_answered_as_they_should_be_in_the_same_memory() {
    let requests = std::env::var("SOAK_REQUESTS").map_or(4_000, |number| number.parse().unwrap());
    let program = Running::start(&["--carrier", "hyper", "--empty"]);
    let (address, token) = (&program.client.address, &program.client.token);
    let mut worlds: Vec<World> = (0..WORLDS).map(|number| World::new(address, token, number)).collect();
    let mut memory: Vec<u64> = Vec::new();
    for _ in 0..10 {
        thread::scope(|scope| {
            for world in &mut worlds {
                scope.spawn(move || (0..requests / WORLDS as u64 / 10).for_each(|_| world.step()));
            }
        });
        memory.push(program.resident());
    }
    let (early, late) = (memory[1], memory[9]);
    println!("{requests} requests; kilobytes after each tenth: {memory:?}");
    let kept = if requests < LONG { requests * PER_REQUEST } else { 0 };
    assert!(late < early + early / 10 + kept, "memory grew: {memory:?} kilobytes");
    program.stop();
}

/// A world of the stub, and what its users have to be.
struct World {
    name: String,
    connection: Connection,
    random: StdRng,
    made: usize,
    /// The users that the test made: their names and full names by key.
    users: BTreeMap<u64, (String, String)>,
    kept: Option<BTreeMap<u64, (String, String)>>,
}

impl World {
    fn new(address: &str, token: &str, number: usize) -> Self {
        let connection = Connection { address: address.to_owned(), token: token.to_owned(), stream: None };
        let random = StdRng::seed_from_u64(number as u64);
        Self {
            name: format!("soak-{number}"),
            connection,
            random,
            made: 0,
            users: BTreeMap::new(),
            kept: None,
        }
    }

    /// Sends a request and checks the answer.
    fn step(&mut self) {
        match self.random.random_range(0..100) {
            0..25 if self.users.len() < MOST => self.create(),
            0..40 => self.change(),
            40..60 => self.retrieve(),
            60..75 => self.filter(),
            75..80 => self.list(),
            80..86 => self.delete(),
            86..89 => self.refused(),
            89..92 => self.failing(),
            92..94 => self.broken(),
            94..96 => self.keep(),
            96..98 => self.restore(),
            98 => self.anonymous(),
            _ => self.forget(),
        }
    }

    fn create(&mut self) {
        self.made += 1;
        let (username, name) = (format!("{}-{}", self.name, self.made), format!("Name {}", self.made));
        let body = json!({"username": username, "name": name, "path": "users"});
        let (status, answer) = self.ask("POST", "/api/v3/core/users/", Some(&body), "");
        assert_eq!((status, &answer["username"]), (201, &json!(username)), "{answer}");
        self.users.insert(answer["pk"].as_u64().unwrap(), (username, name));
    }

    fn change(&mut self) {
        let Some(pk) = self.any() else { return self.create() };
        self.made += 1;
        let name = format!("Name {}", self.made);
        let body = json!({"name": name});
        let (status, answer) = self.ask("PATCH", &format!("/api/v3/core/users/{pk}/"), Some(&body), "");
        self.users.get_mut(&pk).unwrap().1 = name;
        self.is(pk, status, &answer);
    }

    fn retrieve(&mut self) {
        let pk = self.any().filter(|_| self.random.random_bool(0.9)).unwrap_or(1_000_000_000);
        let (status, answer) = self.ask("GET", &format!("/api/v3/core/users/{pk}/"), None, "");
        if self.users.contains_key(&pk) {
            self.is(pk, status, &answer);
        } else {
            assert_eq!(status, 404, "{answer}");
        }
    }

    fn filter(&mut self) {
        let number = self.random.random_range(0..self.made + 2);
        let username = format!("{}-{number}", self.name);
        let (status, answer) = self.ask("GET", &format!("/api/v3/core/users/?username={username}"), None, "");
        let count = self.users.values().filter(|(known, _)| *known == username).count();
        assert_eq!((status, &answer["pagination"]["count"]), (200, &json!(count)), "{username}: {answer}");
    }

    fn list(&mut self) {
        let (status, answer) = self.ask("GET", "/api/v3/core/users/?ordering=-pk&page_size=100", None, "");
        assert_eq!(status, 200, "{answer}");
        let found: Vec<u64> =
            answer["results"].as_array().unwrap().iter().map(|user| user["pk"].as_u64().unwrap()).collect();
        let expected: Vec<u64> = self.users.keys().rev().copied().collect();
        // The administrator is there in any case, and the oldest.
        assert_eq!(found[..found.len() - 1], expected, "{}", self.name);
    }

    fn delete(&mut self) {
        let Some(pk) = self.any() else { return self.create() };
        let (status, answer) = self.ask("DELETE", &format!("/api/v3/core/users/{pk}/"), None, "");
        assert_eq!(status, 204, "{answer}");
        self.users.remove(&pk);
    }

    fn refused(&mut self) {
        let Some(pk) = self.any() else { return self.create() };
        let body = json!({"username": self.users[&pk].0, "name": "", "path": "users"});
        let (status, answer) = self.ask("POST", "/api/v3/core/users/", Some(&body), "");
        assert!(status == 400 && answer["username"].is_array(), "{status} {answer}");
    }

    /// A fault that answers in place of the stub, and nothing is written.
    fn failing(&mut self) {
        let Some(pk) = self.any() else { return self.create() };
        let (path, body) = (format!("/api/v3/core/users/{pk}/"), json!({"name": "lost"}));
        let (status, _) = self.ask("PATCH", &path, Some(&body), "X-Stub-Fault: {\"status\": 503}\r\n");
        assert_eq!(status, 503);
        let (status, answer) = self.ask("GET", &path, None, "");
        self.is(pk, status, &answer);
    }

    /// A fault that breaks the connection.
    fn broken(&mut self) {
        let fault = "X-Stub-Fault: {\"disconnect\": true}\r\n";
        let answer = self.connection.send("GET", "/api/v3/core/users/", None, &self.name, fault);
        assert!(answer.is_err(), "{answer:?}");
    }

    fn keep(&mut self) {
        let (status, answer) = self.ask("PUT", "/-/snapshots/kept", None, "");
        assert!(matches!(status, 200..=204), "{status} {answer}");
        self.kept = Some(self.users.clone());
    }

    fn restore(&mut self) {
        let (status, answer) = self.ask("POST", "/-/snapshots/kept/restore", None, "");
        match &self.kept {
            Some(kept) => {
                assert!(matches!(status, 200..=204), "{status} {answer}");
                self.users = kept.clone();
            }
            None => assert_eq!(status, 404, "{answer}"),
        }
    }

    fn anonymous(&mut self) {
        let token = std::mem::take(&mut self.connection.token);
        let (status, answer) = self.ask("GET", "/api/v3/core/users/", None, "");
        self.connection.token = token;
        assert_eq!(status, 403, "{answer}");
    }

    fn forget(&mut self) {
        let (status, answer) = self.ask("DELETE", &format!("/-/worlds/{}", self.name), None, "");
        // One that was not asked yet is not there.
        assert!(matches!(status, 200..=204 | 404), "{status} {answer}");
        self.users.clear();
        self.kept = None;
    }

    fn any(&mut self) -> Option<u64> {
        let at = self.random.random_range(0..self.users.len().max(1));
        self.users.keys().nth(at).copied()
    }

    fn is(&self, pk: u64, status: u16, answer: &Value) {
        let (username, name) = &self.users[&pk];
        assert_eq!(
            (status, &answer["username"], &answer["name"]),
            (200, &json!(username), &json!(name)),
            "{answer}"
        );
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>, header: &str) -> (u16, Value) {
        self.connection
            .send(method, path, body, &self.name, header)
            .unwrap_or_else(|error| panic!("{method} {path} in {}: {error}", self.name))
    }
}

/// A connection that is kept for the next request.
struct Connection {
    address: String,
    token: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        world: &str,
        header: &str,
    ) -> std::io::Result<(u16, Value)> {
        let mut stream = if let Some(stream) = self.stream.take() {
            stream
        } else {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            BufReader::new(stream)
        };
        let body = body.map(ToString::to_string).unwrap_or_default();
        let authorization = match self.token.as_str() {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        // The worlds themselves are managed from the first one.
        let world =
            if path.starts_with("/-/worlds") { String::new() } else { format!("X-Stub-World: {world}\r\n") };
        let (address, length) = (&self.address, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\n{authorization}{world}{header}Accept: application/json\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (None, 0);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            match line.split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap();
                }
                _ if status.is_none() => {
                    status = line.split(' ').nth(1).map(|status| status.parse().unwrap());
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        self.stream = Some(stream);
        // Some answers are pages.
        Ok((status.unwrap(), serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }
}
