//! The live stream of changes: what clients are sent, and when.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Open, open};
use crate::fleet::{busy, snapshot, start};
use resilience_runtime::export::server::ServerBuilder;
use resilience_runtime::registry;

/// A client of the stream.
pub(crate) struct Reader {
    open: Open,
    text: String,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

impl Reader {
    pub(crate) fn new(address: SocketAddr, last_event: Option<&str>) -> Self {
        let last_event = last_event.map(|id| ("last-event-id", id));
        let headers: Vec<_> = last_event.into_iter().collect();
        let open = open(address, "GET /api/events", &headers, "");
        assert_eq!(open.status, 200);
        let mut reader = Self { open, text: String::new(), bytes: 0 };
        assert_eq!(reader.block().as_deref(), Some("retry: 1000"));
        reader
    }

    fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let part = self.open.part()?;
            self.bytes += part.len();
            self.text.push_str(std::str::from_utf8(&part).expect("text"));
        }
    }

    /// The next event that is not a rare one: tests beside this one cause those.
    pub(crate) fn snapshot(&mut self) -> Option<Event> {
        std::iter::from_fn(|| self.next()).find(|event| event.kind != "event")
    }

    pub(crate) fn next(&mut self) -> Option<Event> {
        let block = self.block()?;
        let field = |name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap_or_default().to_owned()
        };
        let data = serde_json::from_str(&field("data")).expect("JSON");
        Some(Event { kind: field("event"), id: field("id"), data })
    }
}

fn names(event: &Event) -> Vec<&str> {
    let rows = event.data["services"].as_array().expect("rows");
    rows.iter().map(|row| row["name"].as_str().expect("a name")).collect()
}

#[test]
fn a_second_is_rendered_once_however_many_read_it() {
    let (builder, looks) = busy(3);
    let server = builder.start().expect("a free port");
    assert_eq!(looks.load(Ordering::Relaxed), 0, "nobody asks, nothing is rendered");
    let started = Instant::now();
    let mut readers: Vec<_> = (0..20).map(|_| Reader::new(server.address(), None)).collect();
    for reader in &mut readers {
        let first = reader.snapshot().expect("an event");
        assert_eq!((first.kind.as_str(), &first.data["full"]), ("snapshot", &Value::Bool(true)));
        assert_eq!(names(&first).len(), 3);
        assert_eq!(first.data["process"]["health"], 97);
        let next = reader.snapshot().expect("an event");
        assert_eq!((&next.data["full"], names(&next).len()), (&Value::Bool(false), 3));
    }
    // The tests beside this one cause rare events, each of which may bring the next look forward.
    let seconds = started.elapsed().as_secs();
    assert!(looks.load(Ordering::Relaxed) <= 3 * seconds + 3, "{looks:?} in {seconds} s");
}

#[test]
fn what_is_rare_is_told_before_the_second_is_over() {
    let server = ServerBuilder::new().start().expect("a free port");
    registry().load_config("[services.rarely]\nmax_attempts = 2", "test.toml").expect("valid");
    let service = registry().service("rarely").expect("named");
    let mut reader = Reader::new(server.address(), None);
    reader.snapshot().expect("an event");
    // Opened at any moment of a second, it is seen soon: as a rule, so the middle one of five counts.
    let each = (0..5).map(|round| {
        std::thread::sleep(Duration::from_millis(130 * round));
        let began = Instant::now();
        let wanted = if round % 2 == 0 { "forced_open" } else { "closed" };
        if round % 2 == 0 {
            service.force_open();
        } else {
            service.reset_breaker();
        }
        loop {
            let event = reader.snapshot().expect("an event");
            let rows = event.data["services"].as_array().expect("rows");
            if rows.iter().any(|row| row["name"] == "rarely" && row["breaker"]["state"] == wanted) {
                return began.elapsed();
            }
        }
    });
    let mut times: Vec<_> = each.collect();
    times.sort();
    assert!(times[2] < Duration::from_millis(900), "{times:?}");
    service.reset_breaker();
}

#[test]
fn only_rows_that_changed_are_sent_and_a_client_that_comes_back_misses_none() {
    let calls = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let counted = std::sync::Arc::clone(&calls);
    let source = move || {
        let mut data = snapshot(3, 0);
        data.services[1].calls.success = counted.load(Ordering::Relaxed);
        data
    };
    let server = ServerBuilder::new().source(source).start().expect("a free port");
    let mut reader = Reader::new(server.address(), None);
    let mut id = reader.snapshot().expect("an event").id;
    let quiet = reader.snapshot().expect("an event");
    assert_eq!(names(&quiet), Vec::<&str>::new());
    id.clone_from(&quiet.id);
    drop(reader);
    calls.store(7, Ordering::Relaxed);
    let mut reader = Reader::new(server.address(), Some(&id));
    let missed = loop {
        let event = reader.snapshot().expect("an event");
        assert_eq!(event.data["full"], false);
        if !names(&event).is_empty() {
            break event;
        }
    };
    assert_eq!(names(&missed), ["service-1"]);
    assert_eq!(missed.data["services"][0]["calls"]["success"], 7);
}

#[test]
fn five_hundred_busy_services_cost_a_client_at_most_300_kilobytes_a_second() {
    let server = start(500);
    let started = Instant::now();
    let mut reader = Reader::new(server.address(), None);
    let mut seen = std::collections::HashSet::new();
    while started.elapsed() < Duration::from_secs(8) {
        let event = reader.snapshot().expect("an event");
        assert_eq!(event.data["total"], 500);
        seen.extend(names(&event).into_iter().map(str::to_owned));
    }
    let most = started.elapsed().mul_f64(300_000.0).as_secs();
    assert!(reader.bytes as u64 <= most, "{} bytes, at most {most}", reader.bytes);
    assert_eq!(seen.len(), 500);
}

#[test]
fn a_slow_reader_misses_what_lay_between_and_gets_the_newest() {
    let (builder, looks) = busy(500);
    let server = builder.start().expect("a free port");
    let mut slow = Reader::new(server.address(), None);
    let mut quick = Reader::new(server.address(), None);
    // The buffers of the sockets take some megabytes; the quick one goes on meanwhile.
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3) {
        assert!(quick.snapshot().is_some());
    }
    assert!(slow.snapshot().is_some());
    assert!(looks.load(Ordering::Relaxed) >= 3);
}
