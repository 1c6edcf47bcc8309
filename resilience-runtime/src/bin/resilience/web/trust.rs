//! Decides whose certificates are trusted, by the arguments. Out: the settings of TLS.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::anybody::Anybody;
use crate::failure::Failure;
use crate::reading;

/// Whose certificates are trusted, where the address begins with `https://`.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Trust {
    /// Over `https`, trust the authorities of this file too, in PEM, beside those of the system; `-` is the standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    ca: Option<PathBuf>,

    /// Over `https`, trust any certificate: whoever stands between can read and change everything.
    #[arg(long)]
    insecure: bool,
}

impl Trust {
    /// Where authorities are read from, if they are in a file.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.ca.as_deref()
    }

    /// Whether nothing is said of certificates: where there are none, what is said of them would be without effect.
    pub(super) fn is_unused(&self) -> Result<(), Failure> {
        let said = match self {
            Self { ca: Some(_), .. } => "--ca",
            Self { insecure: true, .. } => "--insecure",
            Self { ca: None, insecure: false } => return Ok(()),
        };
        Err(Failure::unusable(format!("`{said}` is about certificates, and this address has none"))
            .with_help(format!("write the address with `https://`, or leave out `{said}`")))
    }

    /// The settings of TLS, for an address with it or without.
    ///
    /// The cryptography is named here instead of being the default of the process, which whoever comes first sets.
    pub(super) fn settings(&self, is_needed: bool) -> Result<ClientConfig, Failure> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::unusable(format!("no TLS: {error}")))?;
        let mut settings = if self.insecure {
            let anybody = Arc::new(Anybody(provider));
            builder.dangerous().with_custom_certificate_verifier(anybody).with_no_client_auth()
        } else {
            // Those of the system are some hundred files, which nobody needs without TLS.
            let roots = if is_needed { self.roots()? } else { RootCertStore::empty() };
            builder.with_root_certificates(roots).with_no_client_auth()
        };
        settings.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(settings)
    }

    fn roots(&self) -> Result<RootCertStore, Failure> {
        let mut roots = RootCertStore::empty();
        let of_system = rustls_native_certs::load_native_certs();
        // One that cannot be read is no reason not to trust the others.
        roots.add_parsable_certificates(of_system.certs);
        if let Some(path) = &self.ca {
            for certificate in certificates(path)? {
                let added = roots.add(certificate);
                added.map_err(|error| unreadable(path, &error.to_string()))?;
            }
        } else if roots.is_empty() {
            let why = of_system.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
            let failure =
                Failure::unusable(format!("this system has no certificates of authorities to trust{why}"));
            return Err(failure.with_help(
                "install them (`ca-certificates`), or name a file of authorities with `--ca FILE`",
            ));
        }
        Ok(roots)
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let text = reading::bytes(path)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let all = all.map_err(|error| unreadable(path, &error.to_string()))?;
    if all.is_empty() { Err(unreadable(path, "there is none in it")) } else { Ok(all) }
}

fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::unusable(format!("`{}` has no certificates of authorities: {why}", path.display()))
        .with_help("write them as PEM, each from `-----BEGIN CERTIFICATE-----` to its end")
}
