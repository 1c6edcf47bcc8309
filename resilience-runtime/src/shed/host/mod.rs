//! The files of the kernel go in, the shares of processor and memory that are in use come out.
//!
//! What counts is what the process may use: the control group that limits it (version 2, or 1), or else the machine.
//! On systems without these files there are no readings, and the other sources of pressure go on without them.
//! `sysinfo` would read more systems, but it knows no processor quota (its issue 207), and in a container that is
//! the number that matters.

mod files;
mod groups;
mod limits;
mod machine;
mod meter;

use self::files::Files;
use self::limits::Limits;
use self::meter::Meters;

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

    fn of(files: Files) -> Self {
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

#[cfg(test)]
mod tests;
