//! Measures the use of the whole machine, for a process that no control group limits. In: `/proc/stat` and `/proc/meminfo`. Out:
//! used shares.

use super::files::{Files, entry, number};
use super::meter::Meter;

/// Memory of the machine, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Memory {
    pub(super) total: f64,
    available: f64,
}

impl Memory {
    /// The share that is in use and not available at once.
    pub(super) fn used(self) -> f64 {
        (1.0 - self.available / self.total).max(0.0)
    }
}

/// The memory of the machine.
pub(super) fn memory(files: &Files) -> Option<Memory> {
    let text = files.read("/proc/meminfo")?;
    let bytes = |key| entry(&text, key).map(|kibibytes| kibibytes * 1024.0);
    let memory = Memory { total: bytes("MemTotal:")?, available: bytes("MemAvailable:")? };
    (memory.total > 0.0).then_some(memory)
}

/// The busy time of the processors on which the process may run: for a process that is pinned to 2 of 64 processors,
/// only these 2 count.
pub(super) fn cpu(files: &Files) -> Option<Meter> {
    let stat = files.read("/proc/stat")?;
    let status = files.read("/proc/self/status").unwrap_or_default();
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    processors(&stat, |number| allowed.is_none_or(|list| has(list, number)))
}

fn processors(stat: &str, allowed: impl Fn(u32) -> bool) -> Option<Meter> {
    stat.lines()
        .filter_map(|line| {
            let (name, times) = line.split_once(' ')?;
            allowed(name.strip_prefix("cpu")?.parse().ok()?).then(|| busy(times))?
        })
        .reduce(|sum, next| Meter { busy: sum.busy + next.busy, total: sum.total + next.total })
}

/// `user nice system idle iowait irq softirq steal`; the columns after these are part of `user`. Stolen time counts as
/// busy: it was wanted and not given.
fn busy(times: &str) -> Option<Meter> {
    let mut all = [0.0; 8];
    let mut words = times.split_whitespace();
    for time in &mut all {
        *time = number(words.next()?)?;
    }
    let total: f64 = all.iter().sum();
    let [_, _, _, idle, waiting, ..] = all;
    Some(Meter { busy: total - idle - waiting, total })
}

/// Whether a list such as `0-3,8` has the number.
fn has(list: &str, number: u32) -> bool {
    list.trim().split(',').any(|part| {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        matches!((from.parse::<u32>(), to.parse::<u32>()), (Ok(from), Ok(to)) if (from..=to).contains(&number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "\
cpu  204041 7 33190 640395 3138 0 349 151 0 0
cpu0 100 10 20 600 70 1 2 3 50 0
cpu1 10 0 0 90 0 0 0 0 0 0
cpu12 5 0 0 5 0 0 0 0 0 0
intr 4711 1 2 3
ctxt 99
";

    #[test]
    fn only_the_processors_of_the_process_count() {
        for (list, expected) in [
            ("0", Some(Meter { busy: 136.0, total: 806.0 })),
            ("1", Some(Meter { busy: 10.0, total: 100.0 })),
            ("1,8-15", Some(Meter { busy: 15.0, total: 110.0 })),
            ("2-7", None),
        ] {
            assert_eq!(processors(STAT, |number| has(list, number)), expected, "{list}");
        }
        assert_eq!(processors("cpu0 1 2 three 4 5 6 7 8\ncpu1 1 2 3\ncpu\n", |_| true), None);
    }

    #[test]
    fn a_list_of_processors_has_numbers_and_ranges() {
        for (list, members) in [("0-1\n", &[0, 1][..]), ("\t3,5-6", &[3, 5, 6]), ("", &[]), ("a-b,7", &[7])] {
            for number in 0..10 {
                assert_eq!(has(list, number), members.contains(&number), "{list} {number}");
            }
        }
    }
}
