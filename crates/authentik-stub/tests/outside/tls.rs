//! The stub over TLS.

use std::io::{BufRead as _, BufReader};

use authentik_stub::{Address, Stub, Tls};
use reqwest::{Certificate, Client};
use serde_json::Value;

use crate::running::{command, give_up, signal, wait};

/// Returns a client that trusts an authority alone.
fn trusting(ca: &str) -> Client {
    let ca = Certificate::from_pem(ca.as_bytes()).unwrap();
    Client::builder().no_proxy().tls_certs_only([ca]).build().unwrap()
}

#[tokio::test]
async fn a_stub_is_served_over_tls_and_its_urls_are_too() {
    let tls = Tls::self_signed(["stub.internal"]).unwrap();
    let client = trusting(tls.ca().unwrap());
    let stub = Stub::builder().tls(tls.clone()).start().await.unwrap();
    assert!(stub.url().starts_with("https://127.0.0.1:"), "{}", stub.url());
    let get =
        |path: &str| client.get(format!("{}{path}", stub.url())).bearer_auth(stub.token().unwrap()).send();
    assert_eq!(get("/core/users/me/").await.unwrap().status(), 200);
    let body: Value =
        serde_json::from_str(&get("/core/users/?page_size=1").await.unwrap().text().await.unwrap()).unwrap();
    assert!(body["results"][0]["avatar"].is_string(), "{body}");
    let system: Value =
        serde_json::from_str(&get("/admin/system/").await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(system["http_is_secure"], true, "{system}");
    #[cfg(feature = "client")]
    assert!(stub.client().unwrap_err().to_string().contains("https://127.0.0.1:"));
    let everyone = Stub::builder().listen("0.0.0.0:0".parse::<Address>().unwrap()).tls(tls.clone());
    let everyone = everyone.start().await.unwrap();
    assert!(everyone.url().starts_with("https://127.0.0.1:"), "{}", everyone.url());
    assert!(reqwest::get(everyone.url()).await.is_err(), "who does not trust the authority asks nothing");
    #[cfg(feature = "dropshot")]
    {
        let refused = Stub::builder()
            .tls(tls)
            .carrier(authentik_stub::Carrier::Dropshot)
            .start()
            .await
            .unwrap_err()
            .to_string();
        assert_eq!(refused, "the carrier dropshot does not serve over TLS, and --carrier hyper does");
    }
}

#[test]
fn the_program_makes_an_authority_and_serves_and_replays_over_tls() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (ca, other, ready, record) = (path("ca.pem"), path("other.pem"), path("ready"), path("record.jsonl"));
    std::fs::write(&other, Tls::self_signed(["localhost"]).unwrap().ca().unwrap()).unwrap();
    let mut child = command(&[
        "--listen",
        "127.0.0.1:0",
        "--tls-self-signed",
        "--tls-ca-out",
        &ca,
        "--ready-file",
        &ready,
        "--record",
        &record,
    ])
    .spawn()
    .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let greeting: Vec<String> = lines.map(Result::unwrap).take(7).collect();
    let greeting = greeting.join("\n");
    assert!(greeting.contains(&format!("trust the authority in {ca}")), "{greeting}");
    assert!(greeting.contains(&format!("try       curl --cacert '{ca}' -H")), "{greeting}");
    let word = |label: &str| {
        let line = greeting.lines().find_map(|line| line.trim().strip_prefix(label)).unwrap();
        line.trim().to_owned()
    };
    let (url, token) = (word("base URL"), word("token"));
    let client = trusting(&std::fs::read_to_string(&ca).unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let status = runtime.block_on(async {
        let sent = client.get(format!("{url}/core/groups/")).bearer_auth(&token).send().await.unwrap();
        sent.status()
    });
    assert_eq!(status, 200);
    let replay = |arguments: &[&str]| {
        let arguments = [&["replay", &record, &url, "--token", &token], arguments].concat();
        command(&arguments).output().unwrap()
    };
    let output = replay(&["--ca", &ca]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(
        output.stdout, b"1 exchanges: 1 the same, 0 different, 0 not sent\n",
        "those that it made are not sent again"
    );
    let output = replay(&["--ca", &record]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no certificate can be read"), "{output:?}");
    let output = replay(&[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("--ca FILE"), "{output:?}");
    let waited = |arguments: &[&str]| {
        command(&[&["wait", &url, "--timeout", "0"], arguments].concat()).output().unwrap()
    };
    assert!(waited(&["--ca", &ca]).status.success());
    for (arguments, expected) in [
        (&[][..], "--ca FILE"),
        (&["--ca", &record], "it has no certificate in PEM"),
        (&["--ca", &other], "invalid peer certificate"),
        (&["--ca", "no-such-file"], "no-such-file: "),
    ] {
        let output = waited(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains(expected), "{output:?}");
    }
    signal(&child, "TERM");
    assert_eq!(wait(&mut child).code(), Some(0));
    for (arguments, expected) in [
        (vec!["--tls-cert", &ca, "--tls-key", &record], "the private key cannot be read"),
        (vec!["--tls-cert", "no-such-file", "--tls-key", &ca], "no-such-file: it cannot be read"),
        (vec!["--tls-cert", &ca], "--tls-key"),
    ] {
        let (code, told) = give_up(&[&["--listen", "127.0.0.1:0"], &arguments[..]].concat());
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(expected) && told.starts_with("error: "), "{told}");
    }
}
