//! The options for TLS.

use std::path::PathBuf;

use clap::Args;
use openapi_server_runtime::listener::Tls;
use openapi_server_runtime::server::Address;

/// The certificate that a program serves with, if it serves over TLS.
#[derive(Debug, Clone, Default, Args)]
pub struct TlsOptions {
    /// Serve over TLS with the certificate in this file of PEM, followed by those that it was made with
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The file of PEM with the private key of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Serve over TLS with a certificate that is made for this machine, by an authority that is made for it. Clients have to
    /// trust the authority
    #[arg(long, conflicts_with = "tls_cert")]
    pub tls_self_signed: bool,

    /// Make the certificate for this name, too; may be given several times
    #[arg(long, value_name = "NAME", requires = "tls_self_signed")]
    pub tls_name: Vec<String>,

    /// Write the certificate of the authority to this file of PEM, instead of printing it
    #[arg(long, value_name = "FILE", requires = "tls_self_signed")]
    pub tls_ca_out: Option<PathBuf>,
}

impl TlsOptions {
    /// Returns the certificate for a server at this address, if it serves over TLS.
    ///
    /// # Errors
    /// If a file cannot be read or written, or has no certificate or key.
    pub fn tls(&self, address: &Address) -> Result<Option<Tls>, String> {
        if self.tls_self_signed {
            let address = address.as_tcp().map(|address| address.ip().to_string());
            let tls = Tls::self_signed(self.tls_name.iter().cloned().chain(address));
            let tls = tls
                .map_err(|error| format!("{error}\n  help: `--tls-name` is a name such as stub.internal"))?;
            if let (Some(path), Some(ca)) = (&self.tls_ca_out, tls.ca()) {
                let written = super::write_whole(path, ca);
                written.map_err(|error| format!("{error}\n  help: name another with `--tls-ca-out`"))?;
            }
            return Ok(Some(tls));
        }
        let (Some(cert), Some(key)) = (&self.tls_cert, &self.tls_key) else {
            // Options of a file are not held to what they require.
            return match (&self.tls_cert, &self.tls_key) {
                (None, None) => Ok(None),
                _ => Err("`--tls-cert` and `--tls-key` belong together\n  help: give both".to_owned()),
            };
        };
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| format!("{}: it cannot be read: {error}", path.display()))
        };
        let tls = Tls::from_pem(&read(cert)?, &read(key)?);
        let (cert, key) = (cert.display(), key.display());
        tls.map(Some).map_err(|error| format!("{cert}, {key}: {error}\n  help: both are files of PEM"))
    }

    /// Returns the options of curl with which it trusts the authority, if one is made. `CA` stands for a file with what is printed.
    #[must_use]
    pub fn curl(&self) -> String {
        match (self.tls_self_signed, &self.tls_ca_out) {
            (false, _) => String::new(),
            (true, None) => "--cacert CA ".to_owned(),
            (true, Some(path)) => {
                format!("--cacert '{}' ", path.display().to_string().replace('\'', "'\\''"))
            }
        }
    }

    /// Returns what to tell of the authority that clients have to trust, if one was made.
    #[must_use]
    pub fn advice(&self, tls: &Tls) -> Option<String> {
        let ca = tls.ca()?;
        Some(match &self.tls_ca_out {
            Some(path) => format!("clients have to trust the authority in {}", path.display()),
            None => format!("clients have to trust this authority:\n{}", ca.trim_end()),
        })
    }
}
