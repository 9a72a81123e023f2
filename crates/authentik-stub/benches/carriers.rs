//! Measures the processor time that a request costs the stub: the service alone, without sockets; through the listener;
//! through dropshot; and, for comparison, bare hyper that sends the bytes of the same response.
//!
//! ```sh
//! cargo bench -p authentik-stub --bench carriers              # 30 rounds of 300 requests
//! cargo bench -p authentik-stub --bench carriers -- 5 100     # 5 rounds of 100 requests
//! ```
//!
//! Each server has a thread of its own, whose processor time, in the kernel too, is what is measured; the client's is
//! not. A round measures every server in turn, and ratios are those of one round, so that what else the machine is doing
//! affects both sides. The table shows medians, and the quartiles of the ratios. It is no test: nothing fails.

mod rounds;

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use authentik_stub::api::{self, Api, ByStore};
use authentik_stub::{Carrier, Fixture, Stub};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use openapi_django::server::Django;
use openapi_server_runtime::serve::serve;
use openapi_server_runtime::service::Service;
use rustix::time::{ClockId, clock_gettime};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// A request that is measured.
struct Case {
    name: &'static str,
    method: Method,
    path: &'static str,
    body: &'static str,
}

const CASES: [Case; 5] = [
    Case { name: "one source", method: Method::GET, path: "/api/v3/sources/plex/plex/", body: "" },
    Case { name: "list of sources", method: Method::GET, path: "/api/v3/sources/plex/", body: "" },
    Case {
        name: "change",
        method: Method::PATCH,
        path: "/api/v3/sources/plex/plex/",
        body: r#"{"name": "Plex", "enabled": true, "allowed_servers": ["media-server-1"]}"#,
    },
    Case {
        name: "refused change",
        method: Method::PATCH,
        path: "/api/v3/sources/plex/plex/",
        body: r#"{"slug": "no slug", "enabled": "perhaps"}"#,
    },
    Case { name: "unknown path", method: Method::GET, path: "/api/v3/nowhere/", body: "" },
];

const TOKEN: &str = "Bearer sample-admin-token";

/// The columns of the table, bare hyper first.
const COLUMNS: [&str; 4] = ["bare hyper", "service alone", "listener", "dropshot"];

fn main() -> Result<(), Failed> {
    let (rounds, requests) = rounds::numbers((30, 300))?;
    println!("microseconds of processor time per request, and the ratio to bare hyper [quartiles]\n");
    println!("| request | {} |", COLUMNS.join(" | "));
    println!("|---|{}", "---|".repeat(COLUMNS.len()));
    for case in &CASES {
        println!("{}", row(case, rounds, requests)?);
    }
    Ok(())
}

/// Measures a case and returns its line of the table.
fn row(case: &Case, rounds: usize, requests: usize) -> Result<String, Failed> {
    let answer = Alone::new()?.answer(case)?;
    let mut subjects: [Box<dyn Subject>; 4] = [
        Box::new(Carried::start(|| bare_hyper(answer))?),
        Box::new(Alone::new()?),
        Box::new(Carried::start(|| stub(Carrier::Hyper))?),
        Box::new(Carried::start(|| stub(Carrier::Dropshot))?),
    ];
    // The first requests fill caches and pools.
    for subject in &mut subjects {
        subject.cost(case, requests)?;
    }
    let mut costs = [const { Vec::new() }; 4];
    for round in 0..rounds {
        for turn in 0..subjects.len() {
            let index = (round + turn) % subjects.len();
            costs[index].push(subjects[index].cost(case, requests)?);
        }
    }
    Ok(rounds::line(case.name, &costs, 1))
}

/// Something that answers requests.
trait Subject {
    /// Returns the processor time of a request in microseconds, the mean of so many.
    fn cost(&mut self, case: &Case, requests: usize) -> Result<f64, Failed>;
}

/// Returns the processor time that this thread has taken.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of requests are small")]
fn per_request(begin: Duration, end: Duration, requests: usize) -> f64 {
    end.saturating_sub(begin).as_secs_f64() * 1e6 / requests as f64
}

/// The service, called without a server.
struct Alone {
    service: Service<ByStore, Api, Django>,
    runtime: Runtime,
}

impl Alone {
    fn new() -> Result<Self, Failed> {
        let service = Api::new(&Fixture::sample()?)?.service().with_dialect(api::dialect());
        Ok(Self { service, runtime: Builder::new_current_thread().enable_all().build()? })
    }

