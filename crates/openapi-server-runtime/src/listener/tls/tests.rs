//! Clients with and without TLS, at a listener that has it.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::*;
use crate::host::Host;
use crate::listener::Listener;
use crate::response::Body;
use crate::sample::Pets;
use crate::server::Server;
use crate::service::Service;

/// Tells how a client is connected.
struct Echo;

impl Host for Echo {
    type User = ();

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        let proto = request.headers().get("x-forwarded-proto").map(|it| it.to_str().unwrap_or_default());
        Some(Response::new(Body::from(format!("by {}", proto.unwrap_or("http")))))
    }
}

const ASK: &[u8] = b"GET /anything HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

fn server(tls: Option<Tls>) -> Server<Pets, Echo> {
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    Server::listen(Service::new(Echo), listener.with_tls(tls)).expect("a server")
}

/// Returns a client that trusts an authority.
fn trusting(ca: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca.as_bytes()) {
        roots.add(certificate.expect("a certificate")).expect("an authority");
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions");
    TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// Asks a server, and returns its answer.
async fn ask(server: &Server<Pets, Echo>, client: &TlsConnector, name: &str) -> std::io::Result<String> {
    let stream = TcpStream::connect(server.local_addr().as_tcp().expect("a port")).await?;
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let mut stream = client.connect(name, stream).await?;
    stream.write_all(ASK).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn clients_that_trust_the_authority_are_answered_whatever_others_do() {
    let tls = Tls::self_signed(["stub.internal", "127.0.0.1", "0.0.0.0"]).expect("a certificate");
    let ca = tls.ca().expect("an authority").to_owned();
    let server = server(Some(tls));
    assert!(server.url().starts_with("https://127.0.0.1:"), "{}", server.url());
    let client = trusting(&ca);
    for name in ["localhost", "127.0.0.1", "stub.internal"] {
        let answer = ask(&server, &client, name).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("by https"), "{answer}");
    }
    assert!(ask(&server, &client, "other.internal").await.is_err(), "it is not for this name");
    let stranger = Tls::self_signed(["x"]).expect("a certificate");
    let distrusting = trusting(stranger.ca().expect("an authority"));
    assert!(ask(&server, &distrusting, "localhost").await.is_err());
    let mut plain =
        TcpStream::connect(server.local_addr().as_tcp().expect("a port")).await.expect("a connection");
    plain.write_all(ASK).await.expect("a request");
    let mut answer = Vec::new();
    // How the connection ends depends on what was read before.
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    assert!(ask(&server, &client, "localhost").await.is_ok(), "it goes on");
    server.close(Duration::from_secs(5)).await.expect("nothing is left");
}

/// The object identifier of the extension Authority Key Identifier, as DER.
const AUTHORITY_KEY_IDENTIFIER: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x23];

#[tokio::test]
async fn a_certificate_that_is_made_names_its_authority_and_is_valid_for_a_year() {
    let tls = Tls::self_signed(["x"]).expect("a certificate");
    let ca =
        CertificateDer::from_pem_slice(tls.ca().expect("an authority").as_bytes()).expect("a certificate");
    let (client, server) = tokio::io::duplex(1 << 16);
    let connector = trusting(tls.ca().expect("an authority"));
    let connected = connector.connect(ServerName::try_from("x").expect("a name"), client);
    let (client, _server) = tokio::join!(connected, tls.accept(server));
    let client = client.expect("a connection");
    let certificate = &client.get_ref().1.peer_certificates().expect("a certificate")[0];
    assert!(certificate.windows(5).any(|part| part == AUTHORITY_KEY_IDENTIFIER));
    for certificate in [&ca, certificate] {
        // A time has the tag 23 and 13 bytes, of which the first two are the year.
        let times =
            certificate.windows(15).filter(|part| part.starts_with(&[23, 13]) && part.ends_with(b"Z"));
        let years: Vec<u8> = times.map(|part| (part[2] - b'0') * 10 + part[3] - b'0').collect();
        assert!(matches!(years[..], [from, to] if to == from + 1), "{years:?}");
    }
}

#[tokio::test]
async fn a_listener_without_tls_tells_nothing_of_it() {
    let server = server(None);
    assert!(server.url().starts_with("http://") && !server.is_tls());
    let mut stream =
        TcpStream::connect(server.local_addr().as_tcp().expect("a port")).await.expect("a connection");
    stream.write_all(ASK).await.expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.ends_with("by http"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_may_not_take_forever() {
    let tls = Tls::self_signed(["x"]).expect("a certificate");
    let (_silent, stream) = tokio::io::duplex(64);
    let began = Instant::now();
    assert!(tls.accept(stream).await.is_none());
    assert_eq!(began.elapsed().as_secs(), HANDSHAKE.as_secs());
}

#[test]
fn what_is_no_certificate_or_no_key_of_it_is_refused() {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(vec!["x".to_owned()]).expect("a name");
    let certificate = certificate.self_signed(&key).expect("a certificate").pem();
    let (key, other) = (key.serialize_pem(), KeyPair::generate().expect("a key").serialize_pem());
    assert!(Tls::from_pem(certificate.as_bytes(), key.as_bytes()).is_ok());
    for (certificate, key, expected) in [
        (certificate.as_str(), other.as_str(), "the certificate cannot be used"),
        (key.as_str(), key.as_str(), "has none in PEM"),
        (certificate.as_str(), certificate.as_str(), "the private key cannot be read"),
        ("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", key.as_str(), "cannot be read"),
    ] {
        let refused = Tls::from_pem(certificate.as_bytes(), key.as_bytes()).expect_err(expected).to_string();
        assert!(refused.contains(expected), "{refused}");
    }
    assert!(Tls::self_signed(["ä"]).is_err(), "names in certificates are ASCII");
}
