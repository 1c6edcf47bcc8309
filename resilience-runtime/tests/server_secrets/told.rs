//! A server goes in; all that the program tells of its calls comes out: by it, to its own code, to OpenTelemetry and to its log.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::export::server::Server;
use resilience_runtime::{monitor, registry};

use crate::log::lines;

fn get(address: SocketAddr, path: &str, accept: &str, bytes: Option<usize>) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let request = format!(
        "GET {path} HTTP/1.0\r\nhost: {address}\r\naccept: {accept}\r\nauthorization: Bearer t\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    match bytes {
        None => drop(stream.read_to_end(&mut answer).expect("an answer")),
        Some(bytes) => {
            let mut part = [0; 4096];
            while answer.len() < bytes {
                let read = stream.read(&mut part).expect("more of the stream");
                answer.extend_from_slice(&part[..read]);
            }
        }
    }
    String::from_utf8(answer).expect("text")
}

fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

/// All that the program tells, by where.
pub(crate) fn told(server: &Server) -> HashMap<String, String> {
    let address = server.address();
    let mut told = HashMap::new();
    for path in
        ["/", "/page.js", "/page.css", "/metrics", "/health", "/ready", "/api/dashboard", "/api/session"]
    {
        told.insert(path.to_owned(), get(address, path, "*/*", None));
    }
    told.insert("open".to_owned(), get(address, "/metrics", "application/openmetrics-text", None));
    told.insert("stream".to_owned(), get(address, "/api/events", "text/event-stream", Some(20_000)));
    for service in monitor().dashboard_data().services {
        let path = format!("/api/services/{}", encoded(&service.name));
        let answer = get(address, &path, "*/*", None);
        assert!(answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"), "{answer}");
        told.insert(path, answer);
    }
    told.insert("data".to_owned(), format!("{:?}", monitor().dashboard_data()));
    told.insert("events".to_owned(), format!("{:?}", monitor().events()));
    told.insert("rendered".to_owned(), render(&monitor().dashboard_data(), Format::Text));
    for service in registry().services() {
        let explained = registry().explain(service.name()).expect("known").to_string();
        told.insert(format!("explained {}", service.name()), explained);
    }
    told.insert("findings".to_owned(), format!("{:?}", registry().findings()));
    #[cfg(feature = "otel")]
    told.insert("otel".to_owned(), super::otel::exported());
    told.insert("log".to_owned(), lines());
    told
}
