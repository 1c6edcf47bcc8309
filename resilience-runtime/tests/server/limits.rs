//! How many streams and connections clients of the server may hold, and how long.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::alone::is_alone;
use crate::client::{connect, get, open};
use crate::fleet::start;

/// Threads of this process.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").expect("Linux").count()
}

/// Memory of this process in KiB that is its own.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Waits until it holds, which takes a second or two for what a tick notices; longer while tests beside this one run.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_mins(1), "{what}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn three_hundred_clients_come_and_vanish_and_leave_nothing_behind() {
    if !is_alone("limits::three_hundred_clients_come_and_vanish_and_leave_nothing_behind") {
        return;
    }
    let server = start(3);
    let address = server.address();
    let stream = || open(address, "GET /api/events", &[], "");
    let mut before = None;
    for round in 0..20 {
        let mut clients = Vec::new();
        // The slots of the round before are free as soon as its clients are gone.
        while clients.len() < 300 {
            until("a slot is freed", || {
                let client = stream();
                let is_in = client.status == 200;
                if is_in {
                    clients.push(client);
                }
                is_in
            });
        }
        let one_more = stream();
        assert_eq!(one_more.status, 503, "round {round}");
        assert!(one_more.headers.iter().any(|(name, _)| name == "retry-after"));
        assert_eq!(get(address, "/metrics").status, 200, "others are answered");
        drop(clients);
        if round == 1 {
            // What the allocator and the runtime keep once is no leak.
            until("the thread of the stream ends", || !has_thread("resilience-stream"));
            before = Some((threads(), memory()));
        }
    }
    until("the thread of the stream ends", || !has_thread("resilience-stream"));
    let (threads_before, memory_before) = before.expect("measured");
    until("threads return", || threads() <= threads_before + 4);
    assert!(memory() <= memory_before + 5 * 1024, "{memory_before} KiB before, {} after", memory());
}

fn has_thread(name: &str) -> bool {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    // The kernel keeps fifteen characters.
    tasks.flatten().any(|task| {
        std::fs::read_to_string(task.path().join("comm"))
            .is_ok_and(|comm| name.starts_with(comm.trim()) && comm.trim().len() == 15)
    })
}

#[test]
fn who_does_not_finish_the_head_of_a_request_is_let_go() {
    let server = start(1);
    let mut stream = connect(server.address());
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nx-slow: ").expect("sent");
    let started = Instant::now();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn beyond_the_most_connections_one_is_turned_away_and_later_ones_are_served() {
    let server = start(1);
    let address = server.address();
    let idle: Vec<_> = (0..600).map(|_| connect(address)).collect();
    let mut one_more = connect(address);
    let mut answer = Vec::new();
    let _ = one_more.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 503"), "{}", String::from_utf8_lossy(&answer));
    drop(idle);
    until("places are free again", || {
        let mut stream = connect(address);
        let _ = stream.write_all(b"GET /ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer.starts_with(b"HTTP/1.1 200")
    });
}
