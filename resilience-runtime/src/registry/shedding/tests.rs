//! How a registry evaluates readings, and the sampling thread from start to stop.

use std::time::{Duration, Instant};

use super::*;

fn new_registry() -> &'static Registry {
    Box::leak(Box::new(Registry::new()))
}

fn lagging(lag: Duration) -> Readings {
    Readings { scheduler_lag: lag, ..Readings::default() }
}

/// Waits for the sampling thread to see something.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_mins(1), "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn readings_become_the_pressure_that_calls_see() {
    let registry = new_registry();
    let mut hysteresis = LevelHysteresis::default();
    registry.evaluate(&lagging(Duration::from_millis(120)), &asked_for(), &mut hysteresis);
    assert!((registry.pressure() - 1.2).abs() < 1e-9);
    assert_eq!(registry.shedding_level(), SheddingLevel::Normal);
    assert!(registry.sheds(Priority::Normal) && !registry.sheds(Priority::High));

    registry.evaluate(&lagging(Duration::from_millis(10)), &asked_for(), &mut hysteresis);
    assert!((registry.pressure() - 0.1).abs() < 1e-9, "the gauge follows at once");
    assert_eq!(registry.shedding_level(), SheddingLevel::Normal, "the level does not");
}

#[test]
fn switching_it_off_lets_everybody_in_at_once_and_forgets() {
    let registry = new_registry();
    let mut hysteresis = LevelHysteresis::default();
    registry.evaluate(&lagging(Duration::from_secs(9)), &asked_for(), &mut hysteresis);
    assert_eq!(registry.shedding_level(), SheddingLevel::High);

    let off = settings!(SheddingSettings { enabled: false, ..asked_for() });
    registry.evaluate(&lagging(Duration::from_secs(9)), &off, &mut hysteresis);
    assert_eq!(registry.shedding_level(), SheddingLevel::Nothing);
    assert_eq!(registry.pressure().to_bits(), 0.0_f64.to_bits());

    registry.evaluate(&lagging(Duration::ZERO), &asked_for(), &mut hysteresis);
    assert_eq!(registry.shedding_level(), SheddingLevel::Nothing);
}

#[test]
fn outside_a_runtime_it_is_refused() {
    assert!(new_registry().start_load_shedding().is_err());
}

#[tokio::test]
async fn a_runtime_that_is_stuck_sheds_and_the_end_of_sampling_lets_everybody_in() {
    let registry = new_registry();
    let shedding = registry.sample(&Handle::current()).expect("a thread");
    // Longer than a sample takes, without a measurement in between.
    let mut shed = false;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(60)).await;
        std::thread::sleep(Duration::from_millis(700));
        shed = registry.sheds(Priority::High);
        if shed {
            break;
        }
    }
    assert!(shed, "pressure {}", registry.pressure());
    drop(shedding);
    assert_eq!(registry.shedding_level(), SheddingLevel::Nothing);
    assert_eq!(registry.pressure().to_bits(), 0.0_f64.to_bits());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn sampling_sees_the_machine_and_starts_again_after_it_stopped() {
    let registry = new_registry();
    for _ in 0..2 {
        let [first, second] = [(), ()].map(|()| registry.sample(&Handle::current()).expect("a thread"));
        // Memory is in use on any machine.
        until("a first sample", || registry.pressure() > 0.0).await;
        drop(first);
        assert!(registry.pressure() > 0.0, "one is left");
        drop(second);
        assert_eq!(registry.pressure().to_bits(), 0.0_f64.to_bits());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_program_that_starts_it_is_measured() {
    let registry = new_registry();
    let shedding = registry.start_load_shedding().expect("a runtime");
    until("a first sample", || registry.pressure() > 0.0).await;
    drop(shedding);
    assert_eq!(registry.pressure().to_bits(), 0.0_f64.to_bits());
}

/// The pressure and the level that readings make under a file with this table, and a while after they are over.
fn under(table: &str) -> String {
    let registry = new_registry();
    registry.load_config(&format!("[global.shedding]\n{table}\n"), "test.toml").expect("a valid table");
    let readings = Readings {
        cpu: Some(0.5),
        memory: Some(0.5),
        scheduler_lag: Duration::from_millis(50),
        queue_time: Duration::from_millis(250),
        in_flight: 50,
    };
    let settings = registry.lock().shedding().expect("a written table");
    let mut hysteresis = LevelHysteresis::default();
    registry.evaluate(&readings, &settings, &mut hysteresis);
    let pressed = (registry.pressure(), registry.shedding_level());
    registry.evaluate(&Readings::default(), &settings, &mut hysteresis);
    format!("{pressed:?} {:?}", registry.shedding_level())
}

#[test]
fn every_key_of_the_file_changes_what_is_shed() {
    for (key, one, other) in [
        ("enabled", "true\ncpu = 0.4", "false\ncpu = 0.4"),
        ("cpu", "0.9", "0.4"),
        ("memory", "0.9", "0.4"),
        ("scheduler_lag", "'100ms'", "'40ms'"),
        ("queue_time", "'500ms'", "'200ms'"),
        ("max_in_flight", "100", "40"),
        ("recover_after", "0\ncpu = 0.4", "'10s'\ncpu = 0.4"),
    ] {
        let [one, other] = [one, other].map(|value| under(&format!("{key} = {value}")));
        assert_ne!(one, other, "`{key}` makes no difference");
    }
}

#[test]
fn a_file_that_says_nothing_leaves_the_thresholds_as_they_are() {
    assert!(new_registry().lock().shedding().is_none());
}
