//! A file that is followed in the place of another, and let go of in the middle of a reload; and a relative path that was
//! loaded, when the current directory is another one.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use resilience_runtime::{load_config_from_file, registry, watch_config_file};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// A listener that holds up whoever tells it of a reload, while it is shut.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    is_shut: bool,
    waiting: u32,
}

impl Gate {
    fn set(&self, is_shut: bool) {
        self.state().is_shut = is_shut;
        self.0.1.notify_all();
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Gate {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "resilience::config" {
            return;
        }
        let mut state = self.state();
        state.waiting += 1;
        while state.is_shut {
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting -= 1;
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn attempts(count: u32) -> bool {
    let shown = registry().explain("again").map(|explained| explained.to_string()).unwrap_or_default();
    shown.lines().any(|line| line.split_whitespace().take(2).eq(["max_attempts", &count.to_string()]))
}

fn write(path: &Path, attempts: u32) {
    fs::write(path, format!("[services.again]\nmax_attempts = {attempts}\n")).expect("written");
}

#[test]
fn a_second_watch_that_is_dropped_in_the_middle_of_a_reload_lets_go_and_a_loaded_path_is_not_read_again() {
    let gate = Gate::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(gate.clone()))
        .expect("the first");
    let folder = tempfile::tempdir().expect("a folder");
    let [first, second] = ["first.toml", "second.toml"].map(|name| folder.path().join(name));
    write(&first, 2);
    write(&second, 3);
    drop(watch_config_file(&first).expect("followed"));
    let watch = watch_config_file(&second).expect("the first is let go of");
    assert!(attempts(3));

    // Its reload is in force, and held up on its way to the log.
    gate.set(true);
    write(&second, 4);
    until("in force", || attempts(4));
    until("held up", || gate.state().waiting == 1);
    let dropping = std::thread::spawn(move || drop(watch));
    std::thread::sleep(Duration::from_millis(100));
    assert!(!dropping.is_finished(), "it waits for the reload, for a while");
    let refused = watch_config_file(&first).expect_err("the second has not been let go of").to_string();
    assert!(refused.contains("is followed already"), "{refused}");
    gate.set(false);
    dropping.join().expect("dropped");

    // Nobody follows it any more, and another is followed in its place.
    write(&second, 5);
    let watch = watch_config_file(&first).expect("followed");
    assert!(attempts(2));
    std::thread::sleep(Duration::from_millis(800));
    assert!(attempts(2), "the second file is of no account");
    write(&first, 6);
    until("followed", || attempts(6));
    drop(watch);
    loaded_from_here(folder.path());
}

/// A path that is loaded is read once, from where it leads then, and nothing that is kept of it leads elsewhere.
fn loaded_from_here(folder: &Path) {
    let [here, there] = ["here", "there"].map(|name| folder.join(name));
    for (folder, attempts) in [(&here, 7), (&there, 8)] {
        fs::create_dir(folder).expect("made");
        write(&folder.join("r.toml"), attempts);
    }
    std::env::set_current_dir(&here).expect("there");
    load_config_from_file("r.toml").expect("loaded");
    assert!(attempts(7));
    std::env::set_current_dir(&there).expect("there");
    let explanation = registry().explain("again").expect("known").to_string();
    assert!(explanation.contains(&*here.join("r.toml").to_string_lossy()), "{explanation}");
    // What is resolved anew is resolved from what was loaded.
    registry().update_service("again", &resilience_runtime::Patch::new()).expect("known");
    registry().clear_update("again");
    assert!(attempts(7));
    fs::write("r.toml", "[services.again]\nmax_attempts = 0\n").expect("written");
    let message = load_config_from_file("r.toml").expect_err("refused").to_string();
    assert!(message.contains("max_attempts"), "{message}");
    assert!(attempts(7), "the last good settings stay");

    // The one that is followed is named from the root on, wherever the program is.
    let watch = watch_config_file("../here/r.toml").expect("followed");
    std::env::set_current_dir(folder).expect("there");
    assert!(watch.path().is_absolute());
    write(&here.join("r.toml"), 9);
    until("followed from elsewhere", || attempts(9));
    let other = watch_config_file("there/r.toml").expect_err("one is followed").to_string();
    assert!(other.contains("here/r.toml") && other.contains(&*folder.to_string_lossy()), "{other}");
}
