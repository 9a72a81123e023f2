//! The program as a child process.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::client::Client;

/// A program that is running; it is killed if a test leaves it behind.
pub struct Running {
    child: Child,
    /// The output of the program so far.
    pub greeting: String,
    pub client: Client,
}

pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_authentik-stub"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
    command
}

impl Running {
    /// Starts the program on a free port and waits until it says where.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", arguments)
    }

    /// Starts the program at an address and waits until it says where.
    pub fn start_at(address: &str, arguments: &[&str]) -> Self {
        let arguments = [&["--listen", address], arguments].concat();
        Self::try_start(&arguments)
            .unwrap_or_else(|(code, said)| panic!("the program ended: {code:?} {said}"))
    }

    /// Starts the program and waits until it says where it is, or until it gives up: with what exit code, and what it
    /// said.
    pub fn try_start(arguments: &[&str]) -> Result<Self, (Option<i32>, String)> {
        let mut child = command(arguments).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut greeting = String::new();
        while !greeting.contains("/-/reset") {
            let Some(line) = lines.next() else {
                let mut complaint = String::new();
                child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
                return Err((child.wait().unwrap().code(), greeting + &complaint));
            };
            greeting += &(line.unwrap() + "\n");
        }
        let word_after = |label: &str| {
            let line = greeting.lines().find_map(|line| line.trim().strip_prefix(label));
            line.unwrap_or_else(|| panic!("no {label} in {greeting}")).trim().to_owned()
        };
        let url = word_after("base URL");
        let address = url.strip_prefix("http://").and_then(|url| url.strip_suffix("/api/v3"));
        let client = Client::new(address.unwrap_or_else(|| panic!("{url}")), word_after("token"));
        Ok(Self { child, greeting, client })
    }

    /// Starts the program with a state file, and with the carrier that it starts faster with.
    pub fn start_with_state(state: &Path) -> Self {
        Self::start(&["--state", state.to_str().unwrap(), "--carrier", "hyper"])
    }

    /// Returns the id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the memory that the program has, in kilobytes.
    #[cfg(target_os = "linux")]
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// Asks the program to stop, and waits until it has.
    pub fn stop(self) {
        self.signal("TERM");
        assert!(self.wait().success());
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Waits for the end.
    pub fn wait(mut self) -> ExitStatus {
        wait(&mut self.child)
    }

    /// Ends the program at once, whatever it is doing; what it has given to the operating system is not lost.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing to do about a program that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal by its name.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Waits until a program ends. One that never does fails the test.
pub fn wait(child: &mut Child) -> ExitStatus {
    until("the program ends", || child.try_wait().unwrap())
}

/// Asks again and again until there is a response, however long that takes on a busy machine; what never happens fails
/// the test.
pub fn until<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_mins(2) {
        if let Some(answer) = answer() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("not so until the test gave up: {what}");
}

/// Runs the program where it is expected to give up; its exit code and what it said on standard error.
pub fn give_up(arguments: &[&str]) -> (Option<i32>, String) {
    let output = command(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
