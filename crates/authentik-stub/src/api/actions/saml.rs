//! The metadata of SAML.

use sha2::{Digest as _, Sha256};

use super::kit::{self, Subject, by_key, text};
use crate::api::certificates;

const NAMESPACES: &str = "xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
     xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
     xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// The forms of names that the program knows.
const NAME_IDS: [&str; 5] = [
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:X509SubjectName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:WindowsDomainQualifiedName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];

/// Returns a text as a part of a document.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns the key that a row has in a field, for those who check what it signs or encrypt for it.
fn key(subject: &Subject, field: &str, usage: &str) -> String {
    let reader = subject.reader();
    let pair = by_key(reader, "authentik_crypto.certificatekeypair", subject.value(field));
    let Some(pair) = pair else { return String::new() };
    let certificate = certificates::stripped(text(reader, pair, "certificate_data"));
    format!(
        "<md:KeyDescriptor use=\"{usage}\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

/// Returns the forms of names that `is_known` lets pass.
fn name_ids(is_known: fn(&str) -> bool) -> String {
    let known = NAME_IDS.iter().filter(|format| is_known(format));
    let elements: Vec<String> =
        known.map(|format| format!("<md:NameIDFormat>{format}</md:NameIDFormat>")).collect();
    elements.concat()
}

/// Returns what a source tells those that it asks about users.
pub(super) fn service_provider(source: &Subject, origin: &str) -> String {
    let slug = source.text("slug");
    format!(
        "<md:EntityDescriptor {NAMESPACES} entityID=\"{}\"><md:SPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">{}{}{}\
         <md:AssertionConsumerService isDefault=\"true\" index=\"0\" Binding=\"{POST}\" \
         Location=\"{}/source/saml/{slug}/acs/\"/></md:SPSSODescriptor></md:EntityDescriptor>",
        escaped(source.text("issuer")),
        key(source, "signing_kp", "signing"),
        key(source, "encryption_kp", "encryption"),
        name_ids(|_| true),
        escaped(origin),
    )
}

/// Returns what a provider tells those that ask it about users. It is not signed.
pub(super) fn identity_provider(provider: &Subject, origin: &str, slug: &str, only: Option<&str>) -> String {
    let id = Sha256::digest(format!("{}-{}", provider.text("name"), provider.value("id")));
    let id = kit::digits(&id);
    let wants_signed =
        if provider.value("verification_kp").is_null() { "" } else { " WantAuthnRequestsSigned=\"true\"" };
    let bindings = [("redirect", REDIRECT), ("post", POST)];
    let bindings = bindings.into_iter().filter(|(_, binding)| only.is_none_or(|only| only == *binding));
    let services = |kind: &str, path: &str| -> String {
        let services = bindings.clone().map(|(name, binding)| {
            let location = format!("{}/application/saml/{slug}/{path}/binding/{name}/", escaped(origin));
            format!("<md:{kind} Binding=\"{binding}\" Location=\"{location}\"/>")
        });
        services.collect::<Vec<_>>().concat()
    };
    // No provider knows the names of Windows.
    let name_ids = name_ids(|format| !format.contains("Windows"));
    format!(
        "<md:EntityDescriptor {NAMESPACES} ID=\"_{id}\" entityID=\"{}\"><md:IDPSSODescriptor \
         protocolSupportEnumeration=\"{PROTOCOL}\"{wants_signed}>{}{}{name_ids}{}</md:IDPSSODescriptor></md:EntityDescriptor>",
        escaped(provider.text("issuer")),
        key(provider, "signing_kp", "signing"),
        services("SingleLogoutService", "slo"),
        services("SingleSignOnService", "sso"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
    }
}
