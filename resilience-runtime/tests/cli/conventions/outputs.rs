//! Files that commands write: what is wrong with them is told before the work, and no result is lost with them.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tempfile::TempDir;

use crate::resilience::{resilience, resilience_in};

/// Paths that cannot be written, whoever asks.
fn unwritable(folder: &TempDir) -> [String; 3] {
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    fs::write(path("file"), "").expect("writable");
    [path("nowhere/out"), path("."), path("file/out")]
}

/// A server that counts its connections and answers each with success.
pub(crate) fn counting() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("it has one"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        for mut connection in listener.incoming().map_while(Result::ok) {
            counted.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || {
                let mut head = [0; 1024];
                while connection.read(&mut head).is_ok_and(|read| read > 0) {
                    let answered = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                    answered.expect("it reads the answer");
                }
            });
        }
    });
    (url, count)
}

#[test]
fn what_cannot_be_written_is_told_before_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, count) = counting();
    for path in &unwritable(&folder) {
        for arguments in [
            &["load", &url, "--for", "1h", "--save", path][..],
            &["load", &url, "--for", "1h", "--svg", path],
            &["load", &url, "--for", "1h", "--hgrm", path],
            // Whole, these take minutes.
            &["simulate", "metastable", "--plot", path],
            &["simulate", "metastable", "--csv", path],
            &["advise", "-", "--patch", path],
        ] {
            let said = resilience(arguments);
            assert!(said.err.contains(&format!("cannot write `{path}`")), "{arguments:?}: {said:?}");
            assert_eq!((said.code, said.out.as_str()), (2, ""), "{arguments:?}");
        }
    }
    assert_eq!(count.load(Ordering::SeqCst), 0, "nothing was sent");
    let said = resilience(&["load", &url, "--save", "-"]);
    assert!(said.err.contains("`-` is no file to write") && said.code == 2, "{said:?}");
}

#[test]
fn a_run_that_never_begins_leaves_no_file_and_keeps_the_one_that_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    fs::write(path("kept"), "earlier").expect("writable");
    let said =
        resilience(&["load", "http://127.0.0.1:1/", "--save", &path("kept"), "--svg", &path("new.svg")]);
    assert!(said.err.contains("cannot reach") && said.code == 2, "{said:?}");
    assert_eq!(fs::read_to_string(path("kept")).expect("readable"), "earlier");
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
}

/// The disk is full when the result is there.
#[cfg(target_os = "linux")]
#[test]
fn a_result_is_told_although_its_file_cannot_be_written_after_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let drawn = folder.path().join("drawn.svg");
    let (url, _) = counting();
    let drawn_text = drawn.to_str().expect("text");
    let load = ["load", &url, "--for", "200ms", "--rate", "20", "--save", "/dev/full", "--svg", drawn_text];
    let file = "[services.db]\nstrategy = \"linear\"\n";
    for (arguments, part) in [
        (&load[..], "\nlatency from the intended start\n"),
        (&["simulate", "layers", "--quick", "--plot", "/dev/full"], "\nverdict\n"),
        (&["advise", "-", "--patch", "/dev/full"], "db"),
    ] {
        let said = resilience_in(&[], file, arguments);
        assert!(said.out.contains(part), "{arguments:?}: {said:?}");
        assert!(said.err.contains("cannot write `/dev/full`") && said.code == 2, "{arguments:?}: {said:?}");
    }
    assert!(
        fs::read_to_string(&drawn).is_ok_and(|svg| svg.starts_with("<svg ")),
        "the other file is written"
    );
}
