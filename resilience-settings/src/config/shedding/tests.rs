//! The table `[global.shedding]`, as a file writes it.

use super::*;
use crate::config::file::FileConfig;

fn settings(text: &str) -> SheddingSettings {
    let file = FileConfig::parse(text, "test.toml").unwrap_or_else(|error| panic!("{error}"));
    file.global().shedding.clone()
}

#[test]
fn a_written_table_switches_shedding_on_unless_it_says_otherwise() {
    let on = SheddingSettings { enabled: true, ..SheddingSettings::default() };
    assert_eq!(settings(""), SheddingSettings::default());
    assert!(!SheddingSettings::default().enabled);
    assert_eq!(settings("[global.shedding]\n"), on);
    assert_eq!(settings("[global]\nshedding = true\n"), on);
    assert_eq!(settings("[global]\nshedding = \"off\"\n"), SheddingSettings::default());
    assert_eq!(settings("[global.shedding]\nenabled = false\n"), SheddingSettings::default());
}

#[test]
fn every_key_of_shedding_is_checked_and_changes_the_settings() {
    let table = [
        ("enabled = false", "enabled = 1"),
        ("cpu = 0.5", "cpu = 0"),
        ("memory = 0.5", "memory = 90"),
        ("scheduler_lag = \"5ms\"", "scheduler_lag = 0"),
        ("queue_time = 1", "queue_time = \"1\""),
        ("max_in_flight = 100", "max_in_flight = 0"),
        ("recover_after = 0", "recover_after = -1"),
    ];
    assert_eq!(table.len(), KEYS.len());
    for (good, bad) in table {
        let plain = settings("[global.shedding]\n");
        assert_ne!(settings(&format!("[global.shedding]\n{good}\n")), plain, "{good}");
        let error = FileConfig::parse(&format!("[global.shedding]\n{bad}\n"), "test.toml")
            .expect_err("the value is out of range");
        let path = bad.split(' ').next().map(|key| format!("global.shedding.{key}"));
        assert_eq!((error.faults()[0].line(), Some(error.faults()[0].path())), (2, path.as_deref()));
    }
    let misspelt = FileConfig::parse("[global.shedding]\nmemry = 0.5\n", "test.toml").expect_err("unknown");
    assert_eq!(misspelt.faults()[0].help(), Some("did you mean `memory`?"));
}
