//! A user's own program in the workspace generated from `documents/echo.yaml`: the generated client and server talk over
//! connections that are upgraded, and send bodies of other media types than the usual one, through every carrier.

use std::error::Error;
use std::time::Duration;

use echo_api::runtime::host::Host;
use echo_api::runtime::listener::Listener;
use echo_api::runtime::media::Media;
use echo_api::runtime::request::RequestContext;
use echo_api::runtime::upgrade::{SwitchingProtocols, Upgrade};
use echo_api::{
    Consoles, EchoNoteError, EchoParcelError, Notes, OpenConsoleError, OpenConsoleQuery, Server, Service,
};
use echo_client::{Client, types};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

struct Echo;

impl Host for Echo {
    type User = ();
}

impl Consoles for Echo {
    async fn open_console(
        &self,
        _: &RequestContext<()>,
        id: i64,
        query: OpenConsoleQuery,
        upgrade: Upgrade,
    ) -> Result<SwitchingProtocols, OpenConsoleError> {
        if id == 404 {
            return Err(OpenConsoleError::NotFound);
        }
        Ok(upgrade.accept(move |mut connection| async move {
            connection.write_all(query.greeting.unwrap_or_default().as_bytes()).await?;
            let (mut received, mut sent) = tokio::io::split(connection);
            tokio::io::copy(&mut received, &mut sent).await?;
            Ok(())
        }))
    }
}

impl Notes for Echo {
    async fn echo_note(
        &self,
        _: &RequestContext<()>,
        note: types::Note,
    ) -> Result<types::Note, EchoNoteError> {
        Ok(note)
    }

    async fn echo_parcel(&self, _: &RequestContext<()>, parcel: Media) -> Result<Media, EchoParcelError> {
        Ok(Media::text("text/plain", parcel.media_type))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = ([127, 0, 0, 1], 0);
    let listener = Listener::bind(std::net::SocketAddr::from(address))?;
    for server in
        [Server::start(Service::new(Echo), address.into())?, Server::listen(Service::new(Echo), listener)?]
    {
        let client = Client::builder(server.url()).build()?;
        let mut connection = client.open_console().id(7).greeting("hello").send().await?.into_inner();
        connection.write_all(b", echo").await?;
        connection.shutdown().await?;
        let mut text = String::new();
        connection.read_to_string(&mut text).await?;
        assert_eq!(text, "hello, echo");

        let error = client.open_console().id(404).send().await.expect_err("there is no such console");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
        // No document says what a client sends to have another protocol than WebSocket.
        let error = client.open_raw().send().await.expect_err("nothing asks for the protocol");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(426));

        let note = client.echo_note().body_as("application/x-www-form-urlencoded", "text=a+b").send().await?;
        assert_eq!(note.text, "a b");
        let error = client
            .echo_note()
            .body_as("text/plain", "a b")
            .send()
            .await
            .expect_err("no media type of a note");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(415));
        let parts = "multipart/form-data; boundary=x";
        let parcel = client.echo_parcel().body_as(parts, "--x\r\n\r\n1\r\n--x--\r\n").send().await?;
        assert_eq!(parcel.as_str(), parts);
        server.close(Duration::from_secs(10)).await?;
    }
    Ok(())
}
