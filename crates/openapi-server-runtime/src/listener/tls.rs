//! TLS for the connections of a listener.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// The time that the handshake of a connection may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The time for which a certificate that is made is valid.
const VALIDITY: Duration = Duration::from_hours(24 * 365);

/// The time by which the clock of a client may be behind.
const DAY: Duration = Duration::from_hours(24);

/// The names of a server that listens on this machine alone.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// A certificate with its key, for connections over TLS 1.2 and 1.3.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    ca: Option<String>,
}

/// The reason why there can be no TLS with a certificate and a key.
#[derive(Debug)]
pub struct TlsError(String);

impl Tls {
    /// Serves with a chain of certificates, that of the server first, and its private key. Both are PEM.
    ///
    /// # Errors
    /// Fails if there is no certificate or no key, or if the key is of another certificate.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(|error| TlsError(format!("the certificate cannot be read: {error}")))?;
        if chain.is_empty() {
            return Err(TlsError("the file of the certificate has none in PEM".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| TlsError(format!("the private key cannot be read: {error}")))?;
        Self::of(chain, key)
    }

    /// Makes an authority, and with it a certificate for these names and addresses, and for those of loopback. Both are valid for
    /// a year. The key of the authority is forgotten at once.
    ///
    /// # Errors
    /// Fails if a name cannot be in a certificate.
    pub fn self_signed<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Result<Self, TlsError> {
        let failed = |error: rcgen::Error| TlsError(format!("no certificate can be made: {error}"));
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        ca.distinguished_name.push(DnType::CommonName, "Authority of one server for tests");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        let (not_before, not_after) = (epoch + now.saturating_sub(DAY), epoch + now + VALIDITY);
        (ca.not_before, ca.not_after) = (not_before, not_after);
        let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().map_err(failed)?).map_err(failed)?;
        let mut all: Vec<String> = LOCAL.map(str::to_owned).into();
        for name in names.into_iter().map(Into::into) {
            let is_any = name.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified());
            if !is_any && !all.contains(&name) {
                all.push(name);
            }
        }
        let mut params = CertificateParams::new(all).map_err(failed)?;
        params.distinguished_name.push(DnType::CommonName, "Server for tests");
        (params.not_before, params.not_after) = (not_before, not_after);
        params.use_authority_key_identifier_extension = true;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.signed_by(&key, &ca).map_err(failed)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut tls = Self::of(vec![certificate.der().clone()], key)?;
        tls.ca = Some(ca.pem());
        Ok(tls)
    }

    fn of(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let failed =
            |error: tokio_rustls::rustls::Error| TlsError(format!("the certificate cannot be used: {error}"));
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(failed)?;
        let mut config = builder.with_no_client_auth().with_single_cert(chain, key).map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca: None })
    }

    /// Returns the certificate of the authority that was made, as PEM, for clients to trust.
    #[must_use]
    pub fn ca(&self) -> Option<&str> {
        self.ca.as_deref()
    }

    /// Makes a connection one over TLS; `None` if the client does not in time, or not at all.
    pub(super) async fn accept<I: AsyncRead + AsyncWrite + Unpin>(&self, stream: I) -> Option<TlsStream<I>> {
        match tokio::time::timeout(HANDSHAKE, self.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a client does not agree on TLS");
                None
            }
            Err(_) => {
                tracing::debug!("a client did not agree on TLS in time");
                None
            }
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TlsError {}

#[cfg(test)]
mod tests;
