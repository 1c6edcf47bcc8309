//! Commands that ask servers over TLS. The certificate is for `localhost`, by an authority that nobody knows, until 2126; the
//! key of that authority is kept nowhere.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::resilience::{Said, resilience_in};

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/certificates/authority.pem");
const STRANGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/certificates/stranger.pem");

/// A server, and how many requests it has answered.
struct Server {
    address: SocketAddr,
    answered: Arc<AtomicUsize>,
}

impl Server {
    fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/", self.address.port())
    }

    fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }
}

/// A server with TLS that answers as a dashboard without a service does.
fn secured() -> Server {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("certificates/localhost.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("certificates/localhost.key"));
    let settings = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("there are some")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.expect("PEM")], key.expect("PEM"));
    let settings = Arc::new(settings.expect("a certificate and its key"));
    serving(move |socket| {
        let connection = ServerConnection::new(Arc::clone(&settings)).expect("settings of a server");
        Box::new(StreamOwned::new(connection, socket))
    })
}

/// One without.
fn open() -> Server {
    serving(|socket| Box::new(socket))
}

trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

fn serving(opened: impl Fn(TcpStream) -> Box<dyn Stream> + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("it has one");
    let answered = Arc::new(AtomicUsize::new(0));
    let (count, opened) = (Arc::clone(&answered), Arc::new(opened));
    thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            let (count, opened) = (Arc::clone(&count), Arc::clone(&opened));
            thread::spawn(move || serve(&mut *opened(socket), &count));
        }
    });
    Server { address, answered }
}

/// Answers each request, none of which has a body.
fn serve(stream: &mut dyn Stream, count: &AtomicUsize) -> Option<()> {
    let mut head = Vec::new();
    loop {
        let mut some = [0; 1024];
        let read = stream.read(&mut some).ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&some[..read]);
        if head.ends_with(b"\r\n\r\n") {
            let is_http = head.starts_with(b"GET /");
            let answer = if is_http {
                "HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"services\":[]}"
            } else {
                "HTTP/1.1 400 Bad\r\n\r\n"
            };
            count.fetch_add(1, Ordering::SeqCst);
            stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()).ok()?;
            head.clear();
        } else if !head.starts_with(b"GET /") {
            // What somebody says who expects TLS.
            stream.write_all(b"HTTP/1.1 400 Bad\r\n\r\n").ok()?;
            return None;
        }
    }
}

/// The system trusts this authority alone.
fn on_a_system_that_trusts(authority: &str, words: &str, url: &str) -> Said {
    let (command, more) = words.split_once(' ').unwrap_or((words, ""));
    let arguments: Vec<&str> = [command, url].into_iter().chain(more.split_whitespace()).collect();
    resilience_in(&[("SSL_CERT_FILE", authority), ("SSL_CERT_DIR", "")], "", &arguments)
}

#[test]
fn a_service_behind_tls_is_loaded_if_its_authority_is_trusted_or_nobodys_matters() {
    let load = "load --rate 20 --for 500ms --even --json";
    for (system, host, more) in [
        (AUTHORITY, "localhost", String::new()),
        (STRANGER, "localhost", format!(" --ca {AUTHORITY}")),
        (STRANGER, "localhost", " --insecure".to_owned()),
        (STRANGER, "127.0.0.1", " --insecure".to_owned()),
    ] {
        let server = secured();
        let said = on_a_system_that_trusts(system, &format!("{load}{more}"), &server.url(host));
        assert_eq!(said.json()["calls"]["ok"], 10, "{host}{more}: {said:?}");
        assert_eq!(server.answered(), 10, "{host}{more}: what tries the address asks nothing");
    }
}

#[test]
fn a_server_that_is_not_trusted_is_told_before_anything_is_sent() {
    let (server, plain) = (secured(), open());
    for (url, more, parts) in [
        (server.url("localhost"), String::new(), ["invalid peer certificate", "`--ca FILE`"]),
        (server.url("localhost"), format!(" --ca {STRANGER}"), ["invalid peer certificate", "`--insecure`"]),
        (server.url("127.0.0.1"), format!(" --ca {AUTHORITY}"), ["not valid for name", "`--ca FILE`"]),
        (plain.url("localhost"), format!(" --ca {AUTHORITY}"), ["cannot reach", "with `http://`"]),
        (server.url("localhost"), " --ca nowhere.pem".to_owned(), ["cannot read `nowhere.pem`", ""]),
        (server.url("localhost"), format!(" --insecure --ca {AUTHORITY}"), ["cannot be used with", "--ca"]),
    ] {
        for command in ["load --for 1h", "top --once"] {
            let said = on_a_system_that_trusts(STRANGER, &format!("{command}{more}"), &url);
            assert_eq!(said.code, 2, "{command}{more} {url}: {said:?}");
            assert!(parts.iter().all(|part| said.err.contains(part)), "{command}{more} {url}: {}", said.err);
        }
    }
    assert_eq!(server.answered() + plain.answered(), 0);
}

#[test]
fn a_system_without_authorities_is_told_how_to_name_some() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate\n").expect("writable");
    let empty = empty.to_str().expect("text");
    let server = secured();
    let said = on_a_system_that_trusts(empty, "load --for 1h", &server.url("localhost"));
    assert!(said.err.contains("no certificates of authorities to trust"), "{said:?}");
    assert!(said.err.contains("`--ca FILE`") && said.code == 2, "{said:?}");
    let said = on_a_system_that_trusts(AUTHORITY, &format!("top --ca {empty}"), &server.url("localhost"));
    assert!(said.err.contains("has no certificates of authorities: there is none in it"), "{said:?}");
    assert_eq!(said.code, 2, "{said:?}");
}

#[test]
fn a_process_behind_a_proxy_with_tls_is_asked_too() {
    let server = secured();
    let said =
        on_a_system_that_trusts(STRANGER, &format!("top --once --ca {AUTHORITY}"), &server.url("localhost"));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("SERVICE") && server.answered() == 1, "{said:?}");
}
