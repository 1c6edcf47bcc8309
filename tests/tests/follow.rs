//! The fate of a followed file, as the program and its log see it.

use std::fmt::Write;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use resilience_runtime::{registry, watch_config_file};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, String)>>>);

impl<S: Subscriber> Layer<S> for Log {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        /// The message first, then the other fields.
        struct Message(String);
        impl Visit for Message {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}{}", self.0);
                } else {
                    let _ = write!(self.0, " {}={value:?}", field.name());
                }
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        if event.metadata().target() == "resilience::config" {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((*event.metadata().level(), message.0));
        }
    }
}

impl Log {
    fn with(&self, level: Level, text: &str) -> usize {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().filter(|(of, message)| *of == level && message.contains(text)).count()
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_file_that_goes_empties_and_comes_back_is_told_of_and_a_relative_path_stays_where_it_leads() {
    let log = Log::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(log.clone()))
        .expect("the first");
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("made");
    std::env::set_current_dir(folder.path()).expect("there");
    let write = |attempts: u32| format!("[services.followed]\nmax_attempts = {attempts}\n");
    fs::write("r.toml", write(2)).expect("written");
    fs::write(elsewhere.join("r.toml"), write(9)).expect("written");

    let watch = watch_config_file("r.toml").expect("followed");
    assert!(watch.path().is_absolute());
    std::env::set_current_dir(&elsewhere).expect("there");
    let explained =
        || registry().explain("followed").map(|explained| explained.to_string()).unwrap_or_default();
    let attempts = |count: u32| {
        explained()
            .lines()
            .any(|line| line.split_whitespace().take(2).eq(["max_attempts", &count.to_string()]))
    };
    assert!(attempts(2));
    let loaded = format!("configuration loaded path={} services=1", watch.path().display());
    assert_eq!((log.with(Level::INFO, &loaded), log.with(Level::INFO, "configuration loaded")), (1, 1));

    let second = watch_config_file("r.toml").expect_err("one is followed").to_string();
    assert!(second.contains("is followed already") && second.contains("one file"), "{second}");

    let path = watch.path().to_owned();
    let refused = || registry().reloads().refused;
    fs::remove_file(&path).expect("removed");
    until("gone", || refused() == 1);
    assert!(attempts(2), "the last good settings stay");
    fs::write(&path, write(2)).expect("written");
    until("back", || log.with(Level::INFO, "accepted again") == 1);

    fs::write(&path, "").expect("written");
    until("empty", || refused() == 2);
    assert!(attempts(2), "the last good settings stay");
    fs::write(&path, write(3)).expect("written");
    until("back", || attempts(3));
    until("said", || log.with(Level::INFO, "accepted again") == 2);
    assert_eq!((log.with(Level::ERROR, "refused"), refused()), (2, 2));

    drop(watch);
    let other = watch_config_file("r.toml").expect("nothing is followed any more");
    assert!(attempts(9));
    drop(other);
}
