//! What is only on a terminal: the progress of a load, in one line that never wraps.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

/// A server that answers each request.
fn serve() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let mut head = [0; 1024];
                while connection.read(&mut head).is_ok_and(|read| read > 0) {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                    connection.write_all(answer).expect("it reads the answer");
                }
            });
        }
    });
    url
}

/// What a terminal of that many columns is sent, if there is a program that makes one.
fn on_terminal(columns: u16, terminal: &str) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_resilience");
    let load = format!(
        "stty cols {columns} rows 24; '{program}' load {} --rate 50 --for 1s --even --drain 1s > /dev/null",
        serve()
    );
    let mut script = Command::new("script");
    script.args(["-qec", &load, "/dev/null"]).env("TERM", terminal).stdin(Stdio::null());
    let sent = script.output().ok()?;
    Some(String::from_utf8(sent.stdout).expect("text"))
}

#[cfg(target_os = "linux")]
#[test]
fn progress_is_a_line_that_fits_and_leaves_nothing_behind() {
    for columns in [200, 80, 40, 12] {
        let Some(sent) = on_terminal(columns, "xterm") else {
            eprintln!("`script` makes no terminal here");
            return;
        };
        assert!(!sent.contains('\n'), "one line: {sent:?}");
        let lines: Vec<&str> = sent.split("\r\u{1b}[2K\u{1b}[?7l").skip(1).collect();
        assert!(lines.len() > 3, "{sent:?}");
        for line in &lines {
            let text = line.strip_suffix("\u{1b}[?7h").expect("lines are broken again afterwards");
            assert!(text.chars().count() < usize::from(columns), "{columns}: {text:?}");
            assert!(!text.contains('\u{1b}'), "{text:?}");
        }
        assert_eq!(lines.last(), Some(&"\u{1b}[?7h"), "it is gone at the end");
    }
    assert_eq!(on_terminal(80, "dumb").as_deref(), Some(""), "no commands to a terminal that knows none");
}
