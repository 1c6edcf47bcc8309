//! The keys of the `[global.shedding]` table go in, the settings of load shedding come out. A table that is written
//! switches shedding on, unless it says otherwise.

use crate::policy::{Ratio, Shape, SheddingSettings, Value};

/// A name with what it takes.
pub type Known = (&'static str, Shape);

pub const KEYS: &[Known] = &[
    ("enabled", Shape::Switch),
    ("cpu", Shape::POSITIVE_SHARE),
    ("memory", Shape::POSITIVE_SHARE),
    ("scheduler_lag", Shape::SPAN),
    ("queue_time", Shape::SPAN),
    ("max_in_flight", Shape::COUNT_OR_OFF),
    ("recover_after", Shape::DELAY),
];

/// What a table says that has no keys; a key that is left out keeps its default.
pub fn written() -> SheddingSettings {
    SheddingSettings { enabled: true, ..SheddingSettings::default() }
}

/// Takes one key.
pub fn set(settings: &mut SheddingSettings, name: &str, value: &Value) {
    match (name, value) {
        ("enabled", Value::Switch(on)) => settings.enabled = *on,
        ("cpu", Value::Number(share)) => settings.cpu = Ratio::saturating(*share),
        ("memory", Value::Number(share)) => settings.memory = Ratio::saturating(*share),
        ("scheduler_lag", Value::Duration(time)) => settings.scheduler_lag = *time,
        ("queue_time", Value::Duration(time)) => settings.queue_time = *time,
        ("max_in_flight", Value::Count(count)) => {
            settings.max_in_flight = Some(u32::try_from(*count).unwrap_or(u32::MAX));
        }
        ("max_in_flight", Value::Off) => settings.max_in_flight = None,
        ("recover_after", Value::Duration(time)) => settings.recover_after = *time,
        // The shape has been checked against the table above.
        _ => {}
    }
}

#[cfg(all(test, feature = "file"))]
mod tests {
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
        let misspelt =
            FileConfig::parse("[global.shedding]\nmemry = 0.5\n", "test.toml").expect_err("unknown");
        assert_eq!(misspelt.faults()[0].help(), Some("did you mean `memory`?"));
    }
}
