//! A followed file, and a subscriber that panics in the events about it, or uses the library in them.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use resilience_runtime::{ConfigWatch, Patch, load_config_from_file, registry, watch_config_file};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The events received, each before the panic.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What the subscriber drops when it receives the event of a reload.
static DROPPED: Mutex<Option<ConfigWatch>> = Mutex::new(None);

struct Hostile;

struct Message<'m>(&'m mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            *self.0 = format!("{value:?}");
        }
    }
}

impl Subscriber for Hostile {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("resilience")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = String::new();
        event.record(&mut Message(&mut message));
        let _ = registry().update_service("watched", &Patch::new());
        let _ = registry().explain("watched");
        if message == "configuration reloaded" {
            drop(DROPPED.lock().unwrap_or_else(PoisonError::into_inner).take());
        }
        HEARD.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        panic!("the subscriber panics");
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn heard(part: &str) -> usize {
    let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    heard.iter().filter(|message| message.contains(part)).count()
}

/// Waits until the condition holds, for longer than any change may take to be in force.
fn becomes(what: &str, is: impl Fn() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}; heard: {HEARD:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn is_in_force(attempts: u32) -> bool {
    let shown = registry().explain("watched").map(|explanation| explanation.to_string()).unwrap_or_default();
    shown.lines().any(|line| line.split_whitespace().take(2).eq(["max_attempts", &attempts.to_string()]))
}

fn write(path: &Path, attempts: u32) {
    // A finding, and in a reload a message of its own.
    fs::write(path, format!("[services.watched]\nmax_attempts = {attempts}\n")).unwrap();
}

#[test]
fn whatever_the_subscriber_does_the_file_is_followed_on() {
    tracing::subscriber::set_global_default(Hostile).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.toml");
    write(&path, 2);
    let findings = load_config_from_file(&path).expect("in force, whoever panics");
    assert_eq!((findings.len(), heard("no call site names the service `watched`")), (1, 1));

    let watch = watch_config_file(&path).expect("followed");
    for attempts in 3..6 {
        let before = heard("configuration reloaded");
        write(&path, attempts);
        becomes("in force", || is_in_force(attempts));
        becomes("said", || heard("configuration reloaded") == before + 1);
    }
    let refused = registry().reloads().refused;
    fs::write(&path, "[services.watched]\nmax_attempts = 0\n").unwrap();
    becomes("refused", || registry().reloads().refused == refused + 1);
    becomes("said", || heard("must be a whole number") == 1);
    assert!(is_in_force(5));

    // Refused by its file type: nothing waits for a writer of the pipe.
    #[cfg(unix)]
    {
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        fs::rename(&pipe, &path).unwrap();
        becomes("refused", || registry().reloads().refused == refused + 2);
        becomes("said", || heard("it is a named pipe") == 1);
        fs::remove_file(&path).unwrap();
    }
    write(&path, 7);
    becomes("in force", || is_in_force(7));

    // By the subscriber, on the following thread.
    *DROPPED.lock().unwrap() = Some(watch);
    write(&path, 8);
    becomes("dropped", || DROPPED.lock().is_ok_and(|left| left.is_none()));
    becomes("in force", || is_in_force(8));
    write(&path, 9);
    std::thread::sleep(Duration::from_millis(1_200));
    assert!(is_in_force(8), "nobody follows the file any more");
}
