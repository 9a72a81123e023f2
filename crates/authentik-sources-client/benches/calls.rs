//! Measures the processor time that a call costs a program: with the generated client, and with reqwest and serde by hand,
//! which read the same types.
//!
//! ```sh
//! cargo bench -p authentik-sources-client --bench calls              # 30 rounds of 200 calls
//! cargo bench -p authentik-sources-client --bench calls -- 5 100     # 5 rounds of 100 calls
//! ```
//!
//! The server is a thread whose time is not counted. A round measures both sides in turn, and ratios are those of one round,
//! so that what else the machine is doing affects both. The table shows medians, and the quartiles of the ratios. It is no
//! test: nothing fails because it is slow.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use authentik_sources_client::Client;
use authentik_sources_client::types::{PaginatedPlexSourceList, PlexSource};
use futures::TryStreamExt as _;
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The objects of a page, and the pages of a list.
const OBJECTS: usize = 20;
const PAGES: usize = 5;

const TOKEN: &str = "sample-admin-token";

/// A call that both sides make.
#[derive(Clone, Copy)]
enum Case {
    One,
    List,
    Stream,
    /// A list of a newer release, whose objects have a property that the document does not know.
    Drifting,
}

const CASES: [(&str, Case); 4] = [
    ("one source", Case::One),
    ("a list of 20", Case::List),
    ("a stream of 5 pages", Case::Stream),
    ("a list of 20 that drifts", Case::Drifting),
];

fn main() -> Result<(), Failed> {
    // Cargo passes `--bench` to every benchmark.
    let numbers: Result<Vec<usize>, _> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").map(|text| text.parse()).collect();
    let (rounds, calls) = match numbers.as_deref() {
        Ok([]) => (30, 200),
        Ok([rounds, calls]) if *rounds > 0 && *calls > 0 => (*rounds, *calls),
        _ => return Err("give two numbers above 0, of rounds and of calls, or none".into()),
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || serve(&listener));
    let (mut generated, mut by_hand) = (Generated::new(&url)?, ByHand::new(&url)?);
    println!("microseconds of processor time per call, and the ratio to the call by hand [quartiles]\n");
    println!("| call | by hand | generated client |\n|---|---|---|");
    for (name, case) in CASES {
        // The first calls fill caches and pools.
        generated.cost(case, calls)?;
        by_hand.cost(case, calls)?;
        let (mut hand, mut client) = (Vec::new(), Vec::new());
        for round in 0..rounds {
            if round % 2 == 0 {
                hand.push(by_hand.cost(case, calls)?);
                client.push(generated.cost(case, calls)?);
            } else {
                client.push(generated.cost(case, calls)?);
                hand.push(by_hand.cost(case, calls)?);
            }
        }
        let ratios = client.iter().zip(&hand).map(|(client, hand)| client / hand).collect();
        let [first, middle, third] = quartiles(ratios);
        let ([_, hand, _], [_, client, _]) = (quartiles(hand), quartiles(client));
        println!("| {name} | {hand:.1} | {client:.1}, {middle:.2} × [{first:.2}–{third:.2}] |");
    }
    Ok(())
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values.get((values.len() - 1) * quarter / 4).copied().unwrap_or_default())
}

/// Returns the processor time that this thread has taken.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of calls are small")]
fn per_call(begin: Duration, calls: usize) -> f64 {
    processor_time().saturating_sub(begin).as_secs_f64() * 1e6 / calls as f64
}

/// Fails if a call did not return as many objects as it should have.
fn expect(objects: usize, expected: usize) -> Result<(), Failed> {
    if objects == expected { Ok(()) } else { Err(format!("{objects} objects instead of {expected}").into()) }
}

struct Generated {
    client: Client,
    runtime: Runtime,
}

impl Generated {
    fn new(url: &str) -> Result<Self, Failed> {
        let client = Client::builder(url).token(TOKEN).build()?;
        Ok(Self { client, runtime: Builder::new_current_thread().enable_all().build()? })
    }

    fn cost(&mut self, case: Case, calls: usize) -> Result<f64, Failed> {
        self.runtime.block_on(async {
            let begin = processor_time();
            for _ in 0..calls {
                match case {
                    Case::One => {
                        let source = self.client.sources_plex_retrieve().slug("plex").send().await?;
                        expect(source.slug.len(), "plex".len())?;
                    }
                    Case::List => {
                        let page = self.client.sources_plex_list().page(PAGES_END).send().await?;
                        expect(page.results.len(), OBJECTS)?;
                    }
                    Case::Stream => {
                        let mut sources = self.client.sources_plex_list().stream();
                        let mut count = 0;
                        while sources.try_next().await?.is_some() {
                            count += 1;
                        }
                        expect(count, OBJECTS * PAGES)?;
                    }
                    Case::Drifting => {
                        let page = self.client.sources_plex_list().search("new").send().await?;
                        expect(page.drift().len(), OBJECTS)?;
                    }
                }
            }
            Ok(per_call(begin, calls))
        })
    }
}

