//! A fleet goes in, two ports that answer with its page come out: one as the client asks for, one always in the text form,
//! which a Prometheus server would not ask for. They stand for two pods of one service.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use resilience_runtime::export::prometheus::{Format, render};

use crate::fleet::Fleet;
use crate::http;

/// The service that its targets are of.
pub(crate) const SERVICE: &str = "shop";

pub(crate) struct Pages {
    asked: SocketAddr,
    text: SocketAddr,
    served: Arc<Served>,
}

/// How many pages went out in each form.
#[derive(Default)]
struct Served {
    text: AtomicU64,
    open_metrics: AtomicU64,
}

impl Pages {
    pub(crate) fn serve(fleet: &Fleet) -> Result<Self, String> {
        let served = Arc::new(Served::default());
        let listen = |is_asked: bool| {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let address = listener.local_addr()?;
            let (fleet, served) = (fleet.clone(), Arc::clone(&served));
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (fleet, served) = (fleet.clone(), Arc::clone(&served));
                    thread::spawn(move || answer(&stream, &fleet, &served, is_asked));
                }
            });
            Ok::<_, std::io::Error>(address)
        };
        let fault = |fault: std::io::Error| format!("no port to listen on: {fault}");
        let (asked, text) = (listen(true).map_err(fault)?, listen(false).map_err(fault)?);
        Ok(Self { asked, text, served })
    }

    /// Where the page is, with the names of the pods.
    pub(crate) fn targets(&self) -> [(&'static str, SocketAddr); 2] {
        [("shop-7c5d-a", self.asked), ("shop-7c5d-b", self.text)]
    }

    /// The page by itself: type and form by the header, and what `promtool` says of it.
    pub(crate) fn check(&self) -> Result<(), String> {
        let text = http::get(self.asked, "/metrics", "Accept: text/plain\r\n")?;
        let open =
            http::get(self.asked, "/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n")?;
        if text.content_type != Format::Text.content_type() || text.body.contains("# EOF") {
            return Err(format!("not the text form: {}", text.content_type));
        }
        if open.content_type != Format::OpenMetrics.content_type() || !open.body.ends_with("\n# EOF\n") {
            return Err(format!("not the OpenMetrics form: {}", open.content_type));
        }
        let fault = |fault: std::io::Error| format!("promtool: {fault}");
        let mut promtool = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(fault)?;
        promtool.stdin.take().ok_or("no input")?.write_all(text.body.as_bytes()).map_err(fault)?;
        let output = promtool.wait_with_output().map_err(fault)?;
        if output.status.success() && output.stderr.is_empty() {
            return Ok(());
        }
        Err(format!("promtool check metrics: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// A check has asked for each once; a server has asked for more.
    pub(crate) fn were_served_in_both_formats(&self) -> Result<(), String> {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (text, open) = (count(&self.served.text), count(&self.served.open_metrics));
        if text > 1 && open > 1 {
            return Ok(());
        }
        Err(format!("{text} pages as text, {open} as OpenMetrics"))
    }
}

/// Reads the head of one request, and answers.
fn answer(mut stream: &TcpStream, fleet: &Fleet, served: &Served, is_asked: bool) {
    let lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let accept = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("accept").then(|| value.trim().to_owned())
    });
    let accept = accept.collect::<Vec<_>>().join(",");
    let format = if is_asked { Format::accepted(Some(&accept)) } else { Format::Text };
    let count = if format == Format::OpenMetrics { &served.open_metrics } else { &served.text };
    count.fetch_add(1, Ordering::Relaxed);
    let page = render(&fleet.snapshot(), format);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        format.content_type(),
        page.len()
    );
    // Whoever has gone away does not read it.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
}
