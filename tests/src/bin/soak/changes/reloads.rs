//! Reloads. In: the services. Out: new settings for them all the time, loaded directly or written to a followed file.
//!
//! With direct loads, one after the other, it is known which text is in force, and each has to be in force as a whole.
//! A panic during a load comes from foreign code that the load has woken or notified; the load itself has to be either
//! complete or not begun.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use resilience_runtime::{ConfigWatch, registry, watch_config_file};
use tempfile::TempDir;

use crate::changes::settings::{VARIANTS, between_rounds, faulty, tag, variant};
use crate::checks::findings::{hold, violated};
use crate::checks::journal;
use crate::dice::Dice;
use crate::foreign::hazards::{Hazard, Planned, inside};

const SCENE: &str = "reloads";

/// Reloads until it is told to stop.
pub(crate) struct Reloads {
    services: Vec<&'static str>,
    folder: TempDir,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    watch: Option<ConfigWatch>,
    rounds: u64,
}

impl Reloads {
    pub(crate) fn new(services: Vec<&'static str>) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let stop = Arc::default();
        Ok(Self { services, folder, stop, thread: None, watch: None, rounds: 0 })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("soak.toml")
    }

    /// Starts, in every third round through a file.
    pub(crate) fn start(&mut self, is_counted: bool) -> Result<(), String> {
        self.rounds += 1;
        self.stop.store(false, Ordering::SeqCst);
        let (stop, services) = (Arc::clone(&self.stop), self.services.clone());
        let dice = Dice::new((1 << 40) + self.rounds);
        if self.rounds.is_multiple_of(3) {
            let path = self.path();
            write(&path, &between_rounds(is_counted));
            self.watch = Some(watch_config_file(&path).map_err(|error| error.to_string())?);
            self.thread =
                Some(thread::spawn(move || write_all_the_time(&path, &services, &stop, dice, is_counted)));
        } else {
            self.thread = Some(thread::spawn(move || load_all_the_time(&services, &stop, dice, is_counted)));
        }
        Ok(())
    }

    /// Stops, with the settings in force that are checked between the rounds.
    pub(crate) fn stop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // The hook has recorded a panic there.
            let _ = thread.join();
        }
        if self.watch.is_some() {
            self.is_still_followed();
        }
        self.watch = None;
        if let Err(error) = registry().load_config(&between_rounds(true), "between.toml") {
            violated(SCENE, "a sound text is loaded", &error.to_string());
        }
    }

    /// A change of the file is in force soon, even if something panicked while it was followed.
    fn is_still_followed(&self) {
        write(&self.path(), &variant(0, &self.services, true));
        let begun = Instant::now();
        while !self.all_have(tag(0)) {
            if begun.elapsed() > Duration::from_secs(4) {
                violated(SCENE, "the file is still followed", "a change is not in force after 4 s");
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn all_have(&self, tag: u32) -> bool {
        tags(&self.services).all(|(_, found)| found == tag)
    }
}

/// The services that have been called, and the tags that they have.
fn tags(services: &[&'static str]) -> impl Iterator<Item = (&'static str, u32)> {
    let known = services.iter().filter_map(|name| registry().service(name));
    known.map(|service| (service.name(), service.policy().max_partitions))
}

fn write(path: &PathBuf, text: &str) {
    if let Err(error) = fs::write(path, text) {
        violated(SCENE, "the soak can write its file", &error.to_string());
    }
}

fn write_all_the_time(
    path: &PathBuf,
    services: &[&'static str],
    stop: &AtomicBool,
    mut dice: Dice,
    is_counted: bool,
) {
    while !stop.load(Ordering::SeqCst) {
        let number = u32::try_from(dice.below(u64::from(VARIANTS))).unwrap_or(0);
        let text = if dice.share(0.1) { faulty(services) } else { variant(number, services, is_counted) };
        if dice.share(0.5) {
            write(path, &text);
        } else {
            let beside = path.with_extension("new");
            write(&beside, &text);
            let _ = fs::rename(&beside, path);
        }
        thread::sleep(Duration::from_millis(40 + dice.below(120)));
    }
}

fn load_all_the_time(services: &[&'static str], stop: &AtomicBool, mut dice: Dice, is_counted: bool) {
    journal::enter(SCENE);
    let mut in_force = None;
    while !stop.load(Ordering::SeqCst) {
        if dice.share(0.1) {
            let refused = registry().load_config(&faulty(services), "faulty.toml").is_err();
            hold(refused, SCENE, "a faulty text is refused", String::new);
        } else {
            let number = u32::try_from(dice.below(u64::from(VARIANTS))).unwrap_or(0);
            if load(number, services, is_counted) {
                in_force = Some(tag(number));
            } else {
                in_force = whole(services);
            }
        }
        if let Some(tag) = in_force {
            let others: Vec<_> = tags(services).filter(|(_, found)| *found != tag).collect();
            hold(others.is_empty(), SCENE, "a text is in force whole", || format!("{tag}, but {others:?}"));
        }
        thread::sleep(Duration::from_millis(2 + dice.below(12)));
    }
}

/// Loads one of the texts; `false` if foreign code panicked meanwhile, so that it may or may not be in force.
fn load(number: u32, services: &[&'static str], is_counted: bool) -> bool {
    let text = variant(number, services, is_counted);
    journal::note("load", number.to_string());
    match catch_unwind(AssertUnwindSafe(|| inside(|| registry().load_config(&text, "variant.toml")))) {
        Ok(loaded) => {
            hold(loaded.is_ok(), SCENE, "a sound text is loaded", || format!("{:?}", loaded.err()));
            true
        }
        Err(payload) => {
            let by = payload.downcast_ref::<Planned>().map(|Planned(hazard)| *hazard);
            hold(by == Some(Hazard::Subscriber), SCENE, "no task's waker panics into a load", || {
                format!("{by:?}")
            });
            false
        }
    }
}

/// The tag that all services have, after a load that may or may not have been made.
fn whole(services: &[&'static str]) -> Option<u32> {
    let mut all = tags(services);
    let (_, first) = all.next()?;
    let others: Vec<_> = all.filter(|(_, found)| *found != first).collect();
    hold(others.is_empty(), SCENE, "a text is in force whole or not at all", || {
        format!("{first}, but {others:?}")
    });
    others.is_empty().then_some(first)
}
