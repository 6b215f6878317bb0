//! The certificate that phones see, as the proxy in front of the server has it.

use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde::Serialize;
use std::path::Path;
use x509_cert::{Certificate as X509, der::Decode};

use crate::clock::Millis;

/// Until when it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Certificate {
    /// Its last moment; nothing where the file cannot be read or holds no certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Millis>,
}

impl Certificate {
    /// Reads a file of one certificate or a chain (PEM): the one that ends first counts, for with it ends the chain.
    pub(super) fn read(file: &Path) -> Certificate {
        let pem = std::fs::read(file).unwrap_or_default();
        let chain =
            CertificateDer::pem_slice_iter(&pem).map(|der| ends_at(&der.ok()?)).collect::<Option<Vec<_>>>();
        Certificate { ends_at: chain.and_then(|ends| ends.into_iter().min()) }
    }
}

fn ends_at(der: &[u8]) -> Option<Millis> {
    let validity = X509::from_der(der).ok()?.tbs_certificate.validity;
    Millis::try_from(validity.not_after.to_unix_duration().as_millis()).ok()
}