    fn answer(&self, case: &Case) -> Result<Response<Bytes>, Failed> {
        self.runtime.block_on(answer(&self.service, case))
    }
}

async fn answer(service: &Service<ByStore, Api, Django>, case: &Case) -> Result<Response<Bytes>, Failed> {
    let request = Request::builder().method(&case.method).uri(case.path);
    let request = request.header("host", "localhost").header("authorization", TOKEN);
    let request = request.header("accept", "application/json").header("content-type", "application/json");
    let request = request.body(Full::new(Bytes::from_static(case.body.as_bytes())))?;
    let (head, body) = serve(service, request).await.into_parts();
    Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
}

impl Subject for Alone {
    fn cost(&mut self, case: &Case, requests: usize) -> Result<f64, Failed> {
        self.runtime.block_on(async {
            let begin = processor_time();
            for _ in 0..requests {
                answer(&self.service, case).await?;
            }
            Ok(per_request(begin, processor_time(), requests))
        })
    }
}

/// A server in a thread of its own, and a connection to it.
struct Carried {
    connection: TcpStream,
    ask: UnboundedSender<()>,
    told: mpsc::Receiver<Duration>,
}

impl Carried {
    /// Starts a server; what `start` returns lives as long as this.
    fn start<F, S>(start: impl FnOnce() -> F + Send + 'static) -> Result<Self, Failed>
    where
        F: Future<Output = Result<(SocketAddr, S), Failed>>,
    {
        let (ask, mut asked) = unbounded_channel();
        let (tell, told) = mpsc::channel();
        let (started, address) = mpsc::channel();
        thread::spawn(move || -> Result<(), Failed> {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let (address, _server) = start().await?;
                started.send(address)?;
                while let Some(()) = asked.recv().await {
                    tell.send(processor_time())?;
                }
                Ok(())
            })
        });
        let connection = TcpStream::connect(address.recv()?)?;
        connection.set_nodelay(true)?;
        Ok(Self { connection, ask, told })
    }

    /// Returns the processor time of the server's thread.
    fn processor_time(&self) -> Result<Duration, Failed> {
        self.ask.send(())?;
        Ok(self.told.recv()?)
    }
}

impl Subject for Carried {
    fn cost(&mut self, case: &Case, requests: usize) -> Result<f64, Failed> {
        let request = format!(
            "{} {} HTTP/1.1\r\nhost: localhost\r\nauthorization: {TOKEN}\r\naccept: application/json\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{}",
            case.method,
            case.path,
            case.body.len(),
            case.body
        );
        let begin = self.processor_time()?;
        let mut buffer = vec![0; 64 << 10];
        for _ in 0..requests {
            self.connection.write_all(request.as_bytes())?;
            read_answer(&mut self.connection, &mut buffer)?;
        }
        Ok(per_request(begin, self.processor_time()?, requests))
    }
}

/// Reads a response whose length is declared.
fn read_answer(connection: &mut TcpStream, buffer: &mut [u8]) -> Result<(), Failed> {
    let mut known = 0;
    loop {
        let read = connection.read(&mut buffer[known..])?;
        if read == 0 {
            return Err("the server ended the connection, or the answer is too long".into());
        }
        known += read;
        let text = String::from_utf8_lossy(&buffer[..known]).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.unwrap_or("0").parse()? {
            return Ok(());
        }
    }
}

async fn stub(carrier: Carrier) -> Result<(SocketAddr, Stub), Failed> {
    let stub = Stub::builder().carrier(carrier).start().await?;
    let address = stub.address().as_tcp().ok_or("the stub is at no address of the network")?;
    Ok((address, stub))
}

/// Serves `answer` to every request that was read whole.
async fn bare_hyper(answer: Response<Bytes>) -> Result<(SocketAddr, JoinHandle<()>), Failed> {
    let (head, body) = answer.into_parts();
    let (status, headers): (StatusCode, HeaderMap) = (head.status, head.headers);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let accepting = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // As the others do.
            let _ = stream.set_nodelay(true);
            let (headers, body) = (headers.clone(), body.clone());
            let answer = service_fn(move |request: Request<Incoming>| {
                let (headers, body) = (headers.clone(), body.clone());
                async move {
                    let _ = request.into_body().collect().await;
                    let mut answer = Response::new(Full::new(body));
                    *answer.status_mut() = status;
                    *answer.headers_mut() = headers;
                    Ok::<_, Infallible>(answer)
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    Ok((address, accepting))
}
