//! Has the client call the server, and compares what was sent with what was received, and what was answered with what was
//! decoded.

#[rustfmt::skip]
mod generated;

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use API::{Server, Service};
use CLIENT::{Client, Retries};
use openapi_round_trip::{Arguments, Exchange, Sent, run};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let mut output = std::io::stdout().lock();
    if arguments.document {
        writeln!(output, "{:#}", API::document()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let exchange = Exchange::default();
    let service = Service::new(generated::Answers(exchange.clone()));
    let server = Server::start(service, ([127, 0, 0, 1], 0).into())?;
    let builder = Client::builder(server.url()).retries(Retries::none());
    let client = generated::with_credentials(builder).build()?;
    let call = async |id, sent: &mut Sent| generated::call(&client, id, sent).await;
    let report = run(generated::OPERATIONS, &exchange, call).await;
    drop(client);
    server.close(Duration::from_secs(10)).await?;
    if arguments.calls {
        write!(output, "{report:#}")?;
    } else {
        write!(output, "{report}")?;
    }
    Ok(if report.share() >= arguments.at_least { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
