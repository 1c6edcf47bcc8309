//! Data: a snapshot with every field filled in, as a fleet in trouble has them: what pages and writers are tested with. Its JSON is
//! in `example.json`.

mod calm;
mod labels;
mod process;
mod troubled;

use self::calm::{healthy, idle};
use self::labels::NOW;
use self::process::process;
use self::troubled::troubled;
use super::DashboardData;

/// Three services: one in trouble, with a name that has to be escaped; one that does well; one that nobody has called.
pub fn example() -> DashboardData {
    DashboardData::new(NOW, process(), vec![troubled(), healthy(), idle()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_exclude_one_another_and_buckets_add_up() {
        for service in example().services {
            assert_eq!(service.latency.buckets.iter().sum::<u64>(), service.latency.count);
            assert_eq!(
                service.calls.outcomes().map(|(_, count)| count).iter().sum::<u64>(),
                service.calls.ended()
            );
            assert_eq!(
                service.latency.cumulative().last().map(|(_, count)| count),
                Some(service.latency.count)
            );
        }
    }

    /// The page is built against the file; with `BLESS` set it is written anew.
    #[cfg(feature = "serde")]
    #[test]
    fn its_json_is_that_of_the_file() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/monitor/snapshot/example.json");
        let json = serde_json::to_string_pretty(&example()).expect("plain data") + "\n";
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &json).expect("the file can be written");
        }
        assert!(
            json == std::fs::read_to_string(path).expect("the file"),
            "run it with BLESS=1 and read the difference"
        );
    }
}
