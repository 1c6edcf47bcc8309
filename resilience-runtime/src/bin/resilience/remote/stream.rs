//! Reads server-sent events. In: bytes as they come. Out: messages, each with the id to go on from.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Response;
use serde_json::Value;
use tokio::runtime::Runtime;

/// A message of the stream.
#[derive(Debug, PartialEq)]
pub(crate) struct Message {
    /// What it is: `snapshot`, `event`, `closed`.
    pub(crate) kind: String,
    pub(crate) data: Value,
    /// To go on from after a break.
    pub(crate) id: Option<String>,
}

/// What came within the time that was given.
#[derive(Debug)]
pub(crate) enum Next {
    Message(Message),
    /// Nothing so far.
    Quiet,
    /// The connection is gone.
    End,
}

/// The messages of a stream as they come.
pub(crate) struct Messages<'r> {
    response: Response,
    runtime: &'r Runtime,
    parser: Parser,
}

impl<'r> Messages<'r> {
    pub(super) fn new(response: Response, runtime: &'r Runtime) -> Self {
        Self { response, runtime, parser: Parser::default() }
    }

    /// The next message, if one comes within this time.
    pub(crate) fn next_within(&mut self, time: Duration) -> Next {
        loop {
            if let Some(message) = self.parser.ready.pop_front() {
                return Next::Message(message);
            }
            // The timer belongs to the runtime, so it is made within.
            let chunk =
                self.runtime.block_on(async { tokio::time::timeout(time, self.response.chunk()).await });
            match chunk {
                Err(_) => return Next::Quiet,
                Ok(Ok(Some(bytes))) => self.parser.push(&bytes),
                Ok(Ok(None) | Err(_)) => return Next::End,
            }
        }
    }
}

/// Lines of a stream so far.
#[derive(Debug, Default)]
struct Parser {
    /// Bytes of a line that has not ended.
    rest: Vec<u8>,
    kind: String,
    data: String,
    id: Option<String>,
    ready: VecDeque<Message>,
}

impl Parser {
    fn push(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            self.line(line.trim_end_matches(['\n', '\r']));
        }
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            let (kind, data) = (std::mem::take(&mut self.kind), std::mem::take(&mut self.data));
            // What cannot be read is no message; the next one stands by itself.
            if let Ok(data) = serde_json::from_str(&data) {
                self.ready.push_back(Message { kind, data, id: self.id.clone() });
            }
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.kind),
            "id" => self.id = Some(value.to_owned()),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_whole_however_the_bytes_come() {
        let text = "retry: 1000\n\nid: 7-1\nevent: event\ndata: {\"kind\":\"brea\ndata: ker ü\"}\r\n\n: a comment\ndata: no json\n\nevent: closed\ndata: {}\n\n";
        for size in [1, 2, 7, 1_000] {
            let mut parser = Parser::default();
            for part in text.as_bytes().chunks(size) {
                parser.push(part);
            }
            let kinds: Vec<_> = parser.ready.iter().map(|message| message.kind.as_str()).collect();
            assert_eq!(kinds, ["closed"], "a broken text is none: {:?}", parser.ready);
            assert_eq!(parser.ready[0].id.as_deref(), Some("7-1"));
        }
        let mut parser = Parser::default();
        parser.push("event: event\ndata: {\"to\":\ndata: \"ü\"}\n\ndata: {\"cut\":".as_bytes());
        assert_eq!(parser.ready.len(), 1);
        assert_eq!(
            (parser.ready[0].kind.as_str(), &parser.ready[0].data["to"]),
            ("event", &Value::from("ü"))
        );
    }
}
