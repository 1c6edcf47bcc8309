//! What is only on a terminal: the progress of a load, in one line that never wraps, and the screen of `top`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;

/// A server that answers each request as a dashboard without a service does.
pub(crate) fn serve() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let mut head = [0; 1024];
                while let Ok(read @ 1..) = connection.read(&mut head) {
                    let is_stream = String::from_utf8_lossy(&head[..read]).starts_with("GET /api/events");
                    let answer = if is_stream {
                        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: hello\n\n"
                    } else {
                        "HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"services\":[]}"
                    };
                    connection.write_all(answer.as_bytes()).expect("it reads the answer");
                }
            });
        }
    });
    url
}

/// What a terminal of that many columns is sent while a shell runs these commands, in which `$PROGRAM` is the program; if there
/// is another program that makes a terminal.
pub(crate) fn on_terminal(columns: u16, terminal: &str, commands: &str) -> Option<String> {
    let line = format!("stty cols {columns} rows 24; {commands}");
    let mut script = Command::new("script");
    script
        .args(["-qec", &line, "/dev/null"])
        .env("TERM", terminal)
        .env_remove("NO_COLOR")
        .stdin(Stdio::null());
    script.env("PROGRAM", env!("CARGO_BIN_EXE_resilience"));
    let sent = script.output().ok()?;
    Some(String::from_utf8(sent.stdout).expect("text"))
}

#[cfg(target_os = "linux")]
#[test]
fn progress_is_a_line_that_fits_and_leaves_nothing_behind() {
    let load =
        format!("timeout 20 \"$PROGRAM\" load {} --rate 50 --for 1s --even --drain 1s > /dev/null", serve());
    for columns in [200, 80, 40, 12] {
        let Some(sent) = on_terminal(columns, "xterm", &load) else {
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
    let sent = on_terminal(80, "dumb", &load);
    assert_eq!(sent.as_deref(), Some(""), "no commands to a terminal that knows none");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_cannot_be_drawn_on_has_the_table_as_lines() {
    let Some(sent) = on_terminal(80, "dumb", &format!("timeout 20 \"$PROGRAM\" top {}", serve())) else {
        return;
    };
    assert!(sent.starts_with("SERVICE") && sent.contains("RETRIES"), "{sent:?}");
    assert!(!sent.contains('\u{1b}'), "{sent:?}");
}
