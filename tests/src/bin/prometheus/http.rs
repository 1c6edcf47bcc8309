//! A path and headers go in, status, type and body of the answer come out: just enough of a client for two servers on this
//! machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// The older version of the protocol, so that no answer comes in chunks.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &str) -> Result<Answer, String> {
    let fault = |fault: std::io::Error| format!("{address}{path}: {fault}");
    let mut stream = TcpStream::connect(address).map_err(fault)?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).map_err(fault)?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n{headers}\r\n").map_err(fault)?;
    let mut text = String::new();
    stream.read_to_string(&mut text).map_err(fault)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("an answer without a head")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
    let content_type = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-type").then(|| value.to_owned())
    });
    Ok(Answer { status, content_type: content_type.unwrap_or_default(), body: body.to_owned() })
}

/// A text as a part of a query string.
pub(crate) fn encoded(text: &str) -> String {
    let shown = |byte: u8| match char::from(byte) {
        plain if plain.is_ascii_alphanumeric() => plain.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(shown).collect()
}
