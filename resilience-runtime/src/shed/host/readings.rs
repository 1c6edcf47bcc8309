//! The shares of processor and memory that are in use, of what limits the process or else of the machine.

use super::files::Files;
use super::limits::Limits;
use super::machine;
use super::meter::Meters;

/// The readings of the machine or the container.
#[derive(Debug)]
pub(crate) struct Host {
    files: Files,
    limits: Limits,
    meters: Meters,
}

impl Host {
    /// Finds out what limits the process. A process does not change its control group as a rule; limits that change
    /// are followed.
    pub(crate) fn new() -> Self {
        Self::of(Files::of_the_system())
    }

    pub(super) fn of(files: Files) -> Self {
        Self { limits: Limits::find(&files), files, meters: Meters::default() }
    }

    /// The share of its processors used in the last second or so; `None` the first time.
    pub(crate) fn cpu(&mut self) -> Option<f64> {
        let limited = self.limits.cpu(&self.files);
        let meters =
            if limited.is_empty() { machine::cpu(&self.files).into_iter().collect() } else { limited };
        self.meters.push(meters)
    }

    /// The share of its memory in use.
    pub(crate) fn memory(&self) -> Option<f64> {
        let machine = machine::memory(&self.files);
        self.limits
            .memory(&self.files, machine.map_or(f64::INFINITY, |memory| memory.total))
            .or_else(|| machine.map(machine::Memory::used))
    }
}
