//! `resilience top` and `resilience events`, with the real server and events that happen while they run.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use resilience_runtime::export::server::{Server, ServerBuilder};
use resilience_runtime::{Patch, Rejection, Resilient, clear_update, registry, update_service};

use crate::conventions::counting;
use crate::resilience::resilience;

/// The events of the program belong to all its tests.
static EVENTS: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    EVENTS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(address: SocketAddr) -> Server {
    ServerBuilder::new().bind(address).start().expect("a free port")
}

fn any_port() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// Names a service by a call.
fn call(name: &str) {
    let handle = Resilient::service(name).max_attempts(2).build();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let ended: Result<(), Rejection> = runtime.block_on(async { handle.call(|| async { Ok(()) }).await });
    assert!(ended.is_ok());
}

/// A program that follows, ended when dropped.
struct Follower {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Follower {
    fn start(arguments: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_resilience"));
        program.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = program.spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("text");
        line
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn without_a_terminal_top_writes_its_lines_once() {
    let server = serve(any_port());
    call("topped");
    let said = resilience(&["top", &server.url(), "--filter", "topped"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[0].starts_with("SERVICE") && lines[0].ends_with("RETRIES"), "{said:?}");
    let words: Vec<&str> = lines[1].split_whitespace().collect();
    assert_eq!(words[..3], ["topped", "100", "closed"], "{said:?}");
    assert_eq!((lines.len(), said.code), (2, 0));
    assert!(!said.out.contains('\u{1b}'), "no screen and no colours: {said:?}");
    let data = resilience(&["top", &server.url(), "--json"]).json();
    assert_eq!(data["version"], 1);
    let mut follower = Follower::start(&["top", &server.url(), "--json", "--every", "1"]);
    for _ in 0..2 {
        let line: serde_json::Value =
            serde_json::from_str(&follower.line()).expect("a snapshot in each line");
        assert_eq!(line["version"], 1);
    }
    // Another server that says yes to everything is told at once, and not asked again and again.
    let (other, _) = counting();
    for arguments in [&["top", &other][..], &["events", &other], &["chaos", &other, "list"]] {
        let said = resilience(arguments);
        assert!(said.err.contains("does not answer as the server of a dashboard does"), "{said:?}");
        assert_eq!(said.code, 2, "{said:?}");
    }
    let gone = resilience(&["top", "127.0.0.1:1"]);
    assert!(gone.err.contains("cannot reach http://127.0.0.1:1") && gone.code == 2, "{gone:?}");
}

#[test]
fn events_come_as_they_happen_and_by_the_filters() {
    let _alone = alone();
    let server = serve(any_port());
    for name in ["told", "untold"] {
        call(name);
    }
    let url = server.url();
    let mut follower = Follower::start(&[
        "events",
        &url,
        "--json",
        "--new",
        "--service",
        "told",
        "--kind",
        "override_set",
        "--kind",
        "breaker",
    ]);
    // Until it follows, nobody knows what is new to it.
    std::thread::sleep(Duration::from_millis(1_500));
    for name in ["untold", "told"] {
        update_service(name, &Patch::new().max_attempts(3)).expect("it is named");
        registry().service(name).expect("it is named").force_open();
    }
    let events = [follower.line(), follower.line()].map(|line| -> serde_json::Value {
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    assert_eq!((&events[0]["kind"], &events[0]["service"]), (&"override_set".into(), &"told".into()));
    assert_eq!((&events[1]["kind"], &events[1]["to"]), (&"breaker".into(), &"forced_open".into()));
    for name in ["untold", "told"] {
        registry().service(name).expect("it is named").reset_breaker();
        clear_update(name);
    }
    let past = resilience(&["events", &url, "--count", "1", "--service", "told", "--kind", "breaker"]);
    assert!(past.out.ends_with("  told: breaker, closed to forced_open\n"), "{past:?}");
    assert_eq!((past.out.as_bytes()[4], past.code), (b'-', 0), "a date: {past:?}");
}

#[test]
fn filters_that_nothing_can_pass_are_told() {
    let _alone = alone();
    let server = serve(any_port());
    let url = server.url();
    call("known");
    update_service("known", &Patch::new().max_attempts(3)).expect("it is named");
    let of = |more: &[&str]| resilience(&[&["events", &url, "--count", "1"], more].concat()).err;
    let err = of(&["--service", "known", "--kind", "override_set"]);
    assert!(!err.contains("knows no service") && !err.contains("no event of this version"), "{err}");
    let err = of(&["--service", "known", "--service", "nkown"]);
    assert!(err.contains("the process knows no service `nkown` yet") && err.contains("`known`"), "{err}");
    let err = of(&["--service", "known", "--kind", "override_set", "--kind", "braker"]);
    assert!(err.contains("is a `braker`") && err.contains("`breaker`"), "{err}");
    clear_update("known");
}

#[test]
fn a_process_that_comes_back_is_followed_again() {
    let _alone = alone();
    let server = serve(any_port());
    let (address, url) = (server.address(), server.url());
    call("back");
    let mut follower = Follower::start(&["events", &url, "--service", "back", "--kind", "breaker", "--new"]);
    std::thread::sleep(Duration::from_millis(1_500));
    let service = registry().service("back").expect("it is named");
    service.force_open();
    assert!(follower.line().ends_with("closed to forced_open\n"));
    drop(server);
    std::thread::sleep(Duration::from_millis(300));
    let server = serve(address);
    service.reset_breaker();
    // The server is another, which knows nothing of what this reader has seen: all comes again, in its order.
    let mut line = follower.line();
    while line.ends_with("closed to forced_open\n") {
        line = follower.line();
    }
    assert!(line.ends_with("back: breaker, forced_open to closed\n"), "{line}");
    drop((follower, server));
}
