//! A connection that is encrypted, and one to a server that nobody vouches for.

use std::path::Path;
use std::process::Command;

use resilience_runtime::store::RedisIdempotencyProvider;
use tests::servers::{Program, Server, free_address};

use crate::rig::{Call, Rig};

/// A certificate that is its own authority, for this machine.
fn certificate(folder: &Path, name: &str) -> String {
    let (key, certificate) = (folder.join(format!("{name}.key")), folder.join(format!("{name}.pem")));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"])
        .arg(format!("/CN={name}"))
        .args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("openssl is installed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (key, certificate) = (key.display(), certificate.display());
    format!(
        "tls-key-file {key}\ntls-cert-file {certificate}\ntls-ca-cert-file {certificate}\ntls-auth-clients no\n"
    )
}

/// The client asks the system whom to trust, and that a variable: `checks/redis` names a file in it that this test writes.
#[tokio::test]
async fn a_connection_may_be_encrypted() {
    let trusted = std::env::var("SSL_CERT_FILE").expect("`checks/redis` sets it");
    let folder = tempfile::tempdir().expect("a folder");
    let known = certificate(folder.path(), "known");
    std::fs::copy(folder.path().join("known.pem"), trusted).expect("written");
    let unknown = certificate(folder.path(), "unknown");
    for (lines, is_trusted) in [(known, true), (unknown, false)] {
        let address = free_address();
        let server = Server::start_with(Program::Redis, &format!("tls-port {}\n{lines}", address.port()));
        let url = server.url(address).replace("redis://", "rediss://");
        let rig = Rig { store: RedisIdempotencyProvider::new(&url).expect("a URL") };
        if is_trusted {
            rig.holds(Call::new("secret")).await;
        } else {
            assert_eq!(rig.refusal().await.0, "connection lost");
        }
    }
}
