//! Reads what the server of a process answers, for `resilience advise --from`. In: its snapshot. Out: what was measured and what is
//! in force there.

use std::collections::BTreeMap;
use std::time::Duration;

use resilience_runtime::config::advice::{Measured, Question, Running};
use serde_json::Value;

use crate::failure::Failure;
use crate::remote::Remote;

/// Fills in what the process knows of its services.
pub(super) fn read_process(remote: &Remote, question: &mut Question) -> Result<(), Failure> {
    let data = remote.get(&["api", "dashboard"])?;
    let Some(services) = data["services"].as_array() else {
        return Err(Failure::unusable(format!(
            "{} does not answer as the server of a dashboard does",
            remote.name()
        )));
    };
    for service in services {
        let Some(name) = service["name"].as_str() else { continue };
        if service.get("sample").is_none() {
            let failure =
                Failure::unusable(format!("the process at {} has no times of attempts", remote.name()));
            return Err(failure.with_help("it was built with an older version of this library"));
        }
        question.measured.insert(name.to_owned(), measured(service, &data));
        // Of what was never called, the file is enough.
        if !service["sample"].is_null() {
            let told = remote.get(&["api", "services", name])?;
            question.running.insert(name.to_owned(), running(&told["configuration"], service));
        }
    }
    Ok(())
}

fn measured(service: &Value, data: &Value) -> Measured {
    let sample = &service["sample"];
    let count = |key: &str| sample[key].as_u64().unwrap_or(0);
    let time = |key: &str| sample[key].as_u64().map(Duration::from_micros);
    let mut measured = Measured::new();
    measured.length = time("length_us").unwrap_or_default();
    measured.attempts = count("attempts");
    measured.failed = count("failed");
    measured.succeeded = count("succeeded");
    measured.timed_out = count("timed_out");
    measured.mean = time("mean_us");
    measured.p95 = time("p95_us");
    measured.p99 = time("p99_us");
    measured.p999 = time("p999_us");
    measured.per_second = sample["attempts_per_second"].as_f64().unwrap_or(0.0);
    measured.peak_per_second = sample["peak_attempts_per_second"].as_f64();
    measured.in_flight_mean = sample["in_flight_mean"].as_f64();
    measured.in_flight_peak = count("in_flight_peak");
    measured.retry_share_p95 = sample["retry_share_p95"].as_f64();
    measured.breaker_openings = count("breaker_openings");
    let limit = service["bulkhead"]["limit"].as_u64();
    measured.bulkhead_limit = limit.and_then(|limit| u32::try_from(limit).ok());
    measured.has_partitions = service["partitions"]["total"].as_u64().is_some_and(|total| total > 0);
    let changes = [&data["process"]["config_applied_at_ms"], &sample["settings_updated_at_ms"]];
    measured.reloaded_after = reloaded_after(data, changes, measured.length);
    measured
}

/// How long after the start of the sample the last of these changes came into force, if one did within it.
fn reloaded_after(data: &Value, changes: [&Value; 2], length: Duration) -> Option<Duration> {
    let latest = changes.into_iter().filter_map(Value::as_u64).max()?;
    let ago = Duration::from_millis(data["taken_at_ms"].as_u64()?.saturating_sub(latest));
    length.checked_sub(ago)
}

/// The settings that are in force. A key that call sites write for themselves counts if all of them agree.
fn running(configuration: &Value, service: &Value) -> Running {
    let mut running = Running::default();
    for (key, value, _) in settings(configuration) {
        running.set(key, value);
    }
    let no_sites = Vec::new();
    let sites = configuration["sites"].as_array().unwrap_or(&no_sites);
    let mut by_key: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for site in sites {
        for (key, value, _) in settings(site) {
            by_key.entry(key).or_default().push((value, site["function"].as_str().unwrap_or_default()));
        }
    }
    let all = service["sites"].as_array().map_or(0, Vec::len);
    for (key, values) in by_key {
        let Some((first, at)) = values.first() else { continue };
        match values.iter().find(|(value, _)| value != first) {
            Some((other, there)) => running.split(key, format!("{first} in {at}, {other} in {there}")),
            None if values.len() == all => running.set(key, first),
            None => running.split(key, format!("{first} in {at}, and not in {} others", all - values.len())),
        }
    }
    running
}

fn settings(of: &Value) -> impl Iterator<Item = (&str, &str, &str)> {
    of["settings"].as_array().into_iter().flatten().filter_map(|setting| {
        Some((setting["key"].as_str()?, setting["value"].as_str()?, setting["source"].as_str()?))
    })
}
