//! Measures the shares of processor and memory in use, of the limits of the process or else of the machine. Out: both.

use super::files::Files;
use super::limits::Limits;
use super::machine;
use super::meter::Meters;

/// Reads the machine or the container.
#[derive(Debug)]
pub(crate) struct Host {
    files: Files,
    limits: Limits,
    meters: Meters,
}

impl Host {
    /// Finds the limits of the process. Its control group is looked up once, as it rarely changes; changes of the
    /// limits themselves are followed.
    pub(crate) fn new() -> Self {
        Self::of(Files::of_the_system())
    }

    pub(super) fn of(files: Files) -> Self {
        Self { limits: Limits::find(&files), files, meters: Meters::default() }
    }

    /// The share of the available processor time used in the last second or so; `None` the first time.
    pub(crate) fn cpu(&mut self) -> Option<f64> {
        let limited = self.limits.cpu(&self.files);
        let meters =
            if limited.is_empty() { machine::cpu(&self.files).into_iter().collect() } else { limited };
        self.meters.push(meters)
    }

    /// The share of the available memory in use.
    pub(crate) fn memory(&self) -> Option<f64> {
        let machine = machine::memory(&self.files);
        self.limits
            .memory(&self.files, machine.map_or(f64::INFINITY, |memory| memory.total))
            .or_else(|| machine.map(machine::Memory::used))
    }
}
