//! New certificates.

use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rcgen::{CertificateParams, DistinguishedName, DnType, Issuer, KeyPair, RsaKeySize, SanType};

use super::pair::{Algorithm, Generated};

/// The number of bytes of a common name (`ub-common-name` of RFC 5280, appendix A).
const MAX_COMMON_NAME: usize = 64;

/// Makes a certificate that is good from a day ago for a number of days; `None` if there is no such time or name.
pub(crate) fn generate(
    common_name: &str,
    names: &[&str],
    days: i64,
    algorithm: Algorithm,
    now: DateTime<Utc>,
) -> Option<Generated> {
    if common_name.len() > MAX_COMMON_NAME {
        return None;
    }
    let key = match algorithm {
        Algorithm::Rsa => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_4096),
        Algorithm::Ecdsa => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
    };
    let key = key.ok()?;
    let mut params = CertificateParams::default();
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let at = |time: DateTime<Utc>| {
        // The last second that a certificate can name is that of the year 9999.
        let seconds = u64::try_from(time.timestamp()).ok().filter(|seconds| *seconds < 253_402_300_800)?;
        Some(epoch + Duration::from_secs(seconds))
    };
    let (first, last) = (now - TimeDelta::days(1), now.checked_add_signed(TimeDelta::try_days(days)?)?);
    // The program makes no certificate that ends before it begins.
    if last < first {
        return None;
    }
    params.not_before = at(first)?;
    params.not_after = at(last)?;
    params.distinguished_name = DistinguishedName::new();
    let subject = [
        (DnType::CommonName, common_name),
        (DnType::OrganizationName, "authentik"),
        (DnType::OrganizationalUnitName, "Self-signed"),
    ];
    for (kind, value) in subject {
        params.distinguished_name.push(kind, value);
    }
    for name in names {
        params.subject_alt_names.push(match IpAddr::from_str(name) {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName((*name).try_into().ok()?),
        });
    }
    let mut issuer = CertificateParams::default();
    issuer.distinguished_name = DistinguishedName::new();
    issuer.distinguished_name.push(DnType::CommonName, "authentik 2024.8.3");
    let certificate = params.signed_by(&key, &Issuer::new(issuer, &key)).ok()?;
    Some(Generated { certificate: certificate.pem(), key: key.serialize_pem() })
}

#[cfg(test)]
mod tests {
    use super::super::read::Certificate;
    use super::super::{der, is_certificate, key_kind};
    use super::*;

    #[test]
    fn a_new_certificate_says_what_it_was_made_for() {
        let now = Utc::now();
        let made = generate("sso.example.com", &["sso.example.com", "10.0.0.1"], 90, Algorithm::Ecdsa, now)
            .expect("it can be made");
        assert!(is_certificate(&made.certificate));
        assert_eq!(key_kind(&made.key), Some("ec"));
        let der = der(&made.certificate).expect("it is a block");
        let certificate = Certificate::of(&der).expect("it is a certificate");
        assert_eq!(certificate.subject(), "OU=Self-signed,O=authentik,CN=sso.example.com");
        assert_eq!(
            (certificate.issuer().as_str(), certificate.key_kind()),
            ("CN=authentik 2024.8.3", Some("ec"))
        );
        let expiry = certificate.expiry().map(|expiry| expiry.timestamp());
        assert_eq!(expiry, Some((now + TimeDelta::days(90)).timestamp()));
    }

    #[test]
    fn what_cannot_be_is_not_made() {
        assert!(generate("x", &[], -1, Algorithm::Ecdsa, Utc::now()).is_some());
        for days in [i64::MAX, 4_000_000, -2, -40_000] {
            assert!(generate("x", &[], days, Algorithm::Ecdsa, Utc::now()).is_none(), "{days}");
        }
        assert!(generate("x", &["ü"], 1, Algorithm::Ecdsa, Utc::now()).is_none());
        assert!(generate(&"x".repeat(64), &[], 1, Algorithm::Ecdsa, Utc::now()).is_some());
        assert!(generate(&"x".repeat(65), &[], 1, Algorithm::Ecdsa, Utc::now()).is_none());
    }
}
