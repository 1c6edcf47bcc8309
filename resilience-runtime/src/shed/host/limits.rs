//! Measures how much of the limits of the control groups is used. In: the files of the groups around the process. Out: shares.

use std::path::Path;
use std::time::Instant;

use super::files::{Files, entry, number};
use super::groups::{Place, Version};
use super::meter::Meter;

/// Where the limits of the process are, if any.
#[derive(Debug)]
pub(super) struct Limits {
    epoch: Instant,
    cpu: Option<Place>,
    /// Version 1 accounts processor time under another controller than the one that limits it.
    cpu_account: Option<Place>,
    memory: Option<Place>,
}

impl Limits {
    pub(super) fn find(files: &Files) -> Self {
        let groups = files.read("/proc/self/cgroup").unwrap_or_default();
        let mounts = files.read("/proc/self/mountinfo").unwrap_or_default();
        let place = |controller| Place::find(&groups, &mounts, controller);
        Self {
            epoch: Instant::now(),
            cpu: place("cpu"),
            cpu_account: place("cpuacct"),
            memory: place("memory"),
        }
    }

    /// For each group with a quota, the processor time used so far and the time that the quota allowed; empty if no
    /// group has one.
    pub(super) fn cpu(&self, files: &Files) -> Vec<Meter> {
        let Some(place) = &self.cpu else { return Vec::new() };
        let seconds = self.epoch.elapsed().as_secs_f64();
        let meter = |folder: &Path| {
            let processors = match place.version {
                Version::Two => quota_v2(&files.read(folder.join("cpu.max"))?)?,
                Version::One => {
                    let quota = files.number(folder.join("cpu.cfs_quota_us")).filter(|quota| *quota > 0.0)?;
                    quota / files.number(folder.join("cpu.cfs_period_us")).filter(|period| *period > 0.0)?
                }
            };
            let busy = match place.version {
                Version::Two => entry(&files.read(folder.join("cpu.stat"))?, "usage_usec")? / 1e6,
                Version::One => {
                    let account = place.counterpart(folder, self.cpu_account.as_ref()?);
                    files.number(account.join("cpuacct.usage"))? / 1e9
                }
            };
            Some(Meter { busy, total: seconds * processors })
        };
        place.folders().filter_map(|folder| meter(&folder)).collect()
    }

    /// The used share of the limit that is closest to being reached; `None` if no group has a limit.
    ///
    /// File pages that were not read recently do not count: the kernel reclaims them when it needs room, and a
    /// container that reads files always has them up to its limit. A limit above the memory of the machine is no limit;
    /// version 1 expresses "no limit" that way.
    pub(super) fn memory(&self, files: &Files, machine: f64) -> Option<f64> {
        let place = self.memory.as_ref()?;
        let (usage, limits, idle): (_, &[&str], _) = match place.version {
            Version::Two => ("memory.current", &["memory.max", "memory.high"], "inactive_file"),
            Version::One => ("memory.usage_in_bytes", &["memory.limit_in_bytes"], "total_inactive_file"),
        };
        let share = |folder: &Path| {
            let limit = limits
                .iter()
                .filter_map(|name| files.number(folder.join(name)))
                .filter(|limit| *limit > 0.0 && *limit <= machine)
                .reduce(f64::min)?;
            let stat = files.read(folder.join("memory.stat")).unwrap_or_default();
            let used = files.number(folder.join(usage))? - entry(&stat, idle).unwrap_or(0.0);
            Some((used / limit).max(0.0))
        };
        place.folders().filter_map(|folder| share(&folder)).reduce(f64::max)
    }
}

/// The number of processors that `cpu.max` allows: `50000 100000` is half a processor, `max 100000` is no limit.
fn quota_v2(text: &str) -> Option<f64> {
    let (quota, period) = text.trim().split_once(' ')?;
    Some(number(quota)? / number(period).filter(|period| *period > 0.0)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_a_number_of_processors() {
        for (text, processors) in [
            ("50000 100000\n", Some(0.5)),
            ("400000 100000\n", Some(4.0)),
            ("max 100000\n", None),
            ("50000 0\n", None),
            ("50000\n", None),
            ("", None),
        ] {
            assert_eq!(quota_v2(text), processors, "{text}");
        }
    }
}