struct ByHand {
    http: reqwest::Client,
    url: String,
    runtime: Runtime,
}

impl ByHand {
    fn new(url: &str) -> Result<Self, Failed> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { http, url: format!("{url}/api/v3/sources/plex/"), runtime })
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, url: &str) -> Result<T, Failed> {
        let request = self.http.get(url).header("accept", "application/json").bearer_auth(TOKEN);
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }

    fn cost(&mut self, case: Case, calls: usize) -> Result<f64, Failed> {
        self.runtime.block_on(async {
            let begin = processor_time();
            for _ in 0..calls {
                match case {
                    Case::One => {
                        let source: PlexSource = self.get(&format!("{}plex/", self.url)).await?;
                        expect(source.slug.len(), "plex".len())?;
                    }
                    Case::List => {
                        let page: PaginatedPlexSourceList =
                            self.get(&format!("{}?page={PAGES_END}", self.url)).await?;
                        expect(page.results.len(), OBJECTS)?;
                    }
                    Case::Stream => {
                        let (mut count, mut next) = (0, 1);
                        while next != 0 {
                            let page: PaginatedPlexSourceList =
                                self.get(&format!("{}?page={next}", self.url)).await?;
                            count += page.results.len();
                            next = page.pagination.next;
                        }
                        expect(count, OBJECTS * PAGES)?;
                    }
                    Case::Drifting => {
                        let page: PaginatedPlexSourceList =
                            self.get(&format!("{}?search=new", self.url)).await?;
                        expect(page.results.len(), OBJECTS)?;
                    }
                }
            }
            Ok(per_call(begin, calls))
        })
    }
}

/// The number of the last page.
const PAGES_END: i64 = 5;

/// Answers every connection in a thread of its own.
fn serve(listener: &TcpListener) {
    while let Ok((connection, _)) = listener.accept() {
        thread::spawn(move || answer(connection));
    }
}

/// Answers the requests of a connection, none of which has a body.
fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_nodelay(true)?;
    let pages: Vec<Vec<u8>> = (1..=PAGES_END).map(|number| response(&page(number, false))).collect();
    let (drifting, one) = (response(&page(PAGES_END, true)), response(&source(0)));
    let (mut buffer, mut known) = (vec![0; 16 << 10], 0);
    loop {
        let read = connection.read(&mut buffer[known..])?;
        if read == 0 {
            return Ok(());
        }
        known += read;
        if !buffer[..known].ends_with(b"\r\n\r\n") {
            continue;
        }
        let line =
            String::from_utf8_lossy(buffer[..known].split(|byte| *byte == b'\r').next().unwrap_or_default());
        let number = line.split_once("page=").and_then(|(_, rest)| rest.get(..1)?.parse::<usize>().ok());
        let response = match number {
            _ if line.contains("/plex/plex/") => &one,
            _ if line.contains("search=new") => &drifting,
            number => &pages[number.unwrap_or(1).clamp(1, pages.len()) - 1],
        };
        connection.write_all(response)?;
        known = 0;
    }
}

fn response(body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nVary: Accept-Language, Cookie\r\n\
                Allow: GET, POST, HEAD, OPTIONS\r\nX-authentik-id: 6a1cf1b0c1a2431c9a1f0a3d5c6b7e8f\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn page(number: i64, drifts: bool) -> Value {
    let next = if number < PAGES_END { number + 1 } else { 0 };
    let mut sources: Vec<Value> = (0..OBJECTS).map(source).collect();
    if drifts {
        for source in &mut sources {
            source["promoted"] = json!(false);
        }
    }
    json!({
        "pagination": {
            "next": next, "previous": number - 1, "count": 100, "current": number, "total_pages": PAGES_END,
            "start_index": 1, "end_index": 20
        },
        "results": sources
    })
}

fn source(number: usize) -> Value {
    let id = |kind: u8| format!("0f4c9d0e-6f0b-4b7e-9a53-{kind:02x}{number:010x}");
    json!({
        "pk": id(0), "name": "Plex", "slug": "plex", "enabled": true, "authentication_flow": id(1),
        "enrollment_flow": id(2), "user_property_mappings": [id(3), id(4)], "group_property_mappings": [],
        "component": "ak-source-plex-form", "verbose_name": "Plex Source", "verbose_name_plural": "Plex Sources",
        "meta_model_name": "authentik_sources_plex.plexsource", "policy_engine_mode": "any",
        "user_matching_mode": "identifier", "managed": null, "user_path_template": "goauthentik.io/sources/%(slug)s",
        "icon": "/static/authentik/sources/plex.svg", "group_matching_mode": "identifier",
        "client_id": "WUlRUbNDHHEaCVVFwsUv9DKDBGVAEyzwAfXbNV6q", "allowed_servers": ["media-server-1"],
        "allow_friends": true, "plex_token": "plex-sample-token"
    })
}
