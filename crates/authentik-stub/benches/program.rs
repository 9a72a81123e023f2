//! Measures the program as its users run it: processor time and memory from the start to the first answer, and what
//! requests cost it with 100 and with 100,000 users, beside Prism with the same document.
//!
//! ```sh
//! cargo bench -p authentik-stub --bench program                 # 15 rounds of 200 requests
//! cargo bench -p authentik-stub --bench program -- 5 100        # 5 rounds of 100 requests
//! PRISM=path/to/prism cargo bench -p authentik-stub --bench program
//! ```
//!
//! `PRISM` is the program of `@stoplight/prism-cli`, which is left out without it. Every server is a process, whose processor
//! time, in the kernel too, is what is measured. A round measures every server in turn, and ratios are those of one round, so
//! that what else the machine is doing affects all of them. It needs Linux. It is no test: nothing fails.

mod rounds;

use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use authentik_stub::fixture::EMPTY;
use serde_json::{Value, json};

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The numbers of users that are compared.
const SIZES: [usize; 2] = [100, 100_000];

/// The longest that a server has to start.
const PATIENCE: Duration = Duration::from_mins(2);

/// A request that is measured; `N` in its path and body is another number each time.
struct Case {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
}

const CASES: [Case; 7] = [
    Case { name: "list of 20", method: "GET", path: "/core/users/?page_size=20", body: "" },
    Case { name: "filter by username", method: "GET", path: "/core/users/?username=user-N", body: "" },
    Case { name: "retrieve", method: "GET", path: "/core/users/N/", body: "" },
    Case { name: "search", method: "GET", path: "/core/users/?search=Nobody", body: "" },
    Case {
        name: "create",
        method: "POST",
        path: "/core/users/",
        body: r#"{"username": "new-N", "name": "New N", "path": "users"}"#,
    },
    Case { name: "change", method: "PATCH", path: "/core/users/N/", body: r#"{"name": "Other N"}"# },
    Case { name: "refused change", method: "PATCH", path: "/core/users/N/", body: r#"{"email": "none"}"# },
];

fn main() -> Result<(), Failed> {
    let (rounds, requests) = rounds::numbers((15, 200))?;
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    println!("from the start of the program to its first answer\n");
    println!("| state | processor time | resident memory |\n|---|---|---|");
    println!("{}", starting("built-in", &[] as &[&OsStr])?);
    let mut servers = Vec::new();
    for size in SIZES {
        let fixture = scratch.join(format!("{size}-users.json"));
        fs::write(&fixture, users(size)?)?;
        let arguments = [OsStr::new("--fixture"), fixture.as_os_str()];
        println!("{}", starting(&format!("{size} users"), &arguments)?);
        servers.push(Server::stub(&format!("{size} users"), size, &arguments)?);
    }
    if let Some(prism) = std::env::var_os("PRISM") {
        servers.push(Server::prism(&prism)?);
    }
    println!(
        "\nmicroseconds of processor time per request, and the ratio to {} users [quartiles]\n",
        SIZES[0]
    );
    let names: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
    println!("| request | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(servers.len()));
    for case in &CASES {
        println!("{}", row(case, &mut servers, rounds, requests)?);
    }
    Ok(())
}

/// Returns the fixture of an administrator and this many users.
fn users(number: usize) -> Result<String, Failed> {
    let mut fixture: Value = serde_json::from_str(EMPTY)?;
    let users = fixture["objects"]["core/users"].as_array_mut().ok_or("the empty fixture has no users")?;
    users.extend((10..number + 10).map(|pk| {
        json!({"pk": pk, "username": format!("user-{pk}"), "name": format!("User {pk}"), "is_active": true,
            "email": format!("user-{pk}@example.com"), "path": "users", "type": "internal"})
    }));
    Ok(fixture.to_string())
}

/// Starts the stub a few times, and returns the line of the table.
fn starting(name: &str, arguments: &[&OsStr]) -> Result<String, Failed> {
    let (mut times, mut memory) = (Vec::new(), 0);
    for _ in 0..5 {
        let mut server = Server::stub(name, 0, arguments)?;
        server.ask("GET", "/core/users/?page_size=20", "")?;
        times.push(server.processor_time()?.as_secs_f64() * 1e3);
        memory = server.resident()?;
    }
    let [_, milliseconds, _] = rounds::quartiles(times);
    Ok(format!("| {name} | {milliseconds:.1} ms | {:.1} MB |", f64::from(memory) / 1e3))
}

/// Measures a case and returns its line of the table.
fn row(case: &Case, servers: &mut [Server], rounds: usize, requests: usize) -> Result<String, Failed> {
    let mut costs = vec![Vec::new(); servers.len()];
    for round in 0..=rounds {
        for turn in 0..servers.len() {
            let index = (round + turn) % servers.len();
            let cost = servers[index].cost(case, requests)?;
            // The first requests fill caches and pools.
            if round > 0 {
                costs[index].push(cost);
            }
        }
    }
    Ok(rounds::line(case.name, &costs, 0))
}

/// A running server, and a connection to it.
struct Server {
    name: String,
    process: Child,
    connection: TcpStream,
    prefix: &'static str,
    /// The number of users that requests may be about.
    users: usize,
    /// The number of requests so far.
    asked: usize,
}

impl Server {
    fn stub(name: &str, users: usize, arguments: &[&OsStr]) -> Result<Self, Failed> {
        let address = free()?;
        let process = Command::new(env!("CARGO_BIN_EXE_authentik-stub"))
            .args(["--carrier", "hyper", "--listen", &address.to_string()])
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()?;
        Self::connect(name, process, address, "/api/v3", users)
    }

    fn prism(program: &OsStr) -> Result<Self, Failed> {
        let address = free()?;
        let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/authentik/2024.8.yaml");
        let process = Command::new(program)
            .args(["mock", "--host", &address.ip().to_string(), "--port", &address.port().to_string()])
            .arg(document)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Prism answers below no base path.
        Self::connect("Prism", process, address, "", SIZES[0])
    }

    fn connect(
        name: &str,
        mut process: Child,
        address: SocketAddr,
        prefix: &'static str,
        users: usize,
    ) -> Result<Self, Failed> {
        let start = Instant::now();
        let connection = loop {
            match TcpStream::connect(address) {
                Ok(connection) => break connection,
                Err(_) if start.elapsed() < PATIENCE && process.try_wait()?.is_none() => {
                    thread::sleep(Duration::from_millis(2));
                }
                Err(error) => {
                    process.kill()?;
                    process.wait()?;
                    return Err(format!("{name} does not answer: {error}").into());
                }
            }
        };
        connection.set_nodelay(true)?;
        Ok(Self { name: name.to_owned(), process, connection, prefix, users, asked: 0 })
    }

    /// Returns the processor time of a request in microseconds, the mean of so many.
    #[expect(clippy::cast_precision_loss, reason = "numbers of requests are small")]
    fn cost(&mut self, case: &Case, requests: usize) -> Result<f64, Failed> {
        // One that was idle while others were measured may be closed.
        self.connection = TcpStream::connect(self.connection.peer_addr()?)?;
        self.connection.set_nodelay(true)?;
        let begin = self.processor_time()?;
        for _ in 0..requests {
            let number = if case.method == "POST" { self.asked } else { self.asked * 37 % self.users.max(1) };
            let number = (number + 10).to_string();
            self.ask(case.method, &case.path.replace('N', &number), &case.body.replace('N', &number))?;
        }
        Ok(self.processor_time()?.saturating_sub(begin).as_secs_f64() * 1e6 / requests as f64)
    }

    /// Sends a request and reads the response.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<(), Failed> {
        self.asked += 1;
        let request = format!(
            "{method} {}{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sample-admin-token\r\n\
             accept: application/json\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.prefix,
            body.len(),
        );
        self.connection.write_all(request.as_bytes())?;
        let mut buffer = Vec::new();
        let mut part = [0; 16 << 10];
        loop {
            let read = self.connection.read(&mut part)?;
            if read == 0 {
                return Err(format!("{} ended the connection", self.name).into());
            }
            buffer.extend_from_slice(&part[..read]);
            let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&buffer[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let is_whole = match length {
                Some(length) => buffer.len() >= end + 4 + length.trim().parse::<usize>()?,
                None => buffer.ends_with(b"0\r\n\r\n") || head.contains(" 204 "),
            };
            if is_whole {
                return Ok(());
            }
        }
    }

    /// Returns the processor time that all threads of the process have taken.
    fn processor_time(&self) -> Result<Duration, Failed> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let Ok(line) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
            nanoseconds += line.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Returns the memory that the process has, in kilobytes.
    fn resident(&self) -> Result<u32, Failed> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()).ok_or("no VmRSS is told")?;
        Ok(number.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is gone already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns an address of this machine that nobody listens at.
fn free() -> Result<SocketAddr, Failed> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
