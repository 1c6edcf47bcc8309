//! Loading and reloading a file that has something to say about each of many services that are in use.

use std::fs;
use std::path::Path;
use std::time::Instant;

use allocation_counter::measure as counted;
use benches::config_text;
use benches::row::Row;
use resilience_runtime::{load_config_from_file, registry, validate_config};
use tokio::runtime::Runtime;

use crate::calls::{BESIDE, beside, beside_name, name};

const RELOADS: u32 = 5;

/// `version` is the first that was not used before: nothing that was seen is to be met again.
pub(crate) fn measure(runtime: &Runtime, services: usize, mut version: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("resilience.toml");
    let names: Vec<String> = (0..services).map(name).collect();
    let mut change = || {
        version += 1;
        fs::write(&path, config_text::of(&names, version)).expect("the file is written");
    };
    let group = format!("file, {services} services");
    let print = |case: &str, value, unit, note: &str| {
        Row::new("registry", &group, case, value, unit).note(note).print();
    };

    change();
    let read = fs::read_to_string(&path).expect("the file is read");
    print("validate_config", fastest(|| assert!(validate_config(&read).is_ok())), "ms", "best of 5");
    print("first load", once(|| load(&path)), "ms", "all services in use, one call site each");
    print("the same again", fastest(|| load(&path)), "ms", "best of 5");
    let changed = fastest(|| {
        change();
        load(&path);
    });
    print("reload with other numbers", changed, "ms", "best of 5, the write included");

    let policies = registry().interned_policies();
    change();
    let grown = counted(|| load(&path));
    let policies = registry().interned_policies() - policies;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let [bytes, peak, policies] = [grown.bytes_current as f64, grown.bytes_max as f64, policies as f64];
    print("kept for ever by a reload with other numbers", bytes / 1024.0, "KB", "when every service changes");
    print("settings that a reload adds", policies, "policies", "");
    print("peak while a reload is under way", peak / 1024.0, "KB", "");
    let same = counted(|| load(&path)).bytes_current;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    print("kept by a reload without a change", same as f64 / 1024.0, "KB", "");
    // Names that nobody has written are not given a service each for long, so the file has those that are to come.
    let mut text = fs::read_to_string(&path).expect("the file is read");
    text.push_str(&headers((0..BESIDE).map(|number| beside_name(services, number))));
    fs::write(&path, text).expect("the file is written");
    beside(runtime, || load(&path), services);
}

/// Has a file name all these services, so that they are not taken for names from outside.
pub(crate) fn name_all(services: usize) {
    registry().load_config(&headers((0..services).map(name)), "names.toml").expect("the text is valid");
}

/// A file that says no more of services than that they are there.
fn headers(names: impl Iterator<Item = String>) -> String {
    names.fold(String::new(), |text, name| text + "[services." + &name + "]\n")
}

fn load(path: &Path) {
    load_config_from_file(path).expect("the file is valid");
}

fn once(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64() * 1e3
}

fn fastest(mut work: impl FnMut()) -> f64 {
    (0..RELOADS).map(|_| once(&mut work)).fold(f64::INFINITY, f64::min)
}
