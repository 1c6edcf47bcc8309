//! `-` is the standard input, of every command that reads a file, and never the name of one.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::resilience::resilience_in;

const FILE: &str = "[services.db]\nmax_attempts = 7\n";

#[test]
fn every_command_that_reads_settings_takes_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.toml");
    fs::write(&empty, "").expect("writable");
    let empty = empty.to_str().expect("text");
    for (arguments, part) in [
        (&["check", "-"][..], "fine"),
        (&["explain", "-", "db", "--written"], "7"),
        (&["diff", "-", empty], "max_attempts"),
        (&["diff", empty, "-"], "max_attempts"),
        (&["schedule", "-", "db"], "10000 calls"),
        (&["simulate", "layers", "--quick", "--config", "-", "--service", "db"], "db of standard input"),
        (&["bench", "-", "db", "--for", "1ms"], "success at once"),
        (&["advise", "-"], "nothing to advise"),
    ] {
        let said = resilience_in(&[], FILE, arguments);
        assert!(said.code < 2 && said.out.contains(part), "{arguments:?}: {said:?}");
    }
}

#[test]
fn faults_of_it_are_those_of_a_file() {
    for arguments in [
        &["explain", "-", "db"][..],
        &["diff", "-", "/dev/null"],
        &["schedule", "-", "db"],
        &["simulate", "layers", "--config", "-", "--service", "db"],
        &["bench", "-", "db"],
    ] {
        let said = resilience_in(&[], "[services.db]\nmax_atempts = 7\n", arguments);
        assert!(said.err.contains("`-` has 1 fault, the first in line 2"), "{arguments:?}: {said:?}");
        assert_eq!(said.code, 2, "{arguments:?}");
    }
}

#[test]
fn it_can_be_read_once() {
    for arguments in [
        &["check", "-", "-"][..],
        &["diff", "-", "-"],
        &["load", "http://127.0.0.1:1/", "--replay", "-", "--baseline", "-"],
        &["load", "http://127.0.0.1:1/", "--replay", "-", "-d", "@-"],
    ] {
        let said = resilience_in(&[], FILE, arguments);
        assert!(said.err.contains("the standard input is named twice"), "{arguments:?}: {said:?}");
        assert_eq!(said.code, 2);
    }
}

#[test]
fn a_load_takes_starts_a_body_and_an_earlier_run_from_it() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    let served = thread::spawn(move || {
        let mut bodies = Vec::new();
        // One that looks whether somebody listens, and one with requests.
        for mut connection in listener.incoming().map_while(Result::ok).take(2) {
            let mut text = [0; 4096];
            while let Ok(read @ 1..) = connection.read(&mut text) {
                bodies.push(String::from_utf8_lossy(&text[..read]).into_owned());
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                connection.write_all(answer).expect("it reads the answer");
            }
        }
        bodies
    });
    let said = resilience_in(&[], "0\n", &["load", &url, "--replay", "-"]);
    assert!(said.out.starts_with("load: replay of 1 call,"), "{said:?}");
    assert_eq!(served.join().expect("no panic").len(), 1);
    let said = resilience_in(&[], "{}", &["load", &url, "--baseline", "-"]);
    assert!(said.err.contains("the baseline is no report of a load"), "{said:?}");
}
