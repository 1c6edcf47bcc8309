//! The program of an example goes in, two ports that answer with its page come out: its own, and one that asks it for the
//! text form, which a Prometheus server would not ask for. They stand for two pods of one service.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use crate::{http, note};

/// The service that its targets are of.
pub(crate) const SERVICE: &str = "fleet";
/// The dependency whose breaker opens in each of its cycles.
pub(crate) const TROUBLED: &str = "postgres_orders";

pub(crate) struct Example {
    child: Child,
    own: SocketAddr,
    text: SocketAddr,
    /// Kept, as it writes there.
    _output: BufReader<ChildStdout>,
}

impl Example {
    /// Runs it until it is dropped.
    pub(crate) fn start(program: &Path) -> Result<Self, String> {
        let fault = |fault: std::io::Error| format!("{}: {fault}", program.display());
        let mut command = Command::new(program);
        let mut child = command.args(["--port", "0"]).stdout(Stdio::piped()).spawn().map_err(fault)?;
        note(&child).map_err(fault)?;
        let output = child.stdout.take().ok_or("no output")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        let read = output.read_line(&mut line).map_err(fault);
        let address =
            line.trim().rsplit("http://").next().and_then(|url| url.trim_end_matches('/').parse().ok());
        let (Ok(_), Some(own)) = (read, address) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("{} does not say where it listens, but: {line}", program.display()));
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(fault)?;
        let text = listener.local_addr().map_err(fault)?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || pass_on(&stream, own));
            }
        });
        Ok(Self { child, own, text, _output: output })
    }

    /// Where its page is, with the names of the pods.
    pub(crate) fn targets(&self) -> [(&'static str, SocketAddr); 2] {
        [("fleet-5f9b-a", self.own), ("fleet-5f9b-b", self.text)]
    }

    /// Both formats are what they say.
    pub(crate) fn check(&self) -> Result<(), String> {
        let open = http::get(self.own, "/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n")?;
        let text = http::get(self.text, "/metrics", "")?;
        if open.status != 200 || !open.body.ends_with("\n# EOF\n") {
            return Err(format!(
                "the example does not answer as OpenMetrics: {} {}",
                open.status, open.content_type
            ));
        }
        if text.status != 200 || text.body.contains("# EOF") {
            return Err(format!(
                "the example does not answer as text: {} {}",
                text.status, text.content_type
            ));
        }
        Ok(())
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the head of one request, and answers it with the page as text.
fn pass_on(mut stream: &TcpStream, to: SocketAddr) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    if lines.count() == 0 {
        return;
    }
    let Ok(page) = http::get(to, "/metrics", "Accept: text/plain;version=0.0.4\r\n") else { return };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        page.content_type,
        page.body.len()
    );
    // Whoever has gone away does not read it.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.body.as_bytes()));
}
