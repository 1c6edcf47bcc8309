//! A client of HTTP for tests: a request goes out on a connection of its own, the answer comes back.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// An answer whose body has not been read.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) reader: BufReader<TcpStream>,
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream
}

/// Sends a request; `Host` is that of the address unless the headers have one.
pub(crate) fn open(address: SocketAddr, request: &str, headers: &[(&str, &str)], body: &str) -> Open {
    let mut stream = connect(address);
    let mut text = format!("{request} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        let _ = write!(text, "host: {address}\r\n");
    }
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    if !body.is_empty() {
        let _ = write!(text, "content-length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    text.push_str(body);
    stream.write_all(text.as_bytes()).expect("sent");
    let mut reader = BufReader::new(stream);
    let line = line(&mut reader).expect("an answer");
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    while let Some(line) = self::line(&mut reader).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').expect("a header");
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Open { status, headers, reader }
}

pub(crate) fn ask(address: SocketAddr, request: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut open = open(address, request, headers, body);
    let mut bytes = Vec::new();
    while let Some(part) = open.part() {
        bytes.extend(part);
    }
    Answer { status: open.status, headers: open.headers, body: String::from_utf8(bytes).expect("text") }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, &format!("GET {path}"), &[], "")
}

impl Open {
    /// The next part of the body: a chunk, or all of it; `None` at its end.
    pub(crate) fn part(&mut self) -> Option<Vec<u8>> {
        let is_chunked = self.headers.iter().any(|(name, _)| name == "transfer-encoding");
        if !is_chunked {
            let mut rest = Vec::new();
            self.reader.read_to_end(&mut rest).expect("a body");
            return (!rest.is_empty()).then_some(rest);
        }
        let size = usize::from_str_radix(&line(&mut self.reader)?, 16).expect("the size of a chunk");
        let mut part = vec![0; size];
        self.reader.read_exact(&mut part).expect("a chunk");
        assert_eq!(line(&mut self.reader).as_deref(), Some(""));
        (size > 0).then_some(part)
    }
}

/// A line without its end; `None` at the end of the stream.
fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let read = reader.read_line(&mut line).expect("text within the time");
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
